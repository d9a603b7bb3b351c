"""Which version of the program computed a result."""

from importlib import metadata


def program_version() -> str:
    """The name and version of this program, as a report's pins state it."""
    return f"custodiet {metadata.version('custodiet')}"
