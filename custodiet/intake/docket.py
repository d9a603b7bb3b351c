"""A docket: a folder with one case's records, described by its `docket.toml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from custodiet.base.currencies import CURRENCIES, meant_currency
from custodiet.base.dates import BeyondCalendar, Days
from custodiet.base.errors import Problem, Refused, Span, did_you_mean
from custodiet.base.files import read_file, read_toml, resolved
from custodiet.base.text import one_form, quoted, unprintable, written_out
from custodiet.ledger.as_of import Moment
from custodiet.records.definitions import Types, core_types, types_of_pack
from custodiet.records.facts import Vouched

FILE = "docket.toml"
LONGEST = 200
"""The most characters in a value: titles and names must fit on printed lines."""

_KEYS = {
    "title": "the name of the case",
    "pack": "the path of the pack, relative to this folder or absolute",
    "currency": "a currency of ISO 4217, such as EUR",
    "recorded_by": "who recorded these facts",
    "recorded_at": "when they were recorded: a date such as 2024-05-01, or a time such as 2024-05-01T12:00:00Z",
}
_COMPLETE = "complete"
_VOUCHED = "write a period and who vouches for it, such as 2024-01-01 .. 2024-04-30, vouched by the log officer"


@dataclass(frozen=True, slots=True)
class Docket:
    """One case's folder, and what its `docket.toml` says."""

    folder: Path
    title: str
    pack: Path
    """The pack's folder, resolved; not checked here."""
    currency: str
    recorded_by: str
    recorded_at: str
    """A date, or a time in UTC, as `Moment` writes it."""
    complete: tuple[Vouched, ...]
    types: Types
    """The record types that its pack defines, beside the program's own."""

    @property
    def ledger_folder(self) -> Path:
        """The folder of its ledger."""
        return self.inside(".custodiet")

    def inside(self, relative: str) -> Path:
        """The path of something in the docket; Refused if a link or a `..` leads out of its folder."""
        path = self.folder / relative
        place = _resolved(path)
        if not place.is_relative_to(_resolved(self.folder)):
            message = (
                f"{path} leads out of the docket, to {place}: every part of a docket but its pack must be inside its "
                "folder. Put the file itself there"
            )
            raise Refused(message)
        return path


def read_docket(folder: Path) -> Docket:
    """The docket in a folder. Raises Refused, with every problem of its `docket.toml`."""
    file = folder / FILE
    if not _resolved(file).is_relative_to(_resolved(folder)):
        message = f"{file} leads out of the docket. Put the file itself there"
        raise Refused(message)
    try:
        text = read_file(file).decode("utf-8-sig")
    except FileNotFoundError as missing:
        message = f"{folder} is not a docket: it has no {FILE}. `custodiet init` writes one"
        raise Refused(message) from missing
    except OSError as wrong:
        message = f"{file} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong
    except UnicodeDecodeError as wrong:
        message = f"{file} cannot be read: it is not UTF-8 text. Save it as UTF-8"
        raise Refused(message) from wrong
    return _Reader(folder, text).docket()


def _resolved(path: Path) -> Path:
    try:
        return resolved(path)
    except OSError as wrong:
        message = f"{path} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong


