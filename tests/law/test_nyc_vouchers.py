"""What the advice of 15 May 2019 says of real records: it holds for its addressee alone, and from its day on."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from custodiet.cli.main import main
from tests.first_docket import answer
from tests.house import ROOT

PACK = ROOT / "packs" / "nyc-conflicts"

FILES = {
    "docket.toml": """title = "Vouchers of a detail (invented)"
pack = "pack"
currency = "USD"
recorded_by = "clerk-01"
recorded_at = "2024-06-03"

[complete]
guidance = ".., vouched by the ethics board"
event = ".., vouched by the protectee's office"
""",
    "records/person.csv": """id,name,post,elected,minor
official-01,official 01,Mayor,yes,no
official-02,official 02,Comptroller,yes,no
chair-01,chair 01,Chair of the New York City Conflicts of Interest Board,no,no
counsel-01,counsel 01,Counsel to the campaign,no,no
officer-01,officer 01,none,no,no
""",
    # The advice went to the first official. What the second has in writing is of another day, from somebody else, or
    # on something else.
    "records/guidance.csv": """id,trip,addressed_to,answered_by,given_on,form,scope
G1,none,official-01,chair-01,2019-05-15,written,the detail on the campaign
G2,none,official-02,chair-01,2019-06-01,written,the detail on the campaign
G3,none,official-02,counsel-01,2019-05-15,written,the detail on the campaign
G4,none,official-02,chair-01,2019-05-15,written,a gift
""",
    "records/judgment.csv": """id,about,question,answer
J1,G1,Does it answer what the city may pay for the addressee's detail on a campaign for President?,yes
J2,G2,Does it answer what the city may pay for the addressee's detail on a campaign for President?,yes
J3,G3,Does it answer what the city may pay for the addressee's detail on a campaign for President?,yes
J4,G4,Does it answer what the city may pay for the addressee's detail on a campaign for President?,no
""",
    "records/trip.csv": """id,protectee,answerable,out_of_city,departed_on,returned_on
T1,official-01,official-01,yes,2019-06-01,2019-06-02
T2,official-02,official-02,yes,2019-07-01,2019-07-02
T3,official-01,official-01,yes,2019-05-13,2019-05-14
T4,official-01,official-01,no,2019-06-05,2019-06-05
T5,official-01,official-01,yes,2019-06-10,2019-06-11
T6,official-01,official-01,yes,2019-09-20,2019-09-21
""",
    "records/event.csv": """id,trip,sort,starts_on,ends_on
E1,T1,campaign,2019-06-01,2019-06-01
E2,T2,campaign,2019-07-01,2019-07-01
E3,T3,campaign,2019-05-13,2019-05-13
E4,T4,campaign,2019-06-05,2019-06-05
E5,T5,campaign,2019-06-10,2019-06-10
E6,T5,official,2019-06-11,2019-06-11
E7,T6,campaign,2019-09-20,2019-09-20
""",
    "records/voucher.csv": """id,trip,officer,cost_class,incurred_on,paid,recovered
