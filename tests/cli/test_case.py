"""What `custodiet case` and `custodiet report` print of the real case, from the model that the audit's report has."""

import json
import shutil
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import change
from tests.house import ROOT
from tests.report_files import copied, imported, written


def test_a_case_tells_its_steps_and_keeps_its_sums_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", str(copied("nyc-2019", tmp_path))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  15 June 2023") and " order " in line for line in lines)
    # 31 counts of 5,000.00, and with the payment of the gain the sum of the order.
    assert any(line.split()[:2] == ["155,000.00", "USD"] and "fine" in line for line in lines)
    assert any(line.split()[:2] == ["474,794.20", "USD"] and line.endswith("Ordered") for line in lines)
    assert any(line.split()[:2] == ["229,794.20", "USD"] and "Scheduled" in line for line in lines)


def test_the_case_of_model_city_shows_who_was_late_who_stood_aside_and_what_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", str(imported("model-city/complete", tmp_path))]) == 0
    told = capsys.readouterr()
    assert "internal edition" in told.err
    assert "internal edition" not in told.out
    assert "What stands against a step" not in told.out
    # Served on 6 March with twenty days, answered on the 29th.
    assert "response by 26 March 2024: 29 March 2024, 3 days late" in told.out
    assert "enforcement attorney 01: prosecutor, appointed by the city attorney, recused 8 April 2024" in told.out
    sums = [line.split(" EUR  ") for line in told.out.splitlines() if " EUR  " in line]
    found = [(value.strip(), name.partition(",")[0]) for value, name in sums]
    # Ordered 1,178.63 + 2 x 250.00, paid 800.00 + 500.00; of the mayor's 300.00, 100.00 are held and the rest stayed.
    for each in (
        ("1,678.63", "Ordered"),
        ("1,300.00", "Paid"),
        ("378.63", "Due and not paid"),
        ("100.00", "Held as a deposit"),
        ("200.00", "Stayed"),
    ):
        assert each in found


def test_a_case_is_told_to_other_tools_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", str(copied("nyc-2019", tmp_path)), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"order", "settlement", "payment"} <= {step["what"] for step in told["steps"]}
    assert {each["kind"] for each in told["ordered"]} == {"payment of a gain", "fine"}


def test_a_docket_without_a_case_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "first")]) == 0
    capsys.readouterr()
    assert main(["case", str(tmp_path / "first")]) == 0
    assert "none recorded" in capsys.readouterr().out


def test_a_report_alone_is_the_page_that_an_audit_writes(tmp_path: Path) -> None:
    out = written("nyc-2019", "public", tmp_path)
    page = tmp_path / "elsewhere" / "page.html"
    assert main(["report", str(tmp_path / "docket"), "--readers", "public", "--out", str(page)]) == 0
    assert page.read_bytes() == (out / "report" / "index.html").read_bytes()


def test_a_finding_whose_notice_was_never_served_is_not_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = copied("model-city/complete", tmp_path)
    (docket / "records/notice.csv").unlink()

    code = main(["audit", str(docket), "--out", str(tmp_path / "out"), "--readers", "internal"])

    assert code == 3
    assert "findings that may not be made" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main(["case", str(docket)]) == 1


ORDERS = """\
id,determination,replaces,reimbursement,reimbursement_basis,gain,gain_basis,fine_counts,fine_per_count,fine_basis,\
payable_by,due_on,made_on,made_by,made_by_body
or-1,none,none,1000.00,,none,none,1,50.00,"Model Code, art. 25(2)",\
the campaign committee,2024-05-24,2024-04-30,none,the ethics board
"""
PAYMENTS = """\
id,receivable,order,settlement,amount,paid_on,paid_by,paid_by_name,deposit,reverses
p1,none,none,none,250.00,2024-04-26,none,an official,no,none
p2,none,or-1,none,1000.00,2024-05-02,none,the campaign committee,no,none
p3,none,or-1,none,1000.00,2024-05-06,none,the bank,no,p2
p4,none,or-1,none,1000.00,2024-05-08,none,the bank,no,p3
p5,none,or-1,none,9.00,2024-05-09,none,the bank,no,p5
"""


