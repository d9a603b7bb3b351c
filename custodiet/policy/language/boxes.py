"""Reads the boxes of a policy document: versions of rules, definitions, judgments and claims."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from custodiet.base.dates import BeyondCalendar, Days, read_day
from custodiet.base.errors import Span, did_you_mean
from custodiet.base.source import Source, Text
from custodiet.policy.language.ast import Claim, Definition, Doubt, Judgment, Literal, Policy, Share, Version
from custodiet.policy.language.parser import Unreadable, condition, debt, definition, outcome

BOXES = ("rule", "define", "judgment", "claim")
KEYS = {
    "cite": "cite Model Code, art. 4(2)",
    "in force": "in force 2020-01-01 ..",
    "exception to": "exception to 4.2",
    "prevails over": "prevails over 3, 7",
    "when": "when leg.purpose = 'personal'",
    "owes": "owes leg.full_coach_fare from occupant",
    "permits": "",
    "forbids": "",
    "is": "is 'campaign'",
}
"""The keys of a rule, each with an example of its line; a key without one takes no value."""
PERMISSIONS = {"permits": "permitted", "forbids": "forbidden"}
CONSEQUENCES = ("owes", "permits", "forbids", "is")
JUDGMENT_KEYS = {
    "settles": "settles trip.mainly_official",
    "asks": "asks Was the trip made mainly for official business?",
    "of": "of the ethics counsel",
}
CLAIM_KEYS = {
    "says": "says No seat of an officer on duty is ever charged.",
    "when": KEYS["when"],
    "never": "never owes from 'city'",
    "always": "always permitted",
}
DOUBT_KEYS = {
    "rules": "rules 2.3, 2.4",
    "source": "source Advisory Opinion 7 of 2002",
    "says": "says An airfare that was paid anyway stays with the city.",
    "known": "known From a newspaper alone; the opinion was not read.",
}
QUANTIFIERS = ("never", "always")

Said = TypeVar("Said")

NEVER = Days(date.max, date.min)
"""The empty period: that of a version whose period could not be read."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Box:
    """The lines of one box: where it opens, and the line of its end."""

    source: Source
    name: str
    keys: Mapping[str, str]
    first: int
    last: int

    @property
    def span(self) -> Span:
        return self.source.whole(self.first)

    def texts(self) -> tuple[set[str], dict[str, Text]]:
        """All keys named in the box, and the texts of the valid ones."""
        named: set[str] = set()
        texts: dict[str, Text] = {}
        for number, entry in self.source.entries(self.first + 1, self.last):
            key, written = _key(entry, self.keys)
            place = self.source.line(number, 1, len(written))
            if key is None:
                hint, known = did_you_mean(written.lower(), self.keys), ", ".join(self.keys)
                self.source.say("key_unknown", place, hint, key=written, box=self.name, known=known)
                continue
            value = entry[len(written) :]
            before = entry[: len(entry) - len(value.lstrip())]
            column = len(before) - (before.rfind("\n") + 1) + 1
            text = self.source.text(value.strip(), number + before.count("\n"), column)
            if key in named:
                self.source.say("key_twice", place, key=key)
            elif not self.keys[key] and text.text:
                self.source.say("key_lonely", text.whole, key=key)
            elif self.keys[key] and not text.text:
                self.source.say("key_empty", place, key=key, example=self.keys[key])
            else:
                texts[key] = text if text.text else self.source.text(written, number)
            named.add(key)
        return named, texts

    def want(self, named: set[str], *wanted: str) -> None:
        """Report the missing keys."""
        for key in wanted:
            if key not in named:
                self.source.say("key_missing", self.span, key=key, example=self.keys[key])

    def readable(self, read: Callable[[Text], Said], text: Text | None) -> Said | None:
        """The parsed text of a key; None if there is none, or after reporting why it cannot be read."""
        if text is None:
            return None
        try:
            return read(text)
        except Unreadable as wrong:
            self.source.problems.append(wrong.problem)
            return None


def version(source: Source, rule: str, first: int, last: int) -> Version:
    """The version of a rule that a `rule` box holds."""
    box = _Box(source, "rule", KEYS, first, last)
    before = len(source.problems)
    named, texts = box.texts()
    box.want(named, "cite", "in force")
    if named.isdisjoint(CONSEQUENCES):
        source.say("no_consequence", box.span)
    if all(key in texts for key in PERMISSIONS):
        source.say("both_permissions", texts["forbids"].whole)
    read = Version(
        rule,
        _line(texts.get("cite")),
        period(source, texts["in force"]) if "in force" in texts else NEVER,
        _numbers(source, "exception to", texts),
        _numbers(source, "prevails over", texts),
        box.readable(condition, texts.get("when")),
        box.readable(lambda text: _owes(source, text), texts.get("owes")),
        next((word for key, word in PERMISSIONS.items() if key in texts), None),
        _class(source, texts["is"]) if "is" in texts else None,
        box.span,
        tuple((key, text.whole) for key, text in texts.items()),
    )
    wrong = [replace(problem, rules=(rule,)) for problem in source.problems[before:]]
    source.problems[before:] = wrong
    # The unreadable part may be the guard that an amount needs, so the draft is checked without the amount.
    return replace(read, owes=None) if wrong else read


