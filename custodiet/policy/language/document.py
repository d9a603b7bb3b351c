"""Reads a policy document: its head, the rules with their text, the boxes, the example tables.

The document is Markdown (CommonMark with tables). A quotation under a rule's heading is the rule's own
text, a fenced box is our reading of it, and everything else is commentary.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from custodiet.base.currencies import CURRENCIES, meant_currency, minor_digits
from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.money import Rounding
from custodiet.base.source import REMARK, Source, lines_of
from custodiet.policy.language import boxes
from custodiet.policy.language.ast import Cell, Claim, Definition, Example, Judgment, Path, Policy, Rule, Version
from custodiet.policy.language.boxes import BOXES
from custodiet.policy.language.diagnostics import READING

HEAD_NEEDED = ("policy", "question", "for each", "on", "jurisdiction")
HEAD_KEYS = (*HEAD_NEEDED, "currency", "rounding", "gives", "text")

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Read:
    """The outcome of reading a document: the policy, if it could be built, and every problem found."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    draft: Policy | None
    """The readable part of a policy with problems; it is checked but never evaluated."""


def read_document(text: str, file: str) -> Read:
    """Read a policy document and return all its problems together.

    >>> read_document("no head", "seat-fare.md").problems[0].message
    'the document has no head'
    """
    reader = _Reader(lines_of(text), file)
    policy = reader.policy()
    name = policy.name if policy else reader.heads.get("policy", ("", None))[0]
    in_order = sorted(reader.source.problems, key=lambda each: (each.span.line, each.span.column))
    problems = tuple(replace(problem, policy=name) for problem in in_order)
    return Read(None if problems else policy, problems, policy if reader.source.checkable else None)


