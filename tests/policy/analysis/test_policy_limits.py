"""A policy that asks for more than anybody can go through is refused with a sentence; no text ends in a trace."""

from collections.abc import Callable

import pytest

from custodiet.policy.analysis.check import check
from custodiet.policy.analysis.cycles import in_order
from custodiet.policy.language.document import read_document
from custodiet.records import core_types
from tests.meaning import document
from tests.policy_documents import pack_of, problems_of


def codes(rules: str) -> list[str]:
    """The messages about some rules."""
    read = read_document(document(rules), "law.md")
    found = read.problems or (check(read.policy, (), core_types()) if read.policy else ())
    assert all(problem.span.line > 0 for problem in found)
    return [problem.code for problem in found]


def chain(most: int, key: str, onward: int) -> str:
    """Rules of which each names its neighbour."""
    named = [f"{key} {number + onward}\n" if 1 <= number + onward <= most else "" for number in range(1, most + 1)]
    return "\n\n".join(f"Rule {number}\n{each}permits" for number, each in enumerate(named, 1))


def defined(most: int) -> str:
    """Definitions of which each rests on the one before."""
    lines = "\n".join(f"leg.n{number} = n{number - 1} + 1" for number in range(1, most + 1))
    return f"define\nleg.n0 = seats\n{lines}\n\nRule 1\nwhen leg.n{most} > 5\npermits"


def condition(text: str) -> str:
    return f"Rule 1\nwhen {text}\npermits"


def in_sets(many: int) -> str:
    """Sets of seats within one another."""
    return condition("any(leg.seat where " * many + "on_duty" + ")" * many)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (chain(51, "exception to", -1), ""),
        (chain(52, "exception to", -1), "exceptions_deep"),
        (chain(300, "exception to", -1), "exceptions_deep"),
        (chain(400, "exception to", -1), "boxes_many"),
        (chain(1000, "exception to", -1), "boxes_many"),
        (chain(100, "prevails over", 1), ""),
        (chain(300, "prevails over", 1), "ranks_many"),
        (chain(400, "prevails over", 1), "boxes_many"),
        (defined(20), ""),
        (defined(400), "written_out"),
        (defined(1200), "written_out"),
        (in_sets(3), ""),
        (in_sets(4), "written_out"),
        (condition("(" * 5000 + "on_duty" + ")" * 5000), "expression_deep"),
        (condition("not " * 4000 + "on_duty"), "expression_deep"),
        (condition("not " * 10_000 + "on_duty"), "expression_long"),
        (condition("on_duty" + " and on_duty" * 100_000), "expression_long"),
        (condition("leg.seats + " * 100_000 + "leg.seats > 5"), "expression_long"),
        (condition("leg.seats > " + "9" * 5001), "expression"),
        (condition("leg.trip." + "continues." * 400 + "out_of_city"), "path_long"),
        (f"Rule 1\nowes {'9' * 5001} from 'city'", "expression"),
    ],
)
def test_what_is_beyond_a_limit_is_told_with_its_place(rules: str, code: str) -> None:
    assert codes(rules) == ([code] if code else [])


def test_what_other_policies_give_is_counted_too(make: Callable[[int], tuple[str, ...]]) -> None:
    assert make(10) == ()
    assert set(make(100)) == {"written_out"}


@pytest.fixture
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[str, ...]]:
    """The messages about a pack of policies of which each reads what the one before gives."""

    def pack(many: int) -> tuple[str, ...]:
        head = {"for_each": "trip", "on": "departed_on"}
        documents = {"p0.md": document("Rule 1\nis 'a'", policy="chain/p0", gives="trip.g0", **head)}
        for number in range(1, many):
            rules = f"Rule 1\nwhen g{number - 1} = 'a'\nis 'a'"
            name = {"policy": f"chain/p{number}", "gives": f"trip.g{number}"}
            documents[f"p{number}.md"] = document(rules, **name, **head)
        read = pack_of(tmp_path_factory.mktemp("chain") / str(many), "chain", documents, {})
        return tuple(problem.code for problem in read.problems)

    return pack


def test_a_circle_names_each_rule_with_its_line_and_of_many_the_first() -> None:
    rules = chain(200, "prevails over", 1).replace("Rule 200\n", "Rule 200\nprevails over 1\n")
    read = read_document(document(rules), "law.md")
    assert read.policy is not None
    (problem,) = check(read.policy, (), core_types())

    lines = {version.rule: version.place("prevails over").line for version in read.policy.versions}
    named = problem.message.removeprefix("rules ").partition(" and 190 more displace one another")[0].split(", ")
    assert (problem.code, len(named)) == ("displaced_in_circle", 10)
    assert set(named) <= {f"{rule} (line {line})" for rule, line in lines.items()}


def test_a_rule_that_is_an_exception_to_itself_displaces_itself() -> None:
    read = read_document(document("Rule 1\nexception to 1\npermits"), "law.md")
    assert read.policy is not None
    assert [problem.message for problem in check(read.policy, (), core_types())] == [
        "rule 1 (line 17) displaces itself in a circle"
    ]


def test_a_chain_of_any_length_is_put_in_order() -> None:
    many = 20_000
    assert in_order([[number + 1] for number in range(many)] + [[]]).order == tuple(range(many, -1, -1))
    assert len(in_order([[(number + 1) % many] for number in range(many)]).circle) == many


@pytest.mark.parametrize(
    "commentary",
    [
        "x" * 1_000_000,
        "# " + "x" * 1_000_000,
        "\n".join("  " * depth + "- x" for depth in range(500)),
        ">" * 5000 + " x",
        "[" * 20_000,
        "*a " * 10_000,
    ],
    ids=["a long line", "a long heading", "lists in lists", "quotations in quotations", "brackets", "stars"],
)
def test_commentary_of_any_form_is_passed_over(commentary: str) -> None:
    read = read_document(document("Rule 1\npermits") + f"\n## Notes\n\n{commentary}\n", "law.md")
    assert read.problems == ()


@pytest.mark.parametrize("cell", ["9" * 5001, "2" * 5001 + "-01-01", "0." + "9" * 5001])
def test_an_example_with_a_number_of_thousands_of_digits_is_told(cell: str) -> None:
    head = "| example | leg.seats | leg.departed_on | owes |\n|---|---|---|---|\n"
    table = f"\n## Examples\n\n{head}| a | {cell} | {cell} | {cell} |\n"
    found = problems_of(document("Rule 1\nwhen leg.seats > 3\nowes 5 from 'city'") + table)
    assert {problem.code for problem in found} == {"cell_value"}
    assert len(found) == 3


@pytest.mark.parametrize("number", ["9" * 5001, f"{'9' * 5001}.00 EUR", f"0.{'9' * 5001}", f"{'9' * 5001} .. 5"])
def test_a_table_of_rates_with_a_number_of_thousands_of_digits_is_told(
    number: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for table in (f"class,in force,rate,cite\na,..,{number},Code\n", f"class,in force,rate,cite\n{number},..,5,Code\n"):
        folder = tmp_path_factory.mktemp("rates") / "law"
        read = pack_of(folder, "law", {"a.md": document("Rule 1\npermits", policy="law/a")}, {"r.csv": table.encode()})
        assert all(problem.span.file.endswith("r.csv") for problem in read.problems)
