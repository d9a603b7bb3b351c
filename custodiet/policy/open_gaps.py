"""The gaps that a pack leaves open on purpose: `open.md`, a page that counsel writes and the solver holds to its word.

Under a heading with a policy's name stand a sentence about what no rule answers, a `gap` box with the condition that
tells those records, and a paragraph that begins with *Reason:*. A section without a box is commentary.

    ## errand-and-load

    Errands run for the campaign or for a person before 2024-03-01.

    ```gap
    when  sort = 'errand' and leg.departed_on < 2024-03-01
    ```

    Reason: until the first amendment the Code spoke of things that were carried, not of errands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.policy import expressions
from custodiet.policy.ast import Claim, Expression, Policy
from custodiet.policy.check import check_claim
from custodiet.policy.expressions import Text, Unreadable
from custodiet.policy.messages import MESSAGES
from custodiet.policy.page import Page, lines_of
from custodiet.policy.result import Outcome
from custodiet.records import Types

FILE = "open.md"

_HEADING = re.compile(r"##\s+(?P<name>.*?)\s*#*")
_WHEN = re.compile(r"(?P<key>when\s+)(?P<condition>\S.*)")
_REASON = re.compile(r"Reason:\s*\S")


@dataclass(frozen=True, slots=True)
class OpenGap:
    """Records of one policy that no rule is meant to answer."""

    policy: str
    when: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Open:
    """What an `open.md` leaves open, and what is wrong with the page."""

    gaps: tuple[OpenGap, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and the lines under it, each with its number in the page."""

    name: str
    lines: tuple[tuple[int, str], ...]

    @property
    def reasoned(self) -> bool:
        return any(_REASON.match(line) for _, line in self.lines)


@dataclass(frozen=True, slots=True)
class _Box:
    """A `gap` box: where it begins, its lines, and whether it ends."""

    first: int
    lines: tuple[tuple[int, str], ...]
    closed: bool


def read_open(content: bytes, file: str, policies: Sequence[Policy], types: Types) -> Open:
    """The gaps that a page lists; a box that cannot be read is left out, and said."""
    try:
        page = lines_of(content.decode("utf-8"))
    except UnicodeDecodeError:
        return Open((), (MESSAGES["not_text"].at(Span(file, 1)),))
    gaps: list[OpenGap] = []
    written = Page(page, file)
    written.say_unseen()
    problems = written.problems
    for section in _sections(page):
        for box in _boxes(section):
            try:
                gaps.append(_gap(section, box, page, file, policies, types))
            except Unreadable as wrong:
                problems.append(wrong.problem)
    return Open(tuple(gaps), tuple(problems))


def _sections(page: Sequence[str]) -> Iterator[_Section]:
    starts = [number for number, line in enumerate(page) if _HEADING.fullmatch(line)]
    for start, end in zip(starts, [*starts[1:], len(page)], strict=True):
        heading = _HEADING.fullmatch(page[start])
        name = heading["name"] if heading is not None else ""
        yield _Section(name.strip("`"), tuple((number + 1, page[number]) for number in range(start + 1, end)))


def _boxes(section: _Section) -> Iterator[_Box]:
    inside: list[tuple[int, str]] | None = None
    first = 0
    for number, line in section.lines:
        if inside is None and line.startswith("```gap"):
            inside, first = [], number
        elif inside is not None and line.startswith("```"):
            yield _Box(first, tuple(inside), closed=True)
            inside = None
        elif inside is not None:
            inside.append((number, line))
    if inside is not None:
        yield _Box(first, tuple(inside), closed=False)


def _gap(
    section: _Section, box: _Box, page: Sequence[str], file: str, policies: Sequence[Policy], types: Types
) -> OpenGap:
    """What a box says; Unreadable, with the problem, if it says nothing."""
    heading = Span(file, box.first, 1, len(page[box.first - 1]), page[box.first - 1])
    if not box.closed:
        raise Unreadable(MESSAGES["box_open"].at(heading, box="gap", fence="```"))
    policy = next((each for each in policies if each.name.rpartition("/")[2] == section.name), None)
    if policy is None:
        known = [each.name.rpartition("/")[2] for each in policies]
        hint = did_you_mean(section.name, known)
        raise Unreadable(MESSAGES["open_policy"].at(heading, (), hint, name=section.name, known=", ".join(known)))
    if not section.reasoned:
        raise Unreadable(replace(MESSAGES["open_reason"].at(heading), policy=policy.name))
    match = _WHEN.fullmatch(box.lines[0][1]) if box.lines else None
    if match is None:
        raise Unreadable(replace(MESSAGES["open_form"].at(heading), policy=policy.name))
    number, following = box.lines[0][0], [line for _, line in box.lines[1:]]
    text = Text("\n".join([match["condition"], *following]), file, page, number, match.start("condition") + 1)
    when = expressions.condition(text)
    giving = [each for each in policies if each.gives is not None]
    problems = check_claim(policy, Claim("", when, always=True, outcome=Outcome.NO_RULE.value), giving, types)
    if problems:
        raise Unreadable(problems[0])
    return OpenGap(policy.name, when, text.whole)
