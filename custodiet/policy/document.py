"""A policy document read: its head, the rules with their text, the boxes, the example tables.

The document is Markdown (CommonMark with tables). A quotation under a rule's heading is the rule's own
text, a fenced box is our reading of it, and all else is commentary.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from custodiet.base.dates import Days
from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.money import CURRENCIES, Rounding, minor_digits
from custodiet.policy.ast import Definition, Example, Literal, Path, Policy, Rule, Share, Version
from custodiet.policy.expressions import Text, Unreadable, condition, debt, definition
from custodiet.policy.messages import MESSAGES

HEAD_NEEDED = ("policy", "question", "for each", "on", "jurisdiction")
HEAD_KEYS = (*HEAD_NEEDED, "currency", "rounding", "gives", "text")
BOXES = ("rule", "define")
KEYS = {
    "cite": "a line such as `cite Model Code, art. 4(2)` was expected",
    "in force": "a line such as `in force 2020-01-01 ..` was expected",
    "exception to": "a line such as `exception to 4.2` was expected",
    "prevails over": "a line such as `prevails over 3, 7` was expected",
    "when": "a line such as `when leg.purpose = 'personal'` was expected",
    "owes": "a line such as `owes leg.full_coach_fare from occupant` was expected",
    "permits": "",
    "forbids": "",
    "is": "a line such as `is 'campaign'` was expected",
}
PERMISSIONS = {"permits": "permitted", "forbids": "forbidden"}
CONSEQUENCES = ("owes", "permits", "forbids", "is")

Said = TypeVar("Said")

BYTE_ORDER_MARK = "\ufeff"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


NEVER = Days(date.max, date.min)
"""No day at all: the period of a version whose period could not be read."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a document: the policy, if one could be made of it, and every problem found."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    draft: Policy | None
    """What could be read of a policy with problems, as far as it can be checked; never evaluated."""


def read_document(text: str, file: str) -> Read:
    """Read a policy document; all its problems come back together.

    >>> read_document("no head", "seat-fare.md").problems[0].message
    'the document has no head'
    """
    reader = _Reader(text.removeprefix(BYTE_ORDER_MARK).splitlines(), file)
    policy = reader.policy()
    name = policy.name if policy else reader.heads.get("policy", ("", None))[0]
    in_order = sorted(reader.problems, key=lambda each: (each.span.line, each.span.column))
    problems = tuple(replace(problem, policy=name) for problem in in_order)
    return Read(None if problems else policy, problems, policy if reader.checkable else None)


