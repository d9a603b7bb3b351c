"""What an example's world shows of a policy: which rules decide, what displaces what, on what a condition turns.

Something is *shown* if the answer would visibly be different without it. A rule is shown if it stands and no open
fact could change that; an exception or a rank if the displaced rule would stand without it. A part of a condition is
shown to hold, or not to hold, if the result of the whole would change with it. A test for none cannot change without
the other tests of the same thing (`x is not none and x > 5`), so those are taken as open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from custodiet.base.dates import Days
from custodiet.base.truth import Truth, all_of, any_of, truth
from custodiet.policy.analysis.intervals import Number, as_days, certain
from custodiet.policy.analysis.intervals import Term as Value
from custodiet.policy.analysis.plan import (
    And,
    Atom,
    Compare,
    Condition,
    Count,
    Defined,
    Exists,
    Fact,
    Holds,
    IsNone,
    Named,
    Not,
    Or,
    PlannedVersion,
    Rate,
    Route,
    Sum,
    Term,
    made_of,
    nodes_of,
)
from custodiet.policy.analysis.precedence import Structure
from custodiet.policy.evaluation.answers import CONFLICT
from custodiet.policy.evaluation.combine import answers_of
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.rate_lookup import Numbers, Sought, Texts, look_up
from custodiet.policy.language.ast import Literal, Over, Path, Policy
from custodiet.records import Types
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Key = tuple[object, ...]
"""What is shown: its sort, then what it is about; versions and the parts of conditions by number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts of which a condition is composed: a test, or its opposite if that has its own form."""

    number: int
    """The number of the test."""
    opposite: bool
    """Whether it is the opposite of the test: `x != 'a'`, `x is not none`, `all(…)`."""
    condition: Atom | Not = field(compare=False)


def part_of(term: Term) -> Part | None:
    """A condition as a single part; None for a composed condition or a written value."""
    match term:
        case Atom(_, Holds(Literal())):
            return None
        case Atom(number):
            return Part(number, opposite=False, condition=term)
        case Not(Atom(number, Compare("=") | IsNone())) | Not(Atom(number), Over()):
            return Part(number, opposite=True, condition=term)
        case _:
            return None


def parts_of(term: Term) -> tuple[Part, ...]:
    """The parts of a condition, joined by `and`, `or` and `not`, each once."""
    part = part_of(term)
    if part is not None:
        return (part,)
    return tuple(dict.fromkeys(inner for each in made_of(term) for inner in parts_of(each)))


def routes_of(term: Term) -> Iterator[Route]:
    """Every path of a term that starts from the record itself; of a question about a set, the way to the set."""
    for node in nodes_of(term):
        match node:
            case Fact(route) | Named(route):
                yield route
            case Count(_, members) | Sum(_, members) | Atom(_, Exists(members)):
                yield members.route
            case _:
                continue


def asks_a_set(term: Term) -> bool:
    """Whether a term asks about a set of records."""
    nodes = nodes_of(term)
    return any(isinstance(node.test if isinstance(node, Atom) else node, Count | Sum | Exists) for node in nodes)


def turning(condition: Condition, truths: Mapping[Part, Truth]) -> Iterator[tuple[Part, bool]]:
    """The parts on which a condition turns, each with its truth."""
    whole = _joined(condition, truths)
    if whole is Truth.UNKNOWN:
        return
    for part, holds in truths.items():
        if holds is Truth.UNKNOWN:
            continue
        bound = dict.fromkeys((other for other in truths if _guards(part, other)), Truth.UNKNOWN)
        if _joined(condition, {**truths, **bound, part: ~holds}) is not whole:
            yield part, holds is Truth.YES


def _joined(condition: Condition, truths: Mapping[Part, Truth]) -> Truth:
    """The truth of a condition, given the truth of its parts."""
    part = part_of(condition)
    if part is not None and part in truths:
        return truths[part]
    match condition:
        case And(parts):
            return all_of(_joined(each, truths) for each in parts)
        case Or(parts):
            return any_of(_joined(each, truths) for each in parts)
        case Not(denied):
            return ~_joined(denied, truths)
        case Atom(_, test):
            # Everything else is a written yes or no.
            return truth(test == Holds(Literal(value=True)))


def _guards(part: Part, other: Part) -> bool:
    """Whether one part tests something for none, and the other reads it or what it leads to."""
    match part.condition:
        case Atom(_, IsNone(of)) | Not(Atom(_, IsNone(of))):
            names = of.route.names
            return any(route.names[: len(names)] == names for route in routes_of(other.condition))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Covering:
    """Which places of the versions in force cover a record, and which of them stand; places by number."""

    laid_out: Structure
    covers: tuple[Truth, ...]

    def stands(self, place: int) -> Truth:
        """Whether a place stands."""
        return self.covers[place] & all_of(~self.covers[by] for by in self.laid_out.displacers[place])

    def is_reached(self, place: int) -> bool:
        """Whether a place covers if its own condition holds: it is at the top, or the place around it covers."""
        return all(self.covers[around] is Truth.YES for around in self.laid_out.upwards[place][1:2])

    def would_stand_without(self, place: int, version: int) -> bool:
        """Whether a place covers and is displaced only by a given version, or by places inside it."""
        displacers = [by for by in self.laid_out.displacers[place] if self.covers[by] is not Truth.NO]
        alone = all(version in self.laid_out.around[by] for by in displacers)
        in_every_case = any(self.covers[by] is Truth.YES for by in displacers)
        return self.covers[place] is Truth.YES and in_every_case and alone


class Showing:
    """Finds what worlds show of one policy; `given` are the policies of the pack that give a field."""

    def __init__(self, policy: Policy, given: Sequence[Policy], types: Types) -> None:
        """Prepare to look at worlds."""
        self.policy, self.types = policy, types
        self.policies = (policy, *(each for each in given if each.name != policy.name))
        self._evaluator = Evaluator(self.policies, Facts((), types))
        self.plan = self._evaluator.plan(policy)

    def shown(self, facts: Facts, record: Record) -> frozenset[Key]:
        """Everything shown by the policy's answer for a record of a world."""
        reading = self._reading(facts)
        found = set(self._of_definitions(facts, reading))
        found.update(self._of_judgments(facts, reading))
        found.update(self._of_date(record, reading))
        return frozenset(found)

    def shown_of_rules(self, facts: Facts, record: Record) -> frozenset[Key]:
        """What is shown of the rules and of the days on which they change, without named facts."""
        return frozenset(self._of_date(record, self._reading(facts)))

    def standing(self, facts: Facts, record: Record) -> dict[str, PlannedVersion]:
        """The versions that stand in every case; none while it is open which are in force."""
        reading = self._reading(facts)
        date = reading.date(self.plan.on, record)
        if len(self.plan.stretches_in(date)) != 1:
            return {}
        covering = self._covering(date, record, reading)
        own = enumerate(covering.laid_out.own)
        standing = [self.plan.versions[number] for place, number in own if covering.stands(place) is Truth.YES]
        return {planned.version.rule: planned for planned in standing}

    def contradict(self, one: PlannedVersion, other: PlannedVersion, facts: Facts, record: Record) -> bool:
        """Whether two versions that stand say different things, whatever is open."""
        together = answers_of(self.policy, record, (one, other), lambda: self._reading(facts))
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
        for place, number in enumerate(covering.laid_out.own):
            planned = self.plan.versions[number]
            if planned.when is not None:
                yield from self._of_rates(planned.when, record, reading)
                if covering.is_reached(place):
                    yield from self._of_condition(("condition", number), planned.when, record, reading)
            if covering.stands(place) is Truth.YES:
                for share in planned.shares:
                    yield from self._of_rates(share.amount, record, reading)

    def _of_condition(self, key: Key, condition: Condition, record: Record, reading: Reading) -> Iterator[Key]:
        """The parts on which a condition turns; the key says whose condition it is."""
        truths = {part: reading.holds(part.condition, (record,)) for part in parts_of(condition)}
        for part, held in turning(condition, truths):
            yield *key, part, held

    def _covering(self, date: Days, record: Record, reading: Reading) -> _Covering:
        """What covers on a day, or on days with the same versions in force."""
        laid_out = self.plan.layout(date)
        holds = {
            number: Truth.YES if when is None else reading.holds(when, (record,))
            for number in sorted(set(laid_out.own))
            for when in [self.plan.versions[number].when]
        }
        covers = (all_of(holds[number] for number in around) for around in laid_out.around)
        return _Covering(laid_out, tuple(covers))

    def _of_places(self, covering: _Covering) -> Iterator[Key]:
        """Which rules decide, and what displaces what."""
        laid_out, versions = covering.laid_out, self.policy.versions
        standing = [covering.stands(place) for place in range(len(laid_out.places))]
        for place, number in enumerate(laid_out.own):
            if standing[place] is Truth.YES and Truth.UNKNOWN not in standing:
                yield "rule", number
            for by in laid_out.displacers[place]:
                inside = laid_out.upwards[by][1:2] == (place,)
                if inside and covering.would_stand_without(place, laid_out.own[by]):
                    yield "exception", laid_out.own[by], versions[number].rule
            around = {versions[each].rule for each in laid_out.around[place]}
            for above in set(laid_out.own) - laid_out.around[place]:
                outranked = around.intersection(versions[above].prevails_over)
                if outranked and covering.would_stand_without(place, above):
                    yield from (("rank", above, rule) for rule in outranked)

    def _of_definitions(self, facts: Facts, reading: Reading) -> Iterator[Key]:
        """The named facts that are computed rather than stated, and the parts on which they turn."""
        for definition in self.policy.definitions:
            defined = self.plan.defined(definition)
            for record in facts.of(defined.type):
                if defined.name not in record.values:
                    yield from self._of_definition(defined, record, reading)
                    yield from self._of_rates(defined.meaning, record, reading)

    def _of_definition(self, defined: Defined, record: Record, reading: Reading) -> Iterator[Key]:
        if certain(reading.meant(defined, record)):
            yield "definition", defined.type, defined.name
        if isinstance(defined.meaning, Condition):
            key = ("condition", defined.type, defined.name)
            yield from self._of_condition(key, defined.meaning, record, reading)

    def _of_rates(self, term: Term, record: Record, reading: Reading) -> Iterator[Key]:
        """The rows of rates that a term looks up, if the key and the day are known."""
        for rate in nodes_of(term):
            if not isinstance(rate, Rate):
                continue
            sought = [_sought(reading.term(key, (record,))) for key in rate.keys]
            on = reading.term(rate.on, (record,))
            if isinstance(on, Number) and certain(on) and None not in sought:
                keys = [each for each in sought if each is not None]
                found = look_up(rate.table, rate.column, keys, as_days(on.range))
                if found.row is not None:
                    yield "rate", rate.table.name, rate.table.rows.index(found.row)

    def _of_judgments(self, facts: Facts, reading: Reading) -> Iterator[Key]:
        for judgment in self.policy.judgments:
            for record in facts.of(judgment.type):
                answer = reading.term(self.plan.path(Path((judgment.name,)), (record.type,)), (record,))
                if isinstance(answer, bool):
                    yield "judgment", judgment.type, judgment.name, answer


def _sought(key: Value) -> Sought | None:
    """A key of a look-up; None if it is unknown."""
    if isinstance(key, str):
        return Texts((key,))
    return Numbers(key.range) if isinstance(key, Number) and certain(key) else None
