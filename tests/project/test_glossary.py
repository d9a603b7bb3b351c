"""One name for one thing: no name uses a word that docs/glossary.md rejects.

A *name* is what a reader meets: a class and its fields, a record type, its fields and their closed lists, a table or
column of the ledger, a command or option, a heading of a page, a key or box of a policy.
"""

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from custodiet.policy.evaluation.result import Outcome
from custodiet.records import core_types
from tests.house import ROOT, every_type, pages

GLOSSARY = ROOT / "docs" / "glossary.md"
COLUMNS = ("word", "meaning", "not", "source")

Words = tuple[str, ...]

# A rejected word that is right in one place, each with its reason. What stands here in vain fails a test below.
ALLOWED: Mapping[tuple[str, str], str] = {
    ("policy", "claim"): "a box of the policy language: a sentence that the solver is to prove; no voucher is meant",
    ("class", "Claim"): "the same, read",
    ("class", "claim"): "the same, as it is proved",
    ("class", "claims"): "the same, several of them",
    ("class", "PlannedClaim"): "the same, with its names resolved",
    ("option", "claim"): "the same, typed on one line",
    ("option", "CLAIM"): "the same, as the help calls it",
    ("record", "valid_until"): "an assessment is no rule: until its last day it is valid, it is never in force",
}


@dataclass(frozen=True)
class Name:
    """A name, where it stands, and what it names: class, record, table, option, heading or policy."""

    kind: str
    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Row:
    """One line of the glossary."""

    word: str
    meaning: str
    rejected: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Glossary:
    """The words of the house, and for each rejected word what to use instead."""

    rows: tuple[Row, ...]

    @property
    def words(self) -> frozenset[Words]:
        return frozenset(split(row.word) for row in self.rows)

    @property
    def instead(self) -> dict[Words, tuple[str, ...]]:
        """Per rejected word the words to use; a word that also stands for something itself is not rejected."""
        found: dict[Words, list[str]] = defaultdict(list)
        for row in self.rows:
            for rejected in row.rejected:
                words = split(rejected)
                if words not in self.words:
                    found[words].append(row.word)
        return {words: tuple(use) for words, use in found.items()}

    def problems(self, names: Iterable[Name]) -> list[str]:
        """What to say about names that use a rejected word."""
        instead = {form: (words, use) for words, use in self.instead.items() for form in (words, plural(words))}
        own = {form for words in self.words for form in (words, plural(words)) if len(words) > 1}
        messages = []
        for name in names:
            if (name.kind, name.text) in ALLOWED:
                continue
            for phrase in rejected_in(split(name.text), own, instead.keys()):
                word, use = instead[phrase]
                choice = " or ".join(f"'{each}'" for each in use)
                messages.append(f"{name.file}:{name.line}: '{' '.join(word)}' is not a custodiet word, use {choice}")
        return messages


def split(identifier: str) -> Words:
    """The words of an identifier or a phrase, in small letters: `TravelClaim`, `travel_claim`, `--travel-claim`."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", identifier)
    return tuple(part.lower() for part in parts)


def plural(words: Words) -> Words:
    last = words[-1]
    if last.endswith("y"):
        return (*words[:-1], f"{last[:-1]}ies")
    return (*words[:-1], f"{last}es" if last.endswith(("s", "x", "ch", "sh")) else f"{last}s")


def rejected_in(words: Words, own: Iterable[Words], rejected: Iterable[Words]) -> list[Words]:
    """The rejected phrases among some words; a part of a longer word of the glossary is not looked at."""
    longest_first = sorted({*own, *rejected}, key=lambda phrase: (-len(phrase), phrase))
    found, place = [], 0
    while place < len(words):
        phrase = next((each for each in longest_first if words[place : place + len(each)] == each), None)
        if phrase is not None and phrase in rejected:
            found.append(phrase)
        place += 1 if phrase is None else len(phrase)
    return found


def read_glossary(text: str) -> Glossary:
    """Every row of every table of the page."""
    rows = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        assert len(cells) == len(COLUMNS), f"four cells were expected: {line}"
        if tuple(cells) != COLUMNS and set("".join(cells)) != {"-"}:
            word, meaning, rejected, source = cells
            rows.append(Row(word, meaning, tuple(each.strip() for each in rejected.split(",") if each.strip()), source))
    return Glossary(tuple(rows))


# ---- where names stand


def class_names(source: str, file: str) -> Iterator[Name]:
    """Every class of a module and the fields it declares."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            yield Name("class", node.name, file, node.lineno)
            for part in node.body:
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                    yield Name("class", part.target.id, file, part.lineno)


