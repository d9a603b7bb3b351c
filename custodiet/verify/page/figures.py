"""Whether every figure that a reader sees on an audit's page is what the rows of results.csv that name it add up to.

A figure has a number (`fig-3`), a derivation that says what it adds up and over which rows, and the places where the
page shows it. Each is recomputed from results.csv. A number elsewhere, in a sentence, a chart or a row, says in
`data-of` what it counts. The rest of the page, words of the law and of records, is in no table: it is not compared
here, and the report of the check says so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from custodiet.verify.page.formula import Where, formula, read_where
from custodiet.verify.page.page import Element, NotAPage, read_page
from custodiet.verify.page.places import COUNTS, Places
from custodiet.verify.page.records import Records
from custodiet.verify.page.recount import Rows, Unclear, answers, at_stake, name_of, policy_and_rules, total
from custodiet.verify.quoting import Misread, named

PAGE, CSV = "report/index.html", "results.csv"
_SHOWN = 10
"""How many differences are reported."""
_ABSOLUTE = "The absolute difference of "
_RECORD = 3
"""The number of cells in the row of a record under a figure: its name, what it is, and its amounts."""
_WHOSE = {
    "internal": "Internal edition · for the inspector and the unit only",
    "respondent": "Edition for the respondent · for the people concerned only",
    "public": "Public edition",
}
"""The readers that a page says it is for."""
_CODES = "Each code, as it stands in place of what it withholds"
"""The caption of the table that says what is withheld, and why."""
_OPEN: Where = (("outcome", "is", "undetermined"),)


@dataclass
class PageChecked:
    """Sentences on what was compared with what on a page, and on what is wrong with it."""

    sentences: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)


@dataclass
class _Figure:
    """One figure, as the page shows it."""

    id: str
    adds: str
    where: Where | None
    derivation: Element
    shown: list[str] = field(default_factory=list)
    """Its value, wherever the page shows it."""

    @property
    def payer(self) -> str | None:
        """The payer whose part of each amount it adds up; None for whole amounts."""
        return next((value for name, _, value in self.where or () if name in ("payer", "payers")), None)

    @property
    def result(self) -> str:
        """Its value, as its working paper states it."""
        return self.paper.get("Result", "")

    @property
    def beside(self) -> str:
        """The label of its derivation: its name and its value."""
        return self.derivation.first("span", "unseen").text.removeprefix(" and working paper of ")

    @property
    def name(self) -> str:
        """Its name."""
        return self.beside.removesuffix(f", {self.result}")

    @property
    def paper(self) -> dict[str, str]:
        """Its working paper."""
        return _pairs(self.derivation.first("dl", "paper"))

    @property
    def formula(self) -> str:
        """Its formula, as its derivation gives it."""
        return self.derivation.first("div", "opened").first("p").text.removeprefix("Formula. ").replace("`", "")


def check_page(files: Mapping[str, bytes], pins: Mapping[str, Any]) -> PageChecked:
    """Compare the page of an archive that `verify.check` found whole with its results and its pins."""
    checked = PageChecked()
    try:
        page = _Page(read_page(files[PAGE], pins["docket"]), Rows(files[CSV].decode()), Records(files))
        checked.wrong += list(page.differences(pins))[:_SHOWN]
    except (NotAPage, Misread) as wrong:
        checked.wrong.append(f"{PAGE} is not laid out as a report's page: {wrong}.")
        return checked
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration):
        checked.wrong.append(f"{PAGE} or {CSV} is not laid out as it should be.")
        return checked
    read = [each.id for each in page.figures.values() if not each.adds]
    counted = len(page.figures) - len(read) - len(page.unclear)
    if not checked.wrong:
        checked.sentences.append(
            f"On the page, each of {counted:,} figures is what the rows of results.csv that name it add up to, "
            "wherever it is shown; and the title, the edition, the root and the pack are those that the audit states."
        )
    checked.not_compared += page.unclear
    if read:
        checked.not_compared.append(
            f"{len(read):,} figures are read from records of the case, not from results, and were compared only with "
            f"their other places on the page: {_listed(read)}."
        )
    checked.not_compared.append(
        "What the page says besides its figures, about the law, the records, the findings and dates, and how it looks, "
        "was not compared."
    )
    return checked


class _Page:
    """A page beside the rows that it was made from."""

    def __init__(self, page: Element, rows: Rows, records: Records) -> None:
        self.rows, self.records = rows, records
        self.page = page
        self.elements = list(page.all)
        self.figures = {each.id: each for each in map(_figure, self.elements) if each is not None}
        self.unclear: list[str] = []
        self.described: dict[int, str] = {}
        self.told = {
            name: value for each in self.elements if each.has("dl", "pairs") for name, value in _pairs(each).items()
        }
        self.prepared_by = self.told.get("Prepared by")
        for element in self.elements:
            for number, shown in _beside_derivation(element):
                self.figures[number].shown.append(shown.text)
            of = element.attributes.get("data-of", "")
            if of in self.figures:
                self.figures[of].shown.append(element.text)

    def differences(self, pins: Mapping[str, Any]) -> Iterator[str]:
        """A sentence for each thing on the page that is wrong."""
        yield from _labels(self.elements, self.told, pins)
        yield from Places(self.page, self.figures, public=pins["edition"] == "public").differences()
        unknown = sorted(set(self.rows.of_figure) - set(self.figures))
        if unknown and not self._has_more_trips():
            yield f"{CSV} names {_listed(unknown)}, but the page has no such figure."
        for figure in self.figures.values():
            try:
                yield from self._figure(figure)
            except Unclear as wrong:
                self.unclear.append(f"{figure.id} was not recomputed from {CSV}: {wrong}.")
        for element in self.elements:
            of = element.attributes.get("data-of", "")
            if element.attributes.get("href", "").startswith("#rule-"):
                yield from _rule(element)
            elif of and of not in self.figures:
                yield from self._number(element, *of.split(" "))
            elif "data-row" in element.attributes:
                yield from self._row(element)
            elif element.has("p", "limits"):
                yield from self._left_out(element.text)
            elif element.has("article", "difference"):
                yield from _difference(element)
        yield from self._records()

    def _records(self) -> Iterator[str]:
        """A record that is listed under several figures reads the same under each."""
        said: dict[str, str] = {}
        for figure in self.figures.values():
            if figure.adds or figure.formula.startswith(_ABSOLUTE):
                continue
            for row in (each for each in figure.derivation.all if each.has("tr") and len(each.children) == _RECORD):
                name, *rest = (each.text for each in row.children)
                if said.setdefault(name, " ".join(rest)) != " ".join(rest):
                    yield f"{figure.id}: {name!a} is {' '.join(rest)!a} here, and {said[name]!a} under another figure."

    def _has_more_trips(self) -> bool:
        """Whether the page leaves out trips, whose figures are then only in results.csv."""
        return any(each.has("p", "more") and each.text.startswith("The trips with") for each in self.elements)

    def _figure(self, figure: _Figure) -> Iterator[str]:
        yield from self._shown(figure)
        if figure.paper.get("Prepared by") != self.prepared_by:
            yield f"{figure.id}: its working paper and the page name different preparers."
        if figure.adds:
            yield from self._added_up(figure)
        else:
            yield from _read_figure(figure)

    def _shown(self, figure: _Figure) -> Iterator[str]:
        value = self._value(figure)
        if not figure.shown:
            yield f"{figure.id} is shown only in its derivation."
        if figure.beside != f"{figure.name}, {value}":
            yield f"{figure.id}: its derivation is named for {figure.beside!a}, but its rows give {value}."
        for shown in (*figure.shown, figure.result):
            if shown.strip() != value:
                yield f"{figure.id}: the page shows {shown.strip()!a}, but its rows give {value!a}."

    def _added_up(self, figure: _Figure) -> Iterator[str]:
        if not figure.paper.get("Source", "").startswith(f"{CSV}, the rows with {figure.id} in the column figures;"):
            yield f"{figure.id}: its working paper names another source."
        places = self._places(figure)
        if figure.where is not None:
            told = formula(figure.adds, figure.where).replace("`", "")
            if figure.formula != told:
                yield f"{figure.id}: its formula is not {told!a}."
            if set(places) != self.rows.meeting(figure.where):
                yield f"{figure.id}: the rows that name it are not those of its formula."
        elif not set(places) <= self.rows.meeting(_OPEN):
            yield f"{figure.id}: not every row that names it is undetermined."
        yield from self._evidence(figure)

    def _evidence(self, figure: _Figure) -> Iterator[str]:
        rows = [row for each in figure.derivation.all if each.has("tbody") for row in each.children]
        below = Counter(self._place(each.attributes.get("data-row", "")) for each in rows)
        more = sum(_whole(each.text) for each in figure.derivation.all
                   if each.attributes.get("data-of") == f"{figure.id} more")  # fmt: skip
        lines = Counter(self._lines(figure))
        if not below <= lines or below.total() + more != lines.total():
            yield f"{figure.id}: the rows below it are not those of {CSV} that name it."

    def _place(self, number: str) -> int:
        """The place of a row of results.csv that the page names."""
        if not re.fullmatch(r"\d{1,9}", number) or int(number) >= len(self.rows.all):
            raise NotAPage(f"it names {named(number)} as a row of {CSV}, which has {len(self.rows.all):,} rows")
        return int(number)

    def _value(self, figure: _Figure) -> str:
        if not figure.adds:
            return figure.result
        places = self._places(figure)
        match figure.adds:
            case "amounts":
                return total(self.rows.lines(places, figure.payer))
            case "rows":
                return f"{len(places):,}"
            case _:
                return self.rows.bounds(places)

    def _places(self, figure: _Figure) -> list[int]:
        return self.rows.of_figure.get(figure.id, [])

    def _lines(self, figure: _Figure) -> list[int]:
        """The rows below a figure: one for each of its amounts, or one each."""
        places = self._places(figure)
        if figure.adds != "amounts":
            return places
        return [place for place in places for _ in self.rows.lines([place], figure.payer)]

    def _number(self, element: Element, of: str, what: str = "") -> Iterator[str]:
        """A number in a sentence, a chart or a table, without a derivation of its own."""
        if of.startswith("row-"):
            expected = _OF_ROW[what](self.rows.all[self._place(of.removeprefix("row-"))])
        elif what == "lines":
            expected = f"{len(self._lines(self.figures[of])):,}"
        elif what == "more":
            return  # It is added to the rows beside it, where its figure is.
        else:
            where = _where(element) or ()
            places = self.rows.meeting(where)
            if what == "rows":
                places &= set(self._places(self.figures[of]))
            less = int(element.attributes.get("data-less", "0"))
            amounts = of == "amounts"
            expected = total(self.rows.lines(sorted(places), None)) if amounts else f"{len(places) - less:,}"
        if element.text.strip() != expected:
            yield f"The page says {element.text.strip()!a} where {CSV} gives {expected!a} ({of} {what})."

    def _row(self, element: Element) -> Iterator[str]:
        place = self._place(element.attributes["data-row"])
        row = self.rows.all[place]
        name, what, answer, policy = (" ".join(each.text.split()) for each in element.children)
        try:
            right = self.described.setdefault(place, what) == what and self.records.describes(row, what)
            right = right and [name, policy] == [" ".join(each(row).split()) for each in (name_of, policy_and_rules)]
            right = right and answer in {" ".join(each.split()) for each in answers(row)}
        except Unclear:
            return  # Told with the figure that the row is under.
        if not right:
            yield f"The page says {answer!a} by {policy!a} about {name!a}, but {CSV} says something else about it."

    def _left_out(self, sentence: str) -> Iterator[str]:
        """The sentence that says what the totals count and leave out."""
        if not sentence.startswith(COUNTS):
            return
        open_places = self.rows.meeting(_OPEN)
        asked = [row for place in open_places if (row := self.rows.all[place])["asks_amount"] == "yes"]
        for pattern, expected in (
            (r"Counts the ([\d,]+) results? with an amount", self._count("owes")),
            (r"([\d,]+) undetermined results?", self._count("undetermined")),
            (r"([\d,]+) results? on which the rules conflict", self._count("conflict")),
            (r"([\d,]+) results? for which no rule", self._count("no rule")),
            (r"([\d,]+) results? of a use the rules forbid", self._count("forbidden")),
            (r"([\d,]+) of them without a bound", sum(not row["greatest"] for row in asked)),
        ):
            found = re.search(pattern, sentence)
            if (_whole(found[1]) if found else 0) != expected:
                said = repr(found[0]) if found else "nothing"
                yield f"The page says {said} of what its totals count and leave out, but {CSV} gives {expected:,}."
        most = total([(row["greatest"], row["currency"]) for row in asked if row["greatest"]])
        for amount in re.findall(r"at most ([\d,.]+ [A-Z]{3}) more", sentence):
            if amount not in most.split(" and "):
                yield f"The page says at most {amount} more, but {CSV} gives {most}."

    def _count(self, outcome: str) -> int:
        return len(self.rows.meeting((("outcome", "is", outcome),)))


_OF_ROW: Mapping[str, Callable[[dict[str, str]], str]] = {
    "name": name_of,
    "stake": at_stake,
    "policy": lambda row: row["policy"],
}


def _figure(element: Element) -> _Figure | None:
    if not element.has("details", "derivation"):
        return None
    opened = element.first("div", "opened")
    number = element.attributes["id"]
    if element.first("span", "fig").text != number:
        raise NotAPage(f"{number} has another number")
    return _Figure(number, opened.attributes["data-adds"], _where(opened), element)


def _where(element: Element) -> Where | None:
    text = element.attributes.get("data-where")
    return None if text is None else read_where(text)


def _beside_derivation(element: Element) -> Iterator[tuple[str, Element]]:
    """Where an element holds a figure's value and, beside it or in the row below, its derivation: both."""
    children = element.children
    for one, below in pairwise(children):
        numbers = [each for each in one.children if each.has("td", "number")]
        if below.has("tr", "rows") and numbers and not numbers[-1].children:
            yield below.first("details", "derivation").attributes["id"], numbers[-1]
        if one.tag == below.tag == "dd" and any(each.has("details", "derivation") for each in below.children):
            yield below.first("details", "derivation").attributes["id"], one


