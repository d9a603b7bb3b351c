"""What a file says never speaks in our voice: hostile text wherever text can stand, and every command over it."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from custodiet.base.text import unprintable
from custodiet.cli.main import main
from custodiet.intake.docket import read_docket
from custodiet.ledger.entry import Amendment, Body, Entry, RecordMade, SetAside, Table, Vouching
from custodiet.ledger.log import Ledger
from custodiet.ledger.rows import RowLeaves
from custodiet.records import core_types
from custodiet.verify.archive import read
from custodiet.verify.canonical import canonical
from custodiet.verify.check import check
from custodiet.verify.merkle import root
from tests.verify.test_archives import Files, closed
from tests.verify.test_recomputed import pinned

FORGED = "Nothing is wrong: this line is forged"
HOSTILE = f"x\x1b[2K\r\n{FORGED}\n\x00\x07\x7f\x9b2J\u202e\u2066\u2028y"
QUOTED = f'"{HOSTILE}"'
"""As a cell of a table."""


def assert_only_ours(text: str) -> None:
    """No control but the ends of our lines, nothing that turns the direction, and no line that the file wrote."""
    lines = text.split("\n")
    assert [line for line in lines if unprintable(line)] == []
    assert [line for line in lines if line.strip() == FORGED] == []


def runs(capsys: pytest.CaptureFixture[str], *words: str | Path) -> int:
    """Run a command; its exit code, once what it printed is looked at."""
    capsys.readouterr()
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    assert_only_ours(said.out)
    assert_only_ours(said.err)
    if "json" in words and said.out:
        json.loads(said.out)
    return code


def every_command(capsys: pytest.CaptureFixture[str], docket: Path, out: Path, records: tuple[str, ...] = ()) -> None:
    """Every command that reads a docket, in every form; the page and the table it writes are looked at too."""
    runs(capsys, "import", docket)
    for command in (("import",), ("audit",), ("case",)):
        for form in ("table", "json"):
            runs(capsys, *command, docket, "--format", form)
    runs(capsys, "audit", docket, "--format", "csv")
    for record in records:
        for form in ("table", "json"):
            runs(capsys, "explain", docket, record, "--format", form)
    for form in ("table", "json", "csv"):
        runs(capsys, "replay", docket / "pack", docket, "--format", form)
    for readers in ("internal", "public"):
        if runs(capsys, "audit", docket, "--out", out / readers, "--readers", readers) < 2:
            assert_only_ours((out / readers / "report/index.html").read_text(encoding="utf-8"))
            assert_only_ours((out / readers / "results.csv").read_text(encoding="utf-8"))
            runs(capsys, "verify", out / readers / "audit.zip", "--again")


# A docket as it comes in


CELLS = {
    "id": f"id,name\n{QUOTED},a\n",
    "name": f"id,name\nmayor,{QUOTED}\n",
    "header": f"id,{QUOTED}\nmayor,a\n",
    "source": f"id,name,source\nmayor,a,{QUOTED}\n",
    "yes or no": f"id,elected\nmayor,{QUOTED}\n",
    "open quotation": f'id,name\nmayor,"{HOSTILE}\n',
    "width": f"id,name\nmayor,a,{QUOTED}\n",
}


@pytest.mark.parametrize("table", CELLS.values(), ids=CELLS)
def test_a_cell_that_cannot_be_read_is_shown_and_says_nothing(
    docket: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (docket / "records/person.csv").write_text(table, encoding="utf-8", newline="")
    assert runs(capsys, "import", docket) == 1
    assert runs(capsys, "import", docket, "--format", "json") == 1
    assert runs(capsys, "audit", docket) == 1


def test_notes_corrections_papers_and_files_say_nothing_in_our_voice(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    legs = docket / "records/leg.csv"
    header, first, *rest = legs.read_text(encoding="utf-8").splitlines()
    names = header.split(",")
    place = names.index("source") if "source" in names else len(names)
    for name, cell in (("note", QUOTED), ("arrived_at", "Lakeside")):
        names.insert(place, name)
        first = ",".join([*first.split(",")[:place], cell, *first.split(",")[place:]]) if name == "note" else first
    names.remove("arrived_at")
    blank = [",".join([*line.split(",")[:place], "", *line.split(",")[place:]]) for line in rest]
    legs.write_text("\n".join([",".join(names), first, *blank]) + "\n", encoding="utf-8", newline="")
    with (docket / "amendments.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(f"leg-1,note,{QUOTED},{QUOTED},clerk-2,2024-06-04\n")
        file.write(f"{QUOTED},{QUOTED},{QUOTED},{QUOTED},{QUOTED},{QUOTED}\n")
    with (docket / "exhibits/exhibits.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(f"{QUOTED},{QUOTED},{QUOTED},{QUOTED},{QUOTED}\n")
    evil = f"x\x1b[2K\n{FORGED}\n.csv"
    for folder in ("records", "exhibits", "pack/policies", "."):
        (docket / folder / evil).write_text("id\n", encoding="utf-8")
    every_command(capsys, docket, tmp_path / "out", ("leg-1", "seat-1"))


@pytest.mark.parametrize("key", ["title", "pack", "currency", "recorded_by", "recorded_at", "seat", '"x\\n'])
def test_a_docket_describes_itself_in_its_own_voice_only(
    docket: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        f'{key}" = 1' if key.startswith('"') and line.startswith("title") else
        f"{key} = {json.dumps(HOSTILE, ensure_ascii=True)}" if line.startswith(f"{key} =") else line
        for line in (docket / "docket.toml").read_text(encoding="utf-8").splitlines()
    ]  # fmt: skip
    (docket / "docket.toml").write_text("\n".join(lines), encoding="utf-8")
    for command in ("import", "audit", "case"):
        assert runs(capsys, command, docket) == 3


# A ledger that holds what an older version, or somebody else, put into it


def test_a_ledger_with_anything_in_it_says_nothing_in_our_voice(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in [*(docket / "records").iterdir(), docket / "amendments.csv"]:
        file.unlink()
    described = read_docket(docket)
    key = bytes.fromhex((docket / "salt.key").read_text())
    one = HOSTILE.replace('"', "")
    data = f"id,name,source\n{QUOTED},{QUOTED},{QUOTED}\n".encode()
    with Ledger.open(described.ledger_folder, core_types()) as ledger:
        sha256 = ledger.custody.keep(io.BytesIO(data))
        leaves = RowLeaves(key, f"records/{one}.csv", sha256, "person", ("name", "source"), ("name", "source"))
        rows_root = root([leaves.leaf(2, one, {"name": one, "source": one})]).hex()
        columns = (("id", "id"), ("name", "name"), ("source", "source"))
        aside = (SetAside(f"records/{one}.csv", 9, one, one, one),)
        name = f"records/{one}.csv"
        bodies: tuple[Body, ...] = (
            Table(name, "person", columns, ("name", "source"), "EUR", 1, rows_root, sha256, aside, vanished=(one,)),
            RecordMade("leg", f"leg {one}", {"note": one, "departed_on": "2024-05-02", "purpose": "personal",
                                             "full_coach_fare": "10"}),
            RecordMade("seat", f"seat {one}", {"leg": f"leg {one}", "occupant": one, "role": "guest", "on_duty": "no"}),
            RecordMade("seat", "seat-9", {"leg": one, "occupant": one, "role": "guest"}),
            Amendment("seat", "seat-9", "occupant", f"{one}z", one),
            Vouching("leg", (("../..", one),)),
        )  # fmt: skip
        for number, body in enumerate(bodies):
            ledger.append(Entry(one, "2024-06-03", one, body), str(number))
    every_command(capsys, docket, tmp_path / "out", ("seat-9",))
    assert main(["audit", str(docket), "--format", "json"]) in (0, 1)
    assert check((tmp_path / "out/internal/audit.zip").read_bytes()).wrong == []
    owed = json.loads(capsys.readouterr().out)["questioned"]
    assert [(each["amount"], unprintable(each["payer"])) for each in owed] == [("10.00", "")]


# A law


def places(pack: Path) -> Iterator[tuple[str, str, str]]:
    """Every place of a pack that holds text: its file, what stands there, and the same with hostile text in it."""
    escape, line = "x\x1b[2K\x9b2J\u202ey", f"x\\n{FORGED}\\ny"
    toml = (pack / "pack.toml").read_text(encoding="utf-8")
    for told in toml.splitlines():
        key, equals, _ = told.partition(" = ")
        if equals:
            yield "pack.toml", told, f'{key} = "{line}"'
            yield "pack.toml", told, f'"{line}" = "a"'
    law = (pack / "policies/seat-fare.md").read_text(encoding="utf-8")
    for word in (
        "first-law/seat-fare", "this seat?", "fictional", "Who pays for a seat\n", "Official use", "Nobody pays",
        "'official'", "First Law, art. 1\n", "from occupant", "2020-01-01", "```rule", "to the coast",
        "| because |", "| 412 |", "leg.purpose != ", "for each", "Rule 2a", "half up", "## Examples",
    ):  # fmt: skip
        assert word in law
        yield "policies/seat-fare.md", word, word.replace(word.strip(), f"{word.strip()}{escape}")


def test_a_law_says_nothing_in_our_voice(docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = docket / "pack"
    for file, old, new in places(pack):
        path = pack / file
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        assert runs(capsys, "check", pack) in (1, 3), (old, new)
        runs(capsys, "test", pack, "--junit", tmp_path / "junit.xml")
        assert_only_ours((tmp_path / "junit.xml").read_text(encoding="utf-8"))
        for form in ("json", "csv"):
            runs(capsys, "test", pack, "--format", form)
        runs(capsys, "format", pack, "--check")
        assert runs(capsys, "audit", docket) == 3, (old, new)
        assert runs(capsys, "ask", pack, "--for", "seat", "role=guest") == 3
        path.write_text(before, encoding="utf-8")


def test_the_tables_and_the_page_of_a_law_say_nothing_in_our_voice(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = docket / "pack"
    (pack / "rates").mkdir()
    texts = {
        "rates/fare.csv": f"place,in force,fare,cite\n{QUOTED},{QUOTED},{QUOTED},{QUOTED}\n",
        "withholding.csv": f"code,fields or class,law and paragraph,decided by,ends,where to object\n{QUOTED},a\n",
        "procedure.csv": f"step,{QUOTED}\norder,{QUOTED}\n",
        "open.md": f"## {HOSTILE}\n\n```gap\nwhen {HOSTILE}\n```\n\nReason: {HOSTILE}\n",
    }
    for file, text in texts.items():
        (pack / file).write_text(text, encoding="utf-8", newline="")
        assert runs(capsys, "check", pack) == 1, file
        assert runs(capsys, "check", pack, "--format", "json") == 1
        (pack / file).unlink()


# An archive


@pytest.fixture(scope="module")
def internal(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("archive")
    assert main(["init", str(folder / "docket")]) == 0
    assert main(["audit", str(folder / "docket"), "--out", str(folder / "out"), "--readers", "internal"]) < 2
    return read((folder / "out/audit.zip").read_bytes())


def changed(files: Files, path: str, old: str) -> Files:
    """Some files with hostile text in the first place of a JSON file where something else stood."""
    text = files[path].decode()
    assert old in text
    return files | {path: text.replace(old, canonical(HOSTILE).decode(), 1).encode()}


@pytest.mark.parametrize(
    "pins",
    [
        {"docket": HOSTILE}, {"edition": HOSTILE}, {"program": HOSTILE}, {"currency": HOSTILE}, {"format": HOSTILE},
        {"pack": {"name": HOSTILE, "hash": HOSTILE}}, {"as_of": {"size": 1, "root": HOSTILE, "recorded_at": HOSTILE}},
        {HOSTILE: 1}, {"withheld": [{"code": HOSTILE}]},
    ],
    ids=["docket", "edition", "program", "currency", "format", "pack", "as_of", "name", "withheld"],
)  # fmt: skip
def test_what_an_archive_states_is_never_a_verdict(
    internal: Files, pins: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "audit.zip"
    place.write_bytes(closed(pinned(internal, **pins)))
    for words in ((), ("--again",), ("--format", "json")):
        assert runs(capsys, "verify", place, *words) in (0, 1)


def test_what_an_archive_holds_is_never_a_verdict(
    internal: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "audit.zip"
    entries, rows, manifest = "ledger/entries.jsonl", "ledger/rows.jsonl", "manifest.json"
    forged = [
        closed(changed(internal, entries, '"records/seat.csv"')),
        closed(changed(internal, entries, '"record"' if '"record"' in internal[entries].decode() else '"table"')),
        closed(changed(internal, rows, '"purpose":"personal"'[:9])),
        closed(changed(internal, rows, '"source"')),
        closed(internal | {"pack/pack.toml": f"name = {json.dumps(HOSTILE)}\n".encode()}),
        closed(internal | {"results.csv": HOSTILE.encode()}),
        closed(internal | {"proofs/leaves.txt": HOSTILE.encode()}),
        closed(internal | {"ledger/salt.key": HOSTILE.encode()}),
    ]
    for content in forged:
        place.write_bytes(content)
        assert runs(capsys, "verify", place, "--again") == 1
        assert runs(capsys, "verify", place, "--format", "json") in (0, 1)
    from custodiet.verify.archive import write

    listed = json.loads(read(closed(internal))[manifest])
    for change in ({"closing": HOSTILE}, {"format": HOSTILE}, {"files": [{"path": HOSTILE}]}, {HOSTILE: 1}):
        place.write_bytes(write(internal | {manifest: canonical({**listed, **change})}))
        assert runs(capsys, "verify", place) == 1
