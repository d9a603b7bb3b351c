"""The records as the readers of one edition may know them, and the codes in place of the rest."""

from collections.abc import Iterable
from functools import cached_property

from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Result
from custodiet.records import NONE, Sensitivity
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.wording import value_in_words


class Reader:
    """Every record that one edition shows, with the fields that it shows, and nothing else from the docket."""

    def __init__(self, disclosure: Disclosure) -> None:
        """Take what the edition discloses of an audit."""
        self.disclosure = disclosure
        self.audit = disclosure.audit
        self.everything = disclosure.everything
        self.public = disclosure.edition is Edition.PUBLIC
        self._all = disclosure.audit.view.facts
        self.types = self._all.types

    @cached_property
    def facts(self) -> Facts:
        """The facts that are left without everything withheld: a withheld field reads as unknown."""
        if self.everything:
            return self._all
        shown = [
            Record(
                record.type,
                record.id,
                {name: record.value(name) for name in record.values if self._opens(record, name)},
            )
            for definition in self.types.values()
            if not definition.derived
            for record in self._all.of(definition.name)
            if self.disclosure.shows_record(record)
        ]
        return Facts(shown, self.types, [each for each in self._all.vouched if not self.hides(each.type)])

    def hides(self, type_name: str) -> bool:
        """Whether a record of the type is withheld."""
        return not all(self.disclosure.shows_record(record) for record in self._all.of(type_name))

    def tells(self, type_names: Iterable[str]) -> bool:
        """Whether every record of these types is shown, with every field that is not about persons."""
        return not any(self.hides(name) for name in type_names)

    def shows(self, type_name: str, id_: str) -> bool:
        """Whether a record may be named by its id."""
        return self.disclosure.shows_record(self._all.find(type_name, id_))

    def say(self, record: Record, name: str) -> str:
        """The value of a field, in words, or the code printed in its place."""
        original = self._all.find(record.type, record.id)
        if not self._opens(original, name):
            return self.disclosure.withheld_field(record.type, name)
        return value_in_words(original.value(name))

    def text(self, record: Record, name: str) -> str:
        """The value of a field, in words; empty if it is none, or not a field of the edition."""
        return "" if not self._opens(record, name) or record.value(name) is NONE else value_in_words(record.value(name))

    def money(self, record: Record, name: str) -> Money | None:
        """The amount in a field; None if it has none, or may not be shown."""
        value = self.facts.find(record.type, record.id).value(name)
        return value if isinstance(value, Money) else None

    @cached_property
    def prepared_by(self) -> str:
        """Who recorded what the figures rest on."""
        authors = self.audit.view.authors
        people = {record.id for record in self._all.of("person")}
        named = [each if self.everything or each not in people else self.disclosure.payer(each) for each in authors]
        return ", ".join(dict.fromkeys(named)) or "not recorded"

    def results(self) -> tuple[Result, ...]:
        """The results that may be read one by one: all of them, or those that reveal no withheld record."""
        return tuple(
            result
            for result in self.audit.results
            if self.everything
            or (self.shows(result.type, result.record) and not self.disclosure.tells_sealed_result(result))
        )

    def _opens(self, record: Record, name: str) -> bool:
        if self.everything:
            return True
        field = self.types[record.type].field(name)
        return field.sensitivity is not Sensitivity.SEALED and self.disclosure.shows_value(
            self._all.find(record.type, record.id), field
        )
