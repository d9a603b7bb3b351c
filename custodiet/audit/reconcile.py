"""Published figures and statements of fact, laid side by side: what differs, of which kind, and which one is chosen.

Nothing here is judged or added up. What is compared, and with what, follows from what the records say of themselves:
two figures with the same words in `about` are compared, two statements likewise. Where both say that they count, or
speak of, the same thing, a difference is *unexplained* or *contradicting*; where they say that they do not, it is
*explained or different scope* or *side by side*. What a source does not say explains nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from itertools import combinations

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.records import NONE, UNKNOWN, Value, core_types
from custodiet.records.facts import Facts
from custodiet.records.record import Record

STANDINGS = core_types()["published_figure"].field("standing").values
SORTS = core_types()["source"].field("sort").values
"""Both from the strongest to the weakest."""


class Kind(Enum):
    """The four kinds of difference."""

    EXPLAINED = "explained or different scope"
    UNEXPLAINED = "unexplained"
    CONTRADICTING = "contradicting"
    SIDE_BY_SIDE = "side by side, not called a contradiction"


@dataclass(frozen=True, slots=True)
class Reading:
    """The value that one source gives."""

    value: str
    """An amount with all its minor digits, a count, or a few words."""
    source: str
    """Who said it, where it was read, and how."""
    exactness: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Two or more values of one thing from different sources, with the kind of difference and the reading chosen."""

    id: str
    about: str
    kind: Kind
    values: tuple[Reading, ...]
    difference: str
    chosen: str | None
    """The value that is read; None if nothing decides between them, or each stands for itself."""
    why: str


def reconcile(facts: Facts) -> tuple[Reconciliation, ...]:
    """Every difference between figures, between a figure and its parts, and between statements; by kind, then by id."""
    found = [*_between_figures(facts), *_within_figures(facts), *_between_statements(facts)]
    kinds = list(Kind)
    return tuple(sorted(found, key=lambda each: (kinds.index(each.kind), each.id)))


# ---- figures


