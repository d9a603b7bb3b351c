"""Why a record came out as it did: the rules with their text, the facts that were read, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from custodiet.audit.questions import not_vouched
from custodiet.audit.replaced_orders import since_in_words
from custodiet.audit.run import refuse_unsound
from custodiet.base.dates import Days
from custodiet.base.errors import WrongCall, did_you_mean
from custodiet.base.text import escaped
from custodiet.ledger.view import HeldOver, Origin, View
from custodiet.policy.analysis.references import Scope, used_by
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.evaluation.english import definition_in_words, judgment_in_words, result_in_words, rule_in_words
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import Definition, Doubt, Expression, OpenGap, Policy, Version
from custodiet.policy.packs.pack import Pack
from custodiet.records import Types, cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule for its readers: its own words, its citation, and our reading of it."""

    policy: str
    number: str
    title: str
    text: str
    cite: str
    in_force: str
    reading: str
    """The box in words, with its citation and period."""
    definitions: tuple[str, ...]
    """In words, the definitions and judgments that the box uses; each after those that use it."""
    restated: bool
    """Whether the text restates the law instead of quoting it."""
    doubts: tuple[Doubt, ...]
    """What the pack lists as doubtful about it."""


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field that the answer was read from, and the entries that give its value."""

    record: str
    field: str
    value: str
    origins: tuple[Origin, ...]
    """Oldest first; empty for a derived value, which is not entered."""
    concluded_by: str
    """The policy that concluded it; empty for any other value."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one policy answers for the record, and why."""

    policy: Policy
    result: Result
    sentence: str
    because: tuple[RuleText, ...]
    displaced: tuple[RuleText, ...]
    unsettled: tuple[RuleText, ...]
    read: tuple[FieldRead, ...]
    not_vouched: tuple[tuple[Days, ...], ...]
    """For each missing fact of the result: the days for which nobody vouches for it, where it is a register."""
    left_open: tuple[OpenGap, ...]
    """Why no rule answers, where none does and the pack says it."""
    since: tuple[str, ...]
    """What became of a published sum after the rule answered for it; empty for every other result."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A record, and what every policy for its type answers."""

    record: Record
    fields: tuple[FieldRead, ...]
    """What the ledger holds about the record itself."""
    answers: tuple[Answer, ...]
    held_over: tuple[HeldOver, ...]
    """The earlier values that are still counted, of the record and of every record that an answer rests on."""


def explain(pack: Pack, view: View, record_id: str) -> Explanation:
    """Everything that decides one record.

    Raises WrongCall, with the nearest id, for an id that no record has; Refused for a pack whose problems leave its
    meaning in doubt.
    """
    refuse_unsound(pack)
    sources = _Sources(pack, view)
    record = sources.record(record_id)
    evaluator = Evaluator(pack.policies, view.facts)
    answers = tuple(
        _answer(policy, evaluator, sources, record)
        for policy in sorted(pack.policies, key=lambda policy: policy.name)
        if policy.for_each == record.type
    )
    names = view.facts.types[record.type].names
    fields = tuple(sources.read(record.id, name, cell(record.value(name))) for name in names)
    resting = {record.id, *sources.resting([answer.result for answer in answers], evaluator)}
    held_over = tuple(each for each in view.held_over if each.record in resting)
    return Explanation(record, fields, answers, held_over)


class _Sources:
    """The origin of each field of each record: entries, or another policy's conclusion."""

    def __init__(self, pack: Pack, view: View) -> None:
        self.facts = view.facts
        self._view = view
        self._records = {record.id: record for name in self.facts.types for record in self.facts.of(name)}
        self._judged = pack.judgments
        self._concluded = {policy.gives: policy for policy in pack.policies if policy.gives is not None}

    def record(self, id_: str) -> Record:
        """The record of that id, of whatever type; WrongCall if there is none."""
        if id_ not in self._records:
            hint = did_you_mean(id_, self._records)
            missing = f"no record has the id `{escaped(id_)}`"
            message = missing if self._view.as_of.size else "nothing has been recorded yet"
            raise WrongCall(f"{message}; {hint}" if hint else message)
        return self._records[id_]

    def type_of(self, id_: str) -> str:
        """The type of a record; empty if no entry contains it."""
        return self._records[id_].type if id_ in self._records else ""

    def read(self, id_: str, field: str, value: str) -> FieldRead:
        """A field that was read, with its origins."""
        record = self._records.get(id_)
        if record is None:
            return FieldRead(id_, field, value, (), "")
        definition = self.facts.types[record.type]
        entered = field in definition.names and not definition.derived
        origins = self._view.origins(id_, field) if entered else self._answers(record, field)
        concluding = self._concluded.get((record.type, field))
        return FieldRead(id_, field, value, origins, concluding.name if concluding else "")

    def resting(self, results: Iterable[Result], evaluator: Evaluator) -> set[str]:
        """The ids of the records that these answers read, also through other policies' conclusions and judgments."""
        waiting = list(results)
        read: set[tuple[str, str]] = set()
        judged: set[str] = set()
        while waiting:
            result = waiting.pop()
            facts = {(each.record, each.field) for each in result.read}
            facts |= {(each.record, each.field) for each in result.missing}
            for id_, field in facts - read:
                record = self._records.get(id_)
                if record is not None:
                    judged |= {each.id for each in self._judgments(record, field)}
                    concluding = self._concluded.get((record.type, field))
                    waiting += [evaluator.decide(concluding, record)] if concluding else []
            read |= facts
        return judged | {id_ for id_, _ in read}

    def _answers(self, record: Record, field: str) -> tuple[Origin, ...]:
        """Where the judgment that a field stands for was answered; nothing if the field is not a judgment."""
        judgments = self._judgments(record, field)
        return tuple(origin for judgment in judgments for origin in self._view.origins(judgment.id, "answer"))

    def _judgments(self, record: Record, field: str) -> tuple[Record, ...]:
        asks = self._judged.get((record.type, field))
        return () if asks is None else self.facts.judgments(record.id, asks)


