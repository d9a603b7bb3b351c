"""Small documents and worlds in which a sentence of DESIGN §5, *Meaning*, can be told."""

import re

from custodiet.base.dates import ANY_DAY
from custodiet.policy.analysis.check import check
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.records import read_cell
from custodiet.records.facts import Facts, Vouched
from custodiet.records.record import Record
from tests.house import every_type

UNIT, COMPTROLLER, OFFICE = "the protective unit", "the comptroller", "the protectee's office"

HEAD = """---
policy:        small/law
question:      What of this?
for each:      seat
on:            leg.departed_on
jurisdiction:  Model Republic (fictional)
currency:      EUR
rounding:      cent, half up
{more}---
"""

EVERYTHING_KNOWN = """
seat S1: leg = L1, occupant = P1, role = guest, on_duty = no
leg L1: trip = T1, purpose = personal, departed_on = 2023-05-02, certified_on = none, full_coach_fare = 412
leg L1: operating_cost = 6000, seats = 20, home_to_work = no
trip T1: protectee = P1, answerable = P2, departed_on = 2023-05-01, returned_on = 2023-05-03, out_of_city = yes
"""


def document(rules: str, **head: str) -> str:
    """A whole document: what is between two blank lines is a rule, or the box `define`; without a period, any time."""
    replaced = {key.replace("_", " "): value for key, value in head.items()}
    lines = [
        f"{line.partition(':')[0]}: {replaced.pop(line.partition(':')[0])}"
        if line.partition(":")[0] in replaced
        else line
        for line in HEAD.format(more="").splitlines()
    ]
    lines[-1:-1] = [f"{key}: {value}" for key, value in replaced.items()]
    seen = set()
    for part in re.split(r"\n\s*\n", rules.strip()):
        first, _, box = "\n".join(line.strip() for line in part.strip().splitlines()).partition("\n")
        if first == "define":
            lines += ["", "```define", box, "```"]
            continue
        if first not in seen:
            lines += ["", f"## {first} — As we read it", "> The words of the rule."]
            seen.add(first)
        period = "" if "in force" in box else "in force ..\n"
        lines += ["", "```rule", f"cite Model Code\n{period}{box}", "```"]
    return "\n".join(lines) + "\n"


def law(rules: str, *given: Policy, **head: str) -> Policy:
    """A policy that the checker passes."""
    read = read_document(document(rules, **head), "law.md")
    assert read.problems == ()
    assert read.policy is not None
    assert check(read.policy, given, every_type()) == ()
    return read.policy


def problems_of(rules: str, **head: str) -> list[str]:
    """The kinds of what the reader or the checker finds wrong."""
    read = read_document(document(rules, **head), "law.md")
    found = read.problems if read.policy is None else check(read.policy, (), every_type())
    return [problem.kind for problem in found]


def world(text: str, *complete: str) -> Facts:
    """Records from lines such as `seat S1: leg = L1, role = guest`; a later line about a record adds to it."""
    records: dict[tuple[str, str], Record] = {}
    for line in filter(str.strip, text.splitlines()):
        head, _, cells = line.strip().partition(":")
        type_name, id_ = head.split()
        known = dict(records[type_name, id_].values) if (type_name, id_) in records else {}
        for cell in filter(None, (each.strip() for each in cells.split(","))):
            name, _, value = (word.strip() for word in cell.partition("="))
            known[name] = read_cell(every_type()[type_name].field(name), value, "EUR")
        records[type_name, id_] = Record(type_name, id_, known)
    return Facts(records.values(), every_type(), [Vouched(name, ANY_DAY, "the chief") for name in complete])


def decided(
    rules: str | Policy, but: str = "", *, facts: str = EVERYTHING_KNOWN, complete: tuple[str, ...] = (), **head: str
) -> Result:
    """What the law says of seat S1 (or trip T1) where everything is known, but for some lines."""
    policy = rules if isinstance(rules, Policy) else law(rules, **head)
    record = {"seat": "S1", "trip": "T1", "leg": "L1"}[policy.for_each]
    known = world(facts + but, *complete)
    return Evaluator((policy,), known).decide(policy, known.find(policy.for_each, record))


def owed(result: Result) -> list[tuple[str, str]]:
    """Who owes what."""
    return sorted((debt.payer, debt.amount.digits) for debt in result.debts)


def between(result: Result) -> tuple[str | None, str | None]:
    """The bounds of an undetermined amount; None is no bound."""
    assert result.outcome is Outcome.UNDETERMINED
    assert result.between is not None
    low, high = result.between.low, result.between.high
    return (None if low is None else low.digits, None if high is None else high.digits)


def answers(result: Result) -> set[str]:
    """The possible answers of an undetermined result that are no amounts."""
    assert result.outcome is Outcome.UNDETERMINED
    return set(result.otherwise)
