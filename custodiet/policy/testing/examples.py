"""Runs example tables: each row is a small world, and its expected cells are compared with what the rules say.

A column names a path from the record asked about (`leg.purpose`), a definition or a field that another
policy gives; the cell says what the path holds. `custodiet ask` uses the same worlds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.money import Money
from custodiet.base.text import escaped
from custodiet.policy.analysis.resolve import Meaning, Members, Unmeant, Vocabulary
from custodiet.policy.analysis.types import Sort, Sorting
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result, path_of
from custodiet.policy.language.ast import Definition, Example, Judgment, Path, Policy
from custodiet.policy.testing.diagnostics import TRYING
from custodiet.records import NONE, UNKNOWN, Field, Kind, Types, Value, read_cell, with_article
from custodiet.records.derive import Daily
from custodiet.records.facts import Facts
from custodiet.records.field import Sensitivity
from custodiet.records.impossible import Impossible, impossible, outside
from custodiet.records.names import unseen_in
from custodiet.records.record import Record

EXPECTED = ("owes", "from", "is", "outcome", "because")
WORDS_OF_OWES = {
    "undetermined": Outcome.UNDETERMINED,
    "no rule": Outcome.NO_RULE,
    "conflict": Outcome.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class Imagined:
    """A small world: its facts, the record asked about, and the problems of its cells."""

    facts: Facts
    record: Record
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many examples passed, and how many failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.passed + other.passed, self.failed + other.failed)


def imagine(
    policies: Sequence[Policy],
    for_each: str,
    cells: Mapping[str, str],
    types: Types,
    places: Mapping[str, Span] | None = None,
) -> Imagined:
    """A small world around one record, built from the values of its paths; other paths are unknown.

    Definitions, judgments and given fields of all the policies may be named; if two policies define the same name,
    the first one counts. Problems are returned with the world.

    >>> from custodiet.records import core_types
    >>> world = imagine([], "seat", {"role": "guest", "leg.purpose": "personal"}, core_types())
    >>> world.facts.find("leg", "leg").value("purpose")
    'personal'
    """
    names = names_together(policies, types)
    building = _Building(names, for_each, places or {})
    for column, text in cells.items():
        building.put(column, text)
    return building.imagined()


def names_together(policies: Sequence[Policy], types: Types) -> Vocabulary:
    """Every name the policies can use; if two define the same name, the first one counts."""
    made: dict[tuple[str, str], Definition | Judgment] = {}
    for policy in policies:
        here: tuple[Definition | Judgment, ...] = (*policy.definitions, *policy.judgments)
        for each in here:
            made.setdefault((each.type, each.name), each)
    definitions = [each for each in made.values() if isinstance(each, Definition)]
    judgments = [each for each in made.values() if isinstance(each, Judgment)]
    rates = [table for policy in policies for table in policy.rates]
    return Vocabulary(types, definitions, policies, _currency(policies), judgments, rates)


def _currency(policies: Sequence[Policy]) -> str:
    """The currency of the first policy that has one; empty if none has."""
    return next((policy.currency for policy in policies if policy.currency), "")


def _meant(path: Path, why: Unmeant | Meaning) -> str:
    """The help with the column that may have been meant."""
    if isinstance(why, Meaning) or why.through_set:
        return ""
    close = did_you_mean(path.names[why.place], (*why.known, *(EXPECTED if why.place == 0 else ())))
    whole = (*path.names[: why.place], *close.split("`")[1:2], *path.names[why.place + 1 :])
    return f"did you mean `{'.'.join(whole)}`?" if close else ""


class _Building:
    """A small world while its cells are read."""

    def __init__(self, names: Vocabulary, for_each: str, places: Mapping[str, Span]) -> None:
        self.names, self.for_each, self.places = names, for_each, places
        self.values: dict[tuple[str, ...], dict[str, Value]] = {(): {}}
        self.types: dict[tuple[str, ...], str] = {(): for_each}
        self.problems: list[Problem] = []
        # Problems of definitions are reported by the check.
        unsaid: list[Problem] = []
        self.sorting = Sorting(names, unsaid.append)

    def put(self, column: str, text: str) -> None:
        """Set a path to the value of a cell."""
        place = self.places.get(column, Span("", 0))
        path = Path(tuple(column.split(".")))
        meaning = self.names.meaning(path, (self.for_each,))
        if isinstance(meaning, Unmeant) or isinstance(meaning.end, Members):
            hint = _meant(path, meaning)
            asked = with_article(self.for_each)
            self.problems.append(TRYING["column_unknown"].at(place, (), hint, name=column, a_type=asked))
            return
        above_alone = meaning.may_be_none and isinstance(meaning.end, Field) and not meaning.end.may_be_none
        if text == NONE.value and above_alone:
            self._put_none_above(path, meaning)
            return
        try:
            value = self._value(meaning.end, text)
        except ValueError as wrong:
            self.problems.append(TRYING["cell_value"].at(place, found=text, name=column, wanted=str(wrong)))
            return
        for wanted in unseen_in(meaning.end, text) if isinstance(meaning.end, Field) else ():
            self.problems.append(TRYING["cell_value"].at(place, found=escaped(text), name=column, wanted=wanted))
        above = self._climb(meaning.climbs)
        if value is not UNKNOWN:
            self.values[above][path.names[-1]] = value

    def _value(self, end: Field | Definition, text: str) -> Value:
        if isinstance(end, Field):
            return read_cell(end, text, self.names.currency)
        return _stated(end, self.sorting.defined(end), text, self.names.currency)

    def _put_none_above(self, path: Path, meaning: Meaning) -> None:
        """Set the last reference that can be none to none, for a field that is itself never none."""
        last = max(place for place, each in enumerate(meaning.climbs) if each.may_be_none)
        above = self._climb(meaning.climbs[:last])
        self.values[above][path.names[last]] = NONE

    def _climb(self, references: Sequence[Field]) -> tuple[str, ...]:
        """Create a record for every reference on the way, and return the way to the last one."""
        above: tuple[str, ...] = ()
        for reference in references:
            here, above = above, (*above, reference.name)
            self.values[here].setdefault(reference.name, ".".join(above))
            self.values.setdefault(above, {})
            self.types[above] = reference.refers_to
        return above

    def imagined(self) -> Imagined:
        """The world described by the cells."""
        self.problems += self._impossible()
        records = {
            way: Record(self.types[way], ".".join(way) or self.for_each, values) for way, values in self.values.items()
        }
        return Imagined(Facts(records.values(), self.names.types), records[()], tuple(self.problems))

    def _impossible(self) -> Iterator[Problem]:
        """The values that no record could have, reported at their cells."""
        for way, values in self.values.items():
            type_name = self.types[way]
            beyond = self._outside(type_name, way, values)
            for wrong in (*impossible(self.names.types[type_name], values), *filter(None, [beyond])):
                column, record = ".".join((*way, wrong.field)), type_name.replace("_", " ")
                place = self.places.get(column, Span("", 0))
                yield TRYING["cell_impossible"].at(
                    place, record=record, found=wrong.value, name=column, wanted=wrong.expected
                )

    def _outside(self, type_name: str, way: tuple[str, ...], values: Mapping[str, Value]) -> Impossible | None:
        """The problem of a day that lies outside the record to which it belongs."""
        types = self.names.types
        if types[type_name].derived is None:
            return None
        daily = Daily(types[type_name], types)
        return outside(daily, self.values.get((*way, daily.reference.name), {}), values)


_KINDS = {
    "condition": Kind.YES_NO, "list": Kind.LIST, "text": Kind.TEXT, "number": Kind.NUMBER, "days": Kind.NUMBER,
    "money": Kind.MONEY, "date": Kind.DATE,
}  # fmt: skip


def _stated(definition: Definition, sort: Sort, text: str, currency: str) -> Value:
    """The value a cell states for a definition."""
    kind = Kind.REFERENCE if sort.refers else _KINDS.get(sort.name, Kind.TEXT)
    name, public = definition.name, Sensitivity.PUBLIC
    field = Field(name, kind, "", "", public, may_be_none=True, values=sort.values, refers_to=sort.name)
    return read_cell(field, text, currency)


def run_examples(policy: Policy, given: Sequence[Policy], types: Types) -> tuple[Tally, tuple[Problem, ...]]:
    """Run a policy's example tables: how many passed and failed, and the problems."""
    misnamed = _unknown_columns(policy, given, types)
    if misnamed:
        return Tally(failed=len(policy.examples)), misnamed
    tally, problems = Tally(), []
    for example in policy.examples:
        found = _run(policy, given, types, example)
        tally += Tally(passed=not found, failed=bool(found))
        problems += found
    return tally, tuple(problems)


