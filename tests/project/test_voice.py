"""How we write: the words that docs/internals/voice.md says we do not write are written nowhere."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house import ROOT, files

VOICE = Path("docs/internals/voice.md")
NOT_YET = frozenset({"custodiet/verify/page/figures.py"})
"""The files that still say some of it, with a caption of pages of the first format, which are verified for ever.

One that no longer does is to be struck out.
"""


@cache
def words() -> tuple[str, ...]:
    """The words that are not written, from the table of the page."""
    page = (ROOT / VOICE).read_text(encoding="utf-8")
    table = page.partition("| not | but |")[2].partition("\n\n")[0].splitlines()[2:]
    return tuple(line.split("|")[1].strip() for line in table)


def unwritten() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(map(re.escape, words()))})\b", re.IGNORECASE)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that a person reads, each with its line: of a program its strings and comments."""
    content = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from enumerate(content.splitlines(), start=1)
        return
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, " ".join(node.value.split())
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def looked_at() -> list[Path]:
    """The program and its pages."""
    programs = [path for path in files() if path.suffix == ".py" and path.parts[0] in ("custodiet", "scripts")]
    pages = [path for path in files() if path.suffix == ".md" and path.parts[0] in ("docs", "README.md")]
    return [path for path in (*programs, *pages, Path("go.py")) if path != VOICE]


def said(path: Path) -> list[str]:
    """Where a file says what we do not write."""
    return [f"{path}:{line}: `{found[0]}`" for line, text in texts(path) for found in unwritten().finditer(text)]


def test_nothing_says_what_we_do_not_write() -> None:
    found = [each for path in looked_at() if str(path) not in NOT_YET for each in said(path)]
    assert found == [], f"{VOICE} has what to write instead"


def test_a_file_that_is_swept_is_struck_out() -> None:
    assert [name for name in sorted(NOT_YET) if not said(Path(name))] == []


@pytest.mark.parametrize("word", words())
def test_each_word_is_found_where_it_is_written(word: str) -> None:
    assert unwritten().search(f"That {word.upper()} here.")
    assert not unwritten().search(f"That un{word}ly here.")


def test_the_page_has_twenty_pairs() -> None:
    page = (ROOT / VOICE).read_text(encoding="utf-8")
    pairs = page.partition("| before | after |")[2].strip().splitlines()[1:]
    assert len(pairs) >= 20
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in pairs)