def table_names(source: str, file: str) -> Iterator[Name]:
    """The tables and columns of every CREATE TABLE in a module; SQL's own words are written large."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "CREATE TABLE" in node.value:
            for offset, line in enumerate(node.value.splitlines()):
                for word in re.findall(r"\b[a-z][a-z_]*\b", line.partition("--")[0]):
                    yield Name("table", word, file, node.lineno + offset)


def record_names() -> Iterator[Name]:
    """Every record type, field, closed list and set of records, with the line that defines it."""
    folder = ROOT / "custodiet" / "records"
    sources = {path: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.py"))}
    for record_type in every_type().values():
        listed = (word for field in record_type.fields for word in (field.name, field.back, *field.values) if word)
        # The type's own file first: `day` has none of its own, and shared fields stand in shared.py.
        own_first = sorted(sources, key=lambda path: path.stem != record_type.name)
        lines = [(path, number, line) for path in own_first for number, line in enumerate(sources[path], 1)]
        for word in (record_type.name, *listed):
            where = ((path, number) for path, number, line in lines if f'"{word}"' in line)
            file, line = next(where, (own_first[0], 1))
            yield Name("record", word, relative(file), line)


def option_names(parser: argparse.ArgumentParser, file: str) -> Iterator[Name]:
    """Every command, option, argument and closed choice below a parser."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to list what it takes
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            choices = () if action.choices is None else (str(choice) for choice in action.choices)
            for text in (*action.option_strings, action.dest, str(action.metavar or ""), *choices):
                yield Name("option", text, file, 1)
            continue
        for command, below in action.choices.items():
            stem = f"custodiet/cli/{command.replace('-', '_')}"
            # A command whose name Python keeps for itself, such as import, has a file with a stroke after it.
            inner = next((own for own in (f"{stem}.py", f"{stem}_.py") if (ROOT / own).exists()), file)
            yield Name("option", command, inner, 1)
            yield from option_names(below, inner)


def headings(text: str, file: str) -> Iterator[Name]:
    """Every heading of a Markdown page."""
    tokens = MarkdownIt().parse(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.map is not None:
            yield Name("heading", inline.content, file, opening.map[0] + 1)


def policy_names(text: str, file: str) -> Iterator[Name]:
    """The keys of a policy's head, its boxes, their keys, and the names its definitions give."""
    in_head, box = False, ""
    for number, line in enumerate(text.splitlines(), 1):
        if line == "---" and (in_head or number == 1):
            in_head = not in_head
        elif in_head and (key := re.match(r"([a-z][a-z ]*):", line)):
            yield Name("policy", key[1], file, number)
        elif line.startswith("```"):
            box = "" if box else line.removeprefix("```").strip()
            if box:
                yield Name("policy", box, file, number)
        elif box == "define" and (named := re.match(r"[a-z_]+\.([a-z0-9_]+)\s*=", line)):
            yield Name("policy", named[1], file, number)
        elif box and (key := re.match(r"([a-z]+(?: [a-z]+)?)(?:\s{2,}|$)", line)):
            yield Name("policy", key[1], file, number)


# ---- the house


def modules() -> list[Path]:
    return sorted((ROOT / "custodiet").rglob("*.py"))


def policies() -> list[Path]:
    """Every policy of the house: the packs', those that `init` writes, and those that tests hold up as good."""
    folders = (ROOT / "packs", ROOT / "custodiet", ROOT / "tests" / "policies" / "good")
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*.md")
        if path.read_text(encoding="utf-8").startswith("---\npolicy")
    )


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return read_glossary(GLOSSARY.read_text(encoding="utf-8"))


def told(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)


def test_classes_and_their_fields_use_words_of_the_house(glossary: Glossary) -> None:
    names = [name for path in modules() for name in class_names(path.read_text(encoding="utf-8"), relative(path))]
    assert len(names) > 20
    problems = glossary.problems(names)
    assert not problems, told(problems)


def test_record_types_and_fields_use_words_of_the_house(glossary: Glossary) -> None:
    problems = glossary.problems(record_names())
    assert not problems, told(problems)


def test_tables_and_columns_use_words_of_the_house(glossary: Glossary) -> None:
    names = [name for path in modules() for name in table_names(path.read_text(encoding="utf-8"), relative(path))]
    assert names, "no CREATE TABLE was found: the ledger keeps its tables somewhere else now"
    problems = glossary.problems(names)
    assert not problems, told(problems)


def test_commands_and_options_use_words_of_the_house(glossary: Glossary) -> None:
    from custodiet.cli.main import parser

    names = list(option_names(parser(), "custodiet/cli/main.py"))
    assert {"audit", "explain", "--format"} <= {name.text for name in names}
    problems = glossary.problems(names)
    assert not problems, told(problems)


def test_headings_of_pages_use_words_of_the_house(glossary: Glossary) -> None:
    problems = glossary.problems(
        name for page in pages() for name in headings((ROOT / page).read_text(encoding="utf-8"), page.as_posix())
    )
    assert not problems, told(problems)


def test_policies_use_words_of_the_house(glossary: Glossary) -> None:
    names = [name for path in policies() for name in policy_names(path.read_text(encoding="utf-8"), relative(path))]
    assert {"for each", "rule", "cite"} <= {name.text for name in names}
    problems = glossary.problems(names)
    assert not problems, told(problems)


# ---- the glossary itself


