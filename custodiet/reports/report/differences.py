"""Where the sources differ, by the four kinds of difference."""

import re
from dataclasses import dataclass

from custodiet.audit.reconcile import Kind, Reading, Reconciliation, reconcile
from custodiet.reports.report.figures import Evidence, Figure, Figures
from custodiet.reports.report.reader import Reader

_NUMBER = re.compile(r"\d+(\.\d+)?")

KINDS = {
    Kind.EXPLAINED: "They count different things, or one is the other in a rounder form.",
    Kind.UNEXPLAINED: "They should be one figure, and nothing in the sources read explains why they are not.",
    Kind.CONTRADICTING: "They are about the same thing and do not agree.",
    Kind.SIDE_BY_SIDE: "They are about different sides of it; neither is held against the other.",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two or more values of one thing, with both sources, the difference, and the reading chosen or that none is."""

    about: str
    values: tuple[tuple[str, str], ...]
    """What is said, with how exactly; and by whom and where."""
    figure: Figure | None
    """The difference as a figure; None between words."""
    chosen: str
    why: str


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences of one kind."""

    kind: str
    meaning: str
    members: tuple[Difference, ...]


def differences(reader: Reader, figures: Figures) -> tuple[Differences, ...]:
    """The differences by kind."""
    found = reader.audit.reconciliations if reader.everything else reconcile(reader.facts)
    return tuple(
        Differences(kind.value, meaning, tuple(_difference(figures, each) for each in found if each.kind is kind))
        for kind, meaning in KINDS.items()
        if any(each.kind is kind for each in found)
    )


def _difference(figures: Figures, each: Reconciliation) -> Difference:
    values = tuple((_said(value), value.source) for value in each.values)
    # Between statements the difference is in words, which are already printed side by side.
    number = _NUMBER.fullmatch(each.difference)
    figure = None
    if number:
        figure = figures.read(
            f"Difference: {each.about}",
            grouped(each.difference),
            f"The absolute difference of {' and '.join(words for words, _ in values)}.",
            [Evidence(grouped(value.value), value.source, value.exactness, "", ()) for value in each.values],
            f"The published figures compared as {each.id}.",
            "To show where published figures differ; no figure here is judged or added.",
            each.about,
        )
    return Difference(each.about, values, figure, grouped(each.chosen or "none chosen"), each.why)


def _said(reading: Reading) -> str:
    exact = reading.exactness in ("exact", "restated")
    return grouped(reading.value) if exact else f"{reading.exactness} {grouped(reading.value)}"


def grouped(text: str) -> str:
    """A number with its thousands apart; any other words as they are.

    >>> grouped("319794.20"), grouped("51"), grouped("none chosen")
    ('319,794.20', '51', 'none chosen')
    """
    if _NUMBER.fullmatch(text) is None:
        return text
    whole, point, minor = text.partition(".")
    return f"{int(whole):,}{point}{minor}"
