"""The type of every expression, and whether arithmetic is guarded against none and zero."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from custodiet.base.dates import Days
from custodiet.base.errors import Problem, did_you_mean
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.analysis.guards import NO_GUARDS, ZERO, Guards, Possible, Scope, guarded, paths
from custodiet.policy.analysis.resolve import Meaning, Members, Unmeant, Vocabulary
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Definition,
    Expression,
    Extreme,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Rate,
    RateRow,
    RateTable,
)
from custodiet.records import Field, Kind, with_article


@dataclass(frozen=True, slots=True)
class Sort:
    """The sort of value an expression has."""

    name: str
    """condition, list, text, number, days, money, date, a record type's name, or `?` after a problem."""
    may_be_none: bool = False
    values: tuple[str, ...] = ()
    literal: bool = False
    refers: bool = False

    @property
    def words(self) -> str:
        """For messages."""
        known = {
            "condition": "a yes or no", "list": "a value of a list", "text": "a text", "number": "a number",
            "days": "a number of days", "money": "an amount", "date": "a date",
        }  # fmt: skip
        return f"a reference to {with_article(self.name)}" if self.refers else known.get(self.name, self.name)


COUNTED = ("number", "days")
ORDERED = (*COUNTED, "money", "date")
CONDITION, WRONG = Sort("condition"), Sort("?")
NUMBER, DAYS, MONEY, DATE = (Sort(name) for name in ORDERED)

_OF_KIND = {
    Kind.YES_NO: "condition", Kind.LIST: "list", Kind.TEXT: "text", Kind.NUMBER: "number", Kind.MONEY: "money",
    Kind.DATE: "date",
}  # fmt: skip


