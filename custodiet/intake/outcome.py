"""What an import did: what was added and amended, and everything that a person should look at."""

from dataclasses import dataclass, field

from custodiet.ledger.entry import SetAside, Table


@dataclass(frozen=True, slots=True)
class Vanished:
    """A row that an earlier version of a file held and the present one does not; what it told stays."""

    file: str
    id: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of one import. What was set aside or vanished is told again by every import, until it is mended."""

    added: int
    """Rows with a new id."""
    amended: int
    """Fields that were amended, by a changed table or by amendments.csv."""
    unchanged: int
    """Rows of tables, and amendments, that the ledger held already, as they are; exhibits are not among them."""
    exhibits: int
    """Exhibits of exhibits.csv that were newly kept."""
    set_aside: tuple[SetAside, ...]
    vanished: tuple[Vanished, ...]
    notes: tuple[str, ...]
    """Files that were not read, and columns that are no longer told."""
    altered: tuple[str, ...]
    """Exhibits that are not the file whose hash exhibits.csv states, by name."""

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
        """Tell what a file holds that cannot be read, and what it held before and does not hold now."""
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
