"""Reads a policy document: its head, the rules with their text, the boxes, the example tables.

The document is Markdown (CommonMark with tables). A quotation under a rule's heading is the rule's own
text, a fenced box is our reading of it, and everything else is commentary.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from custodiet.base.currencies import CURRENCIES, meant_currency, minor_digits
from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.head import Head, read_head
from custodiet.base.money import Rounding
from custodiet.base.source import Source, lines_of
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
    name = policy.name if policy else reader.head.word("policy")
    in_order = sorted(reader.source.problems, key=lambda each: (each.span.line, each.span.column))
    problems = tuple(replace(problem, policy=name) for problem in in_order)
    return Read(None if problems else policy, problems, policy if reader.source.checkable else None)


class _Reader:
    """A document while it is read."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.source = Source(lines, file, READING)
        self.source.say_unseen()
        self.head = Head(0)

    def policy(self) -> Policy | None:
        head = read_head(self.source, HEAD_KEYS, HEAD_NEEDED)
        self.source.checkable &= head is not None and {"policy", "for each", "on"} <= head.said.keys()
        if head is None:
            return None
        self.head = head
        found = self._body(head.ends)
        rules = tuple(each.rule(self) for each in found.sections.values())
        if not rules and not self.source.problems:
            self.source.say("no_rules", self.source.line(1, 1, 3))
        on, gives, money = self._on(), self._gives(), self._money(rules)
        text = self.head.word("text", "verbatim")
        if text not in ("verbatim", "restated"):
            self.source.say("text_mode", self.head.place("text"), found=text)
        return Policy(
            head.word("policy"), head.word("question"), head.word("for each"), on, head.word("jurisdiction"),
            money.currency, money.rounding, money.step, gives, text == "restated",
            rules, tuple(found.definitions), tuple(found.examples), found.title, tuple(found.judgments),
            tuple(found.claims), span=self.source.line(1),
            head=tuple((key, span) for key, (_, span) in self.head.said.items()),
        )  # fmt: skip

    # The head

    def _on(self) -> Path:
        text, place = self.head.said.get("on", ("", self.source.line(1)))
        if "on" in self.head.said and not _NAME.fullmatch(text):
            self.source.checkable = False
            self.source.say("on_form", place)
        return Path(tuple(text.split(".")), place)

    def _gives(self) -> tuple[str, str] | None:
        if "gives" not in self.head.said:
            return None
        text, place = self.head.said["gives"]
        type_name, point, name = text.partition(".")
        if not point or not _NAME.fullmatch(text) or "." in name:
            self.source.checkable = False
            self.source.say("gives_form", place)
        return type_name, name

    def _money(self, rules: Sequence[Rule]) -> "_Money":
        currency, place = self.head.said.get("currency", ("", self.source.line(1)))
        if currency and currency not in CURRENCIES:
            self.source.say("currency", place, meant_currency(currency), found=currency)
        step, comma, mode = (part.strip() for part in self.head.word("rounding", "cent, half up").partition(","))
        modes = {rounding.value: rounding for rounding in Rounding}
        if step not in ("cent", "unit") or not comma or mode not in modes:
            self.source.say("rounding", self.head.said["rounding"][1], found=self.head.word("rounding"))
        if any(version.owes is not None for rule in rules for version in rule.versions):
            for key in ("currency", "rounding"):
                if key not in self.head.said and key not in self.head.silent:
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
            elif token.type == "table_open" and self.source.cells(_first(token))[0][0] == "example":
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
        head = tuple(self.source.cells(first + 1))
        header, head = [text for text, _ in head], head[1:]
        if header[0] != "example":
            self.source.say("table_untitled", self.source.cells(first + 1)[0][1], found=header[0])
            return
        for place, (column, span) in enumerate(head):
            if column in header[1 : place + 1]:
                self.source.say("column_twice", span, name=column)
        for number in range(first + 3, last + 1):
            cells = self.source.cells(number)
            span = self.source.whole(number)
            if len(cells) != len(header):
                self.source.say("table_ragged", span, found=str(len(cells)), wanted=str(len(header)))
                continue
            columns = zip(header[1:], cells[1:], strict=True)
            said = tuple(Cell(column, text, place) for column, (text, place) in columns)
            yield Example(cells[0][0], said, span, head)

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
