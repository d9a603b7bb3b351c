"""An archive is whole to the last bit, and whoever makes a false one is found out, as far as that can be."""

import csv
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.verify import archive
from custodiet.verify.archive import Damaged, read, write
from custodiet.verify.canonical import canonical
from custodiet.verify.canonical import read as read_json
from custodiet.verify.check import MANIFEST, Checked, check, closing_hash
from custodiet.verify.merkle import leaf_hash, root
from tests.audit.test_audits import FOLDER, audited
from tests.audit.test_audits import read as read_case
from tests.house import ROOT

FLIPS = 600
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    audited(read_case(FOLDER / "totals-of-three-trips.md"), folder / "docket")
    return folder / "docket"


@pytest.fixture(scope="module")
def whole(docket: Path) -> bytes:
    """The archive of the internal edition."""
    return built(docket, "internal")


def built(docket: Path, readers: str) -> bytes:
    out = docket.parent / readers
    assert main(["audit", str(docket), "--out", str(out), "--readers", readers]) == 0
    return (out / "audit.zip").read_bytes()


def closed(files: Files) -> bytes:
    """The archive of some files under a manifest that fits them, as whoever forges one would make it."""
    listed: dict[str, object] = {
        "format": "custodiet audit 1",
        "files": [
            {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])}
            for path in sorted(files, key=str.encode)
            if path != MANIFEST
        ],
    }
    return write({**files, MANIFEST: canonical({**listed, "closing": closing_hash(listed)})})


def again(tmp_path: Path, content: bytes) -> int:
    (tmp_path / "audit.zip").write_bytes(content)
    return main(["verify", str(tmp_path / "audit.zip"), "--again"])


# --- what is whole


def test_an_archive_as_it_was_written_is_whole(whole: bytes) -> None:
    checked = check(whole)
    assert checked.wrong == []
    assert len(checked.sentences) == 9
    assert len(checked.closing) == 64
    assert checked.pins["edition"] == "internal"


@pytest.mark.parametrize("readers", ["respondent", "public"])
def test_the_other_editions_are_whole_and_stand_for_the_same_root(whole: bytes, docket: Path, readers: str) -> None:
    checked = check(built(docket, readers))
    assert checked.wrong == []
    assert checked.pins["as_of"] == check(whole).pins["as_of"]
    assert checked.closing != check(whole).closing
    assert "ledger/salt.key" not in checked.files


def test_any_program_for_zip_files_opens_it(whole: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == read(whole)


def test_the_same_docket_gives_the_same_bytes_in_another_folder_and_time_zone(whole: bytes, docket: Path) -> None:
    for zone in ("Pacific/Kiritimati", "America/Anchorage"):
        other = docket.parent / zone.replace("/", "-") / "elsewhere"
        shutil.copytree(docket, other, ignore=shutil.ignore_patterns(".custodiet"))
        out = other.parent / "out"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "custodiet.cli.main",
                "audit",
                str(other),
                "--out",
                str(out),
                "--readers",
                "internal",
            ],
            env={**os.environ, "TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": "7"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        assert (out / "audit.zip").read_bytes() == whole
        assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == [
            "audit.zip", "report/index.html", "results.csv", "results.parquet",
        ]  # fmt: skip


# --- what is not


def test_no_bit_of_it_can_be_changed(whole: bytes) -> None:
    chosen = random.Random(20241121)  # noqa: S311 - which bits are tried is no secret
    header = range(80 * 8)
    tail = range((len(whole) - 120) * 8, len(whole) * 8)
    bits = {*chosen.sample(range(len(whole) * 8), FLIPS), *header, *tail}
    for bit in sorted(bits):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        assert not check(bytes(changed)).whole, f"bit {bit}"


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + b"\0",
        lambda content: b"\0" + content,
        lambda content: content[:-1],
        lambda content: content[:-2] + b"\5\0hello",
        lambda content: content[: len(content) // 2],
        lambda _: b"",
    ],
    ids=["a byte after", "a byte before", "a byte less", "a remark", "half of it", "nothing"],
)
def test_nothing_can_be_put_before_it_after_it_or_into_its_remarks(
    whole: bytes, change: Callable[[bytes], bytes]
) -> None:
    assert not check(change(whole)).whole