class _Reader:
    """One document on its way to becoming a policy."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.lines, self.file = lines, file
        self.problems: list[Problem] = []
        self.heads: dict[str, tuple[str, Span]] = {}
        self.silent: set[str] = set()
        """The keys of the head that are there, and say nothing or are misspelt."""
        self.checkable = True
        """Whether all that gives something a name could be read; if not, checks would complain of what is there."""

    def policy(self) -> Policy | None:
        body = self._head()
        if body is None:
            self.checkable = False
            return None
        rules, definitions, examples = self._body(body)
        if not rules and not self.problems:
            self._say("no_rules", self._line(1, 1, 3))
        on, gives, money = self._on(), self._gives(), self._money(rules)
        text = self._word("text", "verbatim")
        if text not in ("verbatim", "restated"):
            self._say("text_mode", self.heads["text"][1], found=text)
        return Policy(
            self._word("policy"), self._word("question"), self._word("for each"), on, self._word("jurisdiction"),
            money.currency, money.rounding, money.step, gives, text == "restated",
            rules, definitions, examples, self.title, span=self._line(1),
            head=tuple((key, span) for key, (_, span) in self.heads.items()),
        )  # fmt: skip

    # The head

    def _head(self) -> int | None:
        """Read the head; the number of lines it takes, or None if there is none."""
        if not self.lines or self.lines[0].rstrip() != "---" or "---" not in (line.rstrip() for line in self.lines[1:]):
            self._say("no_head", self._line(1, 1, len(self.lines[0]) if self.lines else 1))
            return None
        end = [line.rstrip() for line in self.lines].index("---", 1)
        for number, line in enumerate(self.lines[1:end], start=2):
            if line.strip():
                self._head_line(number, line)
        for key in HEAD_NEEDED:
            if key not in self.heads:
                self.checkable &= key not in ("policy", "for each", "on")
                if key not in self.silent:
                    self._say("head_key_missing", self._line(1, 1, 3), key=key)
        return end + 1

    def _head_line(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        place = self._line(number, line.find(value) + 1 if value else 1, len(value) or len(line))
        if not colon:
            self._say("head_line", self._line(number, 1, len(line)))
        elif key in HEAD_KEYS and not value:
            self.silent.add(key)
            self._say("head_key_empty", self._line(number, 1, len(line)), key=key)
        elif key not in HEAD_KEYS:
            hint = did_you_mean(key.lower(), HEAD_KEYS)
            self.silent.update(each for each in HEAD_KEYS if f"`{each}`" in hint)
            self._say("head_key", self._line(number, 1, len(key)), hint, key=key, known=", ".join(HEAD_KEYS))
        elif key in self.heads:
            self._say("head_key_twice", self._line(number, 1, len(key)), key=key)
        else:
            self.heads[key] = value, place

    def _word(self, key: str, default: str = "") -> str:
        return self.heads[key][0] if key in self.heads else default

    def _on(self) -> Path:
        text, place = self.heads.get("on", ("", self._line(1)))
        if "on" in self.heads and not _NAME.fullmatch(text):
            self.checkable = False
            self._say("on_form", place)
        return Path(tuple(text.split(".")), place)

    def _gives(self) -> tuple[str, str] | None:
        if "gives" not in self.heads:
            return None
        text, place = self.heads["gives"]
        type_name, point, name = text.partition(".")
        if not point or not _NAME.fullmatch(text) or "." in name:
            self.checkable = False
            self._say("gives_form", place)
        return type_name, name

    def _money(self, rules: Sequence[Rule]) -> "_Money":
        currency, place = self.heads.get("currency", ("", self._line(1)))
        if currency and currency not in CURRENCIES:
            self._say("currency", place, did_you_mean(currency.upper(), CURRENCIES), found=currency)
        step, comma, mode = (part.strip() for part in self._word("rounding", "cent, half up").partition(","))
        modes = {rounding.value: rounding for rounding in Rounding}
        if step not in ("cent", "unit") or not comma or mode not in modes:
            self._say("rounding", self.heads["rounding"][1], found=self._word("rounding"))
        if any(version.owes is not None for rule in rules for version in rule.versions):
            for key in ("currency", "rounding"):
                if key not in self.heads and key not in self.silent:
                    self._say("money_unsaid", self._line(1, 1, 3), key=key)
        whole = 10 ** minor_digits(currency) if currency in CURRENCIES else 1
        return _Money(currency, modes.get(mode, Rounding.HALF_UP), whole if step == "unit" else 1)

    # The body

    def _body(self, start: int) -> tuple[tuple[Rule, ...], tuple[Definition, ...], tuple[Example, ...]]:
        tokens = MarkdownIt("commonmark").enable("table").parse("\n".join([""] * start + list(self.lines[start:])))
        self.title = ""
        rules: dict[str, _Section] = {}
        definitions: list[Definition] = []
        examples: list[Example] = []
        section: _Section | None = None
        in_examples = False
        for token, following in zip(tokens, [*tokens[1:], None], strict=False):
            if token.type == "heading_open" and token.level == 0 and following is not None:
                title = following.content
                section, in_examples = self._section(title, token, rules), title.strip() == "Examples"
                self.title = self.title or (title if token.tag == "h1" else "")
            elif token.type == "fence":
                self._box(token, section, definitions)
            elif token.type == "code_block" and (box := _fenced(token)) in BOXES:
                self._lost("box_inside", self._whole(_first(token)), box=box)
                if section is not None:
                    section.boxed = True
            elif token.type == "blockquote_open" and token.level == 0 and section is not None:
                section.quoted += self._quotation(token)
            elif token.type == "table_open" and in_examples:
                examples += self._table(token)
            elif token.type == "table_open" and self._titles(_first(token))[:1] == ["example"]:
                self._say("table_elsewhere", self._whole(_first(token)))
        return tuple(each.rule(self) for each in rules.values()), tuple(definitions), tuple(examples)

    def _section(self, title: str, token: Token, rules: dict[str, "_Section"]) -> "_Section | None":
        """The rule that a heading opens, or None if it opens none."""
        words = title.split()
        if not words or words[0] != "Rule":
            return None
        span = self._whole(_first(token))
        number = words[1].rstrip(":,;.–—-") if len(words) > 1 else ""
        if not any(character.isdigit() for character in number):
            self._lost("rule_number", span)
            return _Section("", title, span, [], [])
        if number in rules:
            self._say("rule_twice", span, rules=(number,), rule=number)
            return rules[number]
        rules[number] = _Section(number, " ".join(words[2:]).lstrip("—–-: ").strip(), span, [], [])
        return rules[number]

    def _quotation(self, token: Token) -> list[str]:
        first, last = token.map or (0, 0)
        return [line.lstrip().removeprefix(">").strip() for line in self.lines[first:last] if line.strip()]

    def _box(self, token: Token, section: "_Section | None", definitions: list[Definition]) -> None:
        first, last = _first(token), (token.map or (0, 0))[1]
        if section is not None:
            section.boxed = True
        box = token.info.split()[0] if token.info.split() else ""
        span = self._whole(first)
        if not box:
            self._lost("box_unnamed", span, known=", ".join(BOXES))
        elif box not in BOXES:
            self._lost("box_unknown", span, did_you_mean(box.lower(), BOXES), box=box, known=", ".join(BOXES))
        elif token.level > 0 or self.lines[first - 1][0].isspace():
            self._lost("box_inside", span, box=box)
        elif not re.fullmatch(rf" {{0,3}}{re.escape(token.markup)}{token.markup[0]}*\s*", self.lines[last - 1]):
            self._lost("box_open", span, box=box, fence=token.markup)
        elif box == "define":
            definitions += self._definitions(first + 1, last)
        elif section is None:
            self._say("box_homeless", span)
        else:
            section.versions.append(self._version(section.number, first, last))

    def _entries(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """The entries of a box, each with its first line: a line at the margin and the indented ones after it."""
        number = first
        while number < last:
            start, line = number, self.lines[number - 1]
            number += 1
            if not line.strip():
                continue
            if line[0].isspace():
                self._say("line_loose", self._whole(start))
                continue
            more = []
            while number < last and self.lines[number - 1][:1].isspace():
                more.append(self.lines[number - 1])
                number += 1
            yield start, "\n".join([line, *more])

    def _definitions(self, first: int, last: int) -> Iterator[Definition]:
        for line, entry in self._entries(first, last):
            text = Text(entry, self.file, self.lines, line, 1)
            if not re.match(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\s*=", entry):
                self._lost("definition_form", text.whole)
                continue
            try:
                yield definition(text)
            except Unreadable as wrong:
                self.checkable = False
                self.problems.append(wrong.problem)

    # A rule box

    def _version(self, rule: str, first: int, last: int) -> Version:
        span = self._whole(first)
        before = len(self.problems)
        named, entries = self._keys(first + 1, last)
        for key in ("cite", "in force"):
            if key not in named:
                self._say("key_missing", span, key=key, example=KEYS[key])
        if named.isdisjoint(CONSEQUENCES):
            self._say("no_consequence", span)
        if all(key in entries for key in PERMISSIONS):
            self._say("both_permissions", entries["forbids"].whole)
        version = Version(
            rule,
            " ".join(entries["cite"].text.split()) if "cite" in entries else "",
            self._period(entries["in force"]) if "in force" in entries else NEVER,
            _numbers(entries.get("exception to")),
            _numbers(entries.get("prevails over")),
            self._readable(condition, entries.get("when")),
            self._readable(self._owes, entries.get("owes")),
            next((word for key, word in PERMISSIONS.items() if key in entries), None),
            self._class(entries["is"]) if "is" in entries else None,
            span,
            tuple((key, text.whole) for key, text in entries.items()),
        )
        wrong = [replace(problem, rules=(rule,)) for problem in self.problems[before:]]
        self.problems[before:] = wrong
        # What could not be read may be the guard that an amount needs: the draft is checked without it.
        return replace(version, owes=None) if wrong else version

    def _readable(self, read: Callable[[Text], Said], text: Text | None) -> Said | None:
        """What a key's text says; None if there is none, or after noting why it cannot be read."""
        if text is None:
            return None
        try:
            return read(text)
        except Unreadable as wrong:
            self.problems.append(wrong.problem)
            return None

    def _keys(self, first: int, last: int) -> tuple[set[str], dict[str, Text]]:
        """The keys of a rule box: all that are named, and the texts of those that are in order."""
        named: set[str] = set()
        texts: dict[str, Text] = {}
        for number, entry in self._entries(first, last):
            key, written = _key(entry)
            if key is None:
                place = self._line(number, 1, len(written))
                self._say("key_unknown", place, did_you_mean(written.lower(), KEYS), key=written, known=", ".join(KEYS))
                continue
            value = entry[len(written) :]
            before = entry[: len(entry) - len(value.lstrip())]
            column = len(before) - (before.rfind("\n") + 1) + 1
            text = Text(value.strip(), self.file, self.lines, number + before.count("\n"), column)
            if key in named:
                self._say("key_twice", self._line(number, 1, len(written)), key=key)
            elif key in PERMISSIONS and text.text:
                self._say("key_lonely", text.whole, key=key)
            elif key not in PERMISSIONS and not text.text:
                self._say("key_empty", self._line(number, 1, len(written)), key=key, example=KEYS[key])
            else:
                texts[key] = text if text.text else Text(written, self.file, self.lines, number, 1)
            named.add(key)
        return named, texts

    def _period(self, text: Text) -> Days:
        left, dots, right = (part.strip() for part in text.text.partition(".."))
        ends: list[date | None] = []
        for part in (left, right):
            if part and not _DAY.fullmatch(part):
                dots = ""
                continue
            try:
                ends.append(date.fromisoformat(part) if part else None)
            except ValueError:
                self._say("period_day", text.part(part), found=part)
                return NEVER
        if not dots:
            self._say("period_form", text.whole)
            return NEVER
        period = Days(*ends)
        if period.empty:
            self._say("period_backwards", text.whole)
        return period

    def _owes(self, text: Text) -> tuple[Share, ...]:
        shares = debt(text)
        for place, share in enumerate(shares):
            nothing = isinstance(share.amount, Literal) and share.amount.value == 0
            if share.payer is None and not (nothing and len(shares) == 1):
                self._say("payer_missing", share.amount.span)
            if share.rest and (place == 0 or place < len(shares) - 1):
                self._say("rest_place", share.amount.span)
        return shares

    def _class(self, text: Text) -> str:
        match = re.fullmatch(r"'([^'\n]+)'", text.text)
        if match is None:
            self._say("class_form", text.whole)
            return ""
        return match[1]

    # The example tables

    def _table(self, token: Token) -> Iterator[Example]:
        first, last = token.map or (0, 0)
        header = self._titles(first + 1)
        head = tuple(self._cells(first + 1)[1:])
        if header[0] != "example":
            self._say("table_untitled", self._cells(first + 1)[0][1], found=header[0])
            return
        for place, (column, span) in enumerate(head):
            if column in header[1 : place + 1]:
                self._say("column_twice", span, name=column)
        for number in range(first + 3, last + 1):
            cells = self._cells(number)
            span = self._whole(number)
            if len(cells) != len(header):
                self._say("table_ragged", span, found=str(len(cells)), wanted=str(len(header)))
                continue
            columns = zip(header[1:], cells[1:], strict=True)
            yield Example(cells[0][0], tuple((column, text, place) for column, (text, place) in columns), span, head)

    def _titles(self, number: int) -> list[str]:
        return [text for text, _ in self._cells(number)]

    def _cells(self, number: int) -> list[tuple[str, Span]]:
        """The cells of a table's row, each with its place; a stroke after a backslash stands inside a cell."""
        line = self.lines[number - 1].rstrip()
        strokes = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
        edges = strokes if line.lstrip().startswith("|") else [-1, *strokes]
        edges = edges if line.endswith("|") else [*edges, len(line)]
        cells = []
        for start, end in pairwise(edges):
            text = line[start + 1 : end]
            column = start + 2 + len(text) - len(text.lstrip())
            cells.append((text.strip().replace("\\|", "|"), self._line(number, column, len(text.strip()))))
        return cells

    # Places and problems

    def _line(self, number: int, column: int = 1, length: int = 1) -> Span:
        text = self.lines[number - 1] if number <= len(self.lines) else ""
        return Span(self.file, number, column, max(1, length), text)

    def _whole(self, number: int) -> Span:
        return self._line(number, 1, len(self.lines[number - 1]))

    def _lost(self, code: str, span: Span, hint: str = "", **facts: str) -> None:
        """Note a problem that hides names from the checks."""
        self.checkable = False
        self.problems.append(MESSAGES[code].at(span, (), hint, **facts))

    def _say(self, code: str, span: Span, hint: str = "", rules: tuple[str, ...] = (), **facts: str) -> None:
        self.problems.append(MESSAGES[code].at(span, rules, hint, **facts))

    def say_of_rule(self, code: str, section: "_Section") -> None:
        """Note that a rule's section lacks something."""
        self._say(code, section.span, rules=(section.number,), rule=section.number)