@pytest.mark.parametrize("name", sorted(every_type()))
def test_every_record_type_stands_in_the_glossary(glossary: Glossary, name: str) -> None:
    assert split(name) in glossary.words


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_stands_in_the_glossary(glossary: Glossary, outcome: Outcome) -> None:
    assert split(outcome.value) in glossary.words


@pytest.mark.parametrize(
    ("word", "of", "field"),
    [
        ("role", "seat", "role"),
        ("purpose", "leg", "purpose"),
        ("basis", "leg", "basis"),
        ("cost class", "voucher", "cost_class"),
    ],
)
def test_the_glossary_names_every_value_of_a_closed_list(glossary: Glossary, word: str, of: str, field: str) -> None:
    values = core_types()[of].field(field).values
    meaning = next(row.meaning for row in glossary.rows if row.word == word)
    assert [value for value in values if value not in meaning] == []


def test_every_word_has_one_row_a_sentence_and_a_source(glossary: Glossary) -> None:
    words = [row.word for row in glossary.rows]
    assert sorted(words) == sorted(set(words))
    for row in glossary.rows:
        assert row.meaning.endswith("."), row.word
        assert row.source, row.word


def test_every_exception_allows_a_word_that_would_be_found_elsewhere(glossary: Glossary) -> None:
    for (_, text), reason in ALLOWED.items():
        assert glossary.problems([Name("elsewhere", text, "x.py", 1)]), f"{text} needs no exception ({reason})"


# ---- the test itself

SMALL = read_glossary(
    """
| word | meaning | not | source |
|---|---|---|---|
| voucher | The request to be repaid. | claim, expense report | common usage |
| receivable | Money owed. | claim, debt | common usage |
| debt | What one payer owes. | | common usage |
| authorization | Permission. | order | common usage |
| order | The act of the board. | | common usage |
| advance visit | Going ahead. | advance | common usage |
"""
)


def found(text: str) -> list[str]:
    return SMALL.problems([Name("class", text, "cases/order.py", 31)])


def test_a_planted_wrong_name_is_found_with_what_to_use_instead() -> None:
    assert found("paid_claim") == [
        "cases/order.py:31: 'claim' is not a custodiet word, use 'voucher' or 'receivable'",
    ]


@pytest.mark.parametrize("text", ["TravelClaim", "travel_claims", "--travel-claim", "HTTPClaim", "A claim is paid"])
def test_a_wrong_word_is_found_inside_any_way_of_writing_a_name(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize("text", ["ExpenseReport", "expense_reports"])
def test_a_wrong_phrase_is_found_where_its_words_stand_together(text: str) -> None:
    assert found(text) == ["cases/order.py:31: 'expense report' is not a custodiet word, use 'voucher'"]


@pytest.mark.parametrize("text", ["Report", "expense", "report_of_expense", "reclaimed"])
def test_a_part_of_a_wrong_phrase_or_word_is_no_wrong_word(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["Order", "Debt"])
def test_a_word_that_is_rejected_for_one_thing_may_name_another(text: str) -> None:
    assert found(text) == []


def test_a_word_that_never_stands_alone_is_free_within_its_phrase() -> None:
    assert found("advance_visit") == []
    assert found("advance") == ["cases/order.py:31: 'advance' is not a custodiet word, use 'advance visit'"]


def test_names_are_taken_from_classes_and_their_fields() -> None:
    source = "x = 1\nclass Claim:\n    approved: int\n    def movement(self) -> None: ...\n"
    assert [(name.text, name.line) for name in class_names(source, "a.py")] == [("Claim", 2), ("approved", 3)]


def test_names_are_taken_from_tables_and_columns() -> None:
    source = 'X = """\nCREATE TABLE claims (\n  index_no INTEGER -- a remark\n)"""\nY = "claims"\n'
    assert [(name.text, name.line) for name in table_names(source, "a.py")] == [("claims", 2), ("index_no", 3)]


def test_names_are_taken_from_commands_options_and_choices() -> None:
    top = argparse.ArgumentParser(add_help=False)
    below = top.add_subparsers().add_parser("reimburse", add_help=False)
    below.add_argument("claim")
    below.add_argument("--kind", choices=["principal"])
    names = {name.text for name in option_names(top, "main.py")}
    assert {"reimburse", "claim", "--kind", "principal"} <= names


def test_names_are_taken_from_headings_and_not_from_code() -> None:
    page = "# The claim\n\n```\n# not a heading\n```\n\nTitle\n-----\n"
    assert [(name.text, name.line) for name in headings(page, "a.md")] == [("The claim", 1), ("Title", 7)]


def test_names_are_taken_from_heads_boxes_keys_and_definitions() -> None:
    policy = (
        "---\npolicy:   a/b\nfor each: seat\n---\nNote: text\n```rule\ncite  Art. 1\nexception to  2\nwhen  on_duty\n"
        "      and more words here\npermits\n```\n```define\ntrip.claim_days = count(day)\n```\n"
    )
    texts = [name.text for name in policy_names(policy, "a.md")]
    assert texts == [
        "policy", "for each", "rule", "cite", "exception to", "when", "permits", "define", "claim_days",
    ]  # fmt: skip