V1,T1,officer-01,air fare,2019-06-01,400.10,none
V2,T1,officer-01,lodging,2019-06-01,150.25,none
V3,T1,officer-01,meals,2019-06-02,30.00,12.50
V4,T1,officer-01,overtime,2019-06-01,900.00,none
V5,T2,officer-01,air fare,2019-07-01,500.00,none
V6,T3,officer-01,air fare,2019-05-13,600.00,none
V7,T4,officer-01,car hire,2019-06-05,70.00,none
V8,T5,officer-01,air fare,2019-06-10,800.00,none
V9,none,officer-01,other travel,2019-06-10,9.00,none
VA1,T6,officer-01,air fare,2019-09-20,10.00,none
VA2,T6,officer-01,air fare,2019-09-21,11.00,none
""",
}


@pytest.fixture
def docket(tmp_path: Path) -> Path:
    folder = tmp_path / "docket"
    shutil.copytree(PACK, folder / "pack")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str], docket: Path, record: str) -> dict[str, Any]:
    told: dict[str, Any]
    [told] = answer(capsys, "explain", str(docket), record)["answers"]
    return told


def test_the_addressees_campaign_costs_are_the_committees_and_pay_is_the_citys(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, "audit", str(docket))
    # 400.10 + 150.25 + (30.00 - 12.50) + 10.00, on the last day; the overtime of 900.00 is nobody's debt.
    assert told["questioned"] == [{"payer": "campaign committee", "currency": "USD", "amount": "577.85"}]
    assert said(capsys, docket, "V4")["outcome"] == "nothing due"
    assert told["undetermined_total"] == 0


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("V5", "applies only to the public servant who asked for it"),
        ("V6", "is about conduct to come"),
        ("VA2", "is about conduct to come"),
        ("V7", "speaks of campaign trips and of nothing else"),
        ("V8", "How a trip is shared that had the city's business on it too was looked for"),
        ("V9", "speaks of campaign trips and of nothing else"),
    ],
)
def test_for_another_official_before_that_day_and_on_other_trips_no_rule_answers_and_the_reason_is_told(
    record: str, reason: str, docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, docket, record)
    assert (told["outcome"], told["debts"]) == ("no rule", [])
    assert any(reason in gap["reason"] for gap in told["left_open"])


def test_where_nobody_vouches_for_what_the_board_wrote_the_board_is_asked(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = docket / "docket.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('guidance = ".., vouched by the ethics board"\n', ""), "utf-8"
    )
    told = said(capsys, docket, "V5")
    assert told["outcome"] == "undetermined"
    assert {each["held_by"] for each in told["missing"]} == {"the ethics board"}
    assert said(capsys, docket, "V1")["outcome"] == "owes"


def in_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "use",
    [
        ["incurred_on=2024-06-01", "trip.character=campaign", "trip.advised=no"],
        ["incurred_on=2019-05-14", "trip.character=campaign", "trip.advised=yes"],
        ["incurred_on=2019-09-21", "trip.character=campaign", "trip.advised=yes"],
    ],
)
def test_who_asks_for_another_official_or_of_an_earlier_day_is_sent_to_the_board_and_shown_what_it_would_look_at(
    use: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ask", str(PACK), "--for", "voucher", "cost_class=lodging", "paid=200", "recovered=none", *use]
    assert main(asked) == 0
    told = in_one_line(capsys.readouterr().out)
    assert told.startswith("no rule here: ask the board before the trip. Its advice of 15 May 2019 was said to another")
    assert "proceed" not in told
    for act in ("advice of 15 May 2019", "order of 15 June 2023", "judgment of January 2025"):
        assert act in told
    [only] = answer(capsys, *asked)["answers"]
    assert only["outcome"] == "no rule"
    assert len(only["left_open"]) == 1


def test_who_asks_for_the_addressee_is_told_the_committee_and_that_the_order_has_the_official_pay(
    capsys: pytest.CaptureFixture[str],
) -> None:
    facts = ["incurred_on=2019-06-01", "trip.character=campaign", "trip.advised=yes", "paid=200", "recovered=none"]
    assert main(["ask", str(PACK), "--for", "voucher", "cost_class=lodging", *facts]) == 0
    told = in_one_line(capsys.readouterr().out)
    assert told.startswith("proceed, campaign committee pays about 200.00 USD")
    assert "the order of 15 June 2023 says otherwise: The official pays" in told
    assert "ask the board" not in told


def test_the_audit_and_the_report_say_what_was_looked_for_where_and_until_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, out = tmp_path / "dockets" / "case", tmp_path / "out"
    shutil.copytree(ROOT / "dockets" / "nyc-2019", case, ignore=shutil.ignore_patterns(".custodiet"))
    shutil.copytree(PACK, tmp_path / "packs" / "nyc-conflicts")
    assert main(["audit", str(case), "--out", str(out), "--readers", "public"]) == 0
    told = in_one_line(capsys.readouterr().out)
    assert "Where no rule answers, and why" in told
    page = in_one_line((out / "report" / "index.html").read_text(encoding="utf-8"))
    for words in (
        "A written rule of the police was looked for in the same papers",
        "there was none until 7 October 2021, and none that limits the use until 8 January 2025",
    ):
        assert words in told
        assert words in page
    gaps = {each["says"]: each["results"] for each in answer(capsys, "audit", str(case))["left_open"]}
    # Of the 10 allegations one is answered; 36 of the 37 figures are not.
    assert sum(gaps.values()) == 45
    assert gaps["Errands."] == gaps["The obstruction of the inquiry."] == 1


CAMPAIGN_TOTAL = [
    "published_figure", "measures=travel cost", "purpose=campaign", "standing=adopted by an order", "part_of=none",
    "amount=1000",
]  # fmt: skip


@pytest.mark.parametrize(
    "use",
    [
        [*CAMPAIGN_TOTAL, "answerable=comptroller", "published_on=2026-06-01"],
        [*CAMPAIGN_TOTAL, "answerable=comptroller", "published_on=2023-06-15", "of_the_order=no"],
        ["allegation", "sort=campaign travel", "happened=2026-06-01"],
        ["allegation", "sort=campaign travel", "happened=2019-06-01", "of_the_order=no"],
        ["voucher", "cost_class=overtime", "incurred_on=2024-06-01", "trip.character=campaign", "trip.advised=no"],
    ],
)
def test_the_order_and_the_advice_to_one_official_bind_no_other_who_is_sent_to_the_board(
    use: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, "ask", str(PACK), "--for", *use)
    assert told["answer"].startswith("no rule here: ask the board before the trip. Its advice of 15 May 2019")
    assert told["advice"] == "no rule, ask first"
    assert [each["pays"] for each in told["answers"]] == [[]]
    assert "before and without this program" in told["protection"], "nobody's protection waits for the board"


def test_the_orders_sum_is_told_with_the_settlement_that_took_its_place_wherever_it_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "dockets" / "case"
    shutil.copytree(ROOT / "dockets" / "nyc-2019", case, ignore=shutil.ignore_patterns(".custodiet"))
    shutil.copytree(PACK, tmp_path / "packs" / "nyc-conflicts")
    for asked in (["audit", str(case)], ["explain", str(case), "F01"]):
        assert main(asked) == 0
        told = in_one_line(capsys.readouterr().out)
        assert "Order OR1, which the sum comes from, was replaced by settlement SE1 of 2025-05-09" in told
        assert "the program decided nothing" in told
        assert "is not subtracted here" in told
    assert main(["explain", str(case), "F08"]) == 0
    assert "SE1" not in capsys.readouterr().out, "a figure that is put to no rule has no sum that was settled"