class _Reader:
    """A document while it is read."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.source = Source(lines, file, READING)
        self.source.say_unseen()
        self.heads: dict[str, tuple[str, Span]] = {}
        self.silent: set[str] = set()
        """The keys of the head that are present but empty or misspelt."""

    def policy(self) -> Policy | None:
        body = self._head()
        if body is None:
            self.source.checkable = False
            return None
        found = self._body(body)
        rules = tuple(each.rule(self) for each in found.sections.values())
        if not rules and not self.source.problems:
            self.source.say("no_rules", self.source.line(1, 1, 3))
        on, gives, money = self._on(), self._gives(), self._money(rules)
        text = self._word("text", "verbatim")
        if text not in ("verbatim", "restated"):
            self.source.say("text_mode", self.heads["text"][1], found=text)
        return Policy(
            self._word("policy"), self._word("question"), self._word("for each"), on, self._word("jurisdiction"),
            money.currency, money.rounding, money.step, gives, text == "restated",
            rules, tuple(found.definitions), tuple(found.examples), found.title, tuple(found.judgments),
            tuple(found.claims), span=self.source.line(1),
            head=tuple((key, span) for key, (_, span) in self.heads.items()),
        )  # fmt: skip

    # The head

    def _head(self) -> int | None:
        """Read the head and return the number of its lines, or None if there is none."""
        lines = [line.rstrip() for line in self.source.lines]
        if lines[:1] != ["---"] or "---" not in lines[1:]:
            self.source.say("no_head", self.source.line(1, 1, len(self.source.lines[0]) if self.source.lines else 1))
            return None
        end = lines.index("---", 1)
        for number, line in enumerate(self.source.lines[1:end], start=2):
            if line.strip():
                self._head_line(number, line)
        for key in HEAD_NEEDED:
            if key not in self.heads:
                self.source.checkable &= key not in ("policy", "for each", "on")
                if key not in self.silent:
                    self.source.say("head_key_missing", self.source.line(1, 1, 3), key=key)
        return end + 1

    def _head_line(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        place = self.source.line(number, line.find(value) + 1 if value else 1, len(value) or len(line))
        if REMARK.match(line):
            self.source.say("remark_inside", self.source.whole(number), where="the head")
        elif not colon:
            self.source.say("head_line", self.source.line(number, 1, len(line)))
        elif key in HEAD_KEYS and not value:
            self.silent.add(key)
            self.source.say("head_key_empty", self.source.line(number, 1, len(line)), key=key)
        elif key not in HEAD_KEYS:
            hint = did_you_mean(key.lower(), HEAD_KEYS)
            self.silent.update(each for each in HEAD_KEYS if f"`{each}`" in hint)
            self.source.say(
                "head_key", self.source.line(number, 1, len(key)), hint, key=key, known=", ".join(HEAD_KEYS)
            )
        elif key in self.heads:
            self.source.say("head_key_twice", self.source.line(number, 1, len(key)), key=key)
        else:
            self.heads[key] = value, place

    def _word(self, key: str, default: str = "") -> str:
        return self.heads[key][0] if key in self.heads else default

    def _on(self) -> Path:
        text, place = self.heads.get("on", ("", self.source.line(1)))
        if "on" in self.heads and not _NAME.fullmatch(text):
            self.source.checkable = False
            self.source.say("on_form", place)
        return Path(tuple(text.split(".")), place)

    def _gives(self) -> tuple[str, str] | None:
        if "gives" not in self.heads:
            return None
        text, place = self.heads["gives"]
        type_name, point, name = text.partition(".")
        if not point or not _NAME.fullmatch(text) or "." in name:
            self.source.checkable = False
            self.source.say("gives_form", place)
        return type_name, name

    def _money(self, rules: Sequence[Rule]) -> "_Money":
        currency, place = self.heads.get("currency", ("", self.source.line(1)))
        if currency and currency not in CURRENCIES:
            self.source.say("currency", place, meant_currency(currency), found=currency)
        step, comma, mode = (part.strip() for part in self._word("rounding", "cent, half up").partition(","))
        modes = {rounding.value: rounding for rounding in Rounding}
        if step not in ("cent", "unit") or not comma or mode not in modes:
            self.source.say("rounding", self.heads["rounding"][1], found=self._word("rounding"))
        if any(version.owes is not None for rule in rules for version in rule.versions):
            for key in ("currency", "rounding"):
                if key not in self.heads and key not in self.silent:
                    self.source.say("money_unsaid", self.source.line(1, 1, 3), key=key)
        whole = 10 ** minor_digits(currency) if currency in CURRENCIES else 1
        return _Money(currency, modes.get(mode, Rounding.HALF_UP), whole if step == "unit" else 1)

    # The body

    def _body(self, start: int) -> "_Found":
        lines = [""] * start + list(self.source.lines[start:])
        tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
        found = _Found()
        section: _Section | None = None
        in_examples = False
        for token, following in zip(tokens, [*tokens[1:], None], strict=False):
            if token.type == "heading_open" and token.level == 0 and following is not None:
                title = following.content
                section, in_examples = self._section(title, token, found.sections), title.strip() == "Examples"
                found.title = found.title or (title if token.tag == "h1" else "")
            elif token.type == "fence":
                self._box(token, section, found)
            elif token.type == "code_block" and (box := _fenced(token)) in BOXES:
                self.source.lost("box_inside", self.source.whole(_first(token)), box=box)
                if section is not None:
                    section.boxed = True
            elif token.type == "blockquote_open" and token.level == 0 and section is not None:
                section.quoted += self._quotation(token)
            elif in_examples and _table_away(token):
                self.source.say("table_inside", self.source.whole(_first(token)))
            elif token.type == "table_open" and in_examples:
                found.examples += self._table(token)
            elif token.type == "table_open" and self._titles(_first(token))[:1] == ["example"]:
                self.source.say("table_elsewhere", self.source.whole(_first(token)))
        return found

    def _section(self, title: str, token: Token, rules: dict[str, "_Section"]) -> "_Section | None":
        """The rule that a heading opens, or None if it opens none."""
        words = title.split()
        if not words or words[0] != "Rule":
            return None
        span = self.source.whole(_first(token))
        number = words[1].rstrip(":,;.–—-") if len(words) > 1 else ""
        if not any(character.isdigit() for character in number):
            self.source.lost("rule_number", span)
            return _Section("", title, span, [], [])
        if number in rules:
            self.source.say("rule_twice", span, rules=(number,), rule=number)
            return rules[number]
        rules[number] = _Section(number, " ".join(words[2:]).lstrip("—–-: ").strip(), span, [], [])
        return rules[number]

    def _quotation(self, token: Token) -> list[str]:
        first, last = token.map or (0, 0)
        return [line.lstrip().removeprefix(">").strip() for line in self.source.lines[first:last] if line.strip()]

    def _box(self, token: Token, section: "_Section | None", found: "_Found") -> None:
        first, last = _first(token), (token.map or (0, 0))[1]
        box = token.info.split()[0] if token.info.split() else ""
        span = self.source.whole(first)
        if section is not None:
            section.boxed |= box not in ("define", "judgment", "claim")
        if not box:
            self.source.lost("box_unnamed", span, known=", ".join(BOXES))
        elif box not in BOXES:
            self.source.lost("box_unknown", span, did_you_mean(box.lower(), BOXES), box=box, known=", ".join(BOXES))
        elif token.level > 0 or self.source.lines[first - 1][0].isspace():
            self.source.lost("box_inside", span, box=box)
        elif not re.fullmatch(rf" {{0,3}}{re.escape(token.markup)}{token.markup[0]}*\s*", self.source.lines[last - 1]):
            self.source.lost("box_open", span, box=box, fence=token.markup)
        elif box == "rule":
            self._rule(section, first, last)
        elif box == "define":
            found.definitions += boxes.definitions(self.source, first, last)
        elif box == "judgment":
            found.judgments += filter(None, (boxes.judgment(self.source, first, last),))
        else:
            found.claims += filter(None, (boxes.claim(self.source, first, last),))

    def _rule(self, section: "_Section | None", first: int, last: int) -> None:
        if section is None:
            self.source.say("box_homeless", self.source.whole(first))
        else:
            section.versions.append(boxes.version(self.source, section.number, first, last))

    # The example tables

    def _table(self, token: Token) -> Iterator[Example]:
        first, last = token.map or (0, 0)
        header = self._titles(first + 1)
        head = tuple(self._cells(first + 1)[1:])
        if header[0] != "example":
            self.source.say("table_untitled", self._cells(first + 1)[0][1], found=header[0])
            return
        for place, (column, span) in enumerate(head):
            if column in header[1 : place + 1]:
                self.source.say("column_twice", span, name=column)
        for number in range(first + 3, last + 1):
            cells = self._cells(number)
            span = self.source.whole(number)
            if len(cells) != len(header):
                self.source.say("table_ragged", span, found=str(len(cells)), wanted=str(len(header)))
                continue
            columns = zip(header[1:], cells[1:], strict=True)
            said = tuple(Cell(column, text, place) for column, (text, place) in columns)
            yield Example(cells[0][0], said, span, head)

    def _titles(self, number: int) -> list[str]:
        return [text for text, _ in self._cells(number)]

    def _cells(self, number: int) -> list[tuple[str, Span]]:
        """The cells of a table's row, each with its place; a `|` after a backslash belongs to the cell."""
        line = self.source.lines[number - 1].rstrip()
        strokes = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
        edges = strokes if line.lstrip().startswith("|") else [-1, *strokes]
        edges = edges if line.endswith("|") else [*edges, len(line)]
        cells = []
        for start, end in pairwise(edges):
            text = line[start + 1 : end]
            column = start + 2 + len(text) - len(text.lstrip())
            cells.append((text.strip().replace("\\|", "|"), self.source.line(number, column, len(text.strip()))))
        return cells

    def say_of_rule(self, code: str, section: "_Section") -> None:
        """Report that a rule's section lacks something."""
        self.source.say(code, section.span, rules=(section.number,), rule=section.number)


