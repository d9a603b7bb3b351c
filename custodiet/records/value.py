"""What a field holds in one record, and how a cell of a table says it.

A field holds a value, is *none* (known to be absent) or is *unknown* (nobody recorded it). The two
marks are different values of one type, so that neither can be mistaken for the other.
"""

import re
from enum import Enum
from fractions import Fraction

from custodiet.base.dates import BeyondCalendar, Days
from custodiet.base.money import Money
from custodiet.records.field import Field, Kind


class Mark(Enum):
    """A field without a value: known to be absent, or not known."""

    NONE = "none"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        """Name the mark."""
        return f"Mark.{self.name}"


NONE = Mark.NONE
UNKNOWN = Mark.UNKNOWN

Value = bool | str | Fraction | Money | Days | Mark

_NUMBER = re.compile(r"-?[0-9]{1,2000}(\.[0-9]{1,2000})?")
_SIGN = r"[\u2212\u2013-]"
_CURRENCY = r"\s*[A-Za-z]{0,3}[^\w\s().,\u2212\u2013-]?\s*"
"""How a currency is written beside an amount, if it is: EUR, US$ or €."""
_CREDIT = re.compile(
    rf"(?=.*[1-9])(?:{_CURRENCY}\(.*\d.*\)|{_CURRENCY}{_SIGN}{_CURRENCY}\d.*|.*\d\s*(?:{_SIGN}|(?i:cr))){_CURRENCY}"
)
"""An amount below zero, as exports of accounts write it: -420.00, EUR -420.00, (420.00), 420.00- or 420.00 CR."""


def read_cell(field: Field, text: str, currency: str) -> Value:  # noqa: C901 - one case a kind
    """The value that a cell's text gives a field; blank and `unknown` are unknown.

    Raises ValueError, saying what to write, for a text that is not a value of this field.

    >>> from custodiet.records import core_types
    >>> read_cell(core_types()["leg"].field("certified_on"), "none", "EUR")
    Mark.NONE
    """
    if text in ("", UNKNOWN.value):
        return UNKNOWN
    if text == NONE.value:
        if not field.may_be_none:
            message = f"{field.name} cannot be none; write {field.shape}, or unknown"
            raise ValueError(message)
        return NONE
    match field.kind:
        case Kind.YES_NO:
            if text not in ("yes", "no"):
                message = "write yes or no"
                raise ValueError(message)
            return text == "yes"
        case Kind.LIST:
            if text not in field.values:
                message = f"write {field.shape}"
                raise ValueError(message)
            return text
        case Kind.DATE:
            return _date(field, text)
        case Kind.MONEY:
            if field.credit_in and _CREDIT.fullmatch(text):
                message = (
                    f"write {field.least} or more; a credit or refund is not a row of its own: write it as "
                    f"`{field.credit_in}` in the row that it is for"
                )
                raise ValueError(message)
            money = Money.read(text, currency)
            _at_least(field, money.exact)
            return money
        case Kind.NUMBER:
            return _number(field, text)
        case Kind.TEXT | Kind.REFERENCE:
            return text


def _date(field: Field, text: str) -> Days:
    try:
        return Days.read(text)
    except BeyondCalendar as wrong:
        # Other programs write 9999-12-31 for what has no end.
        instead = "; write none if there is no such day" if field.may_be_none else ""
        message = f"{wrong}{instead}"
        raise ValueError(message) from wrong


def _number(field: Field, text: str) -> Fraction:
    if _NUMBER.fullmatch(text) is None:
        message = f"write {field.shape}"
        raise ValueError(message)
    number = Fraction(text)
    if field.whole and number.denominator != 1:
        message = "write a whole number"
        raise ValueError(message)
    _at_least(field, number)
    return number


def _at_least(field: Field, number: Fraction) -> None:
    if field.least is not None and number < field.least:
        message = f"write {field.least} or more"
        raise ValueError(message)


def cell(value: Value) -> str:
    """The text of a value, as a cell holds it: `read_cell` reads it back, but for a fraction whose digits never end.

    >>> cell(Days.read("2019-05")), cell(True), cell(NONE), cell(Money.read("412 EUR"))
    ('2019-05-01/2019-05-31', 'yes', 'none', '412.00 EUR')
    >>> cell(Fraction(5411, 100)), cell(Fraction(2, 3))
    ('54.11', '2/3')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case Mark():
            return value.value
        case Money():
            return f"{value.digits} {value.currency}"
        case Fraction():
            return str(value) if value.denominator == 1 or not _digits_end(value) else _decimal(value)
        case _:
            return str(value)


def _digits_end(number: Fraction) -> bool:
    """Whether the digits of a number end; what is worked out, such as two thirds, may have digits without end."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _decimal(number: Fraction) -> str:
    """A fraction whose denominator divides a power of ten, as it was written."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = str(abs((number * 10**places).numerator)).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
