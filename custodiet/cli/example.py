"""The docket that `custodiet init --example` writes: the fictional Model City, as its records were found."""

from pathlib import Path

import custodiet
from custodiet.base.files import read_file

PLACES = {"docket": "dockets/model-city/as-found", "pack": "packs/model-code"}
"""The parts of the example: what each is called in an installed program, and where it lies in a copy of the source."""


def contents() -> dict[str, bytes]:
    """Every file of the example, by its path in the docket's folder; its pack is in the folder `pack`.

    Raises FileNotFoundError where the program was installed without it.
    """
    files = {}
    for part in PLACES:
        folder = _folder(part)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = file.relative_to(folder)
            if not {".custodiet", "__pycache__"} & set(name.parts):
                files[str(name if part == "docket" else Path("pack", name))] = read_file(file)
    files["docket.toml"] = _with_its_pack(files["docket.toml"])
    return files


def _folder(part: str) -> Path:
    package = Path(custodiet.__file__).parent
    installed, source = package / "example" / part, package.parent / PLACES[part]
    for folder in (installed, source):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(installed)


def _with_its_pack(docket: bytes) -> bytes:
    """The docket's own page, with the pack beside it."""
    lines = docket.decode("utf-8").splitlines(keepends=True)
    return "".join('pack = "pack"\n' if line.startswith("pack ") else line for line in lines).encode("utf-8")
