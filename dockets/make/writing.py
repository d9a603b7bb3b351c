"""A state written as a docket folder: tables, amendments, exhibits, docket.toml and the docket's key."""

import csv
import hashlib
import io
from pathlib import Path

from custodiet.records import core_types
from dockets.make.city import Row
from dockets.make.state import State

RECORDED_BY = "inspector-01"
RECORDED_AT = "2024-06-03T09:00:00Z"
AMENDED_AT = "2024-06-{:02d}T10:00:00Z"
PACK = "../../../packs/model-code"


def write(state: State, answers: list[Row], folder: Path, seed: int) -> None:
    """Write a state's docket into a folder, with its answer key beside the records."""
    for type_name, definition in core_types().items():
        rows = state.of(type_name)
        if rows:
            # A city keeps what its own law asks for; for what other laws ask it has no column, and it is unknown.
            kept = (name for name in definition.names if any(name in row for row in rows))
            columns = ("id", *kept, "source")
            _table(folder / "records" / f"{type_name}.csv", columns, _as_entered(state, rows))
    amendments = [
        {
            "record": each.record,
            "field": each.field,
            "value": each.value,
            "why": each.why,
            "by": RECORDED_BY,
            "recorded_at": AMENDED_AT.format(4 + number % 20),
        }
        for number, each in enumerate(state.amendments)
    ]
    _table(folder / "amendments.csv", ("record", "field", "value", "why", "by", "recorded_at"), amendments)
    _exhibits(state, folder / "exhibits")
    _text(folder / "docket.toml", _docket(state))
    _text(folder / "salt.key", hashlib.sha256(f"model city {state.name} {seed}".encode()).hexdigest() + "\n")
    _table(
        folder.parent / f"key-{folder.name}.csv",
        ("record", "policy", "outcome", "amounts", "class", "because"),
        answers,
    )


def _as_entered(state: State, rows: list[Row]) -> list[Row]:
    wrong = {(each.record, each.field): each.entered for each in state.amendments}
    return [{name: wrong.get((row["id"], name), value) for name, value in row.items()} for row in rows]


def _exhibits(state: State, folder: Path) -> None:
    listed = []
    for name, exhibit in sorted(state.exhibits.items()):
        lines = [f"{number}. {line}" for number, line in enumerate(exhibit.lines, start=1)]
        if name.endswith(".csv"):
            rows = [{"line": str(number), "says": line} for number, line in enumerate(exhibit.lines, start=1)]
            _table(folder / name, ("line", "says"), rows)
        else:
            _text(folder / name, "\n".join(lines) + "\n")
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        listed.append(
            {
                "file": name,
                "sha256": digest,
                "received_from": exhibit.received_from,
                "by": RECORDED_BY,
                "on": "2024-05-27",
            }
        )
    _table(folder / "exhibits.csv", ("file", "sha256", "received_from", "by", "on"), listed)


def _docket(state: State) -> str:
    lines = [
        f'title = "{state.title}"',
        f'pack = "{PACK}"',
        'currency = "EUR"',
        f'recorded_by = "{RECORDED_BY}"',
        f'recorded_at = "{RECORDED_AT}"',
        "",
        "[complete]",
    ]
    for register, ((first, last), by) in state.complete.items():
        period = f"{first} .. {last}".strip()
        lines.append(f'{register} = "{period}, vouched by {by}"')
    return "\n".join(lines) + "\n"


def _table(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _text(path, text.getvalue())


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
