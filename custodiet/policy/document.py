"""A policy document read: its head, the rules with their text, the boxes, the example tables.

The document is Markdown (CommonMark with tables). A quotation under a rule's heading is the rule's own
text, a fenced box is our reading of it, and all else is commentary.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

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
    "cite": "`cite Model Code, art. 4(2)` was expected",
    "in force": "`in force 2020-01-01 ..` was expected",
    "exception to": "`exception to 4.2` was expected",
    "prevails over": "`prevails over 3, 7` was expected",
    "when": "`when leg.purpose = 'personal'` was expected",
    "owes": "`owes leg.full_coach_fare from occupant` was expected",
    "permits": "",
    "forbids": "",
    "is": "`is 'campaign'` was expected",
}
PERMISSIONS = {"permits": "permitted", "forbids": "forbidden"}
CONSEQUENCES = ("owes", "permits", "forbids", "is")

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a document: the policy, if one could be made of it, and every problem found."""

    policy: Policy | None
    problems: tuple[Problem, ...]


def read_document(text: str, file: str) -> Read:
    """Read a policy document; all its problems come back together.

    >>> read_document("no head", "seat-fare.md").problems[0].message
    'the document has no head'
    """
    reader = _Reader(text.splitlines(), file)
    policy = reader.policy()
    name = policy.name if policy else reader.heads.get("policy", ("", None))[0]
    problems = tuple(replace(problem, policy=name) for problem in reader.problems)
    return Read(None if problems else policy, problems)