class Sorting:
    """Finds the sorts of expressions in a policy and reports their problems."""

    def __init__(self, names: Vocabulary, say: Callable[[Problem], None]) -> None:
        """Use these names; `say` takes each problem."""
        self.names = names
        self.say = say
        self._defined: dict[Definition, Sort] = {}

    # Conditions

    def condition(self, part: Expression, scope: Scope, guards: Guards = NO_GUARDS) -> None:
        """Check that an expression is a condition."""
        sort = self.sort(part, scope, guards)
        if sort.name not in ("condition", "?"):
            self._wrong("condition_wanted", part, found=sort.words)

    def sort(self, part: Expression, scope: Scope, guards: Guards = NO_GUARDS) -> Sort:  # noqa: C901 - one case a node
        """The sort of an expression."""
        match part:
            case And(parts) | Or(parts):
                for each in parts:
                    self.condition(each, scope, guards)
                    guards |= self.guarded(each, scope, holds=isinstance(part, And))
                return CONDITION
            case Not(inner):
                self.condition(inner, scope, guards)
                return CONDITION
            case IsNone(path):
                self.sort(path, scope, guards)
                return CONDITION
            case Compare():
                return self._compare(part, scope, guards)
            case Literal(value, days):
                return _of_literal(value, days=days)
            case Arithmetic():
                return self._arithmetic(part, scope, guards)
            case Extreme():
                return self._extreme(part, scope, guards)
            case Over():
                return self._over(part, scope, guards)
            case Rate():
                return self._rate(part, scope, guards)
            case Path():
                return self._path(part, scope)

    def _compare(self, part: Compare, scope: Scope, guards: Guards) -> Sort:
        one, other = self._side(part.left, part.right, scope, guards), self._side(part.right, part.left, scope, guards)
        if WRONG in (one, other):
            return CONDITION
        for side, sort, known in ((part.left, one, other), (part.right, other, one)):
            listed = part.operator == "=" and known.name == "list"
            if listed and isinstance(side, Literal) and isinstance(side.value, str):
                if side.value not in known.values:
                    named = str(part.right if side is part.left else part.left)
                    values = [f"'{value}'" for value in known.values]
                    hint = did_you_mean(f"'{side.value}'", values)
                    self._wrong("value_unlisted", side, hint, found=side.value, name=named, known=", ".join(values))
                return CONDITION
            if part.operator != "=" and sort.name not in ORDERED:
                self._wrong("ordered", side, found=sort.words)
                return CONDITION
        if not _comparable(one, other):
            self._wrong("compared", part, left=one.words, right=other.words)
        return CONDITION

    def _side(self, part: Expression, other: Expression, scope: Scope, guards: Guards) -> Sort:
        """The sort of one side of a comparison; an unknown name may be a value without its quotation marks."""
        if isinstance(part, Path) and isinstance(other, Path) and len(part.names) == 1:
            meaning, across = self.names.meaning(part, scope), self.names.meaning(other, scope)
            values = [f"'{value}'" for value in _values(across.end)] if isinstance(across, Meaning) else []
            if isinstance(meaning, Unmeant) and (hint := did_you_mean(f"'{part.names[0]}'", values)):
                self._unknown_name(part, meaning, part.names[0], hint)
                return WRONG
        return self.sort(part, scope, guards)

    # Terms

    def _arithmetic(self, part: Arithmetic, scope: Scope, guards: Guards) -> Sort:
        one = self.certain(part.left, scope, guards)
        other = self.certain(part.right, scope, guards)
        if WRONG in (one, other):
            return WRONG
        result = _computed(part.operator, one, other)
        if result is None:
            self._wrong("computed", part, left=one.words, operator=part.operator, right=other.words)
            return WRONG
        if part.operator == "/":
            self._divisor(part.right, Possible(self.names, scope), guards)
        return result

    def _divisor(self, part: Expression, possible: Possible, guards: Guards) -> None:
        if possible.numbers(part) == ZERO:
            self._wrong("divisor_zero", part, name=written(part))
        elif not possible.never_zero(part, guards):
            self._wrong("division", part, name=written(part))

    def _extreme(self, part: Extreme, scope: Scope, guards: Guards) -> Sort:
        sorts = [self.certain(each, scope, guards) for each in part.parts]
        if WRONG in sorts:
            return WRONG
        first = next((sort for sort in sorts if not sort.literal), sorts[0])
        for each, sort in zip(part.parts, sorts, strict=True):
            if first.name not in ORDERED or not _comparable(first, sort):
                self._wrong("extreme_mixed", each, found=f"{first.words} and {sort.words}")
                return WRONG
        return Sort(first.name, literal=all(sort.literal for sort in sorts))

    def certain(self, part: Expression, scope: Scope, guards: Guards) -> Sort:
        """The sort of an operand of arithmetic, which may not be none."""
        sort = self.sort(part, scope, guards)
        if sort.may_be_none and not (isinstance(part, Path) and self._guarded(part, scope, guards)):
            self._wrong("maybe_none", part, name=written(part))
        return sort

    def _guarded(self, path: Path, scope: Scope, guards: Guards) -> bool:
        """Whether guards keep none out of every part of a path; a guard further on guards the reference too."""
        meaning = self.names.meaning(path, scope)
        if not isinstance(meaning, Meaning):
            return True
        prefixes = [path.names[: place + 1] for place, each in enumerate(meaning.climbs) if each.may_be_none]
        last = self.defined(meaning.end) if isinstance(meaning.end, Definition) else meaning.end
        prefixes += [path.names] if isinstance(last, Field | Sort) and last.may_be_none else []
        known = [guard.names for guard in guards.not_none]
        return all(any(names[: len(prefix)] == prefix for names in known) for prefix in prefixes)

    def _over(self, part: Over, scope: Scope, guards: Guards) -> Sort:
        of = part.members
        meaning = self._meaning(of, scope) if of.names else None
        if not isinstance(meaning, Meaning) or not isinstance(meaning.end, Members):
            if meaning is not None or not of.names:
                self._wrong("set_wanted", part.of, name=str(of) or str(part.of))
            return CONDITION if part.which in ("any", "all") else WRONG
        inner = (meaning.end.type, *scope)
        guards = guards.without(lambda guard: self._hidden(guard, inner))
        if part.where is not None:
            self.condition(part.where, inner, guards)
            guards |= self.guarded(part.where, inner)
        if part.summed is None:
            return CONDITION if part.which in ("any", "all") else NUMBER
        summed = self.certain(part.summed, inner, guards)
        if summed.name not in ("number", "money", "?"):
            self._wrong("summed", part.of, found=summed.words)
            return WRONG
        return Sort(summed.name)

    def _rate(self, part: Rate, scope: Scope, guards: Guards) -> Sort:
        keys = [self.certain(each, scope, guards) for each in part.keys]
        on = self.certain(part.on, scope, guards)
        if on.name not in ("date", "?"):
            self._wrong("rate_date", part.on, found=on.words)
        table = self.names.rates.get(part.table)
        if table is None:
            hint, known = did_you_mean(part.table, self.names.rates), ", ".join(self.names.rates) or "none"
            self._wrong("rate_table_unknown", part, hint, name=part.table, known=known)
            return WRONG
        currencies = dict(table.columns)
        if part.column not in currencies:
            hint, known = did_you_mean(part.column, currencies), ", ".join(currencies)
            self._wrong("rate_column_unknown", part, hint, table=part.table, name=part.column, known=known)
            return WRONG
        if len(keys) == len(table.keys):
            for place, (key, sort) in enumerate(zip(part.keys, keys, strict=True)):
                self._rate_key(table, place, key, sort)
        else:
            self._rate_keys(part, table)
        currency = currencies[part.column]
        if currency and currency != self.names.currency:
            name, wanted = f"{part.table}.{part.column}", self.names.currency or "no currency"
            self._wrong("rate_currency", part, found=currency, name=name, wanted=wanted)
        return MONEY if currency else NUMBER

    def _rate_keys(self, part: Rate, table: RateTable) -> None:
        """Report that a rate is looked up with the wrong number of keys."""
        keys = ", ".join(table.keys)
        example = f"rate({part.table}.{part.column}{f' for {keys}' if keys else ''} on …)"
        self._wrong("rate_keys", part, table=table.name, wanted=keys or "the day alone", example=example)

    def _rate_key(self, table: RateTable, place: int, key: Expression, sort: Sort) -> None:
        """Report a key that does not fit the key column of the table."""
        held = [row.keys[place] for row in table.rows]
        texts = [each for each in held if isinstance(each, str)]
        fits = sort.name in ("text", "list") or sort.refers if texts else sort.name in (*COUNTED, "money")
        if sort == WRONG or not held:
            return
        name, wanted = table.keys[place], "a text" if texts else "a number"
        if not fits:
            self._wrong("rate_key", key, found=sort.words, name=name, table=table.name, wanted=wanted)
        elif isinstance(key, Literal) and texts and key.value not in texts:
            hint = did_you_mean(f"'{key.value}'", [f"'{text}'" for text in texts])
            self._wrong("rate_key_unlisted", key, hint, found=str(key.value), table=table.name, name=name)
        elif sort.name == "list":
            for row in table.rows:
                self._rate_cell(row, str(row.keys[place]), key, sort)

    def _rate_cell(self, row: RateRow, cell: str, key: Expression, sort: Sort) -> None:
        """Report, at the row, that its key is not a value of the list by which it is looked up."""
        if cell not in sort.values:
            column = row.span.text.find(cell) + 1
            place = replace(row.span, column=column, length=len(cell)) if column else row.span
            known, hint = ", ".join(sort.values), did_you_mean(cell, sort.values)
            self.say(CHECKING["rate_cell"].at(place, (), hint, found=cell, name=written(key), known=known))

    def _hidden(self, guard: Expression, inner: Scope) -> bool:
        """Whether a guard uses names that mean something else inside a set."""
        meanings = [self.names.meaning(path, inner) for path in paths(guard)]
        return any(isinstance(meaning, Meaning) and meaning.outwards == 0 for meaning in meanings)

    def _path(self, path: Path, scope: Scope) -> Sort:
        meaning = self._meaning(path, scope)
        if meaning is None:
            return WRONG
        if isinstance(meaning.end, Members):
            self._wrong("term_wanted", path, name=str(path))
            return WRONG
        if isinstance(meaning.end, Definition):
            sort = self.defined(meaning.end)
            return Sort(sort.name, sort.may_be_none or meaning.may_be_none, sort.values)
        return _of_field(meaning.end, may_be_none=meaning.may_be_none)

    def defined(self, definition: Definition) -> Sort:
        """The sort of a definition; its problems are reported once."""
        if definition not in self._defined:
            self._defined[definition] = WRONG
            self._defined[definition] = self.sort(definition.meaning, (definition.type,))
        return self._defined[definition]

    def _meaning(self, path: Path, scope: Scope) -> Meaning | None:
        """The meaning of a path, or None after reporting why it has none."""
        meaning = self.names.meaning(path, scope)
        if isinstance(meaning, Meaning):
            return meaning
        self.unmeant(path, meaning)
        return None

    def unmeant(self, path: Path, why: Unmeant) -> None:
        """Report why a path has no meaning."""
        upto = ".".join(path.names[: why.place + 1])
        if why.through_set:
            self._wrong("path_through", path, name=upto)
            return
        close = did_you_mean(path.names[why.place], why.known)
        if close:
            whole = ".".join((*path.names[: why.place], close.split("`")[1], *path.names[why.place + 1 :]))
            close = f"did you mean `{whole}`?"
        self._unknown_name(path, why, upto, close)

    def _unknown_name(self, path: Path, why: Unmeant, upto: str, hint: str) -> None:
        self._wrong("name_unknown", path, hint, name=upto, a_type=with_article(why.type), known=", ".join(why.known))

    def guarded(self, part: Expression, scope: Scope, *, holds: bool = True) -> Guards:
        """What is neither none nor zero if a condition holds (or fails)."""
        return guarded(part, Possible(self.names, scope), holds=holds)

    def _wrong(self, code: str, part: Expression, hint: str = "", **facts: str) -> None:
        self.say(CHECKING[code].at(part.span, (), hint, **facts))