def _read_figure(figure: _Figure) -> Iterator[str]:
    """A figure that is read from records: whether it agrees with its own formula and the records below it."""
    told = figure.formula.removesuffix(".").partition(" = ")
    if told[1] and told[2] != figure.result:
        yield f"{figure.id}: its formula gives {told[2]!a}, but it is {figure.result!a}."
    product = re.fullmatch(r"([\d,]+) counts × ([\d,.]+) [A-Z]{3}", told[0])
    amount = re.fullmatch(r"([\d,.]+) [A-Z]{3}", told[2])
    if product and amount and _minor(product[1]) * _minor(product[2]) != _minor(amount[1]):
        yield f"{figure.id}: {told[0]} is not {told[2]}."
    if figure.formula.startswith(_ABSOLUTE):
        one, other = (each.text for each in figure.derivation.all if each.attributes.get("scope") == "row")
        if not _differ_by(one, other, figure.result):
            yield f"{figure.id}: {one} and {other} do not differ by {figure.result}."


def _differ_by(one: str, other: str, difference: str) -> bool:
    """Whether two numbers have a difference; their digits after the point may be more in one than in another.

    >>> _differ_by("319,794.20", "320,000", "205.80"), _differ_by("2", "3", "2")
    (True, False)
    """
    places = max(len(each.partition(".")[2]) for each in (one, other, difference))
    first, second, apart = (
        _minor(each) * 10 ** (places - len(each.partition(".")[2])) for each in (one, other, difference)
    )
    return bool(abs(first - second) == apart)