def _unknown_columns(policy: Policy, given: Sequence[Policy], types: Types) -> tuple[Problem, ...]:
    """The unknown columns, reported once per table."""
    columns = {place: column for example in policy.examples for column, place in example.columns}
    problems: list[Problem] = []
    for place, column in columns.items():
        if column in EXPECTED:
            continue
        world = imagine([policy, *given], policy.for_each, {column: UNKNOWN.value}, types, {column: place})
        problems += [replace(problem, policy=policy.name) for problem in world.problems]
    return tuple(problems)


def _run(policy: Policy, given: Sequence[Policy], types: Types, example: Example) -> list[Problem]:
    places = {column: place for column, _, place in example.cells}
    facts = {column: text for column, text, _ in example.cells if column not in EXPECTED}
    expected = {column: text for column, text, _ in example.cells if column in EXPECTED and text}
    problems = [TRYING["cell_blank"].at(places[column], name=column) for column, text in facts.items() if not text]
    others = [each for each in given if each.name != policy.name]
    world = imagine([policy, *others], policy.for_each, {k: v for k, v in facts.items() if v}, types, places)
    problems += world.problems
    problems += _unreadable(policy, expected, places)
    if not problems:
        # Each example is evaluated on its own: fields given by other policies are facts of the table, or unknown.
        result = Evaluator([policy, *others], world.facts).decide(policy, world.record)
        problems = [
            TRYING["example_fails"].at(places[column], result.because, column=column, wanted=text, found=found)
            for column, text in expected.items()
            if (found := _otherwise(policy, result, column, text)) is not None
        ]
    cells = tuple((column, text) for column, text, _ in example.cells if text)
    return [replace(problem, policy=policy.name, example=cells) for problem in problems]