class _Reader:
    """Reads one docket.toml and collects all its problems."""

    def __init__(self, folder: Path, text: str) -> None:
        self._folder = folder
        self._lines = text.splitlines()
        self._problems: list[Problem] = []
        try:
            self._told: Mapping[str, object] = read_toml(text)
        except ValueError as wrong:
            self._told = {}
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(wrong))
            line, column = (int(place[1]), int(place[2])) if place else (max(1, len(self._lines)), 1)
            message = str(wrong).partition(" (at")[0]
            self._problem("syntax", message[:1].lower() + message[1:], self._span(line, column, 1))

    def docket(self) -> Docket:
        """The docket, or Refused with the problems."""
        if not self._problems:
            self._unknown_keys()
            self._blank_keys()
        currency = self._text("currency")
        if currency and currency not in CURRENCIES:
            what, hint = f"`{currency}` is not a currency", meant_currency(currency)
            self._problem("type", what, self._at("currency"), _KEYS["currency"], hint)
        pack = _resolved(self._folder / written_out(self._written("pack")))
        types = types_of_pack(pack) if self._written("pack") else core_types()
        docket = Docket(
            folder=self._folder,
            title=self._text("title"),
            pack=pack,
            currency=currency,
            recorded_by=self._text("recorded_by"),
            recorded_at=self._recorded_at(),
            complete=self._complete(types),
            types=types,
        )
        if self._problems:
            shown = "\n".join(problem.shown() for problem in self._problems)
            message = f"{self._folder / FILE} cannot be used\n{shown}"
            raise Refused(message, self._problems)
        return docket

    def _unknown_keys(self) -> None:
        known = (*_KEYS, _COMPLETE)
        for key in self._told:
            if key not in known:
                expected = f"a docket has: {', '.join(known)}"
                self._problem("name", f"unknown key `{key}`", self._at(key), expected, did_you_mean(key, known))

    def _blank_keys(self) -> None:
        for key, meaning in _KEYS.items():
            value = self._told.get(key)
            dated = key == "recorded_at" and isinstance(value, date)
            if key not in self._told:
                self._problem("name", f"`{key}` is missing", self._span(1, 1, 1), f"{key} = {meaning}")
            elif not dated and not (isinstance(value, str) and value.strip()):
                self._problem("type", f"`{key}` is not a text", self._at(key), f"{key} = {meaning}")
            elif isinstance(value, str):
                self._seen(key, value)

    def _seen(self, key: str, value: str) -> None:
        """Note a value with invisible characters, or too long for a line: it is printed with every answer."""
        if found := unprintable(value):
            self._problem("type", f"`{key}` contains {quoted(found)}, which is invisible", self._at(key), "delete it")
        elif len(value) > LONGEST:
            message = f"`{key}` has {len(value):,} characters, which is too long"
            self._problem("type", message, self._at(key), f"write at most {LONGEST} characters")

    def _text(self, key: str) -> str:
        return one_form(self._written(key))

    def _written(self, key: str) -> str:
        """A value as it is written: the name of a folder keeps the Unicode form that the disk has."""
        value = self._told.get(key)
        return value.strip() if isinstance(value, str) else ""

    def _recorded_at(self) -> str:
        value = self._told.get("recorded_at")
        text = value.isoformat() if isinstance(value, (date, datetime)) else self._text("recorded_at")
        try:
            return Moment.read(text).text if text else ""
        except ValueError as wrong:
            self._problem("type", str(wrong), self._at("recorded_at"))
            return ""

    def _complete(self, types: Types) -> tuple[Vouched, ...]:
        told = self._told.get(_COMPLETE, {})
        if not isinstance(told, dict):
            self._problem("type", "`complete` is not a section", self._at(_COMPLETE), '[complete]\nseat = "…"')
            return ()
        vouched: list[Vouched] = []
        registers = [definition.name for definition in types.values() if not definition.derived]
        for type_name, text in told.items():
            if type_name not in registers:
                hint = did_you_mean(type_name, registers)
                self._problem("name", f"no register is called `{type_name}`", self._at(type_name), hint=hint)
                continue
            written = one_form(text) if isinstance(text, str) else ""
            self._seen(type_name, written)
            try:
                vouched += vouched_periods(type_name, written)
            except ValueError as wrong:
                self._problem("period", str(wrong), self._at(type_name))
        return tuple(vouched)

    def _problem(self, kind: str, message: str, span: Span, expected: str = "", hint: str = "") -> None:
        self._problems.append(Problem(kind, message, span, expected, hint))

    def _at(self, key: str) -> Span:
        written = re.compile(rf"""\s*\[?\s*(["']?){re.escape(key)}\1\s*[=\].]""")
        for number, line in enumerate(self._lines, start=1):
            if written.match(line):
                return self._span(number, line.index(key) + 1, len(key))
        return self._span(1, 1, 1)

    def _span(self, line: int, column: int, length: int) -> Span:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return Span(str(self._folder / FILE), line, column, length, text)


def vouched_periods(type_name: str, text: str) -> list[Vouched]:
    """The periods for which a register is vouched complete, as `[complete]` writes them, separated by `;`.

    Whoever vouches for a period also vouches for those before it that name nobody. Raises ValueError, saying what to
    write instead.

    >>> [one] = vouched_periods("seat", "2024-01-01 .. , vouched by the unit's log officer")
    >>> str(one.during), one.by
    ('2024-01-01/..', "the unit's log officer")
    """
    vouched: list[Vouched] = []
    by = ""
    for part in reversed(text.split(";")):
        period, comma, voucher = part.partition(",")
        if comma:
            said = re.fullmatch(r"\s*vouched by (.*\S)\s*", voucher)
            by = said[1] if said else ""
        left, dots, right = period.partition("..")
        if not by or not dots:
            raise ValueError(_VOUCHED)
        try:
            first = Days.read(left.strip()).first if left.strip() else None
            last = Days.read(right.strip()).last if right.strip() else None
        except BeyondCalendar as wrong:
            message = f"{wrong}; leave an open end blank, such as 2024-01-01 .."
            raise ValueError(message) from wrong
        during = Days(first, last)
        if during.empty:
            message = f"the period {period.strip()} ends before it begins; write the earlier day first"
            raise ValueError(message)
        vouched.append(Vouched(type_name, during, by))
    return vouched[::-1]
