"""A docket of ten rows, written by hand, and a person who changes it between imports."""

import hashlib
from pathlib import Path

from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.intake.outcome import Imported
from custodiet.ledger.as_of import AsOf
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import View, view

DOCKET = """\
title = "Ten rows"
pack = "law"
currency = "EUR"
recorded_by = "the inspector"
recorded_at = "2024-05-01"
[complete]
seat = "2024-01-01 .. 2024-04-30, vouched by the log officer"
"""
PERSONS = """\
id,name,elected,source
P1,The mayor,yes,register.pdf#p. 1
P2,Officer 2,no,
"""
LEGS = """\
id,trip,purpose,departed_on,operating_cost,source
L1,none,personal,2024-03-02,412,log.pdf#line 1
L2,none,unknown,2024-03-05/2024-03-07,100.50 EUR,log.pdf#line 2
L3,none,official,2024-03-09,,log.pdf#line 3
"""
SEATS = """\
id,leg,occupant,role,on_duty,basis,source
S1,L1,P1,protectee,no,log written at the time,log.pdf#line 1
S2,L1,P2,detail,yes,log written at the time,log.pdf#line 1
S3,L2,P1,protectee,,written later,log.pdf#line 2
S4,L3,P9,guest,no,statement only,
S5,L3,P2,detail,yes,log written at the time,log.pdf#line 3
"""
KEY = bytes(range(32))


class Case:
    """A docket in a folder, as a person changes it between imports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.write("docket.toml", DOCKET)
        self.write("salt.key", KEY.hex())

    def write(self, file: str, text: str | bytes) -> None:
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def bring_in(self) -> Imported:
        docket = read_docket(self.folder)
        with Ledger.open(docket.ledger_folder, docket.types, wait_ms=50) as ledger:
            return bring_in(docket, ledger)

    @property
    def root(self) -> tuple[int, str]:
        with Ledger.open(self.folder / ".custodiet", read_docket(self.folder).types, create=False) as ledger:
            return ledger.size, ledger.root

    def view(self, as_of: str = "") -> View:
        with Ledger.open(self.folder / ".custodiet", read_docket(self.folder).types, create=False) as ledger:
            return view(ledger, "EUR", AsOf.read(as_of) if as_of else None)

    def values(self, type_name: str, id_: str) -> dict[str, object]:
        return dict(self.view().facts.find(type_name, id_).values)


def ten_rows(folder: Path) -> Case:
    """The docket of ten rows in a folder."""
    case = Case(folder)
    case.write("records/person.csv", PERSONS)
    case.write("records/leg.csv", LEGS)
    case.write("records/seat.csv", SEATS)
    return case


def exhibit(case: Case, **cells: str) -> None:
    """Put one document into a docket, with its row in exhibits.csv; some of that row's cells may be said otherwise."""
    content = b"the log"
    row = {"file": "log.pdf", "sha256": hashlib.sha256(content).hexdigest(), "received_from": "the unit"}
    row |= {"by": "us", "on": "2024-04-30"} | cells
    case.write("exhibits/log.pdf", content)
    case.write("exhibits/exhibits.csv", f"file,sha256,received from,by,on\n{','.join(row.values())}\n")