def docket_of_payments(folder: Path, payments: str = PAYMENTS, *, procedure: bool = True, order: bool = True) -> Path:
    pack = shutil.copytree(ROOT / "packs/model-code", folder / "pack")
    if not procedure:
        (pack / "procedure.csv").unlink()
    docket = folder / "docket"
    (docket / "records").mkdir(parents=True)
    (docket / "records/payment.csv").write_text(payments, encoding="utf-8")
    if order:
        (docket / "records/order.csv").write_text(ORDERS, encoding="utf-8")
    (docket / "docket.toml").write_text(
        'title = "Payments"\npack = "../pack"\ncurrency = "EUR"\nrecorded_by = "clerk-1"\nrecorded_at = "2024-07-06"\n'
        '[complete]\npayment = "2024-01-01 .. 2024-12-31, vouched by the comptroller"\n',
        encoding="utf-8",
    )
    return docket


@pytest.mark.parametrize("procedure", [True, False])
def test_what_the_money_of_a_case_contradicts_is_told_by_the_case_and_by_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, procedure: bool
) -> None:
    docket = docket_of_payments(tmp_path, procedure=procedure)
    assert main(["case", str(docket)]) == 1
    told = capsys.readouterr().out
    page = tmp_path / "page.html"
    assert main(["report", str(docket), "--readers", "internal", "--out", str(page)]) == 0
    for record, message in (
        ("order or-1", "it cites no law for its reimbursement"),
        ("payment p5", "it reverses itself; it is counted nowhere"),
    ):
        assert f"  {record}: {message}" in told
        assert message in page.read_text(encoding="utf-8")
    assert ("does not come after" in told) is procedure


def test_the_sums_of_a_case_with_a_cheque_returned_twice_and_a_voluntary_payment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", str(docket_of_payments(tmp_path))])
    told = capsys.readouterr().out
    assert "reversal p3: 1,000.00 EUR. It reverses payment p2" in told
    found = [tuple(line.strip().split(" EUR  ")) for line in told.splitlines() if " EUR  " in line]
    # 1,000.00 - 1,000.00 + 1,000.00 of 1,050.00; 250.00 came in before the order and for none.
    assert [value for value, name in found if name.startswith("Paid")] == ["1,000.00"]
    assert [value for value, name in found if name.startswith("Due")] == ["50.00"]
    assert [value for value, name in found if name.startswith("Received in all")] == ["1,250.00"]
    assert [value for value, name in found if name.startswith("Received for no order")] == ["250.00"]
    assert "To be given back" not in told


