"""For each question, the smallest record whose answer another state of the law changes, or a proof that none does.

Proofs need the solver z3, which is an extra; without it nothing is proved, and the result says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from importlib.util import find_spec

from custodiet.policy.analysis.references import expressions_of, used_by
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.printer import expression_written
from custodiet.policy.packs.diff import Question, questions
from custodiet.policy.packs.pack import Pack
from custodiet.proofs.pack_proofs import NOT_INSTALLED
from custodiet.proofs.smt.budget import Budget
from custodiet.records import Types
from custodiet.records.definitions import both

OTHER_RECORDS = "the two ask about different records, or count in different currencies"


class Whether(Enum):
    """Whether any answer changes, over all fully known records."""

    CHANGES = "changes"
    SAME = "same"
    UNDECIDED = "undecided"
    NOT_PROVED = "not proved"


@dataclass(frozen=True, slots=True)
class Turning:
    """The outcome for one question that both states of a law ask."""

    policy: str
    whether: Whether
    example: tuple[tuple[str, str], ...] = ()
    """The smallest record whose answer changes, by path and cell; a field without a cell may have any value."""
    before: Result | None = None
    after: Result | None = None
    why: str = ""
    """Why it is undecided."""


def turnings(
    old: Pack,
    new: Pack,
    *,
    steps: int | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Turning, ...]:
    """The outcome for every question whose law differs between the packs; both packs are sound.

    Raises Unconfirmed if the reference evaluator does not confirm what the solver found, a fault of this program, and
    Refused where the two packs define one field of a record with different kinds.
    """
    types = both(old.types, new.types)
    asked = [question for question in questions(old, new) if _in_doubt(question, old, new, types)]
    budget = Budget(steps)
    found = []
    for done, question in enumerate(asked):
        if progress is not None:
            progress(done, len(asked), question.policy.name)
        share = budget if done == len(asked) - 1 else budget.share()
        found.append(_turning(question, old, new, types, share))
    return tuple(found)


def _in_doubt(question: Question, old: Pack, new: Pack, types: Types) -> bool:
    """Whether both ask it, under laws that are not word for word the same."""
    if question.old is None or question.new is None:
        return False
    return _deciding(question.old, old, types) != _deciding(question.new, new, types)


def _deciding(policy: Policy, pack: Pack, types: Types) -> list[Policy]:
    """A policy and those whose answers it uses, each reduced to what decides."""
    found = [policy]
    for each in found:
        names = Vocabulary.of(each, pack.policies, types)
        used = {
            (meaning.owner, meaning.end.name)
            for part, scope in expressions_of(each)
            for meaning in used_by(part, scope, names)
        }
        found += [other for other in pack.policies if other.gives in used and other not in found]
    return [_what_decides(each) for each in found]


def _what_decides(policy: Policy) -> Policy:
    """A policy reduced to its law and the rates it reads, independent of the name of its pack."""
    name = policy.name.rpartition("/")[2]
    read = "".join(expression_written(part) for part, _ in expressions_of(policy))
    rates = tuple(table for table in policy.rates if f"rate({table.name}." in read)
    rules = tuple(replace(rule, title="", text="") for rule in policy.rules)
    return replace(
        policy, name=name, question="", title="", jurisdiction="", examples=(), claims=(), rules=rules, rates=rates
    )


def _turning(question: Question, old: Pack, new: Pack, types: Types, budget: Budget) -> Turning:
    name, was, now = question.policy.name, question.old, question.new
    if find_spec("z3") is None:
        return Turning(name, Whether.NOT_PROVED, why=NOT_INSTALLED)
    if was is None or now is None or (was.for_each, was.currency) != (now.for_each, now.currency):
        return Turning(name, Whether.UNDECIDED, why=OTHER_RECORDS)
    from custodiet.proofs.equivalence import State, difference
    from custodiet.proofs.smt.solver import CameOut

    found = difference(State(was, old.policies), State(now, new.policies), types, budget)
    whether = {CameOut.PROVED: Whether.SAME, CameOut.REFUTED: Whether.CHANGES, CameOut.UNDECIDED: Whether.UNDECIDED}
    return Turning(name, whether[found.came_out], found.example, found.before, found.after, found.why)
