"""An archive whose hashes all fit, and whose labels lie: about the program, the time, the edition or what is inside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custodiet.cli.main import main
from custodiet.verify.archive import read
from custodiet.verify.canonical import canonical
from custodiet.verify.check import check, pack_hash
from custodiet.verify.merkle import leaf_hash, root
from tests.audit.test_audits import FOLDER, audited
from tests.audit.test_audits import read as read_case
from tests.verify.test_archives import Files, again, built, changed_line, closed, without, wrong

ENTRIES, ROWS, KEY = "ledger/entries.jsonl", "ledger/rows.jsonl", "ledger/salt.key"


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    audited(read_case(FOLDER / "totals-of-three-trips.md"), folder / "docket")
    return folder / "docket"


@pytest.fixture(scope="module")
def internal(docket: Path) -> Files:
    return read(built(docket, "internal"))


@pytest.fixture(scope="module")
def respondent(docket: Path) -> Files:
    return read(built(docket, "respondent"))


@pytest.fixture(scope="module")
def public(docket: Path) -> Files:
    return read(built(docket, "public"))


def pinned(files: Files, **pins: object) -> Files:
    return files | {"audit.json": canonical({**json.loads(files["audit.json"]), **pins})}


def recorded(files: Files, at: str) -> Files:
    return pinned(files, as_of={**json.loads(files["audit.json"])["as_of"], "recorded_at": at})


def without_line(files: Files, path: str, number: int) -> Files:
    lines = files[path].splitlines(keepends=True)
    return files | {path: b"".join(lines[:number] + lines[number + 1 :])}


# --- the program


def test_a_page_of_another_version_is_told_to_be_not_compared_and_is_not_passed(
    internal: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever forges the page writes another version into the archive, so that nobody compares it."""
    page = internal["report/index.html"].replace(b"Computed", b"Decided ", 1)
    assert page != internal["report/index.html"]
    for content in (page, internal["report/index.html"]):
        forged = pinned(internal, program="custodiet 9.9.9") | {"report/index.html": content}
        assert check(closed(forged)).whole
        assert again(tmp_path, closed(forged)) == 1
        said = capsys.readouterr().out
        assert "report/index.html was NOT compared" in said
        assert "'custodiet 9.9.9' made it" in said
        assert "recompute with that version" in said
        assert "results are the same" in said


def test_a_pack_with_a_file_that_is_no_part_of_it_is_found(internal: Files) -> None:
    files = internal | {"pack/secret.bin": b"more"}
    law = {path.removeprefix("pack/"): content for path, content in files.items() if path.startswith("pack/")}
    forged = pinned(files, pack={"name": "law", "hash": pack_hash(law)})
    assert "This archive has pack/secret.bin, which no audit has." in wrong(forged)


# --- the pins

CODE = {"code": "W1", "what": "who was protected", "law": "", "decided_by": "", "ends": "", "object_to": ""}


@pytest.mark.parametrize(
    "at", ["2024-06-02", "2024-06-04", "2099-01-01T00:00:00Z", "", "yesterday", "2024-06-03T23:59:59Z"]
)
def test_the_time_of_the_last_entry_is_the_ledgers(internal: Files, at: str) -> None:
    assert "recorded" in wrong(recorded(internal, at)) or "laid out" in wrong(recorded(internal, at))


@pytest.mark.parametrize("at", ["2024-06-02", "2023-12-31T00:00:00Z", "", "yesterday"])
def test_no_told_entry_of_the_public_edition_is_later_than_it_states(public: Files, at: str) -> None:
    assert wrong(recorded(public, at))


def test_the_last_entry_is_the_latest_and_a_day_lasts_to_its_end(internal: Files) -> None:
    """One entry at noon of the day that the others were recorded on: the day's end is later than its noon."""
    entries = [json.loads(line) for line in internal[ENTRIES].splitlines()]
    entries[-1]["leaf"]["recorded_at"] = "2024-06-03T12:00:00Z"
    leaves = [bytes.fromhex(line) for line in internal["proofs/leaves.txt"].decode().splitlines()]
    leaves[-1] = leaf_hash(canonical(entries[-1]["leaf"]))
    as_of = {"size": 5, "root": root(leaves).hex(), "recorded_at": "2024-06-03"}
    files = internal | {
        ENTRIES: b"".join(canonical(entry) + b"\n" for entry in entries),
        "proofs/leaves.txt": "".join(f"{leaf.hex()}\n" for leaf in leaves).encode(),
    }
    assert wrong(pinned(files, as_of=as_of)) == ""
    assert "2024-06-03T12:00:00Z" in wrong(pinned(files, as_of=as_of | {"recorded_at": "2024-06-03T12:00:00Z"}))


@pytest.mark.parametrize(
    ("pins", "says"),
    [
        ({"currency": "USD"}, "states USD, but records/"),
        ({"pack": {"name": "another"}}, "states the pack another, but the pack inside is law"),
        ({"remark": "approved by the court"}, "does not state exactly what an audit states"),
        ({"withheld": [CODE]}, "lists what is withheld"),
    ],
)
def test_a_pin_that_does_not_fit_what_is_inside_is_found(internal: Files, pins: dict[str, Any], says: str) -> None:
    if "pack" in pins:
        pins = {"pack": {**json.loads(internal["audit.json"])["pack"], **pins["pack"]}}
    assert says in wrong(pinned(internal, **pins))


# --- the edition


