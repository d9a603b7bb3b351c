"""The outcome of an import: what was added and amended, and everything that a person should look at."""

from dataclasses import dataclass, field

from custodiet.ledger.entry import SetAside, Table


@dataclass(frozen=True, slots=True)
class Vanished:
    """A row that an earlier version of a file had and the present one does not; it stays recorded."""

    file: str
    id: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of one import; rows set aside or vanished are reported by every import until they are mended."""

    added: int
    """Rows with a new id."""
    amended: int
    """Fields that were amended, by a changed table or by amendments.csv."""
    unchanged: int
    """Rows of tables, and amendments, that the ledger already held unchanged; exhibits are not counted."""
    exhibits: int
    """Exhibits of exhibits.csv that were newly kept."""
    set_aside: tuple[SetAside, ...]
    vanished: tuple[Vanished, ...]
    notes: tuple[str, ...]
    """Files that were not read, and columns that are gone."""
    altered: tuple[str, ...]
    """The names of exhibits that do not have the hash that exhibits.csv states."""

    @property
    def rows_set_aside(self) -> int:
        """How many rows could not be read; a row with two wrong cells counts once."""
        return sum(each.rows for each in self.set_aside)


@dataclass(slots=True)
class Tally:
    """The outcome while it grows."""

    added: int = 0
    amended: int = 0
    unchanged: int = 0
    exhibits: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    vanished: list[Vanished] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)

    def tell_wrong(self, table: Table) -> None:
        """Add the rows of a file that cannot be read, and those that it had before and no longer has."""
        self.set_aside += table.set_aside
        self.vanished += [Vanished(table.file, id_) for id_ in table.vanished]

    def closed(self) -> Imported:
        """The outcome at the end."""
        return Imported(
            added=self.added,
            amended=self.amended,
            unchanged=self.unchanged,
            exhibits=self.exhibits,
            set_aside=tuple(self.set_aside),
            vanished=tuple(self.vanished),
            notes=tuple(self.notes),
            altered=tuple(self.altered),
        )
