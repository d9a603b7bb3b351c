"""Short phrases about results that every form of a report uses."""

from datetime import date

from custodiet.base.dates import LAST_DAY, Days
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Debt, Result
from custodiet.records import UNKNOWN, Kind, Value, cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record


def described(facts: Facts, record: Record) -> str:
    """What a record is, in a few words: its type, the first closed-list fact about it, and when it was.

    >>> from custodiet.base.dates import Days
    >>> from custodiet.records import core_types
    >>> leg = Record("leg", "L1", {"departed_on": Days.read("2024-05-02")})
    >>> described(Facts([leg], core_types()), Record("seat", "S1", {"leg": "L1", "role": "guest"}))
    'seat, guest, 2024-05-02'
    """
    listed = [field.name for field in facts.types[record.type].fields if field.kind is Kind.LIST]
    known = [value for name in listed if name != "basis" and isinstance(value := record.value(name), str)]
    return ", ".join([record.type.replace("_", " "), *known[:1], *happened(facts, record)])


def happened(facts: Facts, record: Record) -> list[str]:
    """When a record happened, as a phrase; none if one of its days is not known."""
    period = facts.period(record)
    return [] if period.first is None or period.last is None else [str(period).replace("/", " to ")]


def amounts(result: Result) -> str:
    """The amounts that a result asks for, payer by payer.

    >>> from custodiet.base.money import Money
    >>> from custodiet.policy.evaluation.result import Outcome
    >>> amounts(Result("p", "seat", "S1", Outcome.OWES, (Debt("guest-1", Money(41200, "EUR"), "mayor"),)))
    '412.00 EUR from guest-1, for which mayor is liable too'
    """
    return "; ".join(debt_in_words(debt) for debt in result.debts)


def debt_in_words(debt: Debt) -> str:
    """What one payer owes, and who is liable for it too."""
    liable = f", for which {debt.liable} is liable too" if debt.liable else ""
    return f"{debt.amount} from {debt.payer}{liable}"


def answered(result: Result) -> str:
    """What a result answers, in a few words, with its mark if it is hindsight.

    >>> from custodiet.base.money import Money
    >>> from custodiet.policy.evaluation.result import Outcome
    >>> answered(Result("p", "seat", "S1", Outcome.OWES, (Debt("guest-1", Money(41200, "EUR")),), hindsight=True))
    'owes 412.00 EUR from guest-1 (hindsight)'
    >>> answered(Result("p", "trip", "T1", Outcome.CLASSIFIED, classified="campaign"))
    "'campaign'"
    """
    permission = result.permission or ""
    classified = f"'{result.classified}'" if result.classified is not None else ""
    owed = f"owes {amounts(result)}" if result.debts else ""
    said = " and ".join(filter(None, (permission, classified, owed))) or result.outcome.value
    stake, mark = at_stake(result), result.mark.partition(":")[0]
    return f"{said}{f', {stake}' if stake else ''}{f' ({mark})' if mark else ''}"


def at_stake(result: Result) -> str:
    """What depends on the facts that an undetermined result lacks.

    >>> from custodiet.base.money import Money
    >>> from custodiet.policy.evaluation.result import Outcome
    >>> from custodiet.policy.evaluation.result import Bounds
    >>> bounds = Bounds(Money(0, "EUR"), Money(41200, "EUR"))
    >>> at_stake(Result("p", "seat", "S1", Outcome.UNDETERMINED, between=bounds, otherwise=("no rule",)))
    'between 0.00 EUR and 412.00 EUR, or no rule'
    """
    parts = [str(result.between)] if result.between else []
    return ", or ".join([*parts, " or ".join(result.otherwise)] if result.otherwise else parts)


def value_in_words(value: Value) -> str:
    """The value of a field, for people.

    >>> value_in_words(True), value_in_words(UNKNOWN), value_in_words(Money.read("412 EUR"))
    ('yes', 'not known', '412.00 EUR')
    """
    match value:
        case Days():
            return days_in_words(value)
        case Money():
            return str(value)
        case _:
            return "not known" if value is UNKNOWN else cell(value)


def days_in_words(days: Days) -> str:
    """A date as far as it is known, for people: in a month or a year, or between two days.

    >>> days_in_words(Days.read("2021-10-07")), days_in_words(Days.read("2021-10")), days_in_words(Days.read("2021"))
    ('7 October 2021', 'October 2021', '2021')
    >>> days_in_words(Days.read("2019-05/2019-09")), days_in_words(Days.read("2019-05-16/2019-09-20"))
    ('May – September 2019', '16 May – 20 September 2019')
    >>> days_in_words(Days.read("2024-02-20/2024-02-22")), days_in_words(Days.read("2019-08/2021-10"))
    ('20 – 22 February 2024', 'August 2019 – October 2021')
    """
    if days.too_late:
        return f"a day after {_day(LAST_DAY)}"
    first, last = days.in_calendar.first, days.in_calendar.last
    if first is None or last is None:
        return f"on or after {_day(first)}" if first else f"on or before {_day(last)}" if last else "not known"
    if first == last:
        return _day(first)
    year, months = str(first.year), f"{_month(first)} – {_month(last)}"
    if days == Days.read(f"{first.year:04}"):
        return year
    if days == Days.read(f"{first:%Y-%m}"):
        return _month(first)
    whole_months = days == Days.read(f"{first:%Y-%m}/{last:%Y-%m}")
    words = months if whole_months else f"{_day(first)} – {_day(last)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {_day(last)}"
    return words.replace(f" {year} –", " –") if first.year == last.year else words


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"
