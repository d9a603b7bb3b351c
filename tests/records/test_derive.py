"""Records that are made from others, of a type that no module of the program knows: the nights of a hotel's stays."""

import ast
from fractions import Fraction
from types import MappingProxyType

import pytest

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.bulk.decide_facts import Decider
from custodiet.policy.analysis.check import check
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.proofs.prove import Proving
from custodiet.records import UNKNOWN, Field, Kind, RecordType, Sensitivity, Value, core_types
from custodiet.records.derive import Daily
from custodiet.records.facts import Facts, Vouched, belonging, sets_below
from custodiet.records.field import Derived
from custodiet.records.record import Record
from tests.house import ROOT

DESK = "the desk"


def field(name: str, kind: Kind, refers_to: str = "") -> Field:
    least = Fraction(0) if kind is Kind.MONEY else None
    return Field(name, kind, "A field.", DESK, Sensitivity.PUBLIC, refers_to=refers_to, least=least)


STAY = RecordType(
    "stay", "A stay.", DESK,
    (field("guest", Kind.REFERENCE, "guest"), field("arrived_on", Kind.DATE), field("left_on", Kind.DATE),
     field("price", Kind.MONEY)),
    dated_by=("arrived_on", "left_on"), longest=30,
)  # fmt: skip
NIGHT = RecordType(
    "night", "One night of a stay.", DESK,
    (field("of", Kind.REFERENCE, "stay"), field("on", Kind.DATE)),
    dated_by=("on",), derived=Derived(days_of="of", on="on", sets=("party",)),
)  # fmt: skip
PARTY = RecordType(
    "party", "A party during a stay.", DESK,
    (field("stay", Kind.REFERENCE, "stay"), field("loud", Kind.YES_NO), field("held_on", Kind.DATE)),
    dated_by=("held_on",),
)  # fmt: skip
GUEST = RecordType("guest", "A guest.", DESK, (field("member", Kind.YES_NO),))
HOTEL = MappingProxyType({each.name: each for each in (GUEST, STAY, NIGHT, PARTY)})

HEAD = """---
policy:        hotel/{name}
question:      What is owed?
for each:      {each}
on:            {on}
jurisdiction:  Hotel (fictional)
currency:      EUR
rounding:      cent, half up
---

## Rule 1 — A rule

> Words.

```rule
cite      House rules, 1
in force  ..
{says}
```
"""


def rule(name: str, each: str, on: str, says: str) -> Policy:
    read = read_document(HEAD.format(name=name, each=each, on=on, says=says), f"{name}.md")
    assert read.policy is not None
    assert check(read.policy, [], HOTEL) == ()
    return read.policy


PER_NIGHT = rule("nights", "stay", "arrived_on", "owes price * count(night) from 'the guest'")
QUIET = rule("quiet", "night", "on", "when any(party where loud)\nowes 5 from 'the guest'")


def stay(name: str, arrived: str, left: str) -> Record:
    dates: dict[str, Value] = {
        key: UNKNOWN if text == "unknown" else Days.read(text)
        for key, text in (("arrived_on", arrived), ("left_on", left))
    }
    return Record("stay", name, {"guest": "G1", "price": Money(1000, "EUR"), **dates})


FACTS = Facts(
    [
        stay("S1", "2024-02-28", "2024-03-01"),
        stay("S2", "2024-05-01", "2024-05-01/2024-05-03"),
        stay("S3", "2024-06-01", "unknown"),
        Record("party", "P1", {"stay": "S1", "loud": True, "held_on": Days.read("2024-02-29")}),
        Record("party", "P2", {"stay": "S1", "loud": False, "held_on": Days.read("2024-03-01")}),
    ],
    HOTEL,
    [Vouched("party", Days(None, None), DESK)],
)


def test_nights_are_made_from_the_dates_of_their_stay() -> None:
    assert [each.id for each in FACTS.of("night")] == [
        "S1/2024-02-28",
        "S1/2024-02-29",
        "S1/2024-03-01",
        "S2/2024-05-01",
    ]
    assert [each.id for each in FACTS.possible_days["night", "S2"]] == ["S2/2024-05-02", "S2/2024-05-03"]
    assert sets_below(HOTEL, "night") == {"party": ("party", PARTY.field("stay"))}
    leap_day = FACTS.find("night", "S1/2024-02-29")
    assert [member.id for member, _ in FACTS.below(leap_day, "party").members] == ["P1"]
    assert [each.name for each in belonging(HOTEL, "party", "night")] == ["stay", "held_on"]
    with pytest.raises(ValueError, match="stay is entered, not derived"):
        Daily(STAY, HOTEL)


def said(policy: Policy) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """What the evaluator says of every record, and bulk with it: the outcome, the amount, what is missing."""
    evaluator = Evaluator([policy], FACTS)
    results = {each.id: evaluator.decide(policy, each) for each in FACTS.of(policy.for_each)}
    assert dict(Decider([policy], FACTS).decide(policy)) == results
    return {
        id_: (each.outcome.value, str(each.between or each.debts[0].amount if each.between or each.debts else ""),
              tuple(fact.field for fact in each.missing))
        for id_, each in results.items()
    }  # fmt: skip


def test_rules_over_nights_are_decided_one_by_one_and_in_bulk() -> None:
    assert said(PER_NIGHT) == {
        "S1": ("owes", "30.00 EUR", ()),
        "S2": ("undetermined", "between 10.00 EUR and 30.00 EUR", ("left_on",)),
        "S3": ("undetermined", "at least 0.00 EUR, without upper bound", ("left_on",)),
    }
    assert said(QUIET) == {
        "S1/2024-02-28": ("no rule", "", ()),
        "S1/2024-02-29": ("owes", "5.00 EUR", ()),
        "S1/2024-03-01": ("no rule", "", ()),
        "S2/2024-05-01": ("no rule", "", ()),
    }


def test_rules_over_nights_are_proved() -> None:
    proofs = Proving(PER_NIGHT, [PER_NIGHT], HOTEL).all()
    assert {(each.kind, each.came_out.name) for each in proofs} >= {("gap", "PROVED"), ("negative amount", "PROVED")}
    at_least_a_night = rule("short", "stay", "arrived_on", "when count(night) < 1\nowes 1 from 'the guest'")
    dead = [each for each in Proving(at_least_a_night, [at_least_a_night], HOTEL).all() if each.kind == "dead rule"]
    assert [each.came_out.name for each in dead] == ["REFUTED"]


def test_no_engine_knows_a_derived_type_by_name() -> None:
    derived = {
        name
        for each in core_types().values()
        if each.derived
        for name in (each.name, Daily(each, core_types()).above.name)
    }
    assert derived == {"day", "trip"}
    rooms = [ROOT / "custodiet" / room for room in ("policy/analysis", "policy/evaluation", "proofs", "bulk")]
    modules = [path for room in rooms for path in room.rglob("*.py")]
    modules += [ROOT / "custodiet" / "records" / f"{name}.py" for name in ("facts", "derive", "impossible", "field")]
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in derived
    ]
    assert named == [], "ask the RecordType what is derived from what"
