"""A docket of all record types with a word planted in every field that is not public, and a search for these words."""

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import duckdb

from custodiet.cli.main import main
from custodiet.records import Field, Kind, RecordType, Sensitivity
from tests.house import ROOT, every_type
from tests.once import once

PACK = ROOT / "packs" / "model-code"
KINDS_PLANTED = (Kind.TEXT, Kind.MONEY, Kind.DATE, Kind.NUMBER, Kind.REFERENCE)
TRIPS = ("T1", "T2")
ASIDE = 1
"""The exit code of its audit: one row is set aside, by design, and everything else is read."""


def _dates_not_in_the_pack() -> Iterator[date]:
    law = "".join(path.read_text(encoding="utf-8") for path in PACK.rglob("*.md"))
    day = date(2021, 1, 1)
    while True:
        if day.isoformat() not in law:
            yield day
        day += timedelta(days=1)


@dataclass
class Canaries:
    """The words that were planted: each with the field it stands in, by the field's class."""

    planted: dict[str, tuple[Sensitivity, str]] = field(default_factory=dict)
    _dates: Iterator[date] = field(default_factory=_dates_not_in_the_pack)

    def plant(self, sensitivity: Sensitivity, where: str, word: str) -> str:
        self.planted[word] = (sensitivity, where)
        return word

    def next_date(self) -> str:
        return next(self._dates).isoformat()

    def of(self, *sensitivities: Sensitivity) -> set[str]:
        return {word for word, (sensitivity, _) in self.planted.items() if sensitivity in sensitivities}


def write_docket(folder: Path) -> Canaries:
    """Write the docket; two records of each type, three persons, and two trips that are not over long enough."""
    canaries = Canaries()
    (folder / "records").mkdir(parents=True)
    # Its findings are words planted in every field, which no procedure would let anybody make or publish.
    pack = folder.parent / "model-code"
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("procedure.csv"), dirs_exist_ok=True)
    (folder / "docket.toml").write_text(
        f'title = "Planted"\npack = "{pack}"\ncurrency = "EUR"\nrecorded_by = "inspector-01"\n'
        'recorded_at = "2026-06-01"\n',
        encoding="utf-8",
    )
    (folder / "salt.key").write_text("cd" * 32 + "\n", encoding="ascii")
    for definition in every_type().values():
        if not definition.derived:
            _write_table(folder, definition, canaries)
    _write_exhibit(folder, canaries)
    _write_amendments(folder, canaries)
    return canaries


def audited(readers: str) -> Path:
    """What `audit --out` writes of the docket for these readers, once in a run of the tests; not to be changed."""

    def audit(folder: Path) -> None:
        # On a copy: two workers may audit for two readers at once. The pack stays, and with it its proof.
        docket = shutil.copytree(once("canaries", _import) / "docket", folder / "docket")
        assert main(["audit", str(docket), "--out", str(folder / "out"), "--readers", readers]) == ASIDE

    return once(f"canaries-{readers}", audit) / "out"


def _import(folder: Path) -> None:
    write_docket(folder / "docket")
    assert main(["audit", str(folder / "docket")]) == ASIDE


def ids_of(definition: RecordType) -> tuple[str, ...]:
    """Two ids of a type; those of a type that the public sees in totals alone hold a word, too."""
    if definition.name == "trip":
        return TRIPS
    if definition.name == "person":
        return ("mayor", "canaryperson-1", "canaryperson-2")
    hidden = definition.totals_only is not None
    return tuple(f"{'canary' if hidden else 'a'}-{definition.name.replace('_', '-')}-{number}" for number in (1, 2))


