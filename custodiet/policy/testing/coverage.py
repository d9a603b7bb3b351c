"""What the examples of a policy show, and what none of them shows.

An example counts if it expects something and passes. `testing.criteria` defines what counts as shown. Examples should
show that every version of a rule decides; that every exception and rank displaces; that the answer turns on every
part of a condition, both holding and not holding; that every definition that a row can compute is computed; both
answers to every judgment; that every row of a rate table is looked up; and every day on which the law changes, with
the day before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from custodiet.base.dates import is_in_calendar, shifted
from custodiet.base.errors import Problem, Span
from custodiet.base.money import Range
from custodiet.policy.analysis.plan import Condition, Plan, PlannedVersion, Rate, Term, nodes_of
from custodiet.policy.evaluation.english import period_in_words
from custodiet.policy.language.ast import Example, Policy
from custodiet.policy.language.printer import expression_written
from custodiet.policy.testing.criteria import Key, Part, Showing, asks_a_set, parts_of
from custodiet.policy.testing.examples import EXPECTED, imagine, run_examples
from custodiet.policy.testing.suggest import Row, rows_that_show
from custodiet.records import Kind, Types, cell, with_article

SORTS = ("rule", "exception", "rank", "condition", "definition", "judgment", "rate", "period")
"""What a point can be about, in the order in which they are counted."""
ALWAYS_WANTED = ("rule", "exception", "rank", "condition", "definition", "judgment")
"""The sorts that complete examples must show; rows of rates and the days around a change are reported but not
required."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing in a policy that an example can show."""

    sort: str
    key: Key
    what: str
    """What should be shown, such as `rule 2a displacing rule 2`."""
    wanted: str
    """The kind of row that would show it, in words."""
    span: Span
    rule: str = ""
    beyond: str = ""
    """Why no row can show it; empty if one can."""
    turn: str = ""
    """For a condition: the part on which it turns, and whether it holds."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One example, and its failures."""

    example: Example
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The examples of a policy, and what they show."""

    policy: Policy
    ran: tuple[Ran, ...]
    points: tuple[Point, ...]
    """In the order of the document."""
    shown_by: dict[Key, Example] = field(default_factory=dict)
    """The first example that shows each point that is shown."""
    rows: dict[Key, Row] = field(default_factory=dict)
    """For points that are not shown, a row close to an existing example that would show them."""

    def of(self, sort: str) -> tuple[Point, ...]:
        """The points of one sort that a row can show."""
        return tuple(point for point in self.points if point.sort == sort and not point.beyond)

    def shown(self, sort: str) -> int:
        """How many points of a sort some example shows."""
        return sum(point.key in self.shown_by for point in self.of(sort))

    @property
    def not_shown(self) -> tuple[Point, ...]:
        """The points that a row could show but none does."""
        return tuple(point for point in self.points if point.key not in self.shown_by and not point.beyond)

    @property
    def beyond(self) -> tuple[Point, ...]:
        """The points that no row can show."""
        return tuple(point for point in self.points if point.key not in self.shown_by and point.beyond)

    @property
    def complete(self) -> bool:
        """Whether the examples show everything that complete examples show."""
        return not any(point.sort in ALWAYS_WANTED for point in self.not_shown)

    def problem(self, point: Point) -> Problem:
        """A point that no example shows, as a problem."""
        row = self.rows.get(point.key)
        hint = "" if row is None else f"{row.in_words} would show it"
        return Problem(
            "coverage",
            f"no example shows {point.what}",
            point.span,
            help=hint or f"add {point.wanted}",
            policy=self.policy.name,
            rules=(point.rule,) if point.rule else (),
        )


def coverage(policy: Policy, given: Sequence[Policy], types: Types) -> Coverage:
    """Run a policy's examples and find what they show; `given` are the policies of the pack that give a field.

    The policy has no problems other than failing examples.
    """
    showing = Showing(policy, given, types)
    points = tuple(_points(showing.plan, types))
    ran: list[Ran] = []
    shown_by: dict[Key, Example] = {}
    good: list[tuple[Example, frozenset[Key]]] = []
    for example in policy.examples:
        _, problems = run_examples(replace(policy, examples=(example,)), given, types)
        ran.append(Ran(example, problems))
        if not problems and any(text for column, text, _ in example.cells if column in EXPECTED):
            good.append((example, _shown_in(showing, example)))
            for key in good[-1][1]:
                shown_by.setdefault(key, example)
    wanted = [each.key for each in points if each.key not in shown_by and not each.beyond and each.sort != "rate"]
    return Coverage(policy, tuple(ran), points, shown_by, rows_that_show(wanted, showing, good))


def _shown_in(showing: Showing, example: Example) -> frozenset[Key]:
    cells = {column: text for column, text, _ in example.cells if column not in EXPECTED}
    world = imagine(showing.policies, showing.policy.for_each, cells, showing.types)
    return showing.shown(world.facts, world.record)


def _points(plan: Plan, types: Types) -> Iterator[Point]:
    for planned in plan.versions:
        yield from _of_version(plan.policy, planned)
    reached = _reached(plan.policy, types)
    yield from _of_definitions(plan, reached)
    yield from _of_judgments(plan.policy, reached)
    yield from _of_rates(plan, reached)
    yield from _of_periods(plan)


def _of_version(policy: Policy, planned: PlannedVersion) -> Iterator[Point]:
    number, version = planned.number, planned.version
    several = len(policy.rule(version.rule).versions) > 1
    rule = f"rule {version.rule}{f' (in force {period_in_words(version.in_force)})' if several else ''}"
    yield Point("rule", ("rule", number), f"{rule} deciding", f"a row that {rule} answers", version.span, version.rule)
    for base in dict.fromkeys(version.exception_to):
        what, row = f"{rule} displacing rule {base}", f"a row that rule {base} would answer but for rule {version.rule}"
        yield Point("exception", ("exception", number, base), what, row, version.place("exception to"), version.rule)
    for lower in dict.fromkeys(version.prevails_over):
        what, row = f"{rule} prevailing over rule {lower}", f"a row that rule {lower} would answer but for {rule}"
        yield Point("rank", ("rank", number, lower), what, row, version.place("prevails over"), version.rule)
    for part in () if planned.when is None else parts_of(planned.when):
        yield from _of_part(("condition", number), part, rule, version.rule)


def _of_part(key: Key, part: Part, whose: str, rule: str) -> Iterator[Point]:
    written = part.condition.written
    said = f"`{expression_written(written)}`"
    for holds in (True, False):
        how, does, did = ("holding", "holds", "did not") if holds else ("not holding", "does not hold", "did")
        row = f"a row in which {said} {does}, and the condition would come out otherwise if it {did},"
        if asks_a_set(part.condition):
            row = "a name in a `define` box for this question about a set, so that a row can answer it,"
        what, turn = f"{whose} turning on {said} {how}", f"{said} {how}"
        yield Point("condition", (*key, part, holds), what, row, written.span, rule, turn=turn)


def _reached(policy: Policy, types: Types) -> tuple[str, ...]:
    """The record types that a row reaches: the one asked about, and those that references lead up to."""
    reached = [policy.for_each]
    for name in reached:
        above = (field.refers_to for field in types[name].fields if field.kind is Kind.REFERENCE)
        reached += [other for other in dict.fromkeys(above) if other not in reached]
    return tuple(reached)


def _of_definitions(plan: Plan, reached: Sequence[str]) -> Iterator[Point]:
    for definition in plan.policy.definitions:
        meaning = plan.defined(definition).meaning
        name = f"{definition.type}.{definition.name}"
        key = definition.type, definition.name
        beyond = "it asks about a set of records, and a row holds none" if asks_a_set(meaning) else ""
        beyond = beyond or _out_of_reach(definition.type, reached)
        row = f"a row in which `{name}` has no column, and what it is worked out from has,"
        yield Point("definition", ("definition", *key), f"`{name}` worked out", row, definition.span, beyond=beyond)
        if isinstance(meaning, Condition) and not beyond:
            for part in parts_of(meaning):
                yield from _of_part(("condition", *key), part, f"`{name}`", "")


def _of_judgments(policy: Policy, reached: Sequence[str]) -> Iterator[Point]:
    for judgment in policy.judgments:
        key = judgment.type, judgment.name
        beyond = _out_of_reach(judgment.type, reached)
        for answer in (True, False):
            what = f"`{judgment.type}.{judgment.name}` answered {cell(answer)}"
            row = f"a row in which {judgment.of} answered {cell(answer)}"
            yield Point("judgment", ("judgment", *key, answer), what, row, judgment.span, beyond=beyond)


def _out_of_reach(type_name: str, reached: Sequence[str]) -> str:
    return "" if type_name in reached else f"no row reaches {with_article(type_name)}"


def _of_rates(plan: Plan, reached: Sequence[str]) -> Iterator[Point]:
    """The rows of the tables in which the policy looks up rates."""
    policy, looking_up = plan.policy, tuple(_tables_read(plan))
    for table in policy.rates:
        read_by = [type_name for name, type_name in looking_up if name == table.name]
        # A rate looked up only for records that no row reaches cannot be shown by a row, and nor can what depends
        # on it.
        out_of_reach = [_out_of_reach(each, reached) for each in read_by]
        beyond = out_of_reach[0] if out_of_reach and all(out_of_reach) else ""
        for number, row in enumerate(table.rows if read_by else ()):
            about = " and ".join(f"{key} {_shown(value)}" for key, value in zip(table.keys, row.keys, strict=True))
            days = period_in_words(row.in_force)
            what = f"{table.name} for {about or 'every record'}, in force {days}, looked up by {policy.name}"
            wanted = f"a row of {policy.name} that looks it up"
            yield Point("rate", ("rate", table.name, number), what, wanted, row.span, beyond=beyond)


def _tables_read(plan: Plan) -> Iterator[tuple[str, str]]:
    """The tables in which rates are looked up, each with the type of record."""
    terms: list[tuple[Term, str]] = [(plan.defined(each).meaning, each.type) for each in plan.policy.definitions]
    for planned in plan.versions:
        asked = (planned.when, *(share.amount for share in planned.shares))
        terms += [(term, plan.policy.for_each) for term in asked if term is not None]
    for term, type_name in terms:
        yield from ((node.table.name, type_name) for node in nodes_of(term) if isinstance(node, Rate))


def _shown(key: str | Range) -> str:
    if isinstance(key, str):
        return f"'{key}'"
    low, high = ("" if end is None else cell(end) for end in (key.low, key.high))
    return f"{low} .. {high}".strip()


def _of_periods(plan: Plan) -> Iterator[Point]:
    """The day on which the law changes, and the day before, for every change.

    No row is required for a day outside the calendar, as no record can have it.
    """
    for days in plan.stretches_in():
        if days.first is not None and is_in_calendar(days.first):
            yield _of_day(plan.policy, days.first, days.first, "the day on which the law changes")
        if days.last is not None and is_in_calendar(days.last):
            yield _of_day(plan.policy, days.last, shifted(days.last, 1), "the last day before the law changes")


def _of_day(policy: Policy, day: date, change: date, which: str) -> Point:
    before = shifted(change, -1)
    changed = next(each for each in policy.versions if each.in_force.first == change or each.in_force.last == before)
    what, row = f"{day}, {which}", f"a row whose `{policy.on}` is {day}"
    return Point("period", ("period", day), what, row, changed.place("in force"))