def written(part: Expression) -> str:
    """An operand as messages name it: in the words of the document, as far as they are on its first line."""
    match part:
        case Path():
            return str(part)
        case Arithmetic(operator, left, right):
            return f"{_operand(left, bracketed=operator in '*/')} {operator} {_operand(right, bracketed=True)}"
        case _:
            words = part.span.text[part.span.column - 1 :][: part.span.length]
            return words if words.count("(") == words.count(")") else f"{words} …)"


def _operand(part: Expression, *, bracketed: bool) -> str:
    return f"({written(part)})" if bracketed and isinstance(part, Arithmetic) else written(part)


def _of_literal(value: Fraction | str | bool | Days, *, days: bool) -> Sort:
    match value:
        case bool():
            return CONDITION
        case Fraction():
            return Sort("days" if days else "number", literal=not days)
        case str():
            return Sort("text", literal=True)
        case _:
            return DATE


def _of_field(field: Field, *, may_be_none: bool) -> Sort:
    if field.kind is Kind.REFERENCE:
        return Sort(field.refers_to, may_be_none, refers=True)
    return Sort(_OF_KIND[field.kind], may_be_none, field.values)


def _values(end: Field | Definition | Members) -> tuple[str, ...]:
    return end.values if isinstance(end, Field) else ()


