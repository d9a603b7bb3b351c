"""A record document: the definition of a record type, and the fields that it adds to others.

The head says what the record is, who keeps it and what dates it; the table under it has a row a field; a heading
`## Added to leg` with such a table adds fields to another type. All else is commentary. What a document does not say is
narrow: a field is internal, and the public sees totals only (DESIGN §3.14). Every record carries `basis` and
`recorded_on`, which no document writes down.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.head import Head, has_head, read_head
from custodiet.base.source import Source, lines_of
from custodiet.records.diagnostics import DEFINING
from custodiet.records.field import Derived, Field, Kind, RecordType, Sensitivity
from custodiet.records.kinds import WrongKind, with_kind

COLUMNS = ("field", "kind", "says", "held by", "who may read")
COLUMNS_NEEDED = COLUMNS[:3]
HEAD_NEEDED = ("record", "is", "held by")
HEAD_KEYS = (*HEAD_NEEDED, "called", "dated by", "longest", "made", "public", "basis")
ADDED = re.compile(r"##\s+Added to\s+(\S+)\s*")
TOTALS, EACH = "totals only", "each record"
BASES = ("log written at the time", "written later", "rebuilt from papers", "statement only")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_WORDS = frozenset(("and", "or", "not", "in", "is", "none", "unknown", "yes", "no"))
"""Words of the policy language."""
_NO_RECORD = _WORDS | {"amendment", "exhibit", "definitions"}
_NO_FIELD = _WORDS | {"id", "source", "basis", "recorded_on"}
"""Names that mean something else in a table."""
_MADE = re.compile(r"one for each day of (?P<above>\w+), on (?P<on>\w+)(?:, with (?P<sets>\w+(?:, \w+)*))?")


@dataclass(frozen=True, slots=True)
class DefinedField:
    """A field with the places in its document that problems point to."""

    field: Field
    name: Span
    kind: Span


@dataclass(frozen=True, slots=True)
class Added:
    """Fields that a document adds to a type of another one."""

    to: str
    place: Span
    fields: tuple[DefinedField, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What one record document says."""

    defines: RecordType | None
    """None for a document that adds fields alone."""
    fields: tuple[DefinedField, ...]
    places: dict[str, Span]
    """Where the head says what, by its keys."""
    added: tuple[Added, ...]
    problems: tuple[Problem, ...]


def read_record(text: str, file: str) -> Document:
    """Read a record document by itself; all its problems come back together.

    >>> head = ["---", "record: stay", "is: a stay", "held by: the unit", "---", "| field | kind | says |"]
    >>> table = ["|---|---|---|", "| nights | nights, whole, at least 1 | How many nights. |"]
    >>> document = read_record(chr(10).join(head + table), "stay.md")
    >>> [(field.name, field.sensitivity.value) for field in document.defines.fields][:2]
    [('nights', 'internal'), ('basis', 'public')]
    """
    return _Reader(lines_of(text), file).document()


def known_how(held_by: str) -> tuple[Field, ...]:
    """The two fields every record carries: how we know of it, and when that was written down."""
    return (
        Field("basis", Kind.LIST, "How we know of this record.", held_by, Sensitivity.PUBLIC, values=BASES),
        Field(
            "recorded_on", Kind.DATE, "The day the log line or paper was written, as the source says.", held_by,
            Sensitivity.PUBLIC,
        ),
    )  # fmt: skip


@dataclass(slots=True)
class _FieldTable:
    """The lines of a table of fields, and the type that they are added to; empty for the document's own."""

    to: str
    place: Span
    rows: list[int]


