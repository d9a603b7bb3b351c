"""What the program offers is documented, and what the documentation shows happens."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import custodiet
from tests.house import ROOT, commands, copy_to, options, pages

NOT_RUN = (
    "python3 go.py",
    "git ",
)  # tests/project/test_go.py is about the one, and the other fetches what the reader has
SHELL_SECONDS_MAX = 120


class Example(NamedTuple):
    """A command in a ```console box: what is typed, its exit code, and what it is said to print.

    The code is 0 unless the line ends in a comment `# exit 1`. A printed line may stop at `…`, and a line
    that is only `…` stands for any lines.
    """

    line: int
    command: str
    code: int
    prints: tuple[str, ...]


def examples(text: str) -> Iterator[Example]:
    """The examples of a page, in order."""
    for box in re.finditer(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        first = text.count("\n", 0, box.start(1)) + 1
        lines = box.group(1).splitlines()
        starts = [index for index, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            command, _, comment = lines[start][2:].partition("  # ")
            stated = re.search(r"\bexit (\d+)", comment)
            printed = tuple(line.rstrip() for line in lines[start + 1 : end] if line.strip())
            yield Example(first + start, command.strip(), int(stated.group(1)) if stated else 0, printed)


def not_printed(example: Example, output: str) -> list[str]:
    """The first line that an example shows and the program did not print in its turn, and all after it."""
    printed = iter([line.rstrip() for line in output.splitlines()])
    for index, shown in enumerate(example.prints):
        start, cut, _ = shown.partition("…")
        if shown != "…" and not any(line.startswith(start.rstrip()) if cut else line == shown for line in printed):
            return list(example.prints[index:])
    return []


def read(page: Path) -> str:
    """The text of a page, or nothing where it is not written yet."""
    path = ROOT / page
    return path.read_text(encoding="utf-8") if path.exists() else ""


def documented(word: str, text: str) -> bool:
    """Whether a page holds this as a whole word: `--out` is not documented by `--outcome`."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


DOCS = {page: read(page) for page in pages()[1:]}
POLICY_GUIDE = Path("docs/guides/write-your-first-policy.md")
RECORDS_GUIDE = Path("docs/guides/bring-your-own-records.md")
GUIDES = (POLICY_GUIDE, RECORDS_GUIDE, Path("docs/guides/decide-a-table.md"))
"""The guides whose documents `tests/project/test_guide.py` writes, and whose commands it runs."""
SHOWN = [page for page in pages() if page not in GUIDES and any(examples(read(page)))]


@pytest.mark.parametrize("command", commands())
def test_every_command_has_a_page_that_knows_all_its_options(command: str) -> None:
    about = "\n".join(text for text in DOCS.values() if documented(f"custodiet {command}", text))
    assert about, f"no page under docs/ speaks of `custodiet {command}`"
    unknown = [option for option in options(commands()[command]) if not documented(option, about)]
    assert unknown == [], f"no page about `custodiet {command}` explains these"


def test_the_options_before_a_command_are_documented() -> None:
    from custodiet.cli.main import parser

    text = "\n".join(DOCS.values())
    assert [option for option in options(parser()) if not documented(option, text)] == []


def test_every_public_name_is_documented() -> None:
    names = getattr(custodiet, "__all__", ())
    assert names, "custodiet/__init__.py says in `__all__` what is public"
    text = "\n".join(DOCS.values())
    undocumented = [name for name in names if not documented(name, text)]
    assert undocumented == [], "no page under docs/ names these"


@pytest.mark.parametrize("page", ["README.md", "docs/start.md"])
def test_who_comes_new_finds_commands_to_type(page: str) -> None:
    assert read(Path(page)), f"{page} is not written"
    assert list(examples(read(Path(page)))), f"{page} shows no command in a ```console box"


@pytest.mark.parametrize("page", SHOWN, ids=str)
def test_what_a_page_shows_happens(page: Path, tmp_path: Path) -> None:
    """All commands of a page, in order, in one copy of the project, as its reader types them."""
    copy = copy_to(tmp_path / "copy")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for example in examples(read(page)):
        if example.command.startswith(NOT_RUN):
            continue
        run = subprocess.run(
            ["/bin/sh", "-c", example.command],
            cwd=copy,
            env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SHELL_SECONDS_MAX,
            check=False,
        )
        output = f"{run.stdout}\n{run.stderr}"
        assert run.returncode == example.code, f"{page}:{example.line}: $ {example.command}\n{output}"
        assert not_printed(example, output) == [], f"{page}:{example.line}: $ {example.command}\n{output}"


def test_an_example_is_a_command_with_its_code_and_its_output() -> None:
    page = "a\n```console\n$ custodiet check bad  # exit 1\none\n\ntwo …\n$ custodiet ask\n```\n```sh\n$ rm\n```\n"
    assert list(examples(page)) == [
        Example(3, "custodiet check bad", 1, ("one", "two …")),
        Example(7, "custodiet ask", 0, ()),
    ]


def test_a_shown_line_that_is_not_printed_is_found() -> None:
    shown = Example(1, "", 0, ("owes 412.00", "…", "3 results …"))
    assert not_printed(shown, "owes 412.00\nby rule 4.2\n3 results, 1 undetermined\n") == []
    assert not_printed(shown, "owes 412.01\n3 results\n") == list(shown.prints)
    assert not_printed(shown, "3 results, and then\nowes 412.00\nmore\n") == ["3 results …"]


def test_an_option_is_not_documented_by_a_longer_one() -> None:
    assert documented("--out", "use `--out DIR`")
    assert not documented("--out", "use `--outcome`")
