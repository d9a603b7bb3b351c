"""The reports of the dockets that lie in the repository, written into a folder of their own."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from custodiet.cli.main import main
from tests.house import ROOT


def copied(docket: str, folder: Path) -> Path:
    """A copy of a docket, without its ledger, that still finds its pack."""
    source, copy = ROOT / "dockets" / docket, folder / "docket"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(".custodiet"))
    text = (copy / "docket.toml").read_text(encoding="utf-8")
    pack = next(line for line in text.splitlines() if line.startswith("pack"))
    where = (source / pack.split('"')[1]).resolve()
    (copy / "docket.toml").write_text(text.replace(pack, f'pack = "{where}"'), encoding="utf-8")
    return copy


def written(docket: str, readers: str, folder: Path) -> Path:
    """What `audit --out` writes of a docket for these readers, in `out` of a folder that holds a copy of the docket.

    It is written once in a run of the tests; what a test gets is a copy, to do with as it likes.
    """
    copied(docket, folder)
    return Path(shutil.copytree(_audited(docket, readers), folder / "out"))


@cache
def _audited(docket: str, readers: str) -> Path:
    out = _docket(docket).with_name(readers)
    assert main(["audit", str(_docket(docket)), "--out", str(out), "--readers", readers]) == 0
    return out


@cache
def _docket(docket: str) -> Path:
    """The copy that is audited for all readers: its ledger is made once."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return copied(docket, Path(folder.name))