class _Reader:
    """One document on its way to becoming a definition."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.source = Source(lines, file, DEFINING)
        self.source.say_unseen()

    def document(self) -> Document:
        tables = self._tables()
        added = tuple(self._added(table) for table in tables if table.to)
        if added and not has_head(self.source):
            return Document(None, (), {}, added, tuple(self.source.problems))
        head = read_head(self.source, HEAD_KEYS, HEAD_NEEDED)
        own = [number for table in tables if not table.to for number in table.rows]
        if head is None:
            return Document(None, (), {}, added, tuple(self.source.problems))
        held_by = head.word("held by")
        fields = self._fields(own, held_by)
        if not fields and not self.source.problems:
            self.source.say("record_without_fields", self.source.line(1, 1, 3), known=_in_words(COLUMNS))
        places = {key: span for key, (_, span) in head.said.items()}
        defined = self._record(head, tuple(each.field for each in fields))
        return Document(defined, fields, places, added, tuple(self.source.problems))

    def _added(self, table: "_FieldTable") -> Added:
        before = len(self.source.problems)
        fields = self._fields(table.rows, "")
        if not fields and len(self.source.problems) == before:
            self.source.say("record_without_fields", table.place, known=_in_words(COLUMNS))
        return Added(table.to, table.place, fields)

    # The head

    def _record(self, head: Head, own: tuple[Field, ...]) -> RecordType:
        name, held_by = head.word("record"), head.word("held by")
        if "record" in head.said and (not _NAME.fullmatch(name) or name in _NO_RECORD):
            self.source.say("record_name", head.place("record"), found=name, wanted=_name_wanted(name, _NO_RECORD))
            name = ""
        made = self._made(head)
        if head.word("basis", "not kept") != "not kept":
            self.source.say("basis", head.place("basis"))
        carries = () if "basis" in head.said or made is not None else known_how(held_by)
        singular, plural = self._called(head)
        dated_by, dated_through = self._dated(head, own)
        return RecordType(
            name, _sentence(head.word("is")), held_by, (*own, *carries), dated_by, dated_through,
            self._longest(head, dated_by), made, self._totals_only(head), singular, plural,
        )  # fmt: skip

    def _called(self, head: Head) -> tuple[str, str]:
        singular, comma, plural = (part.strip() for part in head.word("called").partition(","))
        if "called" in head.said and not (singular and comma and plural and "," not in plural):
            self.source.say("called", head.place("called"))
        return singular, plural

    def _dated(self, head: Head, own: Sequence[Field]) -> tuple[tuple[str, ...], str]:
        written = head.word("dated by")
        if not written:
            return (), ""
        through = written.removeprefix("that of ").strip() if written.startswith("that of ") else ""
        names = () if through else tuple(each.strip() for each in written.split(".."))
        wanted = (through,) if through else names
        kind = Kind.REFERENCE if through else Kind.DATE
        known = [each.name for each in own if each.kind is kind]
        if not own:
            return (), ""  # That is said already.
        wrong = next((each for each in wanted if each not in known), None)
        if wrong is not None or len(names) > 2:  # noqa: PLR2004 - the first and the last
            found = written if wrong is None else wrong
            self.source.say("dated_by", head.place("dated by"), did_you_mean(found, known), found=found)
            return (), ""
        return names, through

    def _longest(self, head: Head, dated_by: Sequence[str]) -> int | None:
        if "longest" not in head.said:
            return None
        days = re.fullmatch(r"([1-9][0-9]{0,5}) days", head.word("longest"))
        if days is None or len(dated_by) != 2:  # noqa: PLR2004 - the first and the last
            self.source.say("longest", head.place("longest"))
            return None
        return int(days[1])

    def _made(self, head: Head) -> Derived | None:
        if "made" not in head.said:
            return None
        made = _MADE.fullmatch(head.word("made"))
        if made is None:
            self.source.say("made", head.place("made"))
            return None
        sets = tuple(each.strip() for each in (made["sets"] or "").split(",") if each.strip())
        return Derived(days_of=made["above"], on=made["on"], sets=sets)

    def _totals_only(self, head: Head) -> str | None:
        """Why the public sees no single record; empty for no reason given, None where it sees each."""
        said, _, why = (part.strip() for part in head.word("public", TOTALS).partition(";"))
        if said == EACH and not why:
            return None
        if said != TOTALS:
            self.source.say("public", head.place("public"))
        return why

    # The tables

    def _tables(self) -> "list[_FieldTable]":
        """The tables of fields, in order; another table is commentary."""
        found: list[_FieldTable] = []
        section = _FieldTable("", self.source.line(1, 1, 3), [])
        inside = False
        for number, line in enumerate(self.source.lines, start=1):
            if line.startswith("#") and not line.startswith("###"):
                added = ADDED.fullmatch(line)
                to = added[1] if added else ""
                section = _FieldTable(to, self.source.line(number, line.index(to) + 1, len(to)), [])
                found += [section] if to else []
            if not line.startswith("|"):
                inside = False
            elif inside or self.source.cells(number)[0][0] == COLUMNS[0]:
                inside = True
                section.rows.append(number)
                found += [section] if section not in found else []
        return found

    def _fields(self, rows: Sequence[int], held_by: str) -> tuple[DefinedField, ...]:
        fields: dict[str, DefinedField] = {}
        columns: list[str] = []
        for number in rows:
            cells = self.source.cells(number)
            if cells[0][0] == COLUMNS[0]:
                columns = self._columns(cells)
            elif set("".join(text for text, _ in cells)) <= set("-: "):
                continue
            elif len(cells) != len(columns):
                known = _in_words(columns)
                self.source.say("row_width", self.source.whole(number), found=str(len(cells)), known=known)
            elif defined := self._field(dict(zip(columns, cells, strict=True)), held_by):
                if defined.field.name in fields:
                    self.source.say("field_twice", defined.name, found=defined.field.name)
                fields.setdefault(defined.field.name, defined)
        return tuple(fields.values())

    def _columns(self, cells: Sequence[tuple[str, Span]]) -> list[str]:
        names = [text for text, _ in cells]
        for text, place in cells:
            if text not in COLUMNS:
                self.source.say("column", place, did_you_mean(text, COLUMNS), found=text, known=_in_words(COLUMNS))
        missing = [name for name in COLUMNS_NEEDED if name not in names]
        if missing:
            self.source.say("column_missing", cells[0][1], found=_in_words(missing))
        return names

    def _field(self, cells: dict[str, tuple[str, Span]], held_by: str) -> DefinedField | None:
        blank = "", self.source.line(1)
        written, place = cells[COLUMNS[0]]
        name = written.strip("`")
        if not _NAME.fullmatch(name) or name in _NO_FIELD:
            self.source.say("field_name", place, found=name, wanted=_name_wanted(name, _NO_FIELD))
            return None
        kind, kind_place = cells.get("kind", blank)
        says = cells.get("says", blank)[0]
        if "says" in cells and not says:
            self.source.say("says_nothing", place, found=name)
        held = cells.get("held by", blank)[0] or held_by
        unread = Field(name, Kind.TEXT, says, held, self._readers(*cells.get("who may read", blank)))
        try:
            return DefinedField(with_kind(unread, kind), place, kind_place)
        except WrongKind as wrong:
            self.source.say(wrong.code, kind_place, field=name, part=wrong.part)
            return None

    def _readers(self, said: str, place: Span) -> Sensitivity:
        said = said or Sensitivity.INTERNAL.value
        classes = [each.value for each in Sensitivity]
        if said not in classes:
            wanted = f"write {_in_words(classes, 'or')}; a blank cell is internal"
            self.source.say("who_may_read", place, did_you_mean(said, classes), found=said, wanted=wanted)
            return Sensitivity.INTERNAL
        return Sensitivity(said)


def _sentence(said: str) -> str:
    """What the head says of the record, as a sentence.

    >>> _sentence("one driver's time for one person over a period")
    "One driver's time for one person over a period."
    """
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith('.') else '.'}" if said else ""


def _name_wanted(name: str, kept: frozenset[str]) -> str:
    if name in kept:
        return f"choose another name; `{name}` means something else in a table or a policy"
    made = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
    write = f", such as `{made}`" if _NAME.fullmatch(made) else ""
    return f"write lower-case letters, digits and _, a letter first{write}"


def _in_words(names: Sequence[str], last: str = "and") -> str:
    """Names in a sentence, each in marks.

    >>> _in_words(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    *front, end = (f"`{name}`" for name in names)
    return f"{', '.join(front)} {last} {end}" if front else end


def with_added(definition: RecordType, fields: Sequence[Field]) -> RecordType:
    """A type with fields added before the two that every record carries."""
    carried = [each for each in definition.fields if each.name in ("basis", "recorded_on")]
    own = [each for each in definition.fields if each not in carried]
    return replace(definition, fields=(*own, *fields, *carried))