def _unreadable(policy: Policy, expected: Mapping[str, str], places: Mapping[str, Span]) -> Iterator[Problem]:
    """The expected cells that no result could match."""
    outcomes = tuple(outcome.value for outcome in Outcome)
    if "outcome" in expected and expected["outcome"] not in outcomes:
        found, hint = expected["outcome"], did_you_mean(expected["outcome"], outcomes)
        wanted = f"write one of {', '.join(outcomes)}"
        yield TRYING["cell_value"].at(places["outcome"], (), hint, found=found, name="outcome", wanted=wanted)
    if "owes" in expected and expected["owes"] not in WORDS_OF_OWES:
        try:
            Money.read(expected["owes"], policy.currency)
        except ValueError as wrong:
            found, known = expected["owes"], ", ".join(WORDS_OF_OWES)
            wanted = f"{wrong}, or one of {known}"
            yield TRYING["cell_value"].at(places["owes"], found=found, name="owes", wanted=wanted)


def _otherwise(policy: Policy, result: Result, column: str, text: str) -> str | None:
    """What the rules say if it differs from an expected cell, otherwise None."""
    found: str
    match column:
        case "owes":
            return _owes(policy, result, text)
        case "from":
            found = ", ".join(_payer(debt.payer) for debt in result.debts)
        case "is":
            found = result.classified or result.outcome.value
        case "outcome":
            found = result.outcome.value
        case _:
            found = ", ".join(result.because)
            if sorted(part.strip() for part in text.split(",")) == sorted(result.because):
                return None
    if found == text:
        return None
    return _undetermined(result) if result.outcome is Outcome.UNDETERMINED else found or "nothing"


def _payer(payer: str) -> str:
    """A payer as a cell names it: the people of an example are named after their paths."""
    return path_of(payer) or payer


def _owes(policy: Policy, result: Result, text: str) -> str | None:
    if text in WORDS_OF_OWES:
        return None if result.outcome is WORDS_OF_OWES[text] else _amount(policy, result)
    wanted = Money.read(text, policy.currency)
    said = result.outcome in (Outcome.OWES, Outcome.NOTHING_DUE, Outcome.FORBIDDEN, Outcome.PERMITTED)
    return None if said and _total(policy, result) == wanted else _amount(policy, result)


def _amount(policy: Policy, result: Result) -> str:
    if result.outcome is Outcome.UNDETERMINED:
        return _undetermined(result)
    if result.debts or result.outcome is Outcome.NOTHING_DUE:
        return _total(policy, result).digits
    return str(result.outcome.value)


def _undetermined(result: Result) -> str:
    """An undetermined result in words, with every possible answer."""
    possible = list(result.otherwise)
    if result.between is not None:
        low, high = (bound.digits if bound else "no bound" for bound in (result.between.low, result.between.high))
        possible = [low if low == high else f"between {low} and {high}", *possible]
    return f"undetermined: {' or '.join(possible)}" if possible else "undetermined"


def _total(policy: Policy, result: Result) -> Money:
    return Money(sum(debt.amount.minor for debt in result.debts), policy.currency)
