"""One planned use: whether to proceed, who would pay about how much, or what is not known.

No answer allows or forbids protecting a person (DESIGN §3.10): the unit decides that, before and
without this program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from custodiet.audit.explain import RuleText, decided_on, rule_texts
from custodiet.audit.wanted import Wanted, in_words, wanted
from custodiet.base.errors import Problem
from custodiet.policy.ast import Policy
from custodiet.policy.evaluate import Evaluator
from custodiet.policy.examples import Imagined, imagine
from custodiet.policy.result import Outcome, Result
from custodiet.records import NONE, TYPES, UNKNOWN, Types

REMINDER = "Whether a person is protected is decided by the unit, before and without this program."


class Advice(Enum):
    """The four things that can be said of a planned use, the gravest first."""

    NOT_PROTECTION = "not protection"
    UNKNOWN = "unknown"
    PAYS = "proceed, and somebody pays"
    PROCEED = "proceed"


@dataclass(frozen=True, slots=True)
class Advised:
    """What one policy says of the planned use."""

    policy: Policy
    result: Result
    advice: Advice
    sentence: str
    note: str
    """What to add to the sentence; empty for most answers."""
    rules: tuple[RuleText, ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What every policy for such a use says, and the one answer that follows."""

    answers: tuple[Advised, ...]
    advice: Advice
    sentence: str
    problems: tuple[Problem, ...] = ()
    """What is wrong with the facts given; with a problem there is no answer."""

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The facts that would settle an answer, each once."""
        return tuple(dict.fromkeys(want for answer in self.answers for want in answer.wanted))


def plan(policies: Sequence[Policy], for_each: str, cells: Mapping[str, str], types: Types = TYPES) -> Planned:
    """What all policies for one type of record say of a use that is described by `path=value` texts.

    A record that a use cannot be without (a seat's leg) is there, though nothing may be known of it.
    """
    stated = _without_names(cells)
    while True:
        planned = _planned(policies, for_each, stated, types)
        needed = [f"{want.path}.{_SOME_FIELD}" for want in planned.wanted if want.stands_for_record]
        if all(path in stated for path in needed):
            return planned
        stated |= dict.fromkeys(needed, UNKNOWN.value)


_SOME_FIELD = "basis"
"""A field that every record has: naming it, even as unknown, says that the record is there."""


def _without_names(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells, less the id of a record of which other cells tell: in a plan it is known by its path."""
    told = {path for path in cells if any(other.startswith(f"{path}.") for other in cells)}
    marks = (NONE.value, UNKNOWN.value)
    return {path: value for path, value in cells.items() if path not in told or value in marks}


def _planned(policies: Sequence[Policy], for_each: str, cells: Mapping[str, str], types: Types) -> Planned:
    world = imagine(policies, for_each, cells, types)
    if world.problems:
        return Planned((), Advice.UNKNOWN, "", tuple(world.problems))
    evaluator = Evaluator(policies, world.facts)
    answers = tuple(
        _advised(policy, evaluator.decide(policy, world.record), world, policies)
        for policy in sorted(policies, key=lambda policy: policy.name)
        if policy.for_each == for_each
    )
    gravest = next((advice for advice in Advice if any(each.advice is advice for each in answers)), Advice.PROCEED)
    return Planned(answers, gravest, _sentence(gravest, [each for each in answers if each.advice is gravest], types))


def _advised(policy: Policy, result: Result, world: Imagined, policies: Sequence[Policy]) -> Advised:
    facts = tuple(dict.fromkeys(wanted(fact, world, policy, policies) for fact in result.missing))
    rules = rule_texts(policy, result.because or result.unsettled, decided_on(policy, world.facts, world.record))
    said = Advised(policy, result, ADVICE[result.outcome], "", _note(result), rules, facts)
    return replace(said, sentence=_sentence(said.advice, [said], world.facts.types))


ADVICE = {
    Outcome.FORBIDDEN: Advice.NOT_PROTECTION,
    Outcome.UNDETERMINED: Advice.UNKNOWN,
    Outcome.CONFLICT: Advice.UNKNOWN,
    Outcome.OWES: Advice.PAYS,
    Outcome.NO_RULE: Advice.PROCEED,
    Outcome.PERMITTED: Advice.PROCEED,
    Outcome.NOTHING_DUE: Advice.PROCEED,
    Outcome.CLASSIFIED: Advice.PROCEED,
}


def _sentence(advice: Advice, answers: Sequence[Advised], types: Types) -> str:
    """What answers of one kind say together."""
    match advice:
        case Advice.NOT_PROTECTION:
            return f"not protection: {types['authorization'].held_by} must authorize"
        case Advice.UNKNOWN:
            asked = in_words([fact for answer in answers for fact in answer.wanted])
            return f"unknown: {'; '.join(filter(None, (asked, *_conflicts(answers, types))))}"
        case Advice.PAYS:
            debts = [debt for answer in answers for debt in answer.result.debts]
            return "proceed, " + " and ".join(
                f"{payer_in_words(debt.payer)} pays about {debt.amount}" for debt in debts
            )
        case Advice.PROCEED:
            return "proceed"


def _conflicts(answers: Sequence[Advised], types: Types) -> list[str]:
    return [
        f"ask {types['guidance'].held_by} for guidance, as rules {' and '.join(answer.result.because)} "
        f"of {answer.policy.name} conflict"
        for answer in answers
        if answer.result.outcome is Outcome.CONFLICT
    ]


def _note(result: Result) -> str:
    match result.outcome:
        case Outcome.NO_RULE:
            return "no rule of this pack was in force or speaks of it: nothing is owed under it; record it"
        case Outcome.CLASSIFIED:
            return f"it counts as {result.classified}"
        case _:
            return ""


def payer_in_words(payer: str) -> str:
    """Who pays, where the plan may not say who that is.

    >>> payer_in_words("unknown (trip.answerable)"), payer_in_words("campaign committee")
    ("the trip's answerable", 'campaign committee')
    """
    if not payer.startswith("unknown ("):
        return payer
    path = payer.removeprefix("unknown (").removesuffix(")")
    return f"the {path.replace('.', chr(39) + 's ')}"
