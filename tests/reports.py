"""The reports of the dockets that lie in the repository, written into a folder of their own."""

import shutil
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
    """What `audit --out` writes of a copy of a docket, for these readers."""
    out = folder / "out"
    assert main(["audit", str(copied(docket, folder)), "--out", str(out), "--readers", readers]) == 0
    return out