@dataclass(frozen=True, slots=True)
class _Figure:
    """A published figure that is known well enough to be compared."""

    id: str
    about: str
    unit: str
    """The currency of a sum, or what is counted."""
    number: Fraction
    value: str
    step: Fraction
    """The unit to which a sum was rounded; 0 for one that is not rounded, and for a count."""
    exactness: str
    scope: str
    """Empty if its source does not say what it counts."""
    excludes: Value
    standing: str
    published: tuple[str, str]
    reading: Reading

    @property
    def rank(self) -> int:
        """The rank of its standing; 0 is the highest."""
        return STANDINGS.index(self.standing)

    @property
    def in_words(self) -> str:
        """For people."""
        return _in_words(self.number, self)

    @property
    def precise(self) -> bool:
        """Whether it stands for one number only."""
        return self.step == 0 and self.exactness in ("exact", "approximately")

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The numbers between which the true one lies, by what its source says; neither end is itself possible.

        *Approximately* does not widen the range, since its source does not say by how much.
        """
        match self.exactness:
            case "more than":
                return self.number, None
            case "nearly":
                return (self.number - self.step if self.step else None), self.number
            case _:
                return self.number - self.step, self.number + self.step


def _between_figures(facts: Facts) -> Iterator[Reconciliation]:
    groups: dict[tuple[str, str], list[_Figure]] = defaultdict(list)
    for record in facts.of("published_figure"):
        figure = _figure(facts, record)
        if figure is not None:
            groups[figure.about, figure.unit].append(figure)
    for group in groups.values():
        group.sort(key=lambda figure: (figure.rank, not figure.precise, figure.published))
        # The highest is compared with each; lower figures are compared with one another only if none ranks higher.
        for one, other in combinations(group, 2):
            if one.rank == group[0].rank and _differ(one, other):
                yield _compared(facts, one, other)


def _differ(one: _Figure, other: _Figure) -> bool:
    return (one.number, one.exactness, one.scope) != (other.number, other.exactness, other.scope)


def _compared(facts: Facts, one: _Figure, other: _Figure) -> Reconciliation:
    """What to make of two figures; the first stands as high as the second, or higher."""
    found = Reconciliation(
        id=f"{one.id}-{other.id}",
        about=f"{one.about}, in {one.unit}",
        kind=Kind.EXPLAINED,
        values=(one.reading, other.reading),
        difference=_digits(abs(one.number - other.number), one),
        chosen=None,
        why="",
    )
    if one.scope and other.scope and one.scope != other.scope:
        why = f"They count different things: {one.scope}; {other.scope}. Each stands for what it counts."
        return replace(found, why=why)
    if UNKNOWN not in (one.excludes, other.excludes) and one.excludes != other.excludes:
        why = f"They leave out different things: {_left_out(one)}; {_left_out(other)}. Each stands for what it counts."
        return replace(found, why=why)
    if one.number == other.number and one.precise and other.precise:
        how = f"{one.exactness} in the one and {other.exactness} in the other"
        return replace(found, chosen=one.value, why=f"The same figure, {how}.")
    if _can_be_one(one, other):
        chosen, why = _finer(one, other)
        return replace(found, chosen=chosen, why=why)
    same = one.scope and other.scope
    counted = f"Both count the same, {one.scope}" if same else "One of them does not say what it counts"
    parts = _unnamed(facts, one) + _unnamed(facts, other)
    if one.rank < other.rank:
        reading = f"The figure {one.standing} has the higher standing and is read; the difference stays open."
        chosen = one.value
    else:
        reading, chosen = "Neither has the higher standing, so none is chosen.", None
    why = f"{counted}, and nothing in the sources read explains the difference.{parts} {reading}"
    return replace(found, kind=Kind.UNEXPLAINED, chosen=chosen, why=why)


def _finer(one: _Figure, other: _Figure) -> tuple[str | None, str]:
    for fine, rough in ((one, other), (other, one)):
        if fine.precise:
            said = rough.in_words if rough.exactness == "exact" else f"{rough.exactness} {rough.in_words}"
            steps = f", said in steps of {_in_words(rough.step, rough)}," if rough.step else ""
            return fine.value, f"The rounder form{steps} fits the finer one: {said} can be said of {fine.in_words}."
    return None, "Both are rounded, and one number fits both."


def _can_be_one(one: _Figure, other: _Figure) -> bool:
    """Whether one number can be what both sources speak of."""
    if one.precise and other.precise:
        return one.number == other.number
    if one.precise:
        return _inside(one.number, other)
    if other.precise:
        return _inside(other.number, one)
    lows = [low for low in (one.bounds[0], other.bounds[0]) if low is not None]
    highs = [high for high in (one.bounds[1], other.bounds[1]) if high is not None]
    return not lows or not highs or max(lows) < min(highs)


def _inside(number: Fraction, figure: _Figure) -> bool:
    low, high = figure.bounds
    return (low is None or low < number) and (high is None or number < high)


def _rounds_to(total: Fraction, rounding: Fraction, whole: _Figure) -> bool:
    """Whether a sum of parts fits a whole, as far as the steps allow in which the whole and all parts are stated."""
    low, high = whole.bounds
    return (low is None or low < total + rounding) and (high is None or total - rounding < high)


def _within_figures(facts: Facts) -> Iterator[Reconciliation]:
    """Each figure that its source breaks down, beside the sum of the parts that the source names."""
    for record in facts.of("published_figure"):
        whole, parts = _figure(facts, record), _parts(facts, record)
        if whole is None or record.value("itemised") is not True or not parts:
            continue
        total = sum((part.number for part in parts), Fraction(0))
        if total == whole.number or _rounds_to(total, sum((part.step for part in parts), Fraction(0)), whole):
            continue
        names = ", ".join(part.id for part in parts)
        exact = all(part.exactness == "exact" for part in parts)
        yield Reconciliation(
            id=f"{whole.id}-parts",
            about=f"{whole.about}, in {whole.unit}: the whole and the parts its source names",
            kind=Kind.UNEXPLAINED,
            values=(
                whole.reading,
                Reading(_digits(total, whole), f"the parts that the same source names, added up ({names})",
                        "exact" if exact else "approximately"),
            ),
            difference=_digits(abs(whole.number - total), whole),
            chosen=None,
            why="The parts that the source names do not add up to its total; it does not say what the rest was.",
        )  # fmt: skip


def _unnamed(facts: Facts, figure: _Figure) -> str:
    """What a figure's named parts leave of it, as a sentence after another; empty if it has none."""
    record = facts.find("published_figure", figure.id)
    parts = _parts(facts, record)
    if record.value("itemised") is not True or not parts:
        return ""
    total = sum((part.number for part in parts), Fraction(0))
    return f" The parts named of {figure.in_words} add up to {_in_words(total, figure)}."


def _parts(facts: Facts, whole: Record) -> list[_Figure]:
    parts = [_figure(facts, part) for part in facts.of("published_figure") if part.value("part_of") == whole.id]
    return [part for part in parts if part is not None]


def _figure(facts: Facts, record: Record) -> _Figure | None:
    """A figure as it can be compared; None if what it is about, its number or its standing is not known."""
    about, exactness, standing = (_words(record, name) for name in ("about", "exactness", "standing"))
    amount, count, step = (record.value(name) for name in ("amount", "count", "step"))
    if not about or not exactness or not standing:
        return None
    if isinstance(amount, Money):
        number, unit, value = amount.exact, amount.currency, amount.digits
    elif isinstance(count, Fraction):
        number, unit, value = count, _words(record, "unit"), str(count)
    else:
        return None
    published = record.value("published_on")
    source = _citation(facts, record, _words(record, "published_by"), "published_in")
    return _Figure(
        id=record.id,
        about=about,
        unit=unit,
        number=number,
        value=value,
        step=step.exact if isinstance(step, Money) and step.minor > 1 else Fraction(0),
        exactness=exactness,
        scope=_words(record, "scope"),
        excludes=record.value("excludes"),
        standing=standing,
        published=(str(published) if isinstance(published, Days) else "unknown", record.id),
        reading=Reading(value, source, exactness),
    )


