"""The trips: of each its character, what is questioned by class, and how it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from custodiet.audit.context import NO_TRIP, TRIP_UNKNOWN
from custodiet.records.record import Record
from custodiet.reports.editions.redacted_rows import ALL_TRIPS
from custodiet.reports.report.charts import Chart, amounts
from custodiet.reports.report.figures import Figure, Figures, Line
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.reports.report.totals import OWED, by_trip, groups, sum_of
from custodiet.reports.wording import days_in_words
from custodiet.verify.page.formula import Where

LONGEST = 200
"""How many trips the page shows, those with most money first; results.csv holds all."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip, or what belongs to none."""

    name: str
    where: str
    when: str
    character: str
    basis: str
    classes: tuple[tuple[str, str, Where], ...]
    """What is questioned by cost class: its name, the sum, and over which rows."""
    total: Figure | None
    """None if nothing on it is questioned."""


@dataclass(frozen=True, slots=True)
class Trips:
    """All trips that the readers may know of."""

    trips: tuple[Trip, ...]
    recorded: bool
    """Whether the docket has any trip."""
    more: bool
    """Whether there are others, which have no room on the page."""
    chart: Chart


def trips(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> Trips:
    """Each trip with what is questioned on it, those with most money first; then the trips with nothing questioned."""
    grouped = groups(by_trip(rows), lambda line: line.row.trip)
    found = [_trip(reader, figures, rows, name, members) for name, members in grouped]
    seen = {each.name for each in found}
    named = {row.trip for row in rows} | {record.id for record in reader.facts.of("trip")}
    rest = sorted(named - seen - {NO_TRIP, TRIP_UNKNOWN, ALL_TRIPS})
    found += [_trip(reader, figures, rows, name, []) for name in rest]
    bars = [
        (name, str(sum_of(members)), sum_of(members).exact, trip.total.id if trip.total else "")
        for (name, members), trip in zip(grouped, found, strict=False)
        if sum_of(members).currency == reader.audit.currency
    ]
    recorded = any(trip.name not in (NO_TRIP, TRIP_UNKNOWN) for trip in found)
    return Trips(tuple(found[:LONGEST]), recorded, len(found) > LONGEST, amounts("Questioned by trip", bars))


def _trip(reader: Reader, figures: Figures, rows: Sequence[ResultRow], name: str, lines: list[Line]) -> Trip:
    record = reader.facts.find("trip", name)
    known = bool(record.values)
    total = None
    if lines:
        total = figures.total(
            name,
            lines,
            _where(name, sum_of(lines).currency),
            "To add up what is questioned on one trip.",
            "Every row that says somebody owes a sum for this trip, its legs, its seats or its vouchers.",
        )
    character = next((row.character for row in rows if row.trip == name), "not concluded")
    return Trip(
        name,
        reader.say(record, "destination") if known else "",
        _when(reader, record) if known else "",
        "" if name in (NO_TRIP, TRIP_UNKNOWN) else character,
        reader.say(record, "basis") if known else "",
        tuple(
            (each, str(sum_of(members)), (*_where(name, sum_of(members).currency), ("cost_class", "is", each)))
            for each, members in groups(lines, lambda line: line.row.cost_class)
        ),
        total,
    )


def _where(name: str, currency: str) -> Where:
    return (OWED, ("currency", "is", currency), ("trip", "is", name))


def _when(reader: Reader, record: Record) -> str:
    if "departed_on" in record.values:
        return days_in_words(reader.facts.period(record))
    return reader.say(record, "departed_on")