class _Reader:
    """One document on its way to becoming a policy."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self.lines, self.file = lines, file
        self.problems: list[Problem] = []
        self.heads: dict[str, tuple[str, Span]] = {}

    def policy(self) -> Policy | None:
        body = self._head()
        if body is None:
            return None
        rules, definitions, examples = self._body(body)
        if not rules and not self.problems:
            self._say("no_rules", self._line(1))
        on, gives, money = self._on(), self._gives(), self._money(rules)
        text = self._word("text", "verbatim")
        if text not in ("verbatim", "restated"):
            self._say("text_mode", self.heads["text"][1], found=text)
        return Policy(
            self._word("policy"), self._word("question"), self._word("for each"), on, self._word("jurisdiction"),
            money.currency, money.rounding, money.step, gives, text == "restated",
            rules, definitions, examples, self.title, self._line(1),
            tuple((key, span) for key, (_, span) in self.heads.items()),
        )  # fmt: skip

    # The head

    def _head(self) -> int | None:
        """Read the head; the number of lines it takes, or None if there is none."""
        if not self.lines or self.lines[0].rstrip() != "---" or "---" not in (line.rstrip() for line in self.lines[1:]):
            self._say("no_head", self._line(1))
            return None
        end = [line.rstrip() for line in self.lines].index("---", 1)
        for number, line in enumerate(self.lines[1:end], start=2):
            if line.strip():
                self._head_line(number, line)
        for key in HEAD_NEEDED:
            if key not in self.heads:
                self._say("head_key_missing", self._line(1), key=key)
        return end + 1

    def _head_line(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        place = self._line(number, line.find(value) + 1 if value else 1, len(value) or len(line))
        if not colon or not value:
            self._say("head_line", self._line(number, 1, len(line)))
        elif key not in HEAD_KEYS:
            hint = did_you_mean(key, HEAD_KEYS)
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
            self._say("on_form", place)
        return Path(tuple(text.split(".")), place)

    def _gives(self) -> tuple[str, str] | None:
        if "gives" not in self.heads:
            return None
        text, place = self.heads["gives"]
        type_name, point, name = text.partition(".")
        if not point or not _NAME.fullmatch(text) or "." in name:
            self._say("gives_form", place)
        return type_name, name

    def _money(self, rules: Sequence[Rule]) -> "_Money":
        currency, place = self.heads.get("currency", ("", self._line(1)))
        if currency and currency not in CURRENCIES:
            self._say("currency", place, found=currency)
        step, comma, mode = (part.strip() for part in self._word("rounding", "cent, half up").partition(","))
        modes = {rounding.value: rounding for rounding in Rounding}
        if step not in ("cent", "unit") or not comma or mode not in modes:
            self._say("rounding", self.heads["rounding"][1], found=self._word("rounding"))
        if any(version.owes is not None for rule in rules for version in rule.versions):
            for key in ("currency", "rounding"):
                if key not in self.heads:
                    self._say("money_unsaid", self._line(1), key=key)
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
        for token, following in zip(tokens, [*tokens[1:], None], strict=True):
            if token.type == "heading_open" and following is not None:
                title = following.content
                section, in_examples = self._section(title, token, rules), title.strip() == "Examples"
                self.title = self.title or (title if token.tag == "h1" else "")
            elif token.type == "fence":
                self._box(token, section, definitions)
            elif token.type == "blockquote_open" and token.level == 0 and section is not None:
                section.quoted += self._quotation(token)
            elif token.type == "table_open" and in_examples:
                examples += self._table(token)
        return tuple(each.rule(self) for each in rules.values()), tuple(definitions), tuple(examples)

    def _section(self, title: str, token: Token, rules: dict[str, "_Section"]) -> "_Section | None":
        """The rule that a heading opens, or None if it opens none."""
        words = title.split()
        if not words or words[0] != "Rule":
            return None
        span = self._line(_first(token), 1, len(self.lines[_first(token) - 1]))
        number = words[1] if len(words) > 1 else ""
        if not number or not any(character.isdigit() for character in number):
            self._say("rule_number", span)
            return None
        if number in rules:
            self._say("rule_twice", span, rules=(number,), rule=number)
            return rules[number]
        rules[number] = _Section(number, " ".join(words[2:]).lstrip("—–-: ").strip(), span, [], [])
        return rules[number]

    def _quotation(self, token: Token) -> list[str]:
        first, last = token.map or (0, 0)
        return [line.lstrip().removeprefix(">").strip() for line in self.lines[first:last] if line.strip()]

    def _box(self, token: Token, section: "_Section | None", definitions: list[Definition]) -> None:
        first = _first(token)
        box = token.info.split()[0] if token.info.split() else ""
        span = self._line(first, 1, len(self.lines[first - 1]))
        if not box:
            return
        if box not in BOXES:
            self._say("box_unknown", span, did_you_mean(box, BOXES), box=box, known=", ".join(BOXES))
        elif token.level > 0:
            self._say("box_inside", span, box=box)
        elif box == "define":
            definitions += self._definitions(first + 1, (token.map or (0, 0))[1])
        elif section is None:
            self._say("box_homeless", span)
        else:
            section.versions += self._version(section.number, first, (token.map or (0, 0))[1])

    def _entries(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """The entries of a box, each with its first line: a line at the margin and the indented ones after it."""
        number = first
        while number < last and not self.lines[number - 1].lstrip().startswith("```"):
            start, line = number, self.lines[number - 1]
            number += 1
            if not line.strip():
                continue
            if line[0].isspace():
                self._say("line_loose", self._line(start, 1, len(line)))
                continue
            more = []
            while number < last and self.lines[number - 1][:1].isspace():
                more.append(self.lines[number - 1])
                number += 1
            yield start, "\n".join([line, *more])

    def _definitions(self, first: int, last: int) -> Iterator[Definition]:
        for line, entry in self._entries(first, last):
            text = Text(entry, self.file, self.lines, line, 1)
            if not re.match(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\s*=[^=]", entry):
                self._say("definition_form", text.whole)
                continue
            try:
                yield definition(text)
            except Unreadable as wrong:
                self.problems.append(wrong.problem)

    # A rule box

    def _version(self, rule: str, first: int, last: int) -> Iterator[Version]:
        span = self._line(first, 1, len(self.lines[first - 1]))
        entries = dict(self._keys(first + 1, last))
        for key in ("cite", "in force"):
            if key not in entries:
                self._say("key_missing", span, rules=(rule,), key=key, example=KEYS[key])
        if not any(key in entries for key in CONSEQUENCES):
            self._say("no_consequence", span, rules=(rule,))
        if all(key in entries for key in PERMISSIONS):
            self._say("both_permissions", entries["forbids"].whole, rules=(rule,))
        try:
            yield Version(
                rule,
                " ".join(entries["cite"].text.split()) if "cite" in entries else "",
                self._period(entries["in force"]) if "in force" in entries else Days(None, None),
                _numbers(entries.get("exception to")),
                _numbers(entries.get("prevails over")),
                condition(entries["when"]) if "when" in entries else None,
                self._owes(entries["owes"]) if "owes" in entries else None,
                next((word for key, word in PERMISSIONS.items() if key in entries), None),
                self._class(entries["is"]) if "is" in entries else None,
                span,
                tuple((key, text.whole) for key, text in entries.items()),
            )
        except Unreadable as wrong:
            self.problems.append(replace(wrong.problem, rules=(rule,)))

    def _keys(self, first: int, last: int) -> Iterator[tuple[str, Text]]:
        seen: set[str] = set()
        for number, entry in self._entries(first, last):
            key = next((each for each in KEYS if re.match(rf"{each}(\s|$)", entry)), None)
            if key is None:
                word = re.split(r"\s{2,}|\n", entry)[0].strip()
                word = word if len(word) <= max(map(len, KEYS)) else word.split()[0]
                place = self._line(number, 1, len(word))
                self._say("key_unknown", place, did_you_mean(word, KEYS), key=word, known=", ".join(KEYS))
                continue
            value = entry[len(key) :]
            column = len(key) + len(value) - len(value.lstrip()) + 1
            text = Text(value.strip(), self.file, self.lines, number, column if value.strip() else 1)
            if key in seen:
                self._say("key_twice", self._line(number, 1, len(key)), key=key)
            elif key in PERMISSIONS and text.text:
                self._say("key_lonely", text.whole, key=key)
            elif key not in PERMISSIONS and not text.text:
                self._say("key_empty", self._line(number, 1, len(key)), key=key, example=KEYS[key])
            else:
                yield key, text
            seen.add(key)

    def _period(self, text: Text) -> Days:
        left, dots, right = (part.strip() for part in text.text.partition(".."))
        try:
            ends = [date.fromisoformat(part) if part else None for part in (left, right)]
        except ValueError:
            dots = ""
            ends = []
        if not dots:
            self._say("period_form", text.whole)
            return Days(None, None)
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
        header = [text for text, _ in self._cells(first + 1)]
        if not header or header[0] != "example":
            place = self._line(first + 1, 1, len(self.lines[first]))
            self._say("table_untitled", place, found=header[0] if header else "")
            return
        for number in range(first + 3, last + 1):
            cells = self._cells(number)
            span = self._line(number, 1, len(self.lines[number - 1]))
            if len(cells) != len(header):
                self._say("table_ragged", span, found=str(len(cells)), wanted=str(len(header)))
                continue
            columns = zip(header[1:], cells[1:], strict=True)
            yield Example(cells[0][0], tuple((column, text, place) for column, (text, place) in columns), span)

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

    def rule(self, reader: _Reader) -> Rule:
        if not self.versions and not any(self.number in problem.rules for problem in reader.problems):
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


def _first(token: Token) -> int:
    """The line, from 1, on which a token begins."""
    return (token.map or (0, 0))[0] + 1
