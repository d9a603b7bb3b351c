"""The guides that a reader follows with an editor: their documents are written, their commands run, in order."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.house import ROOT
from tests.project.test_docs import GUIDES, POLICY_GUIDE, RECORDS_GUIDE, Example, examples, not_printed

SECONDS_MAX = 300
ABOVE, AT_THE_END, IN_PLACE = "above ", "at the end", "in place of "


@dataclass(frozen=True)
class Written:
    """A block of the guide that its reader writes to a file: all of it, or somewhere in it."""

    line: int
    file: str
    where: str
    """Empty for a whole file; or above a heading, at the end, or in place of a section."""
    text: str

    def write(self, folder: Path) -> None:
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._beside(path.read_text(encoding="utf-8") if self.where else ""), encoding="utf-8")

    def _beside(self, before: str) -> str:
        if not self.where:
            return self.text
        if self.where == AT_THE_END:
            return before + self.text
        heading = self.where.removeprefix(ABOVE).removeprefix(IN_PLACE)
        start = re.search(rf"^{re.escape(heading)}\b", before, re.MULTILINE)
        assert start is not None, f"line {self.line} of the guide: {self.file} has no {heading}"
        after = before[start.start() :]
        if self.where.startswith(IN_PLACE):
            following = re.search(r"^## ", after[3:], re.MULTILINE)
            after = after[3 + following.start() :] if following is not None else ""
        return f"{before[: start.start()]}{self.text}\n{after}"


def steps(page: str) -> Iterator[Written | Example]:
    """What the reader of a page does, in order."""
    for token in MarkdownIt("commonmark").parse(page):
        language, _, about = token.info.partition(" ")
        line = (token.map or (0, 0))[0] + 1
        if token.type == "fence" and language == "console":
            for example in examples(f"```console\n{token.content}```\n"):
                yield example._replace(line=example.line + line - 1)
        elif token.type == "fence" and about:
            file, _, where = about.partition(" ")
            yield Written(line, file, where, token.content)


@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_what_a_guide_says_happens(guide: Path, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for step in steps((ROOT / guide).read_text(encoding="utf-8")):
        if isinstance(step, Written):
            step.write(tmp_path)
            continue
        run = subprocess.run(
            ["/bin/sh", "-c", step.command],
            cwd=tmp_path,
            # Unbuffered, what is said and what is answered come in the order in which a terminal shows them.
            env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        assert run.returncode == step.code, f"{guide}:{step.line}: $ {step.command}\n{run.stdout}"
        assert not_printed(step, run.stdout) == [], f"{guide}:{step.line}: $ {step.command}\n{run.stdout}"


def test_the_guide_takes_its_reader_through_all_of_a_policy() -> None:
    """From the sentence to the audit: the boxes, a table of rates, and the commands that a writer of law needs."""
    page = (ROOT / POLICY_GUIDE).read_text(encoding="utf-8")
    done = list(steps(page))
    boxes = "".join(step.text for step in done if isinstance(step, Written))
    assert [box for box in ("rule", "judgment", "claim") if f"```{box}\n" not in boxes] == []
    assert "exception to" in boxes
    assert "rate(" in boxes
    typed = {
        step.command.split()[1] for step in done if isinstance(step, Example) if step.command.startswith("custodiet")
    }
    assert {"test", "check", "prove", "init", "audit", "explain"} <= typed
    assert any(step.code == 1 for step in done if isinstance(step, Example))


def test_the_guide_to_records_brings_eight_columns_to_an_audit_in_a_quarter_of_an_hour() -> None:
    page = (ROOT / RECORDS_GUIDE).read_text(encoding="utf-8")
    done = list(steps(page))
    files = {step.file: step.text for step in done if isinstance(step, Written)}
    table = files["nights/records/hotel_night.csv"]
    sheet = page.partition("| Booking |")[2].partition("|\n")[0]
    assert len(sheet.split("|")) + 1 == 8, "the sheet has eight columns"
    assert len(table.splitlines()[0].split(",")) == 8 + len(("basis", "source"))
    minutes = [int(each) for each in re.findall(r"^## \d\. .*\((\d+) minutes?\)$", page, re.MULTILINE)]
    assert sum(minutes) <= 15
    typed = {step.command.split()[1] for step in done if isinstance(step, Example)}
    assert {"test", "check", "audit", "explain"} <= typed


@pytest.mark.parametrize(
    ("where", "after"),
    [
        ("", "new\n"),
        (AT_THE_END, "# P\n\n## One\none\n\n## Two\ntwo\nnew\n"),
        (f"{ABOVE}## Two", "# P\n\n## One\none\n\nnew\n\n## Two\ntwo\n"),
        (f"{IN_PLACE}## One", "# P\n\nnew\n\n## Two\ntwo\n"),
        (f"{IN_PLACE}## Two", "# P\n\n## One\none\n\nnew\n\n"),
    ],
)
def test_a_block_is_written_where_the_guide_says(tmp_path: Path, where: str, after: str) -> None:
    (tmp_path / "p.md").write_text("# P\n\n## One\none\n\n## Two\ntwo\n", encoding="utf-8")
    Written(1, "p.md", where, "new\n").write(tmp_path)
    assert (tmp_path / "p.md").read_text(encoding="utf-8") == after


def test_a_block_that_names_a_file_is_written_and_any_other_is_only_read() -> None:
    page = "```rule\nx\n```\n````markdown law/p.md at the end\n```rule\n````\n```console\n$ ls  # exit 2\n```\n"
    assert list(steps(page)) == [Written(4, "law/p.md", "at the end", "```rule\n"), Example(8, "ls", 2, ())]