def test_another_program_cannot_write_the_same_files_otherwise(whole: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        for name, content in read(whole).items():
            other.writestr(name, content)
    assert not check(out.getvalue()).whole


def test_a_file_cannot_be_a_folder_too() -> None:
    with pytest.raises(ValueError, match="both a file and a folder"):
        write({"pack": b"", "pack/pack.toml": b""})


def test_two_files_of_one_name_are_refused(whole: bytes) -> None:
    with pytest.raises(Damaged, match="two files have the name"):
        read(whole[: whole.index(b"PK\1\2")] + whole)


@pytest.mark.parametrize("name", ["../escape", "/escape", "a/../b", "a\\b", "c:x", "a//b", "a\nb", ""])
def test_a_name_that_leads_elsewhere_is_neither_written_nor_read(name: str) -> None:
    with pytest.raises(ValueError, match="a relative name"):
        write({name: b""})
    assert not archive.safe(name)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda files: files | {"report/more.html": b""}, "report/more.html is not in the manifest"),
        (lambda files: without(files, "results.csv"), "results.csv is in the manifest but not here"),
        (
            lambda files: renamed(files, "results.csv", "result.csv"),
            "result.csv is not in the manifest; results.csv is",
        ),
        (lambda files: files | {"results.csv": b"nothing"}, "results.csv was changed"),
        (lambda files: without(files, MANIFEST), "There is no manifest.json"),
    ],
    ids=["added", "removed", "renamed", "changed", "no manifest"],
)
def test_a_file_that_the_manifest_does_not_list_so_is_named(
    whole: bytes, change: Callable[[Files], Files], says: str
) -> None:
    checked = check(write(change(read(whole))))
    assert [wrong for wrong in checked.wrong if says in wrong]


def without(files: Files, name: str) -> Files:
    return {path: content for path, content in files.items() if path != name}


def renamed(files: Files, name: str, to: str) -> Files:
    return without(files, name) | {to: files[name]}


def test_a_manifest_that_was_changed_does_not_match_its_closing_hash(whole: bytes) -> None:
    files = read(whole) | {"results.csv": b"nothing"}
    manifest = json.loads(files[MANIFEST])
    for each in manifest["files"]:
        if each["path"] == "results.csv":
            each |= {"sha256": hashlib.sha256(b"nothing").hexdigest(), "size": 7}
    checked = check(write(files | {MANIFEST: canonical(manifest)}))
    assert "does not match its own closing hash" in checked.wrong[0]


@pytest.mark.parametrize("needed", ["results.csv", "report/index.html", "ledger/entries.jsonl", "pack/pack.toml"])
def test_an_audit_without_one_of_its_parts_is_none(whole: bytes, needed: str) -> None:
    assert needed in check(closed(without(read(whole), needed))).wrong[0]


# --- what a forger with a fitting manifest meets


def changed_line(files: Files, path: str, change: Callable[[dict[str, object]], None], number: int = 0) -> Files:
    lines = files[path].splitlines()
    told = json.loads(lines[number])
    change(told)
    lines[number] = canonical(told)
    return files | {path: b"\n".join(lines) + b"\n"}


def wrong(files: Files) -> str:
    checked: Checked = check(closed(files))
    return " ".join(checked.wrong)


def test_a_changed_rule_does_not_have_the_hash_of_the_pack(whole: bytes) -> None:
    files = read(whole)
    law = next(name for name in files if name.startswith("pack/policies/"))
    assert "the audit states" in wrong(files | {law: files[law] + b"\n"})


def test_an_entry_that_was_changed_does_not_have_its_leaf(whole: bytes) -> None:
    def other_author(told: dict[str, object]) -> None:
        leaf = told["leaf"]
        assert isinstance(leaf, dict)
        leaf["author"] = "clerk-2"

    assert "Entry 0" in wrong(changed_line(read(whole), "ledger/entries.jsonl", other_author))


def test_a_value_that_was_not_committed_to_is_found(whole: bytes) -> None:
    def other_value(told: dict[str, object]) -> None:
        opened = told["opened"]
        assert isinstance(opened, dict)
        next(iter(opened.values()))["value"] = "another"

    found = wrong(changed_line(read(whole), "ledger/rows.jsonl", other_value))
    assert "does not hold the value it was committed to" in found


def test_a_row_that_was_left_out_is_missed(whole: bytes) -> None:
    files = read(whole)
    lines = files["ledger/rows.jsonl"].splitlines(keepends=True)
    assert "are not the" in wrong(files | {"ledger/rows.jsonl": b"".join(lines[:-1])})


def test_a_leaf_that_was_left_out_changes_the_root(whole: bytes) -> None:
    files = read(whole)
    lines = files["proofs/leaves.txt"].splitlines(keepends=True)
    assert "leaves have the root" in wrong(files | {"proofs/leaves.txt": b"".join(lines[:-1])})


def test_an_exhibit_that_was_exchanged_or_added_is_found(whole: bytes) -> None:
    files = read(whole)
    name = next(name for name in files if name.startswith("exhibits/"))
    assert "does not have the hash that is its name" in wrong(files | {name: b"another"})
    more = hashlib.sha256(b"more").hexdigest()
    assert "Either an exhibit or the entry with its hash is missing" in wrong(files | {f"exhibits/{more}": b"more"})
    assert "Either an exhibit or the entry with its hash is missing" in wrong(without(files, name))


