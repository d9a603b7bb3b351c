"""The rows of results.csv, and what figures over them add up to: computed from the file and from nothing else."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from custodiet.verify.page.formula import Where
from custodiet.verify.quoting import Misread, named

Row = dict[str, str]
_SEPARATOR = "; "
_COLUMNS = frozenset([
    "record", "policy", "outcome", "class", "because", "asks_amount", "least", "greatest", "liable", "currency", "trip",
    "cost_class", "hindsight", "figures",
])  # fmt: skip
"""The columns that results have in every edition, as far as figures are made from them."""


class Unclear(Exception):  # noqa: N818 - it names the outcome
    """A cell of the file can be read in two ways, so that a figure cannot be computed from it."""


class Rows:
    """The rows of one results.csv, each by its place from 0."""

    def __init__(self, text: str) -> None:
        """Read a file; Misread if it is not a table of results."""
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))
        try:
            header, *rows = csv.reader(io.StringIO(text), strict=True)
        except (csv.Error, ValueError) as wrong:
            message = "results.csv is not a table with a header"
            raise Misread(message) from wrong
        odd = [number for number, row in enumerate(rows, 1) if len(row) != len(header)]
        if odd or not _COLUMNS.issubset(header):
            what = (
                f"row {odd[0]:,} does not have as many cells as the header" if odd else "it lacks a column of results"
            )
            message = f"results.csv is not a table of results: {what}"
            raise Misread(message)
        self.all: list[Row] = [dict(zip(header, row, strict=True)) for row in rows]
        self._columns = {*header, "answer"}
        self._index: dict[str, dict[str, set[int]]] = {}

    @cached_property
    def of_figure(self) -> dict[str, list[int]]:
        """The rows that name each figure."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(self.all):
            for number in filter(None, row["figures"].split(_SEPARATOR)):
                found[number].append(place)
        return found

    def meeting(self, where: Where) -> set[int]:
        """The places of all rows that meet some conditions; Misread for a condition on no column of theirs."""
        unknown = [column for column, _, _ in where if column not in self._columns]
        if unknown:
            message = f"results.csv has no column {named(unknown[0])}"
            raise Misread(message)
        exact = [self._by(column).get(value, set()) for column, verb, value in where if verb == "is"]
        found = set.intersection(*sorted(exact, key=len)) if exact else set(range(len(self.all)))
        others = [each for each in where if each[1] != "is"]
        return {place for place in found if all(_meets(self.all[place], *each) for each in others)}

    def _by(self, column: str) -> dict[str, set[int]]:
        if column not in self._index:
            found: dict[str, set[int]] = defaultdict(set)
            for place, row in enumerate(self.all):
                found[_cell(row, column)].add(place)
            self._index[column] = found
        return self._index[column]

    def lines(self, places: Iterable[int], payer: str | None) -> list[tuple[str, str]]:
        """Every amount that some rows say is owed, with its currency; of one payer, or of all."""
        return [
            (amount, self.all[place]["currency"])
            for place in places
            for name, amount, _ in debts(self.all[place])
            if payer in (None, name)
        ]

    def bounds(self, places: Iterable[int]) -> str:
        """The least and the greatest possible sum of some undetermined rows, in words."""
        asked = [row for row in map(self.all.__getitem__, places) if row["asks_amount"] == "yes"]
        if not asked:
            return "nothing"
        lows = _sums((row["least"], row["currency"]) for row in asked if row["least"])
        highs = _sums((row["greatest"], row["currency"]) for row in asked if row["greatest"])
        words = [between(lows.get(code) or _nought(highs[code]), highs.get(code) or _nought(lows[code]), code)
                 for code in sorted({*lows, *highs})]  # fmt: skip
        endless = sum(not row["greatest"] for row in asked)
        return " and ".join(words or ["any amount"]) + (f", and {endless:,} more without a bound" if endless else "")


def total(lines: Sequence[tuple[str, str]]) -> str:
    """Some amounts added up, in words, one sum per currency.

    >>> total([("1000.00", "EUR"), ("0.50", "EUR"), ("7", "JPY")]), total([])
    ('1,000.50 EUR and 7 JPY', 'nothing')
    """
    return " and ".join(money(amount, code) for code, amount in sorted(_sums(lines).items())) or "nothing"


def money(amount: str, currency: str) -> str:
    """An amount in words, its thousands apart."""
    whole, point, minor = amount.partition(".")
    return f"{int(whole):,}{point}{minor} {currency}"