def test_an_internal_archive_is_no_other_edition(internal: Files) -> None:
    for edition in ("public", "respondent"):
        said = wrong(pinned(internal, edition=edition, withheld=[CODE]))
        assert f"the {edition} edition, but holds the docket's key" in said
        keyless = wrong(without(pinned(internal, edition=edition, withheld=[CODE]), KEY))
        assert "discloses exhibits, which only the internal edition does" in keyless
    assert "There is no official edition" in wrong(without(pinned(internal, edition="official"), KEY))


def test_the_respondents_archive_is_no_other_edition(respondent: Files) -> None:
    assert "salts that open fields which are not public" in wrong(pinned(respondent, edition="public"))
    said = wrong(pinned(respondent, edition="internal", withheld=[]))
    assert "the docket's key is not in it" in said
    assert "withholds 0 rows, and fields of 3 entries" in said, "the files of event, trip and voucher are closed"


def test_the_public_archive_is_not_internal_even_with_a_key(public: Files, internal: Files) -> None:
    said = wrong(pinned(public, edition="internal", withheld=[]) | {KEY: internal[KEY]})
    withheld = 5 - len(public[ENTRIES].splitlines())
    assert withheld > 0
    assert f"withholds {withheld} of 5 entries" in said


def test_a_key_in_an_archive_of_another_edition_is_wrong(public: Files, respondent: Files, internal: Files) -> None:
    for files in (public, respondent):
        assert "holds the docket's key" in wrong(files | {KEY: internal[KEY]})


@pytest.mark.parametrize("edition", ["public", "respondent"])
def test_what_is_withheld_is_listed(request: pytest.FixtureRequest, edition: str) -> None:
    assert "does not list what is withheld" in wrong(pinned(request.getfixturevalue(edition), withheld=[]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda files: without(files, KEY), "the docket's key is not in it"),
        (lambda files: without_line(files, ENTRIES, 4), "withholds 1 of 5 entries"),
        (lambda files: files | {ROWS: b""}, "withholds the rows of records/event.csv"),
        (lambda files: changed_line(files, ROWS, _hide), "withholds 1 rows"),
        (lambda files: changed_line(files, ROWS, _close), "fields of 1 entries or rows"),
        (lambda files: changed_line(files, ENTRIES, lambda told: _close(told, "vanished")), "fields of 1 entries"),
    ],
    ids=["key", "entry", "table", "row", "field of a row", "field of an entry"],
)
def test_nothing_may_be_withheld_in_the_internal_edition(
    internal: Files, change: Callable[[Files], Files], says: str
) -> None:
    assert says in wrong(change(internal))


def _hide(told: dict[str, Any]) -> None:
    told["hash"] = leaf_hash(canonical(told.pop("leaf"))).hex()
    del told["opened"]


def _close(told: dict[str, Any], name: str = "sort") -> None:
    del told["opened"][name]


# --- the layout


@pytest.mark.parametrize(
    "name", ["notes.txt", "report/more.html", "ledger/other.jsonl", "exhibits/letter.pdf", "packs/x"]
)
def test_a_file_that_no_audit_has_is_wrong_though_the_manifest_lists_it(internal: Files, name: str) -> None:
    assert f"This archive has {name}, which no audit has." in wrong(internal | {name: b"read this first"})


@pytest.mark.parametrize("path", [ENTRIES, ROWS])
def test_nothing_can_be_written_beside_an_entry_or_a_row(internal: Files, path: str) -> None:
    assert " instead of " in wrong(changed_line(internal, path, lambda told: told.update(remark="withdrawn")))


def test_nothing_can_be_written_beside_a_key_or_a_salt(internal: Files) -> None:
    def beside(told: dict[str, Any]) -> None:
        told["opened"]["sort"]["remark"] = "withdrawn"

    assert "does not hold a key" in wrong(internal | {KEY: b" " + internal[KEY]})
    assert " instead of " in wrong(changed_line(internal, ROWS, beside))


# --- what was written before


def write(docket: Path, out: Path, readers: str) -> int:
    return main(["audit", str(docket), "--out", str(out), "--readers", readers])


def test_one_edition_does_not_replace_another(docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write(docket, tmp_path / "out", "internal") == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    capsys.readouterr()
    assert write(docket, tmp_path / "out", "public") == 3
    said = capsys.readouterr()
    assert "the internal edition of “A case”, which the public edition of" in said.err
    assert "Name another folder with --out" in said.err
    assert said.out == ""
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before
    assert write(docket, tmp_path / "out", "internal") == 0


def test_the_audit_of_one_docket_does_not_replace_anothers(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(docket, tmp_path / "out", "public") == 0
    assert main(["init", str(tmp_path / "second")]) == 0
    before = (tmp_path / "out" / "audit.zip").read_bytes()
    assert write(tmp_path / "second", tmp_path / "out", "public") == 3
    assert "edition of “A case”, which the public edition of “" in capsys.readouterr().err
    assert (tmp_path / "out" / "audit.zip").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK", b"mine"])
def test_an_archive_of_which_nothing_can_be_told_is_not_replaced(
    docket: Path, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "audit.zip").write_bytes(content)
    assert write(docket, tmp_path, "public") == 3
    assert "it does not say which audit it belongs to" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["audit.zip"]
    assert (tmp_path / "audit.zip").read_bytes() == content


@pytest.mark.parametrize("inside", ["", "records", "new/out"])
def test_nothing_is_written_into_a_docket(docket: Path, inside: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(docket.rglob("*"))
    assert write(docket, docket / inside, "internal") == 3
    assert "it is in the docket" in capsys.readouterr().err
    assert [path for path in sorted(docket.rglob("*")) if ".custodiet" not in path.parts] == [
        path for path in before if ".custodiet" not in path.parts
    ]
