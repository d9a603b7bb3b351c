"""The record types that hold somewhere: the program's own, and those that the documents of a pack add."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType

from custodiet.base.errors import Problem, Refused, Span, did_you_mean
from custodiet.base.files import read_file
from custodiet.records.diagnostics import DEFINING
from custodiet.records.document import Added, DefinedField, Document, read_record, with_added
from custodiet.records.field import Field, Kind, RecordType, Sensitivity, with_article
from custodiet.records.kinds import written_kind

Types = Mapping[str, RecordType]

CORE = Path(__file__).parent / "core"
FOLDER = "records"
"""Where a pack has its record documents."""


@dataclass(frozen=True, slots=True)
class Defined:
    """The types with which a pack's policies are read, and what is wrong with its record documents."""

    types: Types
    problems: tuple[Problem, ...] = ()


@cache
def core_types() -> Types:
    """The record types that every pack has, from the documents in `records/core`."""
    documents = {str(file): read_file(file) for file in sorted(CORE.glob("*.md"))}
    defined = _Joining(MappingProxyType({})).join(documents)
    if defined.problems:
        raise Refused("the program's own record documents cannot be used", defined.problems)
    return defined.types


def types_with(documents: Mapping[str, bytes]) -> Defined:
    """The program's record types with those that some documents define, by their file names.

    >>> types_with({}).types is core_types()
    True
    """
    return _Joining(core_types()).join(documents) if documents else Defined(core_types())


def types_of_pack(folder: Path) -> Types:
    """The record types of the pack in a folder; the program's own where it has no record documents or is not there.

    Raises Refused, with every problem of its documents.
    """
    files = sorted((folder / FOLDER).glob("*.md"))
    try:
        defined = types_with({str(file): read_file(file) for file in files})
    except OSError as wrong:
        raise Refused(f"{wrong.filename} cannot be read: {wrong.strerror}") from wrong
    if defined.problems:
        raise Refused(f"the record types of {folder} cannot be used", defined.problems)
    return defined.types


def both(told: Types, law: Types) -> Types:
    """The types by which facts that were told under some definitions are decided by a law with others.

    A field that both define has the narrower class of readers. Raises Refused where they define one with different
    kinds, with both shown.

    >>> both(core_types(), core_types()) is core_types()
    True
    """
    if all(told.get(name) == definition for name, definition in law.items()):
        return told
    joined = dict(told)
    for name, definition in law.items():
        joined[name] = _one_of_both(told[name], definition) if name in told else definition
    _refuse_two_meanings(joined)
    return MappingProxyType(joined)


def _one_of_both(told: RecordType, law: RecordType) -> RecordType:
    """The law's definition, which has the sentences, with the fields that only the records know."""
    _refuse_otherwise(told, law)
    fields = tuple(
        replace(field, sensitivity=max(field.sensitivity, told.field(field.name).sensitivity, key=_NARROWNESS.index))
        if field.name in told.names
        else field
        for field in law.fields
    )
    more = [field for field in told.fields if field.name not in law.names]
    why = law.totals_only if law.totals_only is not None else told.totals_only
    return with_added(replace(law, fields=fields, totals_only=why), more)


_NARROWNESS = tuple(Sensitivity)
"""The classes, from the widest to the narrowest."""


def _refuse_otherwise(told: RecordType, law: RecordType) -> None:
    for field in law.fields:
        before = told.field(field.name) if field.name in told.names else field
        if written_kind(before) != written_kind(field):
            raise Refused(
                f"{told.name}.{field.name} is `{written_kind(before)}` in the records and `{written_kind(field)}` in the "
                "pack; use a pack that defines it as the records do, or a field of another name"
            )
    if (told.dated_by, told.dated_through) != (law.dated_by, law.dated_through):
        raise Refused(
            f"{told.name} is dated by {_dates(told)} in the records and by {_dates(law)} in the pack; use a pack that "
            "defines it as the records do, or a type of another name"
        )


def _dates(definition: RecordType) -> str:
    names = definition.dated_by or ((definition.dated_through,) if definition.dated_through else ("nothing",))
    return " .. ".join(names)


def _refuse_two_meanings(types: Types) -> None:
    for above, name, _ in _taken(types):
        raise Refused(
            f"from {with_article(above)}, `{name}` would mean one thing in the records and another in the pack; name one "
            "of the two ways back otherwise in its record document (`back as …`)"
        )


def _taken(types: Types) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Each name that has two meanings from a type, with the reference (its type and name) that gives it the second."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for child in types.values():
        for reference in child.fields:
            if reference.kind is not Kind.REFERENCE or reference.refers_to not in types:
                continue
            name = reference.back or child.name
            this = (child.name, reference.name)
            other = seen.setdefault((reference.refers_to, name), this)
            if other != this or name in types[reference.refers_to].names:
                yield reference.refers_to, name, this


def is_defined(types: Types, type_name: str, field: str) -> bool:
    """Whether a record type has a field.

    >>> is_defined(core_types(), "leg", "purpose"), is_defined(core_types(), "leg", "weather")
    (True, False)
    """
    return type_name in types and field in types[type_name].names


