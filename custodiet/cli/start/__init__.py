"""A first docket of ten rows and a first pack of one policy; `custodiet init` writes them."""

from importlib.resources import files

PLACES = {
    "docket.toml": "docket.toml",
    "person.csv": "records/person.csv",
    "leg.csv": "records/leg.csv",
    "seat.csv": "records/seat.csv",
    "amendments.csv": "amendments.csv",
    "motor-log.md": "exhibits/motor-log.md",
    "exhibits.csv": "exhibits/exhibits.csv",
    "pack.toml": "pack/pack.toml",
    "seat-fare.md": "pack/policies/seat-fare.md",
}
"""Each file of this folder, and where it goes in the docket's folder."""


def contents() -> dict[str, bytes]:
    """Every file of the first docket, by its path in the docket's folder."""
    folder = files("custodiet.cli.start")
    return {place: (folder / name).read_bytes() for name, place in PLACES.items()}