def _rule(link: Element) -> Iterator[str]:
    """A link that names a rule by policy, number and title leads to that rule."""
    named, dash, _ = link.text.partition(" — ")
    policy, _, number = named.partition(" ")
    if dash and link.attributes["href"] != f"#rule-{policy.replace('/', '-')}-{number}":
        yield f"The page names the rule {named!a}, but links to {link.attributes['href']}."


def _difference(article: Element) -> Iterator[str]:
    """Two sources that differ: their values are in a list, in the formula and under the figure, and one is read."""
    said = [each.first("strong").text for each in article.first("ul", "values").children]
    figures = [figure for figure in map(_figure, article.all) if figure is not None]
    for figure in figures:
        if figure.formula != f"{_ABSOLUTE}{' and '.join(said)}.":
            yield f"{figure.id}: its formula does not name the values {' and '.join(said)!a}."
        below = [each.text for each in figure.derivation.all if each.attributes.get("scope") == "row"]
        if not all(one.endswith(other) for one, other in zip(said, below, strict=True)):
            yield f"{figure.id}: the values below it are not {' and '.join(said)!a}."
        read = next(each.text for each in article.children if each.has("p")).partition("Read: ")[2]
        if not any(read.startswith(f"{value}. ") for value in ("none chosen", *below)):
            yield f"{figure.id}: the value that is read is none of {' and '.join(below)}."


