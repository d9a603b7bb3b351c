"""What a little world shows of a policy: which rules decide in it, what displaces what, on what a condition turns.

Something is *shown* where it can be seen that the answer would be another without it. A rule is shown where it
stands and nothing open could change that; an exception or a rank where the rule it displaces would stand but for
it. A part of a condition is shown to hold, or not to, where the whole would come out otherwise if it were turned.

Whether something is none cannot be turned without what else is asked of it (`x is not none and x > 5`), so where that
part is turned, the others that read the same thing are taken as open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from custodiet.base.dates import Days
from custodiet.base.truth import Truth, all_of, any_of, truth
from custodiet.policy.analysis.intervals import Number, Term, as_days, certain
from custodiet.policy.analysis.precedence import Place, Structure
from custodiet.policy.analysis.references import nodes_of
from custodiet.policy.evaluation.answers import CONFLICT
from custodiet.policy.evaluation.combine import answers_of
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.rate_lookup import Numbers, Sought, Texts, look_up
from custodiet.policy.language.ast import (
    And,
    Compare,
    Definition,
    Expression,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Policy,
    Rate,
    Version,
)
from custodiet.records import Types
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Key = tuple[object, ...]
"""What is shown: its sort, then what it is about."""


def parts_of(condition: Expression) -> tuple[Expression, ...]:
    """The parts that a condition is joined from by `and`, `or` and `not`, each once; written values are none.

    `x != 'a'` and `x is not none` are parts as they stand.
    """
    match condition:
        case Not(Compare("=") | IsNone()):
            return (condition,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(inner for part in parts for inner in parts_of(part)))
        case Not(part):
            return parts_of(part)
        case Literal():
            return ()
        case _:
            return (condition,)


def paths_of(part: Expression) -> tuple[Path, ...]:
    """Every path of an expression that starts from the record itself, each once; of a question about a set, the set."""
    paths = (node.of if isinstance(node, Over) else node for node in nodes_of(part))
    return tuple(dict.fromkeys(path for path in paths if isinstance(path, Path)))


def asks_a_set(part: Expression) -> bool:
    """Whether an expression asks about a set of records."""
    return any(isinstance(node, Over) for node in nodes_of(part))


def turning(condition: Expression, truths: Mapping[Expression, Truth]) -> Iterator[tuple[Expression, bool]]:
    """The parts on which a condition turns, each with whether it holds.

    >>> a, b = Path(("a",)), Path(("b",))
    >>> list(turning(And((a, b)), {a: Truth.YES, b: Truth.NO}))
    [(Path(names=('b',), span=Span(file='', line=0, column=1, length=1, text='')), False)]
    """
    whole = _joined(condition, truths)
    if whole is Truth.UNKNOWN:
        return
    for part, holds in truths.items():
        if holds is Truth.UNKNOWN:
            continue
        bound = dict.fromkeys((other for other in truths if _guards(part, other)), Truth.UNKNOWN)
        if _joined(condition, {**truths, **bound, part: ~holds}) is not whole:
            yield part, holds is Truth.YES


def _joined(condition: Expression, truths: Mapping[Expression, Truth]) -> Truth:
    """What a condition comes to, from what its parts come to."""
    if condition in truths:
        return truths[condition]
    match condition:
        case And(parts):
            return all_of(_joined(part, truths) for part in parts)
        case Or(parts):
            return any_of(_joined(part, truths) for part in parts)
        case Not(part):
            return ~_joined(part, truths)
        case _:
            # What is no part is written out: yes or no.
            return truth(condition == Literal(value=True))


@cache
def _guards(part: Expression, other: Expression) -> bool:
    """Whether a part asks whether something is none, and another reads it or what it leads to."""
    match part:
        case IsNone(path) | Not(IsNone(path)):
            return any(read.names[: len(path.names)] == path.names for read in paths_of(other))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Covering:
    """Which places of the versions in force cover a record, and which of them stand."""

    laid_out: Structure
    covers: tuple[Truth, ...]

    def stands(self, index: int) -> Truth:
        """Whether a place stands."""
        return self.covers[index] & all_of(~self.covers[by] for by in self.laid_out.displacers[index])

    def is_reached(self, place: Place) -> bool:
        """Whether a place covers if its own condition holds: it is no exception, or what is around it covers."""
        return place.inside is None or self.covers[self.laid_out.places.index(place.inside)] is Truth.YES

    def would_stand_without(self, index: int, version: Version) -> bool:
        """Whether a place covers, is displaced, and only by a version or what lies inside it."""
        displacers = [by for by in self.laid_out.displacers[index] if self.covers[by] is not Truth.NO]
        alone = all(_within(self.laid_out.places[by], version) for by in displacers)
        surely = any(self.covers[by] is Truth.YES for by in displacers)
        return self.covers[index] is Truth.YES and surely and alone


def _within(place: Place, version: Version) -> bool:
    return any(around.version is version for around in place.upwards)


class Showing:
    """One policy, and what worlds show of it; `given` are the policies of the pack that give a field."""

    def __init__(self, policy: Policy, given: Sequence[Policy], types: Types) -> None:
        """Prepare to look at worlds."""
        self.policy, self.types = policy, types
        self.policies = (policy, *(each for each in given if each.name != policy.name))
        self.number = {id(version): number for number, version in enumerate(policy.versions)}
        self._evaluator = Evaluator(self.policies, Facts((), types=types))
        self.plan = self._evaluator.plan(policy)
        self.names = self.plan.names

    def shown(self, facts: Facts, record: Record) -> frozenset[Key]:
        """Everything that is shown by asking the policy about a record of a world."""
        reading = self._reading(facts)
        found = set(self._of_definitions(facts, reading))
        found.update(self._of_judgments(facts, reading))
        found.update(self._of_date(record, reading))
        return frozenset(found)

    def shown_of_rules(self, facts: Facts, record: Record) -> frozenset[Key]:
        """What is shown of the rules and of the days on which they change, without the named facts they rest on."""
        return frozenset(self._of_date(record, self._reading(facts)))

    def standing(self, facts: Facts, record: Record) -> dict[str, Version]:
        """The rules that surely stand, each as it then reads; none while it is open which of them are in force."""
        reading = self._reading(facts)
        date = reading.date(self.plan.on, record)
        if len(self.plan.stretches_in(date)) != 1:
            return {}
        covering = self._covering(date, record, reading)
        places = enumerate(covering.laid_out.places)
        return {place.version.rule: place.version for at, place in places if covering.stands(at) is Truth.YES}

    def contradict(self, one: Version, other: Version, facts: Facts, record: Record) -> bool:
        """Whether two versions that stand surely say different things, whatever is open."""
        planned = [self.plan.versions[self.number[id(version)]] for version in (one, other)]
        together = answers_of(self.policy, record, planned, lambda: self._reading(facts))
        return together.each == (CONFLICT,)

    def _reading(self, facts: Facts) -> Reading:
        return self._evaluator.among(facts).reading(self.policy)

    def _of_date(self, record: Record, reading: Reading) -> Iterator[Key]:
        date = reading.date(self.plan.on, record)
        if date.known:
            yield "period", date.day
        # While it is not known which versions are in force, none is shown.
        if len(self.plan.stretches_in(date)) == 1:
            yield from self._of_rules(date, record, reading)

    def _of_rules(self, date: Days, record: Record, reading: Reading) -> Iterator[Key]:
        covering = self._covering(date, record, reading)
        yield from self._of_places(covering)
        for index, place in enumerate(covering.laid_out.places):
            when = place.version.when
            if when is not None:
                yield from self._of_rates(when, record, reading)
            if when is not None and covering.is_reached(place):
                truths = {part: self._holds(part, record, reading) for part in parts_of(when)}
                for part, held in turning(when, truths):
                    yield "condition", self.number[id(place.version)], part, held
            if covering.stands(index) is Truth.YES:
                for share in place.version.owes or ():
                    yield from self._of_rates(share.amount, record, reading)

    def _covering(self, date: Days, record: Record, reading: Reading) -> _Covering:
        """What covers on a day, or on days on which the same versions are in force."""
        laid_out = self.plan.layout(date)
        holds = {
            number: Truth.YES if when is None else reading.holds(when, (record,))
            for number in sorted(set(laid_out.own))
            for when in [self.plan.versions[number].when]
        }
        covers = (all_of(holds[number] for number in around) for around in laid_out.around)
        return _Covering(laid_out, tuple(covers))

    def _holds(self, part: Expression, record: Record, reading: Reading) -> Truth:
        return reading.holds(self.plan.condition(part, (record.type,)), (record,))

    def _of_places(self, covering: _Covering) -> Iterator[Key]:
        """Which rules decide, and what displaces what."""
        places = covering.laid_out.places
        standing = [covering.stands(index) for index in range(len(places))]
        for index, place in enumerate(places):
            if standing[index] is Truth.YES and Truth.UNKNOWN not in standing:
                yield "rule", self.number[id(place.version)]
            for by in covering.laid_out.displacers[index]:
                version = places[by].version
                if places[by].inside == place and covering.would_stand_without(index, version):
                    yield "exception", self.number[id(version)], place.version.rule
            for version in {id(around.version): around.version for each in places for around in each.upwards}.values():
                outranked = {around.version.rule for around in place.upwards}.intersection(version.prevails_over)
                if outranked and not _within(place, version) and covering.would_stand_without(index, version):
                    for rule in outranked:
                        yield "rank", self.number[id(version)], rule

    def _of_definitions(self, facts: Facts, reading: Reading) -> Iterator[Key]:
        """The named facts that are worked out, not stated, and the parts on which they turn."""
        for definition in self.policy.definitions:
            for record in facts.of(definition.type):
                if definition.name not in record.values:
                    yield from self._of_definition(definition, record, reading)
                    yield from self._of_rates(definition.meaning, record, reading)

    def _of_definition(self, definition: Definition, record: Record, reading: Reading) -> Iterator[Key]:
        named = definition.type, definition.name
        if certain(reading.term(self.plan.defined(definition).meaning, (record,))):
            yield "definition", *named
        if is_joined(definition.meaning):
            truths = {part: self._holds(part, record, reading) for part in parts_of(definition.meaning)}
            for part, held in turning(definition.meaning, truths):
                yield "condition", *named, part, held

    def _of_rates(self, part: Expression, record: Record, reading: Reading) -> Iterator[Key]:
        """The rows of rates that an expression looks up, where nothing is open about the key and the day."""
        for rate in (node for node in nodes_of(part) if isinstance(node, Rate)):
            keys = [self.plan.term(key, (record.type,)) for key in rate.keys]
            sought = [_sought(reading.term(key, (record,))) for key in keys]
            on = reading.term(self.plan.term(rate.on, (record.type,)), (record,))
            if isinstance(on, Number) and certain(on) and None not in sought:
                table = self.names.rates[rate.table]
                found = look_up(table, rate.column, [each for each in sought if each is not None], as_days(on.range))
                if found.row is not None:
                    yield "rate", rate.table, table.rows.index(found.row)

    def _of_judgments(self, facts: Facts, reading: Reading) -> Iterator[Key]:
        for judgment in self.policy.judgments:
            for record in facts.of(judgment.type):
                answer = reading.term(self.plan.path(Path((judgment.name,)), (record.type,)), (record,))
                if isinstance(answer, bool):
                    yield "judgment", judgment.type, judgment.name, answer


def _sought(key: Term) -> Sought | None:
    """A key by which a row is looked up; None where it is not known."""
    if isinstance(key, str):
        return Texts((key,))
    return Numbers(key.range) if isinstance(key, Number) and certain(key) else None


def is_joined(meaning: Expression) -> bool:
    """Whether the meaning of a named fact is a condition that has parts to turn on."""
    return isinstance(meaning, And | Or | Not | Compare | IsNone)
