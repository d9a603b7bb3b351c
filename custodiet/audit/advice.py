"""One planned use: whether to proceed, who would pay about how much, or what is not known.

No answer allows or forbids protecting a person (DESIGN §3.10): the unit decides that, before and
without this program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from custodiet.audit.explain import RuleText, decided_on, rule_texts
from custodiet.audit.given_facts import misnamed
from custodiet.audit.needed_facts import Wanted, in_words, wanted
from custodiet.base.errors import Problem
from custodiet.base.text import escaped
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result, is_nobody, path_of
from custodiet.policy.language.ast import OpenGap, Policy
from custodiet.policy.testing.examples import Imagined, imagine
from custodiet.records import NONE, UNKNOWN, Types, with_article

REMINDER = "Whether a person is protected is decided by the unit, before and without this program."


class Advice(Enum):
    """The five kinds of advice on a planned use, the gravest first."""

    NOT_PROTECTION = "not protection"
    UNKNOWN = "unknown"
    ASK = "no rule, ask first"
    PAYS = "proceed, and somebody pays"
    PROCEED = "proceed"


@dataclass(frozen=True, slots=True)
class Advised:
    """What one policy says about the planned use."""

    policy: Policy
    result: Result
    advice: Advice
    sentence: str
    note: str
    """An addition to the sentence; empty for most answers."""
    rules: tuple[RuleText, ...]
    wanted: tuple[Wanted, ...]
    left_open: tuple[OpenGap, ...]
    """Why no rule answers, if none does and the pack gives a reason."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The answers of the policies for such a use, and the one advice that follows from them."""

    answers: tuple[Advised, ...]
    """Those with the gravest advice first."""
    advice: Advice
    sentence: str
    problems: tuple[Problem, ...] = ()
    """What is wrong with the facts given; if anything is, there is no answer."""

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The facts that would settle an answer, each once."""
        return tuple(dict.fromkeys(want for answer in self.answers for want in answer.wanted))


def plan(policies: Sequence[Policy], for_each: str, cells: Mapping[str, str], types: Types) -> Planned:
    """The advice of all policies for one type of record on a use that is described by `path=value` texts.

    A policy that only classifies (a record in time, a trip's character) does not ask for facts that may exist only
    afterwards: it is among the answers once the stated facts determine it. A use that the rules allow only with an
    authorization counts as not authorized until an authorization is stated. A record that a use cannot be without
    (a seat's leg) exists, even if nothing is known about it.
    """
    problems = misnamed(policies, for_each, cells, types)
    if problems:
        return Planned((), Advice.UNKNOWN, "", problems)
    stated = _without_names(cells)
    while True:
        planned = _planned(policies, for_each, stated, types)
        needed = [f"{want.path}.{_SOME_FIELD}" for want in planned.wanted if want.stands_for_record]
        if all(path in stated for path in needed):
            return planned
        stated |= dict.fromkeys(needed, UNKNOWN.value)


_SOME_FIELD = "basis"
"""A field that every record has: naming it, even as unknown, says that the record exists."""


def _without_names(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells without the ids of records that other cells describe: in a plan, a record is known by its path."""
    told = {path for path in cells if any(other.startswith(f"{path}.") for other in cells)}
    marks = (NONE.value, UNKNOWN.value)
    return {path: value for path, value in cells.items() if path not in told or value in marks}


def _planned(policies: Sequence[Policy], for_each: str, cells: Mapping[str, str], types: Types) -> Planned:
    world = imagine(policies, for_each, cells, types)
    if world.problems:
        return Planned((), Advice.UNKNOWN, "", tuple(world.problems))
    asked = [policy for policy in sorted(policies, key=lambda policy: policy.name) if policy.for_each == for_each]
    said = [_advised(policy, policies, cells, world) for policy in asked]
    ready = [each for each in said if not (each.wanted and _only_classifies(each.policy))]
    answers = tuple(sorted(ready, key=lambda each: list(Advice).index(each.advice)))
    gravest = answers[0].advice if answers else Advice.PROCEED
    alike = [each for each in answers if each.advice is gravest]
    return Planned(answers, gravest, _sentence(gravest, alike, for_each, types))


def _only_classifies(policy: Policy) -> bool:
    """Whether the policy's rules make nobody owe anything, and neither permit nor forbid."""
    return all(version.owes is None and version.permission is None for version in policy.versions)


def _advised(policy: Policy, policies: Sequence[Policy], cells: Mapping[str, str], world: Imagined) -> Advised:
    evaluator = Evaluator(policies, world.facts)
    result = evaluator.decide(policy, world.record)
    facts = tuple(dict.fromkeys(wanted(fact, world, policy, policies) for fact in result.missing))
    if facts and all(want.is_authorization for want in facts):
        unauthorized = {**cells, **{want.path: NONE.value for want in facts}}
        none = imagine(policies, policy.for_each, unauthorized, world.facts.types)
        without = Evaluator(policies, none.facts).decide(policy, none.record)
        if without.outcome is Outcome.FORBIDDEN:
            return _saying(policy, without, none, facts, ())
    return _saying(policy, result, world, facts, evaluator.left_open(policy, world.record))


def _saying(
    policy: Policy, result: Result, world: Imagined, facts: tuple[Wanted, ...], left_open: tuple[OpenGap, ...]
) -> Advised:
    types = world.facts.types
    advice = Advice.ASK if any(gap.ask for gap in left_open) else _advice(result)
    on = decided_on(policy, world.facts, world.record)
    rules = rule_texts(policy, result.because or result.unsettled, on, types)
    note = f"it counts as {result.classified}" if result.outcome is Outcome.CLASSIFIED else ""
    said = Advised(policy, result, advice, "", note, rules, facts, left_open)
    return replace(said, sentence=_sentence(advice, [said], world.record.type, types))


def _advice(result: Result) -> Advice:
    """The kind of advice that follows from a result; a debt without a named payer is *unknown*."""
    unpaid = any(is_nobody(debt.payer) for debt in result.debts)
    return Advice.UNKNOWN if unpaid and result.outcome is Outcome.OWES else ADVICE[result.outcome]


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


def _sentence(advice: Advice, answers: Sequence[Advised], for_each: str, types: Types) -> str:
    """The sentence for all answers of one kind."""
    match advice:
        case Advice.NOT_PROTECTION:
            return f"not protection: {types['authorization'].held_by} must authorize"
        case Advice.UNKNOWN:
            asked = in_words([fact for answer in answers for fact in answer.wanted])
            reasons = (asked, *_conflicts(answers, types), *_owed_by_nobody(answers))
            return f"unknown: {'; '.join(filter(None, reasons))}"
        case Advice.ASK:
            whom = dict.fromkeys(gap.ask for answer in answers for gap in answer.left_open if gap.ask)
            return f"no rule here: {'; '.join(f'ask {escaped(each, most=len(each))}' for each in whom)}"
        case Advice.PAYS:
            debts = [debt for answer in answers for debt in answer.result.debts]
            return "proceed, " + " and ".join(
                f"{payer_in_words(debt.payer)} pays about {debt.amount}" for debt in debts
            )
        case Advice.PROCEED:
            return _proceed(answers, for_each)


def _proceed(answers: Sequence[Advised], for_each: str) -> str:
    unanswered = sum(answer.result.outcome is Outcome.NO_RULE for answer in answers)
    if not answers:
        asked = f"what this pack asks about {with_article(for_each)}"
        return f"proceed and record it: {asked} can be answered once more is known"
    if unanswered == len(answers):
        return f"{_NO_RULE}: proceed and record it"
    if unanswered:
        return f"proceed and record it: for {unanswered} of {len(answers)} questions, {_NO_RULE}"
    return "proceed"


_NO_RULE = "no rule of this pack applied on that day"


def _conflicts(answers: Sequence[Advised], types: Types) -> list[str]:
    return [
        f"ask {types['guidance'].held_by} for guidance, as rules {' and '.join(answer.result.because)} "
        f"of {answer.policy.name} conflict"
        for answer in answers
        if answer.result.outcome is Outcome.CONFLICT
    ]


def payer_in_words(payer: str) -> str:
    """The payer in words, also when the plan does not say who that is.

    >>> payer_in_words("unknown (trip.answerable)"), payer_in_words("campaign committee")
    ("the trip's answerable", 'campaign committee')
    """
    path = path_of(payer)
    return f"the {path.replace('.', chr(39) + 's ')}" if path else payer


def _owed_by_nobody(answers: Sequence[Advised]) -> list[str]:
    return [
        f"the rules name nobody to pay about {debt.amount}: there is no `{path_of(debt.payer)}`"
        for answer in answers
        for debt in answer.result.debts
        if is_nobody(debt.payer)
    ]