@dataclass(slots=True)
class _Found:
    """The content of a document's body, as far as it has been read."""

    title: str = ""
    sections: dict[str, "_Section"] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    judgments: list[Judgment] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class _Section:
    """A rule's section while it is read."""

    number: str
    title: str
    span: Span
    quoted: list[str]
    versions: list[Version]
    boxed: bool = False
    """Whether there is a box of the rule's own, readable or not."""

    def rule(self, reader: _Reader) -> Rule:
        if not self.boxed:
            reader.say_of_rule("rule_empty", self)
        if not self.quoted:
            reader.say_of_rule("rule_unquoted", self)
        return Rule(self.number, self.title, " ".join(self.quoted), tuple(self.versions), self.span)


@dataclass(frozen=True, slots=True)
class _Money:
    """The currency and rounding of a policy."""

    currency: str
    rounding: Rounding
    step: int


def _fenced(token: Token) -> str:
    """The name of the box that an indented text would be at the margin."""
    match = re.match(r"(```+|~~~+)\s*(\w+)", token.content)
    return match[2] if match else ""


def _table_away(token: Token) -> bool:
    """Whether a table begins here inside a quotation or a list, or as indented text."""
    if token.type == "code_block":
        return token.content.startswith("|")
    return token.type == "table_open" and token.level > 0


def _first(token: Token) -> int:
    """The line, from 1, on which a token begins."""
    return (token.map or (0, 0))[0] + 1
