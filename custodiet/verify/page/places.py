"""Whether each figure of a page is in a place where a report has it, under its name, and made as a report makes it.

Whatever a reader takes for a figure must be one: a number beside a figure's derivation, or one that says what it
counts. Any other number in the place of a figure is wrong.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from custodiet.verify.page.formula import (
    HANGING,
    HANGS_ON,
    WITHOUT_WITHHELD,
    KeyFigure,
    Where,
    key_figures,
    name_by,
    read_where,
)
from custodiet.verify.page.page import Element, NotAPage

COUNTS = "Counts the "
"""The start of the sentence that says what the totals count and leave out."""
_BAR = 46
"""The height of a bar of a chart with its label."""
_LABEL = 40
"""How many characters of a label fit above a bar."""
_ADDED = {"summary": "", "totals": "", "trips": "", "undetermined": HANGS_ON}
"""In which sections a figure adds up rows of results.csv; in the other ones it is read from records."""
_WORDS = ("place", "source", "class")
_COUNTED = ("p", "li", "caption", "span")


class Made(Protocol):
    """A figure as its derivation has it."""

    id: str
    adds: str
    where: Where | None

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def formula(self) -> str:
        """Its formula, in a sentence."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a page where figures are shown."""

    page: Element
    figures: Mapping[str, Made]
    public: bool

    def differences(self) -> Iterator[str]:
        """A sentence for each place that differs from a report."""
        yield from self._key_figures()
        yield from self._unbound(self.page.first("header"))
        placed: list[str] = []
        for section in (each for each in self.page.all if each.tag == "section"):
            name = section.attributes["aria-labelledby"]
            for figure, label in _figures(section, name):
                placed.append(figure)
                yield from self._made(self.figures[figure], label, name)
            yield from self._inside(section, name)
            if name in _ADDED:
                yield from self._unbound(section)
            if name == "totals":
                yield from self._counts(section)
        if sorted(placed) != sorted(self.figures):
            yield "The page has a figure where no report has one."

    def _inside(self, section: Element, name: str) -> Iterator[str]:
        below = {id(row): _derivation(rows.children[0]) for row, rows in _opened(section)}
        for each in section.all:
            if each.has("figure", "chart"):
                yield from self._chart(each)
            elif each.tag == "tr" and name != "left-out":
                yield from _row(each, below.get(id(each), ""))
            elif each.has("details", "rule"):
                yield from _rule(each)
            elif each.has("dl", "money"):
                yield from self._decided(each)

    def _key_figures(self) -> Iterator[str]:
        known = key_figures(public=self.public)
        held = self.page.first("dl", "figures").children
        for div, right in zip(held, known, strict=False):
            if [each.tag for each in div.children] != ["dt", "dd", "dd"] or div.children[1].children:
                yield f"{right.name!a} is not laid out as a figure."
                continue
            figure = self.figures[div.children[2].first("details", "derivation").attributes["id"]]
            if _as_key(figure) != right or div.children[0].text != right.name:
                yield f"Where a report has {right.name!a}, {figure.id} says {div.children[0].text!a}, or is another."
        if len(held) != len(known):
            yield f"The summary has {len(held)} figures; a report has {len(known)}."

    def _made(self, figure: Made, label: str, section: str) -> Iterator[str]:
        """A figure is of a kind that its section has, and has its name where it is shown."""
        adds = _ADDED.get(section)
        if adds == HANGS_ON:
            right = (figure.adds, figure.where, figure.formula) == ("rows", None, HANGING)
            label = f"{HANGS_ON}{label}"
        elif adds is None:
            right = not figure.adds and figure.where is None
        else:
            key = _as_key(figure) in key_figures(public=self.public)
            right = figure.where is not None and bool(figure.adds) and (key or figure.name == name_by(figure.where))
        if not right:
            yield f"{figure.id}: no figure of its section is made as it is ({figure.formula[:80]!a})."
        if figure.name.casefold() != label.casefold():
            yield f"{figure.id}: it is called {label!a} where it is shown, but {figure.name!a} in its derivation."

    def _counts(self, section: Element) -> Iterator[str]:
        told = [each for each in section.children if each.has("p", "limits") and each.text.startswith(COUNTS)]
        if len(told) != (0 if self.public else 1):
            yield "The one sentence that says what the totals count and leave out is not before them."

    def _chart(self, chart: Element) -> Iterator[str]:
        """Every bar is in its row, with the name and the number of what it shows."""
        pieces = chart.first("svg").children
        for place, at in enumerate(range(0, len(pieces), 4)):
            label, value, track, bar = pieces[at : at + 4]
            top = place * _BAR
            held = [(each.attributes.get("class", ""), each.attributes["y"]) for each in (label, value, track)]
            if held != [("", str(top + 16)), ("value", str(top + 16)), ("track", str(top + 23))] or (
                [label.attributes["x"], value.attributes["x"], value.attributes["text-anchor"]] != ["0", "100%", "end"]
                or bar.tag != "rect"
                or bar.attributes["y"] != str(top + 23)
            ):
                yield "A chart is not drawn as a report draws it."
            figure = self.figures.get(value.attributes["data-of"])
            if figure is not None and not _short(label.text, figure.name):
                yield f"{figure.id}: a chart calls it {label.text!a}, but it is {figure.name!a}."

    def _decided(self, pairs: Element) -> Iterator[str]:
        """What was decided and paid, once more on the first page."""
        for term, value in (each.children for each in pairs.children):
            number, link = value.children
            figure = self.figures[number.attributes["data-of"]]
            if term.text != figure.name or link.attributes["href"] != f"#{figure.id}" or link.text != figure.id:
                yield f"{figure.id}: the summary calls it {term.text!a}, but it is {figure.name!a}."

    def _unbound(self, inside: Element) -> Iterator[str]:
        """No number in a sentence there but one that says what it counts."""
        for each in inside.children:
            if each.tag in ("h1", "details", "td"):
                continue  # A title, what is opened, and the words of a table; a number in them has a cell of its own.
            said = "".join(text for text in each.inside if isinstance(text, str))
            told = each.has("p", "limits") and said.startswith(COUNTS)
            counted = each.tag in _COUNTED and "data-of" not in each.attributes and not told
            if counted and _number_in(said) and each.attributes.get("class") not in _WORDS:
                yield f"The page says {said.strip()[:200]!a}, and nothing says what that number counts."
            yield from self._unbound(each)


