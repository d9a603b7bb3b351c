"""An archive made to take a reader's memory or time is told to be forged, in a sentence and with little of both."""

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from custodiet.cli.main import main
from custodiet.reports.editions.redacted_rows import PUBLIC_COLUMNS
from custodiet.reports.result_table import FIGURES
from custodiet.verify import archive
from custodiet.verify.archive import read
from custodiet.verify.canonical import canonical
from tests.audit.test_audits import FOLDER, audited
from tests.audit.test_audits import read as read_case
from tests.verify.test_archives import Files, built, closed

PROGRAM = "import sys; from custodiet.cli.main import main; sys.exit(main(sys.argv[1:]))"
WATCH = """
import resource, subprocess, sys
ran = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT)
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(ran.returncode)
"""
"""Runs a command and says its peak in KiB. A process begins with the peak of the one that started it (getrusage(2)), so
a small one starts it and not these tests."""
MOST_MB = 700
"""What `verify` may take of memory; a plain archive takes some 100, and a database's library half of that."""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("hostile")
    audited(read_case(FOLDER / "totals-of-three-trips.md"), folder / "docket")
    return read(built(folder / "docket", "public"))


def told(content: bytes, tmp_path: Path, *options: str) -> str:
    """What `verify` prints of a forged archive, in a process whose memory is watched."""
    (tmp_path / "audit.zip").write_bytes(content)
    command = [sys.executable, "-c", PROGRAM, "verify", str(tmp_path / "audit.zip"), *options]
    ran = subprocess.run([sys.executable, "-c", WATCH, *command], capture_output=True, text=True, check=False)
    said, _, used = ran.stdout.rpartition("peak ")
    assert ran.returncode == 1, said
    assert "Traceback" not in said + ran.stderr
    assert "Do not rely on this archive." in said
    assert int(used) < MOST_MB * 1024, f"{int(used) // 1024} MB"
    return said


def parquet(folder: Path, rows: int, **values: str) -> bytes:
    """A file with the columns of the public results, each empty but for what is given in DuckDB's words."""
    cells = ", ".join(
        f'CAST({values.get(name, "NULL")} AS {kind}) AS "{name}"'
        for name, kind in {**PUBLIC_COLUMNS, **FIGURES}.items()
    )
    path = folder / "made.parquet"
    with duckdb.connect() as connection:
        select = f"SELECT {cells} FROM range({rows})"  # noqa: S608 - the words are our own
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path.read_bytes()


# --- results.parquet


def test_more_rows_than_the_table_beside_it_has_are_not_read(public: Files, tmp_path: Path) -> None:
    content = parquet(tmp_path, 300_000)
    said = told(closed(public | {"results.parquet": content}), tmp_path)
    lines = public["results.csv"].count(b"\n")
    assert f"results.parquet says that it holds 300,000 rows, where there can be {lines}" in said


def test_a_few_rows_of_very_long_texts_are_not_read(public: Files, tmp_path: Path) -> None:
    content = parquet(tmp_path, 3, trip="repeat('x', 40_000_000)")
    assert len(content) < 20_000
    said = told(closed(public | {"results.parquet": content}), tmp_path)
    assert "results.parquet says that it holds 120,0" in said
    assert "bytes, where there can be" in said


def test_a_list_that_is_much_longer_than_the_table_is_not_read(public: Files, tmp_path: Path) -> None:
    content = parquet(tmp_path, 1, because="list_transform(range(2_000_000), lambda x: 'a')")
    said = told(closed(public | {"results.parquet": content}), tmp_path)
    assert "results.parquet says that it holds 2,000,000 values" in said


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" * 3, b"x" * 100, b"PAR1" + struct.pack("<I", 1 << 31) + b"PAR1"]
)
def test_what_is_not_a_parquet_file_is_told(public: Files, tmp_path: Path, content: bytes) -> None:
    assert "results.parquet is not a Parquet file" in told(closed(public | {"results.parquet": content}), tmp_path)