def _digits(number: Fraction, like: _Figure) -> str:
    """A number as its figure is written: a sum with all minor digits, a count as a whole number."""
    return str(number) if like.value.isdigit() else Money.of(number, like.unit).digits


def _in_words(number: Fraction, like: _Figure) -> str:
    """A number for people, with its currency or what is counted."""
    return f"{number} {like.unit}" if like.value.isdigit() else str(Money.of(number, like.unit))


def _left_out(figure: _Figure) -> str:
    return "nothing" if figure.excludes is NONE else str(figure.excludes)


# ---- statements


def _between_statements(facts: Facts) -> Iterator[Reconciliation]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in facts.of("statement"):
        if all(_words(record, name) for name in ("about", "scope", "says")):
            groups[_words(record, "about")].append(record)
    for about, group in groups.items():
        sides: dict[str, list[Record]] = defaultdict(list)
        for record in group:
            sides[_words(record, "scope")].append(record)
        for scope, same in sides.items():
            if len({record.value("says") for record in same}) > 1:
                yield _contradicting(facts, f"{about}: {scope}", same)
        if len(sides) > 1:
            why = f"They are about different sides of it: {'; '.join(sides)}. Each stands for itself."
            yield _laid_out(facts, about, group, Kind.SIDE_BY_SIDE, None, why)


def _contradicting(facts: Facts, about: str, same: Sequence[Record]) -> Reconciliation:
    ranks = [_rank(facts, record) for record in same]
    best = min(ranks)
    said = {_words(record, "says") for record, rank in zip(same, ranks, strict=True) if rank == best}
    if len(said) > 1 or best == len(SORTS):
        sort = SORTS[best] if best < len(SORTS) else "not known"
        why = f"The highest sources are of the same kind ({sort}); nothing that was read decides between them."
        return _laid_out(facts, about, same, Kind.CONTRADICTING, None, why)
    if not SORTS[best].startswith("official"):
        why = "No official source says it, and nothing that was read decides between papers."
        return _laid_out(facts, about, same, Kind.CONTRADICTING, None, why)
    lower = sorted({rank for rank in ranks if rank != best})
    others = " and ".join(SORTS[rank] if rank < len(SORTS) else "a source of unknown sort" for rank in lower)
    why = f"The sources are of different kinds: {SORTS[best]} ranks above {others}, and is read."
    return _laid_out(facts, about, same, Kind.CONTRADICTING, said.pop(), why)


def _laid_out(
    facts: Facts, about: str, records: Sequence[Record], kind: Kind, chosen: str | None, why: str
) -> Reconciliation:
    values = tuple(
        Reading(_words(record, "says"), _citation(facts, record, _speaker(record), "told_in"), "restated")
        for record in records
    )
    difference = " / ".join(dict.fromkeys(each.value for each in values))
    return Reconciliation("-".join(record.id for record in records), about, kind, values, difference, chosen, why)


def _rank(facts: Facts, statement: Record) -> int:
    """How high the source of a statement stands; 0 is the highest, and an unknown sort stands below all."""
    source = _source(facts, statement, "told_in")
    sort = "" if source is None else _words(source, "sort")
    return SORTS.index(sort) if sort else len(SORTS)


def _speaker(statement: Record) -> str:
    speaker, via = _words(statement, "speaker"), _words(statement, "via")
    return f"{speaker}, through {via}" if via else speaker


# ---- sources


def _citation(facts: Facts, record: Record, who: str, reference: str) -> str:
    """Who said it, and where and how it was read; whatever was not read about the source is stated, never made up."""
    source = _source(facts, record, reference)
    if source is None:
        return f"{who or 'nobody named'}; source not known"
    outlet = _words(source, "outlet") or "outlet not known"
    title = _words(source, "title") or "title not read"
    dated = source.value("dated")
    parts = [outlet, title, _dated(dated) if isinstance(dated, Days) else "date not read", _words(source, "read_as")]
    if who and who != outlet:
        parts[0] = f"{who}: {outlet}"
    return ", ".join(part for part in parts if part)


def _dated(days: Days) -> str:
    """A date as a citation writes it.

    >>> _dated(Days.read("2021-10")), _dated(Days.read("2021-10-07"))
    ('2021-10', '2021-10-07')
    """
    month = f"{days.first:%Y-%m}" if days.first is not None else ""
    return month if month and days == Days.read(month) else str(days)


def _source(facts: Facts, record: Record, reference: str) -> Record | None:
    return facts.up(record, facts.types[record.type].field(reference))


def _words(record: Record, name: str) -> str:
    """The text a field holds; empty if it is none or unknown."""
    value = record.value(name)
    return value if isinstance(value, str) else ""