def _write_table(folder: Path, definition: RecordType, canaries: Canaries) -> None:
    rows = []
    for number, id_ in enumerate(ids_of(definition)):
        row = {"id": id_}
        row |= {each.name: _cell(definition, each, number, canaries) for each in definition.fields}
        source = f"canarysource{definition.name}{number}"
        row["source"] = canaries.plant(Sensitivity.INTERNAL, f"{definition.name}.source", source)
        if definition.totals_only is not None:
            canaries.plant(Sensitivity.PUBLIC, definition.name, id_)
        rows.append(row)
    if definition.name == "person":
        rows[0] |= {"elected": "yes", "minor": "no"}
        rows[1] |= {"elected": "no", "minor": "yes", "post": "none"}
        rows[2] |= {"elected": "no", "minor": "", "post": "none"}
        for row in rows[1:]:
            canaries.plant(Sensitivity.INTERNAL, "person", row["id"])
    if definition.name == "trip":
        rows += _recent_trips(rows[0], canaries)
    if definition.name == "voucher":
        rows += _more_vouchers(rows, canaries)
    with (folder / "records" / f"{definition.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _recent_trips(trip: dict[str, str], canaries: Canaries) -> list[dict[str, str]]:
    """A trip that ended less than ninety days before the last recording, and one of which nobody knows the end."""
    recent = trip | {
        "id": "T8",
        "departed_on": "2026-03-31",
        "returned_on": "2026-04-01",
        "destination": "canarydestinationrecent",
    }
    endless = trip | {"id": "T9", "returned_on": "", "destination": "canarydestinationendless"}
    for row in (recent, endless):
        canaries.plant(Sensitivity.PUBLIC, "trip.destination", row["destination"])
    return [recent, endless]


def _more_vouchers(rows: list[dict[str, str]], canaries: Canaries) -> list[dict[str, str]]:
    """One voucher on each trip that is withheld; its sum would be that trip's whole cost."""
    more = []
    for number, trip in enumerate(("T8", "T9")):
        amount = canaries.plant(Sensitivity.RESPONDENT, "voucher.paid", f"6420{number}.13")
        id_ = canaries.plant(Sensitivity.PUBLIC, "voucher", f"canary-late-{number}")
        more.append(rows[0] | {"id": id_, "trip": trip, "serves": "none", "paid": amount, "source": ""})
    return more


def _cell(definition: RecordType, each: Field, number: int, canaries: Canaries) -> str:
    if each.kind is Kind.YES_NO:
        return "yes"
    if each.kind is Kind.LIST:
        return each.values[0]
    if each.kind is Kind.REFERENCE:
        return _target(each, number)
    if each.sensitivity is Sensitivity.PUBLIC:
        return {Kind.DATE: "2026-05-31", Kind.TEXT: f"open {each.name}"}.get(each.kind, "5")
    planted = len(canaries.planted)
    word = {
        Kind.DATE: canaries.next_date(),
        Kind.TEXT: f"canary{definition.name}{each.name}{number}",
        Kind.MONEY: f"{7_310_000 + 17 * planted}.{planted % 90 + 10}",
        Kind.NUMBER: str(90_000_019 + 7 * planted),
    }[each.kind]
    return canaries.plant(each.sensitivity, f"{definition.name}.{each.name}", word)


def _target(each: Field, number: int) -> str:
    if each.refers_to == "person":
        return "mayor" if each.sensitivity is Sensitivity.PUBLIC else f"canaryperson-{number % 2 + 1}"
    return ids_of(every_type()[each.refers_to])[number % 2]


def _write_exhibit(folder: Path, canaries: Canaries) -> None:
    name = canaries.plant(Sensitivity.INTERNAL, "exhibit", "canaryexhibitname.txt")
    content = canaries.plant(Sensitivity.INTERNAL, "exhibit", "canaryexhibitcontent").encode()
    (folder / "exhibits").mkdir()
    (folder / "exhibits" / name).write_bytes(content)
    giver = canaries.plant(Sensitivity.INTERNAL, "exhibit", "canaryexhibitgiver")
    (folder / "exhibits" / "exhibits.csv").write_text(
        f"file,sha256,received_from,by,on\n{name},{hashlib.sha256(content).hexdigest()},{giver},inspector-01,2026-06-01\n",
        encoding="utf-8",
    )


def _write_amendments(folder: Path, canaries: Canaries) -> None:
    """An amendment to a field of each class, and one row that cannot be read."""
    lines = ["record,field,value,why,by,recorded_at"]
    for record, name, value, sensitivity in (
        ("canary-leg-1", "arrived_at", "canaryamendedplace", Sensitivity.SEALED),
        ("canary-leg-1", "note", "canaryamendednote", Sensitivity.INTERNAL),
        ("canary-event-1", "place", "canaryamendedevent", Sensitivity.INTERNAL),
        ("T8", "destination", "canaryamendeddestination", Sensitivity.PUBLIC),
    ):
        canaries.plant(sensitivity, name, value)
        why = canaries.plant(sensitivity, name, f"{value}why")
        lines.append(f"{record},{name},{value},{why},inspector-01,2026-06-01")
    aside = canaries.plant(Sensitivity.INTERNAL, "amendments.csv", "canarysetaside")
    lines.append(f"{aside},note,{aside},{aside},inspector-01,2026-06-01")
    (folder / "amendments.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def every_byte(folder: Path) -> str:
    """All that a folder of outputs says, the inside of archives and of Parquet files too, as one text."""
    said = []
    for path in sorted(folder.rglob("*")):
        said.append(path.relative_to(folder).as_posix())
        if path.is_file():
            said += _said(path.name, path.read_bytes())
    return "\n".join(said)


def _said(name: str, content: bytes) -> Iterator[str]:
    yield content.decode("latin-1")
    yield content.decode("utf-8", "ignore")
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member
                yield from _said(member, archive.read(member))
    if name.endswith(".parquet"):
        with NamedTemporaryFile() as file, duckdb.connect() as connection:
            file.write(content)
            file.flush()
            yield str(connection.execute("SELECT * FROM read_parquet(?)", [file.name]).fetchall())