def test_other_columns_and_a_sum_that_no_currency_has_are_told(public: Files, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path / 'other.parquet'}' (FORMAT parquet)")
    other = public | {"results.parquet": (tmp_path / "other.parquet").read_bytes()}
    assert "has other columns than the results of this edition" in told(closed(other), tmp_path)
    halves = public | {"results.parquet": parquet(tmp_path, 1, amount="1.005", currency="'EUR'")}
    assert "holds the sum 1.0050, which EUR does not have" in told(closed(halves), tmp_path)
    unknown = public | {"results.parquet": parquet(tmp_path, 1, amount="1.00", currency="'???'")}
    assert "holds a sum in no known currency" in told(closed(unknown), tmp_path)


# --- JSON


@pytest.mark.parametrize(
    ("pins", "says"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "JSON with more than 64 lists and objects inside each other"),
        (b"[" * 200 + b"]" * 200, "JSON with more than 64 lists and objects inside each other"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "JSON with more than 64 lists and objects inside each other"),
        (b"1" * 5_001, "a whole number of 5,001 characters; the longest allowed has 20"),
        (b'{"size":' + b"9" * 1_000_000 + b"}", "a whole number of 1,000,000 characters"),
        (b"[" + b"1," * 5_000_000 + b"1]", "JSON of more than 67,108,864 bytes or 4,194,304 values"),
        (b'"' + b"x" * (1 << 26) + b'"', "JSON of more than 67,108,864 bytes"),
        (b'{"format":"custodiet audit 1","format":"custodiet audit 1"}', "it is not JSON in canonical form"),
        (b"1e999999999", "which is not a text, a whole number, a list or an object"),
        (b"\xff", "it is not text in UTF-8"),
    ],
    ids=["deep", "a little deep", "deep objects", "digits", "many digits", "values", "long", "twice", "power", "bytes"],
)
def test_json_beyond_all_bounds_is_not_read(public: Files, tmp_path: Path, pins: bytes, says: str) -> None:
    assert says in told(closed(public | {"audit.json": pins}), tmp_path)
    lines = closed(public | {"ledger/entries.jsonl": pins + b"\n"})
    assert says in told(lines, tmp_path)


def test_a_file_of_line_breaks_takes_no_room_to_read(public: Files, tmp_path: Path) -> None:
    breaks = b"\n" * 30_000_000
    said = told(closed(public | {"ledger/rows.jsonl": breaks, "proofs/leaves.txt": breaks}), tmp_path)
    assert "ledger/rows.jsonl, line 1:" in said
    assert "proofs/leaves.txt does not hold exactly one hash per line" in said


def test_a_pack_toml_that_is_deep_or_holds_a_huge_number_is_told(public: Files, tmp_path: Path) -> None:
    from custodiet.verify.check import pack_hash

    for text in (b"name = " + b"[" * 50_000 + b"]" * 50_000, b"name = " + b"7" * 5_001):
        files = public | {"pack/pack.toml": text}
        law = {path.removeprefix("pack/"): content for path, content in files.items() if path.startswith("pack/")}
        pins = json.loads(files["audit.json"])
        pins["pack"]["hash"] = pack_hash(law)
        said = told(closed(files | {"audit.json": canonical(pins)}), tmp_path)
        assert "A file of the audit is not laid out as it should be: pack/pack.toml, or what it names." in said


@pytest.mark.parametrize("name", ["run.exe", "policies/deep/seat.md", "policies/seat.txt", "rates/x.md", "x/pack.toml"])
def test_a_file_that_no_pack_has_is_told(public: Files, tmp_path: Path, name: str) -> None:
    assert f"This archive has pack/{name}, which no audit has." in told(
        closed(public | {f"pack/{name}": b"MZ"}), tmp_path
    )


@pytest.mark.parametrize("field", ["place", "table"])
def test_a_place_that_is_not_a_number_is_told(public: Files, tmp_path: Path, field: str) -> None:
    lines = [json.loads(line) for line in public["ledger/rows.jsonl"].splitlines()]
    first = next(line for line in lines if line[field] in (0, 1))
    first[field] = bool(first[field])
    rows = b"".join(canonical(line) + b"\n" for line in lines)
    assert "A row of ledger/rows.jsonl is out of order." in told(closed(public | {"ledger/rows.jsonl": rows}), tmp_path)


@pytest.mark.parametrize("table", [b"", b'"', b"a,b\n1\n", b"record\n1\n", b"\xff", b"x,x\n" * 3])
def test_a_table_that_is_not_one_of_results_is_told_in_words(public: Files, tmp_path: Path, table: bytes) -> None:
    said = told(closed(public | {"results.csv": table}), tmp_path)
    assert "report/index.html" in said
    assert "Error(" not in said


