"""Wheels of a few lines, a registry that is a folder, and a build back end: this file is all three.

Formats: the wheel (PyPA, Binary distribution format), the simple repository API (PEP 503), editable installs (PEP 660).
"""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def wheel(
    folder: Path, name: str, version: str, requires: tuple[str, ...] = (), files: Mapping[str, str] | None = None
) -> Path:
    """A wheel that holds some files and asks for some packages; returns where it lies."""
    about = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    held = {
        f"{name}.py": f'__version__ = "{version}"\n',
        **(files or {}),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nProvides-Extra: more\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tiny\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in held.items())
    target = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in {**held, f"{about}/RECORD": f"{record}{about}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return target


def _digest(text: str) -> str:
    """As RECORD has it: base64 for addresses, without its padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def registry(folder: Path, *wheels: Path) -> str:
    """A folder that pip and uv read as a registry of these wheels; returns its address."""
    for each in wheels:
        page = folder / each.name.split("-", maxsplit=1)[0].replace("_", "-") / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        with page.open("a", encoding="utf-8") as links:
            links.write(f'<a href="{each.as_uri()}">{each.name}</a><br>\n')
    return folder.as_uri()


def pinned(path: Path) -> str:
    """A lock's entry for one wheel."""
    name, version, *_ = path.name.split("-")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,  # noqa: ARG001 (the installer passes it)
    metadata_directory: str | None = None,  # noqa: ARG001 (the installer passes it)
) -> str:
    """The project whose folder this is called in, as PEP 660 asks for it."""
    return wheel(Path(wheel_directory), "custodiet", "0.1", files={"custodiet.pth": f"{Path.cwd()}\n"}).name
