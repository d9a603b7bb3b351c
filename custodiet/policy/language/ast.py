"""A policy document as a tree: expressions, consequences, rules and their versions.

Every node keeps its place in the text, which is ignored when two nodes are compared.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from custodiet.base.dates import Days
from custodiet.base.errors import Span
from custodiet.base.money import Range, Rounding

NOWHERE = Span("", 0)


@dataclass(frozen=True, slots=True)
class Path:
    """A field or a set of records, named by a path: `leg.trip.purpose`, `trip.leg`."""

    names: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """As it is written."""
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the policy: a number, a quoted text, yes or no, or a date."""

    value: Fraction | str | bool | Days
    days: bool = False
    """Whether the number counts days, as in `3 days`."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IsNone:
    """`x is none`: a test for the mark."""

    path: Path
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not c`; also `x is not none` and `a != b`."""

    part: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`a and b and …`."""

    parts: tuple["Expression", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b or …`; also `x in ('a', 'b')`."""

    parts: tuple["Expression", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`a = b`, `a < b`, `a <= b`; the parser swaps the sides of `>` and `>=`, so that each comparison has one form."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`, `a * b`, `a / b`."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Extreme:
    """`min(a, b, …)` or `max(a, b, …)`; strict: unknown or none in a part is never skipped."""

    which: str
    parts: tuple["Expression", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Over:
    """A question about the records of a set: `any`, `all`, `count`, or `sum` of one of their fields.

    `any(leg.seat where role = 'protectee')`, `sum(trip.voucher.paid where cost_class = 'meals')`.
    """

    which: str
    of: Path
    where: "Expression | None"
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def members(self) -> Path:
        """The path to the set; empty if a sum names no set before its field."""
        return Path(self.of.names[:-1], self.of.span) if self.which == "sum" else self.of

    @property
    def summed(self) -> Path | None:
        """The field that is added up; None if it is not a sum."""
        return Path(self.of.names[-1:], self.of.span) if self.which == "sum" else None

    @property
    def inside(self) -> tuple["Expression", ...]:
        """What is read from each record of the set: the field that is added up, and the condition."""
        return tuple(part for part in (self.summed, self.where) if part is not None)


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate in a dated table of the pack for a day: `rate(per_diem.meals for trip.destination on date)`."""

    table: str
    column: str
    keys: tuple["Expression", ...]
    """The keys of the row, in the order of the table's key columns."""
    on: "Expression"
    """The day for which the rate is asked."""
    span: Span = field(default=NOWHERE, compare=False)


Expression = Path | Literal | IsNone | Not | And | Or | Compare | Arithmetic | Extreme | Over | Rate


@dataclass(frozen=True, slots=True)
class Payer:
    """The payer: a path to a person, or a body by its name."""

    path: Path | None
    body: str = ""
    span: Span = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        """The path or the body's name, as an example's `from` cell holds it."""
        return self.body if self.path is None else str(self.path)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of what is owed: `X from A`, `X from A else B`, or `rest of Y from B`."""

    amount: Expression
    payer: Payer | None
    """None only if nothing is due: `owes 0`."""
    liable: Payer | None = None
    """Who else is liable: the B of `from A else B`."""
    rest: bool = False
    """Whether the amount is the whole, and this share is what remains of it after the shares before."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """One box of a rule: its reading during one period in force."""

    rule: str
    """The number of the rule it is a version of."""
    cite: str
    in_force: Days
    exception_to: tuple[str, ...]
    prevails_over: tuple[str, ...]
    when: Expression | None
    """None: the rule always covers."""
    owes: tuple[Share, ...] | None
    permission: str | None
    """`permitted`, `forbidden`, or None."""
    classified: str | None
    span: Span = field(default=NOWHERE, compare=False)
    places: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    """The place of each key's value."""

    def place(self, key: str) -> Span:
        """The place of a key's value; that of the box if it has no such key."""
        return dict(self.places).get(key, self.span)


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered section: the rule's own text and our reading of it, in one or more versions."""

    number: str
    title: str
    text: str
    versions: tuple[Version, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named fact about one type of record: `trip.campaign_days = count(day where …)`."""

    type: str
    name: str
    meaning: Expression
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Judgment:
    """A condition that only a person can settle: a named yes or no about one type of record, unknown until answered."""

    type: str
    name: str
    asks: str
    """The question, as it is put to the person; an answer is found by these words."""
    of: str
    """Who is asked."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about every record, to be proved: `when role = 'detail' and on_duty never owes`."""

    says: str
    """The sentence for people."""
    when: Expression | None
    """The condition of the records it covers; None: all."""
    always: bool
    """Whether the outcome holds for each of them, or for none."""
    outcome: str
    """One of: owes, permitted, forbidden, is, no rule, conflict."""
    classified: str | None = None
    """The class, where the outcome is `is`."""
    operator: str = ""
    """How the amount owed compares with the stated one, if there is one: =, <, <=, >, >=."""
    amount: Expression | None = None
    payer: "Payer | None" = None
    """The payer; None: all payers together."""
    span: Span = field(default=NOWHERE, compare=False)


class Cell(NamedTuple):
    """What an example says under one column. Its place is ignored when two are compared."""

    column: str
    text: str
    span: Span

    def __eq__(self, other: object) -> bool:
        """Whether the same is said under the same column."""
        return isinstance(other, Cell) and self[:2] == other[:2]

    def __hash__(self) -> int:
        """As equality has it."""
        return hash(self[:2])


@dataclass(frozen=True, slots=True)
class Example:
    """One row of an example table: a cell per column, each with its place."""

    title: str
    cells: tuple[Cell, ...]
    span: Span = field(default=NOWHERE, compare=False)
    columns: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    """The place of each column's name."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row of a dated table."""

    keys: tuple[str | Range, ...]
    """A text, or the first and last number to which the row applies."""
    in_force: Days
    values: tuple[Fraction, ...]
    cite: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RateTable:
    """A dated table of a pack: `rates/per_diem.csv`."""

    name: str
    keys: tuple[str, ...]
    """The names of the columns by which a row is looked up."""
    columns: tuple[tuple[str, str], ...]
    """The names of the columns that hold rates, each with its currency, or empty for a plain number."""
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A source that contradicts some rules of a policy: something the pack's authors know and could not settle."""

    rules: tuple[str, ...]
    """The doubtful rules, by number."""
    source: str
    """The source that contradicts them."""
    says: str
    """What it says, in a sentence."""
    known: str
    """How well that is known, in a sentence."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OpenGap:
    """Records of one policy that no rule is meant to answer: a gap that the pack's authors know."""

    policy: str
    when: Expression
    what: str
    """Which records these are, in a sentence."""
    reason: str
    """Why no rule answers: what was looked for, and where."""
    ask: str = ""
    """Whom to ask before such a use, and why, as the continuation of the word *ask*; empty if the page does not say."""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A document that answers one question about one kind of record."""

    name: str
    question: str
    for_each: str
    on: Path
    jurisdiction: str
    currency: str
    """Empty if the policy states no amounts."""
    rounding: Rounding
    step: int
    """The number of minor units an amount is rounded to: 1, or a whole major unit."""
    gives: tuple[str, str] | None
    """Type and field that the answer of `is` becomes for other policies."""
    restated: bool
    """Whether the quotations restate the law in our words."""
    rules: tuple[Rule, ...]
    definitions: tuple[Definition, ...]
    examples: tuple[Example, ...]
    title: str
    judgments: tuple[Judgment, ...] = ()
    claims: tuple[Claim, ...] = ()
    rates: tuple[RateTable, ...] = ()
    """The dated tables of the policy's pack."""
    doubts: tuple[Doubt, ...] = field(default=(), compare=False)
    """The doubts about its rules in the pack's `open.md`; they change no answer."""
    gaps: tuple[OpenGap, ...] = field(default=(), compare=False)
    """Which records no rule is meant to answer, and why, by the pack's `open.md`."""
    span: Span = field(default=NOWHERE, compare=False)
    head: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    """The place of each key of the head."""

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version of every rule, in the order of the document."""
        return tuple(version for rule in self.rules for version in rule.versions)

    @property
    def classes(self) -> tuple[str, ...]:
        """Every class that the policy's rules can give, in the order of the document."""
        return tuple(dict.fromkeys(each.classified for each in self.versions if each.classified is not None))

    def doubts_about(self, numbers: Collection[str]) -> tuple[Doubt, ...]:
        """The doubts about any of some rules."""
        return tuple(each for each in self.doubts if not set(each.rules).isdisjoint(numbers))

    def rule(self, number: str) -> Rule:
        """The rule of that number; KeyError if there is none."""
        for rule in self.rules:
            if rule.number == number:
                return rule
        raise KeyError(number)

    def place(self, key: str) -> Span:
        """The place of a key of the head; the document's first line if it has no such key."""
        return dict(self.head).get(key, self.span)
