"""Rules of the house that a machine can check: each finding says where, what, and what to do instead."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

import pytest

from tests.house import ROOT, files

# Amounts pass through these rooms.
MONEY_ROOMS = {"base", "records", "policy", "ledger", "intake", "audit", "cases"}
LINES_MAX = 500

# Written in pieces, so that this file does not hold what it looks for.
ACCUSATION = re.compile("fr" + "aud", re.IGNORECASE)
OPEN_MARK = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
PACKAGE_HOST = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", r"npm" + r"js\.", r"deb\." + "debian"]))
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|home/[a-z]\w*|Users/\w+|var/tmp|work|farm)/")
BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Finding(NamedTuple):
    """A place that breaks a rule of the house."""

    path: PurePath
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}, {self.instead}"


def each(pattern: re.Pattern[str], path: PurePath, text: str, what: str, instead: str) -> Iterator[Finding]:
    """A finding for every line that holds the pattern; `{}` in `what` is the text found."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := pattern.search(line):
            yield Finding(path, number, what.format(found.group()), instead)


def nobody_is_accused(path: PurePath, text: str) -> Iterator[Finding]:
    if path != PurePath("docs/glossary.md"):
        yield from each(ACCUSATION, path, text, "'{}' accuses", "say what was computed: result, signal")


def no_host_is_named(path: PurePath, text: str) -> Iterator[Finding]:
    yield from each(PACKAGE_HOST, path, text, "'{}' is a host of packages", "name the package and let the tool find it")


def no_machine_is_named(path: PurePath, text: str) -> Iterator[Finding]:
    yield from each(MACHINE_PATH, path, text, "'{}' is a path of one machine", "use a path from the root")


def nothing_is_left_open(path: PurePath, text: str) -> Iterator[Finding]:
    if path.suffix in {".py", ".md", ".lark", ".toml", ".jinja", ".html"}:
        yield from each(OPEN_MARK, path, text, "'{}' leaves something open", "do it, or say what falls short in docs/")


def text_reads_as_it_is_stored(path: PurePath, text: str) -> Iterator[Finding]:
    what = "a character that turns the direction of reading"
    yield from each(BIDIRECTIONAL, path, text, what, "write it as an escape")


def modules_are_short(path: PurePath, text: str) -> Iterator[Finding]:
    lines = text.count("\n")
    if path.suffix == ".py" and lines > LINES_MAX:
        yield Finding(path, lines, f"{lines} lines", "cut it where the promise changes")


def no_exception_is_swallowed(path: PurePath, text: str) -> Iterator[Finding]:
    for node in nodes(path, text):
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and all(map(is_nothing, node.body)):
            yield Finding(path, node.lineno, "a broad except that passes", "catch what you expect")


def nothing_is_a_stub(path: PurePath, text: str) -> Iterator[Finding]:
    for node in nodes(path, text):
        if isinstance(node, ast.Name) and node.id == "NotImplemented" + "Error":
            yield Finding(path, node.lineno, "a function that is not there", "build it or leave it out")


def money_is_exact(path: PurePath, text: str) -> Iterator[Finding]:
    if path.parts[0] != "custodiet" or path.parts[1] not in MONEY_ROOMS:
        return
    for node in nodes(path, text):
        match node:
            case ast.Constant(value=float() | complex() as value):
                yield Finding(path, node.lineno, f"the inexact number {value}", "use a whole number, Fraction or Money")
            case ast.Name(id="float" | "complex" as name):
                yield Finding(path, node.lineno, f"`{name}`", "use a whole number, Fraction or Money")


def files_are_read_through_one_door(path: PurePath, text: str) -> Iterator[Finding]:
    if path.parts[0] != "custodiet" or path == PurePath("custodiet/base/files.py"):
        return
    for node in nodes(path, text):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr="read_bytes" | "read_text" as read)):
                yield Finding(path, node.lineno, f"`{read}` waits for ever on a pipe", "use base/files.py")


def nodes(path: PurePath, text: str) -> Iterator[ast.AST]:
    if path.suffix == ".py":
        yield from ast.walk(ast.parse(text))


def is_broad(caught: ast.expr | None) -> bool:
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def is_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass | ast.Continue) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


RULES: tuple[Callable[[PurePath, str], Iterator[Finding]], ...] = (
    nobody_is_accused,
    no_host_is_named,
    no_machine_is_named,
    nothing_is_left_open,
    text_reads_as_it_is_stored,
    modules_are_short,
    no_exception_is_swallowed,
    nothing_is_a_stub,
    money_is_exact,
    files_are_read_through_one_door,
)


def findings(path: PurePath, content: bytes) -> Iterator[Finding]:
    """What the rules say about one file; a file that is not text says nothing to them."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    for rule in RULES:
        yield from rule(path, text)


def test_the_house_is_tidy() -> None:
    found = [finding for path in files() for finding in findings(path, Path(ROOT, path).read_bytes())]
    assert "\n".join(map(str, found)) == ""


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("docs/start.md", "one\nDe" + "fr" + "auded", "docs/start.md:2: 'fr" + "aud' accuses, say what was computed"),
        ("requirements.lock", "https://files.python" + "hosted.org/x", "requirements.lock:1: 'python" + "hosted' is a"),
        ("go.py", "#\n#\nx = '" + "/" + "home/clerk/x'", "go.py:3: '/" + "home/clerk/' is a path of one machine"),
        ("docs/a.md", "TO" + "DO: later", "docs/a.md:1: 'TO" + "DO' leaves something open"),
        ("packs/a/policies/p.md", "safe\u202etxt", "packs/a/policies/p.md:1: a character that turns"),
        ("custodiet/cli/a.py", "\n" * 501, "custodiet/cli/a.py:501: 501 lines, cut it where"),
        ("a.py", "try:\n    x\nexcept Exception:\n    pass", "a.py:3: a broad except that passes, catch what"),
        ("a.py", "try:\n    x\nexcept:\n    ...", "a.py:3: a broad except that passes, catch what"),
        ("custodiet/intake/a.py", "path.read_bytes()", "custodiet/intake/a.py:1: `read_bytes` waits for ever"),
        ("a.py", "raise NotImplemented" + "Error", "a.py:1: a function that is not there, build it"),
        ("custodiet/base/money.py", "x = 1\ny = 0.5", "custodiet/base/money.py:2: the inexact number 0.5, use"),
        ("custodiet/audit/run.py", "float(x)", "custodiet/audit/run.py:1: `float`, use a whole number"),
    ],
)
def test_a_finding_says_where_and_what_and_what_instead(path: str, text: str, finding: str) -> None:
    found = list(findings(PurePath(path), text.encode()))
    assert len(found) == 1
    assert str(found[0]).startswith(finding)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/glossary.md", "Not used: fr" + "aud."),
        ("docs/a.md", "a trip from home/work/ and back, [page](../work/a.md), https://example.org/home/clerk/"),
        ("a.py", "try:\n    x\nexcept Exception:\n    report(x)\n    raise"),
        ("custodiet/reports/output/html.py", "width = 0.5"),
        ("custodiet/base/money.py", '"""Half is never 0.5 or float here."""\nx = 1'),
    ],
)
def test_what_is_tidy_is_left_alone(path: str, text: str) -> None:
    assert list(findings(PurePath(path), text.encode())) == []
