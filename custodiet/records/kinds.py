"""The kind of a field as a record document writes it: `hours, whole, at least 1`, `person, or none, back as driven`.

The first word says what a cell holds: `yes or no`, `text`, `prose`, `money`, `date`, a unit or `number`, a record type,
or the values of a closed list with commas between them. After it come:

* `or none`: it can be known to be absent;
* of a number: `whole`, `at least 1`, `at most 40`;
* of a reference: `back as NAME`, which names the set of records that refer to it from there; `outside its dates`, where
  the record need not lie within the dates of the one it names;
* of money: `credit in FIELD`, the field that takes what came back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from custodiet.base.dates import MOST_DAYS
from custodiet.records.field import Field, Kind

PLAIN = {"yes or no": Kind.YES_NO, "text": Kind.TEXT, "prose": Kind.TEXT, "money": Kind.MONEY, "date": Kind.DATE}
OR_NONE, WHOLE, OUTSIDE = "or none", "whole", "outside its dates"
NUMBER = "number"
MOST = 9_999_999
"""The greatest count of anything, unless its unit or its document says otherwise: less than a date typed as a number."""
GREATEST = {"days": MOST_DAYS, "percent": 100}
"""The greatest count of what is counted in these units."""

_MODIFIER = re.compile(
    rf"(?P<flag>{OR_NONE}|{WHOLE}|{OUTSIDE})|(?P<bound>at least|at most) (?P<number>-?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<named>back as|credit in) (?P<name>[a-z][a-z0-9_]*)"
)
_OF = {
    WHOLE: Kind.NUMBER,
    "at least": Kind.NUMBER,
    "at most": Kind.NUMBER,
    OUTSIDE: Kind.REFERENCE,
    "back as": Kind.REFERENCE,
    "credit in": Kind.MONEY,
}
"""The one kind that a modifier belongs to."""


class WrongKind(ValueError):  # noqa: N818 - it is what is wrong, not that something is
    """A kind that cannot be read: the code of what is wrong, and the part it is about."""

    def __init__(self, code: str, part: str) -> None:
        """Say what is wrong by its code in `records.diagnostics`."""
        super().__init__(code)
        self.code, self.part = code, part


@dataclass(slots=True)
class _Said:
    """The parts of a kind: the words at the front, and each modifier with what it says."""

    words: list[str] = field(default_factory=list)
    modifiers: dict[str, str] = field(default_factory=dict)


def with_kind(blank: Field, written: str) -> Field:
    """A field with the kind that is written; whether a reference names a type is for others to say.

    Raises WrongKind.

    >>> from custodiet.records.field import Sensitivity
    >>> blank = Field("pay", Kind.TEXT, "What was paid.", "the unit", Sensitivity.INTERNAL)
    >>> with_kind(blank, "money, or none").shape
    'an amount such as 412.00, or none'
    """
    said = _parts(written)
    kind = _kind(said)
    for modifier in said.modifiers:
        if modifier != OR_NONE and _OF[modifier] is not kind:
            raise WrongKind("kind_modifier", modifier)
    front, modifiers = said.words[0], said.modifiers
    read = replace(blank, kind=kind, may_be_none=OR_NONE in modifiers)
    match kind:
        case Kind.LIST:
            _refuse_list(said.words)
            return replace(read, values=tuple(said.words))
        case Kind.REFERENCE:
            return replace(read, refers_to=front, back=modifiers.get("back as", ""), within=OUTSIDE not in modifiers)
        case Kind.NUMBER:
            unit = "" if front == NUMBER else front
            least, greatest = modifiers.get("at least"), modifiers.get("at most")
            return replace(
                read,
                unit=unit,
                whole=WHOLE in modifiers,
                least=None if least is None else Fraction(least),
                greatest=Fraction(GREATEST.get(unit, MOST) if greatest is None else greatest),
            )
        case Kind.MONEY:
            return replace(read, least=Fraction(0), credit_in=modifiers.get("credit in", ""))
        case _:
            return replace(read, prose=front == "prose")


def written_kind(field: Field) -> str:
    """The kind of a field as a document writes it: `with_kind` reads it again.

    >>> from custodiet.records import core_types
    >>> written_kind(core_types()["leg"].field("seats"))
    'seats, whole, at least 1'
    """
    parts = [_front(field)]
    if field.kind is Kind.NUMBER:
        parts += [WHOLE] if field.whole else []
        parts += [f"at least {field.least}"] if field.least is not None else []
        usual = Fraction(GREATEST.get(field.unit, MOST))
        parts += [f"at most {field.greatest}"] if field.greatest not in (None, usual) else []
    parts += [OR_NONE] if field.may_be_none else []
    parts += [f"back as {field.back}"] if field.back else []
    parts += [OUTSIDE] if field.kind is Kind.REFERENCE and not field.within else []
    parts += [f"credit in {field.credit_in}"] if field.credit_in else []
    return ", ".join(parts)


def _front(field: Field) -> str:
    match field.kind:
        case Kind.LIST:
            return ", ".join(field.values)
        case Kind.REFERENCE:
            return field.refers_to
        case Kind.NUMBER:
            return field.unit or NUMBER
        case Kind.TEXT:
            return "prose" if field.prose else "text"
        case _:
            return next(words for words, kind in PLAIN.items() if kind is field.kind)


def _parts(written: str) -> _Said:
    said = _Said()
    for part in (each.strip() for each in written.split(",")):
        modifier = _MODIFIER.fullmatch(part)
        if not part:
            raise WrongKind("kind_empty", written)
        if modifier is None:
            if said.modifiers:
                raise WrongKind("kind_order", part)
            said.words.append(part)
            continue
        name = modifier["flag"] or modifier["bound"] or modifier["named"]
        if name in said.modifiers:
            raise WrongKind("kind_twice", part)
        said.modifiers[name] = modifier["number"] or modifier["name"] or ""
    if not said.words:
        raise WrongKind("kind_empty", written)
    return said


def _kind(said: _Said) -> Kind:
    if len(said.words) > 1:
        return Kind.LIST
    if said.words[0] in PLAIN:
        return PLAIN[said.words[0]]
    if said.words[0] == NUMBER or any(_OF.get(each) is Kind.NUMBER for each in said.modifiers):
        return Kind.NUMBER
    return Kind.REFERENCE


def _refuse_list(values: Sequence[str]) -> None:
    """A closed list has each value once, and none of the marks."""
    for place, value in enumerate(values):
        if value in ("none", "unknown"):
            raise WrongKind("kind_mark", value)
        if value in values[:place]:
            raise WrongKind("kind_twice", value)
        if "'" in value or value in PLAIN:
            raise WrongKind("kind_value", value)