def rule_texts(policy: Policy, numbers: Sequence[str], on: Days | None, types: Types) -> tuple[RuleText, ...]:
    """The rules with these numbers, each in the versions that may be in force on a date; all if the date is unknown."""
    return tuple(
        _text_of(policy, version, types)
        for number in numbers
        for version in policy.rule(number).versions
        if on is None or not version.in_force.meets(on).empty
    )


def decided_on(policy: Policy, facts: Facts, record: Record) -> Days | None:
    """The date that decides which rules of a policy are in force; None if nobody recorded it."""
    for name in policy.on.names[:-1]:
        above = facts.up(record, facts.types[record.type].field(name))
        if above is None:
            return None
        record = above
    date = record.value(policy.on.names[-1])
    return date if isinstance(date, Days) else None


def _answer(policy: Policy, evaluator: Evaluator, sources: _Sources, record: Record) -> Answer:
    result = evaluator.decide(policy, record)
    on, types = decided_on(policy, sources.facts, record), sources.facts.types
    displaced = tuple(dict.fromkeys(each.rule for each in result.displaced))
    published = record.type == "published_figure" and result.outcome is Outcome.OWES
    return Answer(
        policy,
        result,
        result_in_words(policy, result),
        rule_texts(policy, result.because, on, types),
        rule_texts(policy, displaced, on, types),
        rule_texts(policy, result.unsettled, on, types),
        tuple(sources.read(fact.record, fact.field, fact.value) for fact in result.read),
        tuple(not_vouched(fact, sources.type_of(fact.record), sources.facts) for fact in result.missing),
        evaluator.left_open(policy, record),
        since_in_words(sources.facts) if published else (),
    )


def _text_of(policy: Policy, version: Version, types: Types) -> RuleText:
    rule = policy.rule(version.rule)
    return RuleText(
        policy.name,
        rule.number,
        rule.title,
        rule.text,
        version.cite,
        period_in_words(version.in_force),
        rule_in_words(version, policy.currency),
        _names_in_words(policy, version, types),
        policy.restated,
        policy.doubts_about((rule.number,)),
    )


def _names_in_words(policy: Policy, version: Version, types: Types) -> tuple[str, ...]:
    """The meaning of the definitions and judgments that a box uses, and of those that they use."""
    names = Vocabulary.of(policy, (), types)
    amounts = [share.amount for share in version.owes or ()]
    read: list[tuple[Expression, Scope]] = [
        (part, (policy.for_each,)) for part in (version.when, *amounts) if part is not None
    ]
    found: dict[tuple[str, str], str] = {}
    for part, scope in read:
        for meaning in used_by(part, scope, names):
            name = meaning.owner, meaning.end.name
            if isinstance(meaning.end, Definition) and name not in found:
                found[name] = definition_in_words(meaning.end)
                read.append((meaning.end.meaning, (meaning.end.type,)))
            elif name in names.judgments:
                found[name] = judgment_in_words(names.judgments[name][1])
    return tuple(found.values())


def period_in_words(days: Days) -> str:
    """When a rule is in force, for people.

    >>> period_in_words(Days.read("2024-01-01/2024-06-30")), period_in_words(Days(None, None))
    ('from 2024-01-01 to 2024-06-30', 'always')
    """
    sides = [f"from {days.first}"] if days.first else []
    sides += [f"to {days.last}"] if days.last else []
    return " ".join(sides) or "always"