# --- the pins


def lacking(pins: dict[str, object], name: str) -> dict[str, object]:
    return {each: value for each, value in pins.items() if each != name}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        *[
            (lambda pins, name=name: lacking(pins, name), f"it lacks {name}.")
            for name in ("as_of", "currency", "docket", "edition", "pack", "program", "withheld")
        ],
        (lambda pins: pins | {"as_of": 3}, "in as_of, it is not an object"),
        (lambda pins: pins | {"as_of": {}}, "in as_of, it lacks recorded_at, root, size"),
        (lambda pins: pins | {"as_of": pins["as_of"] | {"size": "5"}}, "size is not a whole number"),
        (lambda pins: pins | {"as_of": pins["as_of"] | {"size": True}}, "size is not a whole number"),
        (lambda pins: pins | {"docket": ["Model City"]}, "docket is not a text"),
        (lambda pins: pins | {"withheld": {"W1": "all"}}, "withheld is not a list of objects"),
        (lambda pins: pins | {"withheld": ["W1"]}, "withheld is not a list of objects"),
        (lambda pins: pins | {"withheld": [{}]}, "in withheld, it lacks code, decided_by, ends, law, object_to, what"),
        (lambda pins: pins | {"withheld": [{"code": "W1"}]}, "in withheld, it lacks decided_by"),
        (lambda pins: pins | {"remark\x1b": "true"}, "it also holds 'remark\\x1b'"),
        (lambda pins: [pins], "is not one of `custodiet audit 1`"),
        (lambda pins: pins | {"format": "custodiet audit 2"}, "is not one of `custodiet audit 1`"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--again"], ["--format", "json"]])
def test_pins_of_another_shape_are_told(
    public: Files,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[object], object],
    says: str,
    options: list[str],
) -> None:
    pins = change(json.loads(public["audit.json"]))
    (tmp_path / "audit.zip").write_bytes(closed(public | {"audit.json": canonical(pins)}))
    assert main(["verify", str(tmp_path / "audit.zip"), *options]) == 1
    said = capsys.readouterr().out
    assert says.replace("\\", "\\\\" if "json" in options else "\\") in said


# --- the zip file


def member(name: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    length = len(content) if size is None else size
    common = (0x0800, 0, 0, 33, zlib.crc32(content), length, length, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, *common) + name + content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"".join(member(b"%d" % number) for number in range(1_000_000)), "it holds more than 65535 files"),
        (member(b"a") * 2, "two files have the name a"),
        (member(b"a", b"x", size=0xFFFFFFFF), "it ends in the middle of a"),
        (member(b"a/" * 30_000 + b"a"), "leads elsewhere"),
        (member(b"a" * 60_000), "leads elsewhere"),
        (
            b"".join(member(b"%d/" % number + b"a/" * 30 + b"a") for number in range(60_000)),
            "the one that the archive of",
        ),
    ],
    ids=["members", "twice", "size", "folders", "name", "many folders"],
)
def test_members_beyond_all_bounds_are_told(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in told(content, tmp_path)


def test_a_file_larger_than_any_archive_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file with a hole in it: it has five GiB and takes no room."""
    with (tmp_path / "audit.zip").open("wb") as hole:
        hole.truncate(5 << 30)
    assert main(["verify", str(tmp_path / "audit.zip")]) == 1
    assert "It has 5,368,709,120 bytes; the archive of an audit has at most" in capsys.readouterr().out
    assert 5 << 30 > archive.ARCHIVE_MAX > archive.BYTES_MAX


# --- the machine


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a bound on a process's memory")
@pytest.mark.parametrize("kib", [250_000, 300_000, 400_000])
def test_a_machine_without_memory_is_not_said_to_be_a_forgery(public: Files, tmp_path: Path, kib: int) -> None:
    (tmp_path / "audit.zip").write_bytes(closed(public))
    bounded = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({kib << 10}, {kib << 10})); {PROGRAM}"
    command = [sys.executable, "-c", bounded, "verify", str(tmp_path / "audit.zip")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 74, ran.stdout + ran.stderr
    assert "the machine has no memory left for this" in ran.stderr
    assert "WRONG" not in ran.stdout
