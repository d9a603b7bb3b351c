"""Write the tables of docs/concepts/exact-meaning.md from the code that computes with them.

    python -m scripts.truth_tables

Each table is between `<!-- table: NAME -->` and `<!-- end -->`; everything else on the page is left as it is.
`tests/policy/evaluation/test_exact_meaning.py` fails while the page differs from what this writes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Range, Rounding
from custodiet.base.truth import Truth, all_of, any_of
from custodiet.policy.analysis.intervals import Number, Open, Term, arithmetic, compare, extreme, is_none, with_zero
from custodiet.records import NONE
from scripts.reference import ROOT

PAGE = ROOT / "docs" / "concepts" / "exact-meaning.md"
TRUTHS = (Truth.YES, Truth.UNKNOWN, Truth.NO)
NUMBERS: dict[str, Term] = {
    "3": Number(Range.point(3)),
    "5": Number(Range.point(5)),
    "at least 4": Number(Range(Fraction(4), None)),
    "unknown": Number(Range(None, None)),
    "unknown, or none": Number(Range(None, None), may_be_none=True),
    "none": NONE,
}
WORDS: dict[str, Term] = {
    "'guest'": "guest",
    "'crew'": "crew",
    "unknown": Open(),
    "unknown, or none": Open(may_be_none=True),
    "none": NONE,
}
SETS: dict[str, tuple[Truth, ...]] = {
    "no record": (),
    "one that meets it": (Truth.YES,),
    "one that does not": (Truth.NO,),
    "one of each": (Truth.YES, Truth.NO),
    "one open": (Truth.UNKNOWN,),
    "one that meets it, one open": (Truth.YES, Truth.UNKNOWN),
    "one that does not, one open": (Truth.NO, Truth.UNKNOWN),
}
"""Records of a set, each by whether it meets the condition."""
CODE = Days.read("2024-01-15/2024-02-29")
DAYS: dict[str, Days] = {
    "2024-01-14": Days.read("2024-01-14"),
    "2024-01-15": Days.read("2024-01-15"),
    "2024-02-29": Days.read("2024-02-29"),
    "some day in 2024-02": Days.read("2024-02"),
    "some day in 2024-01": Days.read("2024-01"),
    "some day from 2024-03 to 2024-05": Days.read("2024-03/2024-05"),
    "unknown": ANY_DAY,
}


def word(truth: Truth) -> str:
    """A truth as people write it."""
    return truth.name.lower()


def shown(range_: Range) -> str:
    """A number, or what is known of it."""
    match (range_.low, range_.high):
        case (None, None):
            return "any number"
        case (low, None):
            return f"at least {low}"
        case (None, high):
            return f"at most {high}"
        case (low, high):
            return str(low) if low == high else f"{low} to {high}"


def term_shown(term: Term) -> str:
    """A number or none."""
    return shown(term.range) if isinstance(term, Number) else "none"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table with its first column in bold."""
    bold = ((f"**{first}**", *others) for first, *others in rows)
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *bold)]


def connective(name: str, combine: Callable[[Truth, Truth], Truth]) -> list[str]:
    """The result of combining two truths."""
    return table(
        (name, *map(word, TRUTHS)), ((word(one), *(word(combine(one, other)) for other in TRUTHS)) for one in TRUTHS)
    )


def comparison(operator: str, terms: dict[str, Term]) -> list[str]:
    """The results of comparing each term with each."""
    return table(
        (f"x {operator} y, down x, across y", *terms),
        ((name, *(word(compare(operator, one, other)) for other in terms.values())) for name, one in terms.items()),
    )


def over_sets() -> list[str]:
    """What is said of a set, vouched complete or not."""
    rows = []
    for name, members in SETS.items():
        any_, all_ = any_of(members), all_of(members)
        least, most = members.count(Truth.YES), len(members) - members.count(Truth.NO)
        counted = Range.point(least)
        for _ in range(most - least):
            counted += with_zero(Range.point(1))
        open_end = counted + Range(Fraction(0), None)
        vouched = word(any_), word(all_), shown(counted)
        perhaps_more = word(any_ | Truth.UNKNOWN), word(all_ & Truth.UNKNOWN), shown(open_end)
        rows.append((name, *(each for pair in zip(vouched, perhaps_more, strict=True) for each in pair)))
    heads = (f"{which}, {whole}" for which in ("any", "all", "count") for whole in ("complete", "not vouched"))
    return table(("recorded", *heads), rows)


def computed() -> list[str]:
    """The results of computing with 6 and another number."""
    others: dict[str, Term] = {
        "2": Number(Range.point(2)),
        "at least 0": Number(Range(Fraction(0), None)),
        "1 to 3": Number(Range(Fraction(1), Fraction(3))),
        "none": NONE,
    }
    six = Number(Range.point(6))
    rows = [
        (f"6 {operator} y", *(term_shown(arithmetic(operator, six, other)) for other in others.values()))
        for operator in "+-*/"
    ]
    rows += [
        (f"{which}(6, y)", *(term_shown(extreme(which, [six, other])) for other in others.values()))
        for which in ("min", "max")
    ]
    return table(("y is", *others), rows)


def rounding() -> list[str]:
    """The results of each way of rounding some numbers of cents."""
    numbers = ("2.4", "2.5", "2.6", "3.5", "-2.5")
    return table(
        ("rounding", *numbers),
        ((mode.value, *(str(mode.whole(Fraction(each))) for each in numbers)) for mode in Rounding),
    )


TABLES: dict[str, Callable[[], list[str]]] = {
    "and": lambda: connective("and", Truth.__and__),
    "or": lambda: connective("or", Truth.__or__),
    "not": lambda: table(("x", *map(word, TRUTHS)), [("not x", *(word(~each) for each in TRUTHS))]),
    "equal numbers": lambda: comparison("=", NUMBERS),
    "equal words": lambda: comparison("=", WORDS),
    "less": lambda: comparison("<", NUMBERS),
    "at most": lambda: comparison("<=", NUMBERS),
    "is none": lambda: table(("x", *NUMBERS), [("x is none", *(word(is_none(each)) for each in NUMBERS.values()))]),
    "sets": over_sets,
    "computed": computed,
    "in force": lambda: table(
        ("on", *DAYS), [("2024-01-15 .. 2024-02-29", *(word(CODE.holds(each)) for each in DAYS.values()))]
    ),
    "rounding": rounding,
}


def filled(text: str) -> str:
    """The page with every table as the code has it; KeyError for a table that is not known."""

    def one(place: re.Match[str]) -> str:
        return "\n".join([f"<!-- table: {place[1]} -->", "", *TABLES[place[1]](), "", "<!-- end -->"])

    return re.sub(r"<!-- table: ([a-z ]+) -->.*?<!-- end -->", one, text, flags=re.DOTALL)


def main() -> None:
    """Write the page's tables, and print its name."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
