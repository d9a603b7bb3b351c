"""A small law about seats that tests write, change and write again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from custodiet.policy.packs.pack import Pack
from tests.policy_documents import pack_of

HEAD = """---
policy:        {policy}
question:      What does a passenger owe for this seat?
for each:      seat
on:            leg.departed_on
jurisdiction:  Model Republic (fictional)
currency:      EUR
rounding:      cent, half up
---
"""

PERSONAL = """
## Rule 1 — Personal travel is repaid
> Whoever travels for a personal purpose repays the coach fare.
```rule
cite      Code, art. 1
in force  2024-01-01 ..
when      leg.purpose = 'personal'
owes      leg.full_coach_fare from occupant
```
"""

OFFICERS = """
## Rule 2 — Officers at work
> An officer on duty owes nothing.
```rule
cite          Code, art. 2
in force      2024-01-01 ..
exception to  1
when          role = 'detail' and on_duty
owes          0
```
"""


def law(
    folder: Path, *boxes: str, name: str = "city", file: str = "seat", rates: Mapping[str, str] | None = None
) -> Pack:
    """A pack of one document with these boxes, and with these tables of rates."""
    tables = {f"{table}.csv": rows.encode() for table, rows in (rates or {}).items()}
    document = HEAD.format(policy=f"{name}/{file}") + "\n".join(boxes)
    pack = pack_of(folder, name, {f"{file}.md": document}, tables)
    assert [problem.message for problem in pack.refusable] == []
    return pack


def docket(
    folder: Path,
    title: str,
    tables: Mapping[str, Sequence[str]],
    *,
    pack: str = "..",
    currency: str = "EUR",
    complete: str = "",
) -> Path:
    """A docket with these tables, each a header and its rows without their source."""
    (folder / "records").mkdir(parents=True)
    recorded = f'currency = "{currency}"\nrecorded_by = "clerk-1"\nrecorded_at = "2026-07-01"\n'
    about = f'title = "{title}"\npack = "{pack}"\n{recorded}\n[complete]\n{complete}\n'
    (folder / "docket.toml").write_text(about, encoding="utf-8")
    for name, (header, *rows) in tables.items():
        lines = [f"{header},basis,source", *(f"{row},log written at the time,log.md#1" for row in rows)]
        (folder / "records" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
