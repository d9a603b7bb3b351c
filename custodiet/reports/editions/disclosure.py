"""Three editions of one audit: who may read which field, and the code in place of what is withheld.

An edition shows the fields of an allow-list made from their definitions (DESIGN §3.9) and withholds all others. From
the public, more is withheld, whatever the fields say (DESIGN §3.13): everything on a trip whose delay is not over, and
single records from which officers, vehicles or protected persons could be counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from custodiet.audit.context import NO_TRIP, TRIP_UNKNOWN, trip_of
from custodiet.audit.run import Audit
from custodiet.base.dates import Days, shifted
from custodiet.policy.evaluation.result import Result, path_of
from custodiet.policy.packs.withholding import (
    DELAY,
    FILE,
    PAPERS,
    PERSONS,
    SINGLE,
    Withholding,
    WithholdingTable,
    read_withholding,
)
from custodiet.records import Field, RecordType, Sensitivity, Types
from custodiet.records.document import known_how
from custodiet.records.record import Record
from custodiet.reports.editions.sealed import sealed_policies, sealed_types


class Edition(Enum):
    """What one circle of readers may see."""

    INTERNAL = "internal"
    """The inspector and the unit."""
    RESPONDENT = "respondent"
    """The people concerned."""
    PUBLIC = "public"
    """Anyone."""


_CLASSES = {
    Edition.INTERNAL: frozenset(Sensitivity),
    Edition.RESPONDENT: frozenset({Sensitivity.PUBLIC, Sensitivity.RESPONDENT}),
    Edition.PUBLIC: frozenset({Sensitivity.PUBLIC}),
}

WRITTEN = "recorded_on"
"""The field of every record that says when it was written."""

_FOLLOWS = frozenset(field.name for field in known_how(""))
"""The basis of a record says nothing by itself: it is shown with another field or not at all."""


def allow_list(edition: Edition, types: Types) -> frozenset[tuple[str, str]]:
    """The fields that an edition may show, as type and name; made from the fields' own definitions.

    The day a record was written is as sensitive as the record's own dates, since it is close to them.

    >>> from custodiet.records import core_types
    >>> respondent, public = (allow_list(edition, core_types()) for edition in (Edition.RESPONDENT, Edition.PUBLIC))
    >>> ("voucher", "paid") in respondent, ("voucher", "paid") in public
    (True, False)
    >>> [field for type_name, field in public if type_name == "leg"]
    []
    >>> ("trip", "recorded_on") in public, ("order", "recorded_on") in public
    (False, True)
    """
    return frozenset(
        (definition.name, field.name)
        for definition in types.values()
        if edition is not Edition.PUBLIC or definition.totals_only is None
        for shown in ([field for field in definition.fields if _shows(edition, definition, field, types)],)
        if edition is Edition.INTERNAL or not _FOLLOWS.issuperset(field.name for field in shown)
        for field in shown
    )


def _shows(edition: Edition, definition: RecordType, field: Field, types: Types) -> bool:
    """Whether an edition may show a field; the day of writing only where it may show the record's dates."""
    shown = {field.sensitivity} if field.name != WRITTEN else {field.sensitivity, *_dates(definition, types)}
    return shown <= _CLASSES[edition]


def _dates(definition: RecordType, types: Types) -> Iterator[Sensitivity]:
    """The classes of the fields that say when the subject of a record happened."""
    for name in definition.dated_by:
        yield definition.field(name).sensitivity
    if definition.dated_through:
        yield from _dates(types[definition.field(definition.dated_through).refers_to], types)