def test_another_key_does_not_make_the_salts(whole: bytes) -> None:
    assert "not made from the docket's key" in wrong(read(whole) | {"ledger/salt.key": b"00" * 32 + b"\n"})


@pytest.mark.parametrize("path", ["ledger/entries.jsonl", "ledger/rows.jsonl", "proofs/leaves.txt", "audit.json"])
@pytest.mark.parametrize("content", [b"\xff", b"{}\n", b"[]\n", b"null\n", b'{"index":"0"}\n', b"zz\n", b'{"a": 1}\n'])
def test_a_file_of_another_shape_is_wrong_and_stops_nothing(whole: bytes, path: str, content: bytes) -> None:
    assert wrong(read(whole) | {path: content})


# --- again


def test_a_ledger_that_was_made_anew_is_whole_and_makes_no_sense_when_computed_again(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What no check of hashes can find: whoever makes everything anew. Root and closing hash are then others."""
    files = read(whole)
    entry = json.loads(files["ledger/entries.jsonl"].splitlines()[-1])
    entry["leaf"]["kind"] = "rumour"
    leaves = files["proofs/leaves.txt"].splitlines()
    leaves[-1] = leaf_hash(canonical(entry["leaf"])).hex().encode()
    pins = json.loads(files["audit.json"])
    pins["as_of"]["root"] = root([bytes.fromhex(leaf.decode()) for leaf in leaves]).hex()
    entries = [*files["ledger/entries.jsonl"].splitlines()[:-1], canonical(entry)]
    forged = closed(
        files
        | {"ledger/entries.jsonl": b"\n".join(entries) + b"\n"}
        | {"proofs/leaves.txt": b"\n".join(leaves) + b"\n", "audit.json": canonical(pins)}
    )
    checked = check(forged)
    assert checked.whole
    assert checked.pins["as_of"]["root"] != check(whole).pins["as_of"]["root"]
    assert again(tmp_path, forged) == 1
    assert "The results cannot be recomputed" in capsys.readouterr().out


def test_the_results_can_be_computed_again_from_what_is_inside(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(tmp_path, whole) == 0
    said = capsys.readouterr().out
    count = len(list(csv.reader(io.StringIO(read(whole)["results.csv"].decode())))) - 1
    assert f"all {count} results are the same" in said
    assert check(whole).closing in said


def test_a_changed_result_under_a_fitting_manifest_is_found_by_computing_again(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = read(whole)
    changed = closed(files | {"results.csv": files["results.csv"].replace(b"16.67", b"16.68")})
    assert changed != whole
    assert check(changed).whole
    assert again(tmp_path, changed) == 1
    said = capsys.readouterr().out
    assert "results.csv, line" in said
    assert "16.68" in said
    assert "16.67" in said


def test_a_changed_page_under_a_fitting_manifest_is_found_by_computing_again(whole: bytes, tmp_path: Path) -> None:
    files = read(whole)
    page = files["report/index.html"].replace(b"Computed", b"Decided ", 1)
    assert again(tmp_path, closed(files | {"report/index.html": page})) == 1


def test_an_exchanged_parquet_file_is_found_by_computing_again(whole: bytes, tmp_path: Path) -> None:
    assert again(tmp_path, closed(read(whole) | {"results.parquet": b"PAR1"})) == 1


@pytest.mark.parametrize("readers", ["respondent", "public"])
def test_the_other_editions_say_what_cannot_be_computed_again(
    docket: Path, tmp_path: Path, readers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(tmp_path, built(docket, readers)) == 0
    assert f"No result was recomputed, because the {readers} edition withholds the facts" in capsys.readouterr().out


def test_as_json_it_says_the_same(whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "audit.zip").write_bytes(whole + b"x")
    assert main(["verify", str(tmp_path / "audit.zip"), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["whole"] is False
    assert told["wrong"]
    (tmp_path / "audit.zip").write_bytes(whole)
    assert main(["verify", str(tmp_path / "audit.zip"), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["whole"] is True
    assert told["root"] == check(whole).pins["as_of"]["root"]


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path / "audit.zip")]) == 2


# --- canonical JSON, against the library that the ledger uses


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [None, True, False, -7, 'é\u2028\x7f\x1f"\\/']},
        {"\U0001f600": 1, "\ue000": 2, "a": {}},
        [],
        "",
    ],
)
def test_canonical_json_is_written_as_the_ledger_writes_it(value: object) -> None:
    from custodiet.ledger.entry import canonical as of_the_ledger

    assert canonical(value) == of_the_ledger(value)  # type: ignore[arg-type]
    assert read_json(canonical(value)) == value


@pytest.mark.parametrize(
    "text", [b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b"1.5", b"\xff", b"", b"NaN", b'"\\u00e9"']
)
def test_what_is_not_canonical_json_is_not_read(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        read_json(text)