@dataclass(slots=True)
class _Section:
    """A rule's section while it is read."""

    number: str
    title: str
    span: Span
    quoted: list[str]
    versions: list[Version]
    boxed: bool = False
    """Whether there is a box, readable or not."""

    def rule(self, reader: _Reader) -> Rule:
        if not self.boxed:
            reader.say_of_rule("rule_empty", self)
        if not self.quoted:
            reader.say_of_rule("rule_unquoted", self)
        return Rule(self.number, self.title, " ".join(self.quoted), tuple(self.versions), self.span)


@dataclass(frozen=True, slots=True)
class _Money:
    """How a policy speaks of money."""

    currency: str
    rounding: Rounding
    step: int


def _numbers(text: Text | None) -> tuple[str, ...]:
    return () if text is None else tuple(part for part in re.split(r"[,\s]+", text.text) if part)


def _key(entry: str) -> tuple[str | None, str]:
    """The key that an entry begins with and how it is written; None where it is no key, and the likeliest word."""
    for key in sorted(KEYS, key=len, reverse=True):
        match = re.match("[ \\t]+".join(key.split()) + r"(?=\s|$)", entry)
        if match is not None:
            return key, match[0]
    word = re.split(r"\s{2,}|\n|\t", entry)[0].strip()
    return None, word if len(word) <= max(map(len, KEYS)) else word.split()[0]


def _fenced(token: Token) -> str:
    """The name of the box that an indented text would be at the margin."""
    match = re.match(r"(```+|~~~+)\s*(\w+)", token.content)
    return match[2] if match else ""


def _first(token: Token) -> int:
    """The line, from 1, on which a token begins."""
    return (token.map or (0, 0))[0] + 1