def _number_in(said: str) -> bool:
    return bool(re.search(r"\d", said.replace(WITHOUT_WITHHELD, "")))


def _as_key(figure: Made) -> KeyFigure:
    return KeyFigure(figure.name, figure.adds, tuple((one, verb, other) for one, verb, other in figure.where or ()))


def _figures(section: Element, name: str) -> Iterator[tuple[str, str]]:
    """Each figure of a section, with its name where it is shown."""
    for each in section.all:
        if each.has("dl", "figures"):
            for div in each.children:
                yield _derivation(div.children[-1]), div.children[0].text
        if each.has("article", "difference"):
            about = each.first("h4").text
            for derivation in (child for child in each.children if child.has("details", "derivation")):
                yield derivation.attributes["id"], f"Difference: {about}"
    for row, rows in _opened(section):
        yield _derivation(rows.children[0]), _label(row, name)


def _derivation(cell: Element) -> str:
    """The id of the figure whose derivation is the only content of a cell."""
    words = "".join(each for each in cell.inside if isinstance(each, str))
    if [each.tag for each in cell.children] != ["details"] or words.strip():
        raise NotAPage("something else is in the place of a figure's derivation")
    return cell.first("details", "derivation").attributes["id"]


def _opened(section: Element) -> Iterator[tuple[Element, Element]]:
    """The rows of tables that show a figure, each with the row below that holds its derivation."""
    return ((row, below) for each in section.all for row, below in pairwise(each.children) if below.has("tr", "rows"))


def _label(row: Element, section: str) -> str:
    first, second = row.children[:2]
    if section == "undetermined":
        return next((each.strip() for each in second.inside if isinstance(each, str)), "")
    if section == "trips":
        return first.first("strong").text
    if first.children:
        return f"{str(first.inside[0]).strip()}, ordered"
    return first.text


def _row(row: Element, below: str) -> Iterator[str]:
    """A cell for a number holds the value of the figure below, or a number that says what it counts."""
    for cell in (each for each in row.children if each.has("td", "number")):
        said = "".join(each for each in cell.inside if isinstance(each, str)).strip()
        first, *classes = cell.children or [Element("td")]
        if not cell.children:
            right = bool(below) and cell is row.children[-1]
        elif first.tag == "span":
            right = not classes and first.attributes["data-of"] == "fig-1" and said in ("", f", {WITHOUT_WITHHELD}")
        else:
            trip = row.first("strong").text
            right = not said and first.attributes.get("data-of", "") == below
            right = right and (bool(below) or (first.text == "nothing" and not classes))
            right = right and all(_class(each, trip) for each in classes)
        if not right:
            yield f"The page says {cell.text.strip()!a} in the place of a figure, but no row says so."


def _class(amount: Element, trip: str) -> bool:
    """Whether an amount questioned on a trip by cost class is shown under the name of that class."""
    if [each.tag for each in amount.children] != ["span", "span"]:
        return False
    name, value = amount.children
    of = value.attributes.get("data-of")
    where = read_where(value.attributes.get("data-where", "[]"))
    return (
        of == "amounts"
        and "data-of" not in name.attributes
        and [tuple(each) for each in where[2:]]
        == [
            ("trip", "is", trip),
            ("cost_class", "is", name.text),
        ]
    )


def _rule(rule: Element) -> Iterator[str]:
    """The number of rows that a rule decided says what it counts."""
    source = rule.first("summary").first("span", "source")
    if not source.children and not source.text.endswith(" · an answer turns on it"):
        yield f"The page says {source.text!a} about a rule, but no row says so."


def _short(label: str, name: str) -> bool:
    """Whether a label is a figure's name, possibly shortened, or without its day."""
    if label.endswith("…"):
        return len(label) == _LABEL and name.startswith(label[:-1])
    return label == name or name.startswith(f"{label}, at ")
