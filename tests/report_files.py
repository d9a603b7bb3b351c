"""The reports of the dockets that lie in the repository, written into a folder of their own."""

import shutil
from functools import partial
from pathlib import Path

from custodiet.cli.main import main
from tests.house import ROOT
from tests.once import once

LEDGER = ".custodiet"


def copied(docket: str, folder: Path) -> Path:
    """A copy of a docket, without its ledger, that still finds its pack."""
    source, copy = ROOT / "dockets" / docket, folder / "docket"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(LEDGER))
    text = (copy / "docket.toml").read_text(encoding="utf-8")
    pack = next(line for line in text.splitlines() if line.startswith("pack"))
    where = (source / pack.split('"')[1]).resolve()
    (copy / "docket.toml").write_text(text.replace(pack, f'pack = "{where}"'), encoding="utf-8")
    return copy


def imported(docket: str, folder: Path) -> Path:
    """A copy of a docket with the ledger that `import` makes of it, once in a run of the tests."""
    return Path(shutil.copytree(_imported(docket), folder / "docket"))


def written(docket: str, readers: str, folder: Path) -> Path:
    """What `audit --out` writes of a docket for these readers, in `out` of a folder that holds a copy of the docket.

    It is written once in a run of the tests; what a test gets is a copy, to do with as it likes.
    """
    copied(docket, folder)
    return Path(shutil.copytree(_audited(docket, readers), folder / "out"))


def _audited(docket: str, readers: str) -> Path:
    return once(f"{_name(docket)}-{readers}", partial(_audit, docket, readers)) / "out"


def _audit(docket: str, readers: str, folder: Path) -> None:
    # On a copy: the ledger that others copy meanwhile is opened by nobody.
    assert main(["audit", str(imported(docket, folder)), "--out", str(folder / "out"), "--readers", readers]) == 0


def _imported(docket: str) -> Path:
    return once(_name(docket), partial(_import, docket)) / "docket"


def _import(docket: str, folder: Path) -> None:
    assert main(["import", str(copied(docket, folder))]) == 0


def _name(docket: str) -> str:
    return docket.replace("/", "-")
