"""What a pack leaves open on purpose, and what is doubtful in it: `open.md`, a page that is checked.

A heading with a policy's name is followed by a sentence about what no rule answers, a `gap` box with the condition of
those records, and a paragraph that begins with *Reason:*. A section without a box is commentary. A paragraph before
the reason that begins with *Ask:* says whom to ask, and why; it is shown first to anyone who plans such a use.

    ## errand-and-load

    Errands run for the campaign or for a person before 2024-03-01.

    ```gap
    when  sort = 'errand' and leg.departed_on < 2024-03-01
    ```

    Reason: until the first amendment the Code spoke of things that were carried, not of errands.

A `doubt` box names rules of the policy that a source contradicts, and says how well founded that is. It changes no
answer and is printed whenever one of these rules decides.

    ```doubt
    rules   2.3
    source  Advisory Opinion 7 of 2002
    says    An airfare that was paid anyway stays with the city.
    known   From a newspaper alone; the opinion was not read.
    ```
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.source import Source, lines_of
from custodiet.policy.analysis.check import check_claim
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language import parser
from custodiet.policy.language.ast import Claim, Doubt, OpenGap, Policy
from custodiet.policy.language.boxes import doubt
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.language.parser import Unreadable
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.records import Types

FILE = "open.md"
BOXES = ("gap", "doubt")

_HEADING = re.compile(r"##\s+(?P<name>.*?)\s*#*")
_WHEN = re.compile(r"(?P<key>when\s+)(?P<condition>\S.*)")
_REASON = re.compile(r"Reason:\s*\S")
_ASK = re.compile(r"Ask:\s*\S")


@dataclass(frozen=True, slots=True)
class Open:
    """The gaps and doubts of an `open.md`, and the problems of the page."""

    gaps: tuple[OpenGap, ...]
    doubts: tuple[tuple[str, Doubt], ...]
    """Each with the name of its policy."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and the lines under it, each with its line number."""

    name: str
    lines: tuple[tuple[int, str], ...]

    @property
    def what(self) -> str:
        """The text under the heading before its first box."""
        return _text(line for _, line in self.lines)

    @property
    def reason(self) -> str:
        """What follows *Reason:* in the section; empty without one."""
        lines = dropwhile(lambda line: not _REASON.match(line), (line for _, line in self.lines))
        return _text(lines).removeprefix("Reason:").strip()

    @property
    def ask(self) -> str:
        """What follows *Ask:* in one paragraph of the section; empty without one."""
        lines = dropwhile(lambda line: not _ASK.match(line), (line for _, line in self.lines))
        return _text(takewhile(str.strip, lines)).removeprefix("Ask:").strip()


@dataclass(frozen=True, slots=True)
class _Box:
    """A box: its name, where it begins, its lines, and whether it ends."""

    name: str
    first: int
    lines: tuple[tuple[int, str], ...]
    closed: bool

    @property
    def last(self) -> int:
        """The line after its last one."""
        return self.first + len(self.lines) + 1


def read_open(content: bytes, file: str, policies: Sequence[Policy], types: Types) -> Open:
    """The gaps and doubts of a page; a box that cannot be read is left out and reported."""
    try:
        source = Source(lines_of(content.decode("utf-8")), file, READING)
    except UnicodeDecodeError:
        return Open((), (), (READING["not_text"].at(Span(file, 1)),))
    gaps: list[OpenGap] = []
    doubts: list[tuple[str, Doubt]] = []
    source.say_unseen()
    for section in _sections(source.lines):
        for box in _boxes(section):
            try:
                policy = _policy(section, box, source, policies)
                if box.name == "gap":
                    gaps.append(_gap(section, box, source, policy, policies, types))
                else:
                    doubts += _doubt(box, source, policy)
            except Unreadable as wrong:
                source.problems.append(wrong.problem)
    return Open(tuple(gaps), tuple(doubts), tuple(source.problems))


def _text(lines: Iterable[str]) -> str:
    """The text before the first box, as one line."""
    return " ".join(" ".join(takewhile(lambda line: not line.startswith("```"), lines)).split())


def _sections(source: Sequence[str]) -> Iterator[_Section]:
    starts = [number for number, line in enumerate(source) if _HEADING.fullmatch(line)]
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        heading = _HEADING.fullmatch(source[start])
        name = heading["name"] if heading is not None else ""
        yield _Section(name.strip("`"), tuple((number + 1, source[number]) for number in range(start + 1, end)))


def _boxes(section: _Section) -> Iterator[_Box]:
    inside: list[tuple[int, str]] | None = None
    name, first = "", 0
    for number, line in section.lines:
        if inside is None and line.startswith("```"):
            inside, name, first = [], line.strip("`").strip(), number
        elif inside is not None and line.startswith("```"):
            yield _Box(name, first, tuple(inside), closed=True)
            inside = None
        elif inside is not None:
            inside.append((number, line))
    if inside is not None:
        yield _Box(name, first, tuple(inside), closed=False)


def _policy(section: _Section, box: _Box, source: Source, policies: Sequence[Policy]) -> Policy:
    """The policy that a box is about; Unreadable, with the problem, if there is none."""
    place = source.whole(box.first)
    if box.name not in BOXES:
        hint, known = did_you_mean(box.name, BOXES), ", ".join(BOXES)
        raise Unreadable(READING["box_unknown"].at(place, (), hint, box=box.name, known=known))
    if not box.closed:
        raise Unreadable(READING["box_open"].at(place, box=box.name, fence="```"))
    policy = next((each for each in policies if each.name.rpartition("/")[2] == section.name), None)
    if policy is None:
        names = [each.name.rpartition("/")[2] for each in policies]
        hint, known = did_you_mean(section.name, names), ", ".join(names)
        raise Unreadable(OPENING["open_policy"].at(place, (), hint, name=section.name, known=known, box=box.name))
    return policy


def _doubt(box: _Box, source: Source, policy: Policy) -> Iterator[tuple[str, Doubt]]:
    """The doubt in a `doubt` box; None after reporting its problems."""
    before = len(source.problems)
    read = doubt(source, policy, box.first, box.last)
    source.problems[before:] = [replace(each, policy=policy.name) for each in source.problems[before:]]
    if read is not None:
        yield policy.name, read


def _gap(
    section: _Section, box: _Box, source: Source, policy: Policy, policies: Sequence[Policy], types: Types
) -> OpenGap:
    """The gap in a `gap` box; raises Unreadable, with the problem, if there is none."""
    place = source.whole(box.first)
    if not section.reason:
        raise Unreadable(replace(OPENING["open_reason"].at(place), policy=policy.name))
    match = _WHEN.fullmatch(box.lines[0][1]) if box.lines else None
    if match is None:
        raise Unreadable(replace(OPENING["open_form"].at(place), policy=policy.name))
    number, following = box.lines[0][0], [line for _, line in box.lines[1:]]
    text = source.text("\n".join([match["condition"], *following]), number, match.start("condition") + 1)
    when = parser.condition(text)
    giving = [each for each in policies if each.gives is not None]
    problems = check_claim(policy, Claim("", when, always=True, outcome=Outcome.NO_RULE.value), giving, types)
    if problems:
        raise Unreadable(problems[0])
    return OpenGap(policy.name, when, section.what, section.reason, section.ask, text.whole)