def definitions(source: Source, first: int, last: int) -> Iterator[Definition]:
    """The named facts in a `define` box, one per entry."""
    for line, entry in source.entries(first + 1, last):
        text = source.text(entry, line)
        if not re.match(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\s*=", entry):
            source.lost("definition_form", text.whole)
            continue
        try:
            yield definition(text)
        except Unreadable as wrong:
            source.checkable = False
            source.problems.append(wrong.problem)


def judgment(source: Source, first: int, last: int) -> Judgment | None:
    """The judgment that a `judgment` box holds; None if it does not say what it settles."""
    box = _Box(source, "judgment", JUDGMENT_KEYS, first, last)
    named, texts = box.texts()
    box.want(named, *JUDGMENT_KEYS)
    if "settles" not in texts:
        source.checkable = False
        return None
    settles = texts["settles"]
    match = re.fullmatch(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)", settles.text)
    if match is None:
        source.lost("settles_form", settles.whole)
        return None
    return Judgment(match[1], match[2], _line(texts.get("asks")), _line(texts.get("of")), settles.whole)


def claim(source: Source, first: int, last: int) -> Claim | None:
    """The claim that a `claim` box holds; None if it cannot be read."""
    box = _Box(source, "claim", CLAIM_KEYS, first, last)
    before = len(source.problems)
    named, texts = box.texts()
    box.want(named, "says")
    if len(named.intersection(QUANTIFIERS)) != 1:
        source.say("claim_form", box.span)
    when = box.readable(condition, texts.get("when"))
    claimed = [
        replace(said, says=_line(texts.get("says")), when=when, always=key == "always", span=box.span)
        for key in QUANTIFIERS
        if (said := box.readable(outcome, texts.get(key))) is not None
    ]
    return claimed[0] if len(source.problems) == before else None


def doubt(source: Source, policy: Policy, first: int, last: int) -> Doubt | None:
    """The doubt about rules of a policy that a `doubt` box holds; None after noting what is wrong with it."""
    box = _Box(source, "doubt", DOUBT_KEYS, first, last)
    before = len(source.problems)
    named, texts = box.texts()
    box.want(named, *DOUBT_KEYS)
    numbers = _numbers(source, "rules", texts)
    known = [rule.number for rule in policy.rules]
    for number in numbers:
        if number not in known:
            hint, rules = did_you_mean(number, known), ", ".join(known)
            source.say("doubt_rule", texts["rules"].whole, hint, rule=number, policy=policy.name, known=rules)
    if len(source.problems) > before:
        return None
    whose, says, how = (_line(texts.get(key)) for key in ("source", "says", "known"))
    return Doubt(numbers, whose, says, how, box.span)


def period(source: Source, text: Text) -> Days:
    """The days of a period such as `2020-01-01 .. 2022-06-30`; the empty period after reporting a problem."""
    left, dots, right = (part.strip() for part in text.text.partition(".."))
    ends: list[date | None] = []
    for part in (left, right):
        if part and not _DAY.fullmatch(part):
            dots = ""
            continue
        try:
            ends.append(read_day(part) if part else None)
        except BeyondCalendar:
            source.say("period_beyond", text.part(part), found=part)
            return NEVER
        except ValueError:
            source.say("period_day", text.part(part), found=part)
            return NEVER
    if not dots:
        source.say("period_form", text.whole)
        return NEVER
    days = Days(*ends)
    if days.empty:
        source.say("period_backwards", text.whole)
    return days


def _owes(source: Source, text: Text) -> tuple[Share, ...]:
    shares = debt(text)
    for place, share in enumerate(shares):
        nothing = isinstance(share.amount, Literal) and share.amount.value == 0
        if share.payer is None and not (nothing and len(shares) == 1):
            source.say("payer_missing", share.amount.span)
        if share.rest and (place == 0 or place < len(shares) - 1):
            source.say("rest_place", share.amount.span)
    return shares


def _class(source: Source, text: Text) -> str:
    match = re.fullmatch(r"'([^'\n]+)'", text.text)
    if match is None:
        inside = re.fullmatch(r"'.*'.*'", text.text)
        source.say("text_marked" if inside else "class_form", text.whole)
        return ""
    return match[1]


def _line(text: Text | None) -> str:
    """A text of several lines as one line."""
    return "" if text is None else " ".join(text.text.split())


def _numbers(source: Source, key: str, texts: Mapping[str, Text]) -> tuple[str, ...]:
    """The numbers of the rules that a key names, each once; repeated ones are reported."""
    if key not in texts:
        return ()
    times = Counter(part for part in re.split(r"[,\s]+", texts[key].text) if part)
    for number, several in times.items():
        if several > 1:
            source.say("rule_named_twice", texts[key].whole, key=key, rule=number)
    return tuple(times)


def _key(entry: str, keys: Mapping[str, str]) -> tuple[str | None, str]:
    """The key with which an entry begins, and how it is written; if it is not a key, None and the likeliest word."""
    for key in sorted(keys, key=len, reverse=True):
        match = re.match("[ \\t]+".join(key.split()) + r"(?=\s|$)", entry)
        if match is not None:
            return key, match[0]
    word = re.split(r"\s{2,}|\n|\t", entry)[0].strip()
    return None, word if len(word) <= max(map(len, keys)) else word.split()[0]