def _labels(elements: list[Element], told: Mapping[str, str], pins: Mapping[str, Any]) -> Iterator[str]:
    """What the page says about itself: its title, its readers, and what it was made from."""
    heads: dict[str, list[str]] = defaultdict(list)
    for element in elements:
        if element.tag == "h1" or element.has("p", "edition"):
            heads[element.tag].append(element.text)
    expected = pins["docket"]
    if heads["h1"] != [expected]:
        yield f"The title of the page is not {expected!a}."
    if heads["p"] != [_WHOSE[pins["edition"]]]:
        yield f"The page does not say that it is the {pins['edition']} edition."
    listed = [
        [cell.text for cell in row.children]
        for table in elements
        if table.has("table") and table.children[0].text == _CODES
        for row in table.first("tbody").children
    ]
    if listed != [_withheld(each) for each in pins["withheld"]]:
        yield "The page does not list the same codes of what is withheld as the audit states."
    as_of = pins["as_of"]
    for name, value in (
        ("Docket", expected),
        ("Ledger", f"{as_of['size']:,} entries, as recorded at {as_of['recorded_at']}"),
        ("Root of the ledger", as_of["root"]),
        ("SHA-256 of the pack", pins["pack"]["hash"]),
    ):
        if told.get(name) != value:
            yield f"The page gives {name} as {told.get(name, '')!a}, but the audit states {value!a}."


def _withheld(code: Mapping[str, str]) -> list[str]:
    """The row of one code on the page, cell by cell."""
    what, law = [code["code"], code["what"]], [code[name] for name in ("law", "decided_by", "ends", "object_to")]
    return [*what, *law] if any(law) else [*what, "The pack states no law for this."]


def _pairs(pairs: Element) -> dict[str, str]:
    return {term.text: value.text for term, value in (each.children[:2] for each in pairs.children)}


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _minor(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
