"""Short phrases about results that every form of a report uses."""

from custodiet.policy.result import Bounds, Debt, Result
from custodiet.records import Kind
from custodiet.records.facts import Facts, Record


def described(facts: Facts, record: Record) -> str:
    """What a record is, in a few words: its type, the first closed-list fact about it, and when it was.

    >>> from custodiet.base.dates import Days
    >>> leg = Record("leg", "L1", {"departed_on": Days.read("2024-05-02")})
    >>> described(Facts([leg]), Record("seat", "S1", {"leg": "L1", "role": "guest"}))
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
    """What a result asks for, payer by payer.

    >>> from custodiet.base.money import Money
    >>> from custodiet.policy.result import Outcome
    >>> amounts(Result("p", "seat", "S1", Outcome.OWES, (Debt("guest-1", Money(41200, "EUR"), "mayor"),)))
    '412.00 EUR from guest-1, for which mayor is liable too'
    """
    return "; ".join(debt_in_words(debt) for debt in result.debts)


def debt_in_words(debt: Debt) -> str:
    """What one payer owes, and who is liable for it too."""
    liable = f", for which {debt.liable} is liable too" if debt.liable else ""
    return f"{debt.amount} from {debt.payer}{liable}"


def at_stake(result: Result) -> str:
    """What hangs on the facts that an undetermined result misses.

    >>> from custodiet.base.money import Money
    >>> from custodiet.policy.result import Outcome
    >>> bounds = Bounds(Money(0, "EUR"), Money(41200, "EUR"))
    >>> at_stake(Result("p", "seat", "S1", Outcome.UNDETERMINED, between=bounds, otherwise=("no rule",)))
    'between 0.00 EUR and 412.00 EUR, or no rule'
    """
    parts = [bounds_in_words(result.between)] if result.between else []
    return ", or ".join([*parts, " or ".join(result.otherwise)] if result.otherwise else parts)


def bounds_in_words(bounds: Bounds) -> str:
    """The least and the greatest amount possible.

    >>> from custodiet.base.money import Money
    >>> bounds_in_words(Bounds(Money(100, "EUR"), None)), bounds_in_words(Bounds(None, None))
    ('at least 1.00 EUR, without upper bound', 'any amount')
    """
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        return f"between {low} and {high}" if low != high else str(low)
    if low is not None:
        return f"at least {low}, without upper bound"
    return "any amount" if high is None else f"at most {high}"