def _comparable(one: Sort, other: Sort) -> bool:
    """Whether two values have the same type; a plain number can be an amount or days."""
    if one.name == other.name:
        return one.refers == other.refers and (one.name != "list" or not {*one.values}.isdisjoint(other.values))
    names = {one.name, other.name}
    if names == {"number", "days"}:
        return True
    return names == {"number", "money"} and (one if one.name == "number" else other).literal


_COUNTS = {(one, other): "number" for one in COUNTED for other in COUNTED}
_SUMS = {
    ("number", "number"): "number",
    ("number", "days"): "days",
    ("days", "number"): "days",
    ("days", "days"): "days",
    ("money", "money"): "money",
    ("money", "number"): "money",
    ("number", "money"): "money",
    ("date", "days"): "date",
}
_COMPUTED = {
    "+": _SUMS,
    "-": _SUMS | {("date", "date"): "days"},
    "*": _COUNTS
    | {("money", "number"): "money", ("money", "days"): "money"}
    | {("number", "money"): "money", ("days", "money"): "money"},
    "/": _COUNTS | {("money", "number"): "money", ("money", "days"): "money", ("money", "money"): "number"},
}
"""The sort of the result for each pair of sorts; pairs not listed cannot be computed."""


def _computed(operator: str, one: Sort, other: Sort) -> Sort | None:
    """The sort of a sum, difference, product or quotient, or None if there is none."""
    names = one.name, other.name
    found = _COMPUTED[operator].get(names)
    # Only a written plain number can be an amount.
    if found is None or (operator in "+-" and set(names) == {"number", "money"} and not _comparable(one, other)):
        return None
    return Sort(found, literal=found == "number" and one.literal and other.literal)