NO_LAW = "no law stated"
"""Printed in place of a code for which the pack has no row."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """One kind of thing that an edition leaves out, and the row of the withholding table that says why."""

    code: str
    what: str
    row: Withholding | None
    """None if the pack states no law for it."""


class Disclosure:
    """What one edition discloses of one audit."""

    def __init__(self, audit: Audit, edition: Edition) -> None:
        """Read the pack's withholding table, and decide by the state that was audited."""
        self.audit = audit
        self.edition = edition
        self._facts = audit.view.facts
        self._allowed = allow_list(edition, audit.view.facts.types)
        if edition is Edition.PUBLIC:
            # What was not public when it was recorded stays so, whatever the definition of today says.
            self._allowed -= audit.view.committed
        self._shown_types = frozenset(type_name for type_name, _ in self._allowed)

    @cached_property
    def table(self) -> WithholdingTable:
        """The pack's withholding table; an empty one if it has none."""
        files = {file.path: file.content for file in self.audit.pack.files}
        return (
            read_withholding(files.get(FILE, b""), FILE, self.audit.pack.types)[0]
            if FILE in files
            else WithholdingTable()
        )

    # --- what may be shown

    @property
    def everything(self) -> bool:
        """Whether nothing is withheld."""
        return self.edition is Edition.INTERNAL

    def shows_field(self, type_name: str, field: str) -> bool:
        """Whether a field is on the edition's allow-list."""
        return (type_name, field) in self._allowed

    def shows_type(self, type_name: str) -> bool:
        """Whether any field of a type is."""
        return type_name in self._shown_types

    def shows_record(self, record: Record) -> bool:
        """Whether a record may be shown by its id, with the fields that the edition may show."""
        if self.everything:
            return True
        if not self.shows_type(record.type):
            return False
        if record.type == "person" and record.value("elected") is not True:
            return False
        named = [
            str(record.value(field.name))
            for field in self._facts.types[record.type].fields
            if field.refers_to == "person" and field.sensitivity is Sensitivity.PUBLIC
        ]
        return self.released(record) and all(self.may_name(id_) for id_ in named if self._is_person(id_))

    def shows_value(self, record: Record, field: Field) -> bool:
        """Whether one field of a shown record may be opened; not if it names somebody who may not be named."""
        if self.everything:
            return True
        target = record.value(field.name)
        hidden = field.refers_to == "person" and isinstance(target, str) and not self.may_name(target)
        return self.shows_field(record.type, field.name) and not hidden

    def may_name(self, person: str) -> bool:
        """Whether a person may be shown by their id: not a minor (unknown age counts), nor if the id is a name."""
        record = self._facts.find("person", person)
        grown = record.value("minor") is False or record.value("elected") is True
        post = record.value("post")
        name = record.value("name")
        parts = {part.casefold() for part in name.replace("-", " ").split()} if isinstance(name, str) else set()
        within = any(len(part) > 2 and part in person.casefold() for part in parts)  # noqa: PLR2004 - not an initial
        return (grown or isinstance(post, str)) and not within

    def payer(self, payer: str) -> str:
        """A payer as these readers may know them; the public knows bodies and elected officials."""
        if self.everything or path_of(payer) or payer in self._bodies:
            return payer
        elected = self._facts.find("person", payer).value("elected") is True
        if self.may_name(payer) and (elected or self.edition is not Edition.PUBLIC):
            return payer
        return self.withheld(PERSONS)

    def released(self, record: Record) -> bool:
        """Whether the delay of a record's trip is over, counted to the time of recording, never to the clock."""
        if self.edition is not Edition.PUBLIC or not self.is_movement(record.type):
            return True
        trip = record.id if record.type == "trip" else trip_of(self._facts, record)
        if trip == TRIP_UNKNOWN:
            return False
        over = record if trip == NO_TRIP else self._facts.find("trip", trip)
        ended, recorded = self._ended(over), self.audit.view.as_of.recorded_on
        if ended is None or ended.last is None or recorded is None:
            return False
        return shifted(ended.last, self.table.delay_days) <= recorded

    def tells_sealed(self, policy: str) -> bool:
        """Whether a policy's answers would reveal a sealed fact to these readers."""
        return not self.everything and policy in self._sealed_policies

    def tells_sealed_result(self, result: Result) -> bool:
        """Whether this answer was read from a sealed fact, or depends on one."""
        if self.everything:
            return False
        if self.edition is Edition.PUBLIC:
            return self.tells_sealed(result.policy)
        facts = [(fact.record, fact.field) for facts in (result.read, result.missing) for fact in facts]
        return any(self.is_sealed(self.audit.type_of(record), field) for record, field in facts)

    def is_sealed(self, type_name: str, field: str) -> bool:
        """Whether a field, or a register, is known only to named readers."""
        definition = self._facts.types.get(type_name)
        if type_name in self._sealed_types or field in self._sealed_types:
            return True
        known = definition is not None and field in definition.names
        return definition is not None and known and definition.field(field).sensitivity is Sensitivity.SEALED

    def character(self, character: str) -> str:
        """The character of a trip as these readers may know it: not where it was concluded from a sealed fact."""
        giver = next((each for each in self.audit.pack.policies if each.gives == ("trip", "character")), None)
        return self.withheld("sealed") if giver is not None and self.tells_sealed(giver.name) else character

    # --- what is printed in its place

    def withheld(self, cause: str, *particular: str) -> str:
        """The code to print in place of something: that of its class in the withholding table, or a narrower one."""
        row = self.table.of(*particular, cause)
        return f"[withheld: {row.code if row is not None else NO_LAW}]"

    def withheld_field(self, type_name: str, field: str) -> str:
        """The code to print in place of a field."""
        definition = self._facts.types.get(type_name)
        known = definition is not None and field in definition.names
        sensitivity = definition.field(field).sensitivity if definition is not None and known else Sensitivity.INTERNAL
        return self.withheld(sensitivity.value, f"{type_name}.{field}", type_name)

    @property
    def codes(self) -> tuple[Withheld, ...]:
        """The kinds of everything this edition leaves out, whether or not the page has a place for it."""
        if self.everything:
            return ()
        kinds = {
            sensitivity.value: f"fields of the class {sensitivity.value}"
            for sensitivity in Sensitivity
            if sensitivity not in _CLASSES[self.edition]
        }
        kinds |= {PERSONS: "persons whom these readers may not know by name", PAPERS: "the exhibits"}
        if self.edition is Edition.PUBLIC:
            # Their number is withheld too: it would reveal how much somebody travelled recently.
            kinds[DELAY] = (
                f"trips that ended less than {self.table.delay_days} days before the last recording, or whose end is "
                "unknown, with everything on them"
            )
            kinds[SINGLE] = "single records that the public sees only in sums"
        found = []
        for cause, what in kinds.items():
            row = self.table.of(cause)
            found.append(Withheld(row.code if row is not None else NO_LAW, what, row))
        return tuple(found)

    def is_movement(self, type_name: str) -> bool:
        """Whether records of a type are about a trip, or about what the public sees only in sums."""
        definition = self._facts.types[type_name]
        return (
            type_name == "trip"
            or definition.totals_only is not None
            or any(field.refers_to in ("trip", "leg") for field in definition.fields)
        )

    def _ended(self, record: Record) -> Days | None:
        """The days on which a record can have ended; None if nobody knows."""
        definition = self._facts.types[record.type]
        if definition.dated_through:
            above = self._facts.up(record, definition.field(definition.dated_through))
            return None if above is None else self._ended(above)
        value = record.value(definition.dated_by[-1]) if definition.dated_by else None
        return value if isinstance(value, Days) else None

    @cached_property
    def _sealed_types(self) -> frozenset[str]:
        return sealed_types(self._facts.types)

    @cached_property
    def _sealed_policies(self) -> frozenset[str]:
        return sealed_policies(self.audit.pack, self._facts.types)

    @cached_property
    def _bodies(self) -> frozenset[str]:
        """The bodies that the pack's rules name as payers."""
        return frozenset(
            payer.body
            for policy in self.audit.pack.policies
            for version in policy.versions
            for share in version.owes or ()
            for payer in (share.payer, share.liable)
            if payer is not None and payer.path is None
        )

    def _is_person(self, id_: str) -> bool:
        return self.audit.type_of(id_) == "person"