def test_a_debt_that_is_paid_says_that_nothing_is_due(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine = "p6,none,or-1,none,50.00,2024-05-10,none,the campaign committee,no,none\n"
    main(["case", str(docket_of_payments(tmp_path, PAYMENTS + fine))])
    assert "              0.00 EUR  Due and not paid, at 6 July 2024" in capsys.readouterr().out


def test_money_of_somebody_who_owes_none_of_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = "p6,none,or-1,none,50.00,2024-05-10,none,the mayor,no,none\n"
    assert main(["case", str(docket_of_payments(tmp_path, PAYMENTS + other))]) == 1
    told = capsys.readouterr().out
    assert "  payment p6: it was paid by the mayor, but order or-1 is owed by the campaign committee" in told
    assert "payment p2: it was paid by" not in told


def test_money_received_without_any_order_is_told_by_the_case_its_json_and_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = docket_of_payments(tmp_path, "\n".join(PAYMENTS.splitlines()[:2]), order=False)
    assert main(["case", str(docket)]) == 0
    assert "250.00 EUR  Received for no order, at 6 July 2024" in capsys.readouterr().out
    assert main(["case", str(docket), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["for_no_debt"]["Received for no order, at 6 July 2024"] == "250.00 EUR"
    assert main(["report", str(docket), "--readers", "public", "--out", str(tmp_path / "page.html")]) == 0
    assert "Received for no order" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_payment_in_another_currency_is_set_aside_and_no_sum_is_taken_for_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["case", str(docket_of_payments(tmp_path, PAYMENTS.replace("250.00", "250.00 USD")))])
    told = capsys.readouterr().out
    assert "1 of payment.csv. No sum here counts them." in told
    assert "at least 1,000.00 EUR, without upper bound  Paid" in told


def test_one_cell_keeps_the_inspector_from_no_report_and_no_other_reader_sees_the_finding_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = copied("model-city/complete", tmp_path)
    change(docket / "records" / "notice.csv", "2024-03-06,20,none,the", "2024-03-06,20240326,none,the")
    page = tmp_path / "page.html"
    report = ["report", str(docket), "--out", str(page), "--readers"]
    assert main([*report, "internal"]) == 0
    assert "records/notice.csv:2: set aside, column days_to_answer holds '20240326'" in capsys.readouterr().err
    written = page.read_text(encoding="utf-8")
    assert "it does not come after a notice" in written
    assert "20240326" in written
    assert main([*report[:-2], str(tmp_path / "public.html"), "--readers", "public"]) == 3
    assert "findings that may not be made" in capsys.readouterr().err


def test_a_payment_counted_as_it_was_told_before_is_named_beside_the_sums(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = docket_of_payments(tmp_path, "\n".join(PAYMENTS.splitlines()[:2]), order=False)
    table = docket / "records" / "payment.csv"
    good = table.read_text(encoding="utf-8")
    main(["case", str(docket)])
    [header, row] = good.splitlines()
    for told, words, line in (
        (f"{header}\n", "is still counted", None),
        (f"{header}\n{row.replace('250.00', 'abc')}\n", "is counted at an earlier value", 2),
    ):
        table.write_text(told, encoding="utf-8")
        capsys.readouterr()
        main(["case", str(docket)])
        said = capsys.readouterr()
        id_ = row.partition(",")[0]
        # The 250.00 that were received for no order, as they were first told.
        assert "250.00 EUR  Received for no order" in said.out or "at least 250.00 EUR" in said.out
        assert f"{id_} {words}" in said.out
        assert f"{id_} {words}" in said.err
        assert "No sum here counts them" not in said.out
        main(["case", str(docket), "--format", "json"])
        held = json.loads(capsys.readouterr().out)["held_over"]
        assert [(each["record"], each["row"]) for each in held] == [(id_, line)]
        for readers, shown in (
            ("internal", f"{id_} {words}"),
            ("public", "1 record of money is counted at an earlier"),
        ):
            page = tmp_path / f"{readers}.html"
            main(["report", str(docket), "--readers", readers, "--out", str(page)])
            money = page.read_text(encoding="utf-8").partition('<section aria-labelledby="money">')[2]
            assert shown in money.partition("</section>")[0]
    table.write_text(f"{good}\np9,none,none,none,abc,2024-05-09,none,the bank,no,none\n", encoding="utf-8")
    main(["case", str(docket)])
    assert "1 of payment.csv. No sum here counts them." in capsys.readouterr().out


def test_a_step_told_as_it_was_before_is_named_among_the_steps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = imported("model-city/complete", tmp_path)
    table = docket / "records" / "response.csv"
    header, first, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([header, *rest]), encoding="utf-8")
    capsys.readouterr()
    main(["case", str(docket)])
    steps = capsys.readouterr().out.partition("\nSteps\n")[2].partition("\n\n")[0]
    assert f"  {first.partition(',')[0]} is still counted, as entry" in steps
    page = tmp_path / "page.html"
    assert main(["report", str(docket), "--readers", "internal", "--out", str(page)]) == 0
    timeline = page.read_text(encoding="utf-8").partition('<section aria-labelledby="timeline">')[2]
    assert "is still counted, as entry" in timeline.partition("</section>")[0]
