"""A first pack with one of everything that a pack can hold; `custodiet init --pack` writes it."""

from importlib.resources import files

PLACES = {
    "pack.toml": "pack.toml",
    "open.md": "open.md",
    "meals.md": "policies/meals.md",
    "receptions.md": "policies/receptions.md",
    "hosted_meal.md": "records/hosted_meal.md",
    "meals.csv": "rates/meals.csv",
}
"""Each file of this folder, and where it goes in the pack's folder."""


def contents() -> dict[str, bytes]:
    """Every file of the first pack, by its path in the pack's folder."""
    folder = files("custodiet.cli.start_pack")
    return {place: (folder / name).read_bytes() for name, place in PLACES.items()}