class _Joining:
    """Documents on their way into the types that are there before them."""

    def __init__(self, before: Types) -> None:
        self._before = before
        self._types = dict(before)
        self._problems: list[Problem] = []
        self._places: dict[tuple[str, str], DefinedField] = {}
        """Where each field is defined that these documents define."""

    def join(self, documents: Mapping[str, bytes]) -> Defined:
        read = [self._read(file, content) for file, content in documents.items()]
        for file, document in zip(documents, read, strict=True):
            self._define(file, document)
        for document in read:
            for added in document.added:
                self._add(added)
        self._check_references()
        self._check_derived(read)
        ordered = sorted(self._problems, key=lambda each: (each.span.file, each.span.line, each.span.column))
        return Defined(MappingProxyType(self._types), tuple(ordered))

    def _say(self, code: str, place: Span, hint: str = "", **facts: str) -> None:
        self._problems.append(DEFINING[code].at(place, (), hint, **facts))

    def _read(self, file: str, content: bytes) -> Document:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as wrong:
            self._say("record_not_text", Span(file, content[: wrong.start].count(b"\n") + 1))
            return Document(None, (), {}, (), ())
        document = read_record(text, file)
        self._problems += document.problems
        return document

    def _define(self, file: str, document: Document) -> None:
        defined = document.defines
        if defined is None or not defined.name:
            return
        place, stem = document.places["record"], PurePath(file).stem
        if defined.name in self._before:
            self._say("record_shadows", place, found=defined.name)
            return
        if defined.name != stem:
            self._say("record_file", place, found=defined.name, file=f"{stem}.md")
        self._types[defined.name] = defined
        self._places |= {(defined.name, each.field.name): each for each in document.fields}

    def _add(self, added: Added) -> None:
        known = [name for name, definition in self._types.items() if definition.derived is None]
        target = self._types.get(added.to)
        if target is None:
            hint = did_you_mean(added.to, known)
            self._say("added_to", added.place, hint, found=added.to, wanted="name a record type that is entered")
            return
        if target.derived is not None:
            self._say("added_to_made", added.place, found=added.to)
            return
        fields = []
        for each in added.fields:
            field = each.field if each.field.held_by else replace(each.field, held_by=target.held_by)
            if field.name in target.names:
                there = target.field(field.name)
                self._say(
                    "field_taken", each.name, record=with_article(added.to), found=field.name,
                    kind=f"`{written_kind(there)}`", readers=there.sensitivity.value,
                )  # fmt: skip
            elif is_sealed(target) and field.sensitivity is not Sensitivity.SEALED:
                self._say("class_widens", each.name, found=field.name, readers=field.sensitivity.value)
            else:
                fields.append(field)
                self._places[added.to, field.name] = each
        self._types[added.to] = with_added(target, fields)

    def _check_references(self) -> None:
        """What a field names must be there: a record type, a field for credits, a way back of its own."""
        for (name, _), each in self._places.items():
            field = each.field
            if field.kind is Kind.REFERENCE and field.refers_to not in self._types:
                hint = did_you_mean(field.refers_to, (*_KINDS, *self._types))
                self._say("kind_unknown", each.kind, hint, part=field.refers_to)
            if field.credit_in and not self._is_money(name, field.credit_in):
                self._say("kind_credit", each.kind, part=field.credit_in)
        for above, name, reference in _taken(self._types):
            if reference in self._places:
                wanted = f"{reference[0]}_{reference[1]}"
                record = with_article(above)
                self._say("back_taken", self._places[reference].kind, record=record, found=name, wanted=wanted)

    def _is_money(self, type_name: str, name: str) -> bool:
        definition = self._types[type_name]
        return name in definition.names and definition.field(name).kind is Kind.MONEY

    def _check_derived(self, documents: Sequence[Document]) -> None:
        for document in documents:
            if (
                document.defines is not None
                and document.defines.derived is not None
                and not self._made(document.defines)
            ):
                self._say("made", document.places["made"])

    def _made(self, definition: RecordType) -> bool:
        """Whether a derived type is made of a reference to a record with a first and a last day, and of a date."""
        derived = definition.derived
        if derived is None or not {derived.days_of, derived.on} <= set(definition.names):
            return False
        above = self._types.get(definition.field(derived.days_of).refers_to)
        return above is not None and bool(above.dated_by) and definition.field(derived.on).kind is Kind.DATE


_KINDS = ("yes or no", "text", "prose", "money", "date", "number")


def is_sealed(definition: RecordType) -> bool:
    """Whether the records of a type are sealed as such: of their own fields not one is for anybody else.

    >>> [name for name, definition in core_types().items() if is_sealed(definition)]
    ['entitlement', 'threat_assessment']
    """
    own: list[Field] = [field for field in definition.fields if field.name not in ("basis", "recorded_on")]
    return definition.derived is None and {field.sensitivity for field in own} == {Sensitivity.SEALED}