def between(low: str, high: str, currency: str) -> str:
    """The least and the greatest amount possible, in words; a bound that is not there is an empty text."""
    if low and high:
        return f"between {money(low, currency)} and {money(high, currency)}" if low != high else money(low, currency)
    if low:
        return f"at least {money(low, currency)}, without upper bound"
    return f"at most {money(high, currency)}" if high else "any amount"


def debts(row: Row) -> list[tuple[str, str, str]]:
    """The debts in a row: payer, amount, and who else is liable."""
    if row["outcome"] != "owes":
        return []
    if "payer" in row:
        whole = row["amount"] and row["payer"]
        return [(_cell(row, "payer"), row["amount"], _cell(row, "liable"))] if whole else []
    amounts = row["amounts"].split(_SEPARATOR) if row["amounts"] else []
    if not amounts:
        return []
    payers, liable = (_split(row[name], len(amounts)) for name in ("payers", "liable"))
    return list(zip(payers, amounts, liable, strict=True))


def debt_in_words(row: Row, debt: tuple[str, str, str]) -> str:
    """The amount that one payer owes, and who else is liable for it."""
    payer, amount, liable = debt
    return f"{money(amount, row['currency'])} from {payer}{f', for which {liable} is liable too' if liable else ''}"


def name_of(row: Row) -> str:
    """The record that a row is about, or the trip and cost class that it adds up."""
    return _cell(row, "record") or f"{_cell(row, 'trip')}, {_cell(row, 'cost_class')}"


def policy_and_rules(row: Row) -> str:
    """The policy of a row and the rules that decided it, or on which it turns."""
    rules = row["because"] or row.get("unsettled", "")
    return " ".join(filter(None, [_cell(row, "policy"), *map(_plain, rules.split(_SEPARATOR))]))


def answers(row: Row) -> Collection[str]:
    """The texts that may describe a row under a figure: its debts, one or all; else what is at stake, or its answer."""
    owed = [debt_in_words(row, debt) for debt in debts(row)]
    if owed or row["outcome"] == "owes":
        return {*owed, _SEPARATOR.join(owed)}
    return {at_stake(row) if row["outcome"] == "undetermined" else _cell(row, "answer")}


def at_stake(row: Row) -> str:
    """What depends on the missing facts of an undetermined row."""
    parts = [between(row["least"], row["greatest"], row["currency"])] if row["asks_amount"] == "yes" else []
    others = " or ".join(map(_plain, row["or"].split(_SEPARATOR))) if row.get("or") else ""
    return ", or ".join(filter(None, [*parts, others])) or "no amount"


def _meets(row: Row, column: str, verb: str, value: str) -> bool:
    match verb:
        case "is not":
            return _cell(row, column) != value
        case "is not empty":
            return bool(row[column])
        case "has":
            # A name may hold the separator itself; then it is not one of the parts.
            return value in map(_plain, row[column].split(_SEPARATOR)) or (_SEPARATOR in value and value in row[column])
        case _:
            raise Unclear(f"`{verb}` is not a condition")


def _cell(row: Row, column: str) -> str:
    if column == "answer":
        mark = " (hindsight)" if row["hindsight"] == "yes" else ""
        return f"{_plain(row['class']) or row['outcome']}{mark}"
    return _plain(row[column])


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell.removeprefix("'")


def _split(cell: str, count: int) -> list[str]:
    parts = cell.split(_SEPARATOR)
    if len(parts) != count:
        raise Unclear(
            f"“{cell[:80]}” does not name one payer for each of {count} amounts, because a name holds a semicolon"
        )
    return [_plain(each) for each in parts]


def _sums(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Some amounts added up by currency, exactly, with the digits after the point that they have."""
    added: Counter[str] = Counter()
    digits: dict[str, int] = {}
    for amount, currency in lines:
        whole, _, minor = amount.partition(".")
        if digits.setdefault(currency, len(minor)) != len(minor):
            raise Unclear(f"the amounts in {currency} have different numbers of digits")
        added[currency] += int(f"{whole}{minor}")
    return {code: _pointed(minor, digits[code]) for code, minor in added.items()}


def _pointed(minor: int, digits: int) -> str:
    text = f"{minor:0{digits + 1}}"
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _nought(amount: str) -> str:
    return _pointed(0, len(amount.partition(".")[2]))
