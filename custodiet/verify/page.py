"""The page of an audit as a tree of elements, read so strictly that nothing in it runs or hides in a remark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

BYTES_MAX = 1 << 24
DEEPEST = 64
"""How long a page is at most, and how many elements are inside each other; a report stays far below."""

_PIECE = re.compile(
    r"(?P<head><!doctype html>|<style>[^<]*</style>)"
    r"|<(?P<ends>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[a-zA-Z-]+(?:=\"[^\"<]*\")?)*)\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+)"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:=\"([^\"]*)\")?")
_NEVER_CLOSED = {"meta", "br"}
_TAGS = frozenset([
    "a", "article", "blockquote", "body", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "head", "header", "html", "li", "main", "meta", "nav", "ol", "p", "rect",
    "section", "span", "strong", "summary", "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "title",
    "tr", "ul",
])  # fmt: skip
_NAMES = frozenset([
    "aria-label", "aria-labelledby", "charset", "class", "colspan", "content", "data-adds", "data-less", "data-of",
    "data-row", "data-where", "height", "href", "http-equiv", "id", "lang", "name", "open", "role", "scope",
    "tabindex", "text-anchor", "width", "x", "y",
])  # fmt: skip
"""The elements and the attributes that a report's page has."""


class NotAPage(Exception):  # noqa: N818 - it names the outcome
    """The page is not laid out as a report's page; the message says where."""


@dataclass(slots=True)
class Element:
    """One element: its name, its attributes, and what is in it in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def children(self) -> "list[Element]":
        """The elements directly in it."""
        return [each for each in self.inside if isinstance(each, Element)]

    @property
    def all(self) -> "Iterator[Element]":
        """Itself and every element in it, in the order of the page."""
        yield self
        for each in self.children:
            yield from each.all

    @property
    def text(self) -> str:
        """What a reader reads in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    def has(self, tag: str, name: str = "") -> bool:
        """Whether it is such an element, of a class if one is named."""
        return self.tag == tag and (not name or name in self.attributes.get("class", "").split())

    def first(self, tag: str, name: str = "") -> "Element":
        """The first such element in it; NotAPage if there is none."""
        for each in self.all:
            if each.has(tag, name):
                return each
        raise NotAPage(f"there is no {tag} {name}".rstrip() + f" in a {self.tag}")


def read_page(page: bytes) -> Element:
    """The tree of a page; NotAPage for one that holds what a report's page never does, such as a script.

    >>> [each.text for each in read_page(b'<p>one <strong class="x">two</strong></p>').all]
    ['one two', 'one two', 'two']
    """
    if len(page) > BYTES_MAX:
        raise NotAPage(f"it has {len(page):,} bytes, and a page has at most {BYTES_MAX:,}")
    try:
        text = page.decode()
    except UnicodeDecodeError as wrong:
        raise NotAPage("it is not text in UTF-8") from wrong
    tree, place = _Tree(), 0
    for piece in _PIECE.finditer(text):
        if piece.start() != place or (piece["tag"] and piece["tag"] not in _TAGS):
            break
        place = piece.end()
        tree.add(piece)
    if place != len(text):
        raise NotAPage(f"it holds what a report's page never holds, at character {place:,}")
    if len(tree.open) > 1:
        raise NotAPage(f"a {tree.open[-1].tag} does not end")
    return tree.open[0]


class _Tree:
    """What was read of a page so far: the elements that have not ended, each inside the one before."""

    def __init__(self) -> None:
        self.open = [Element("page")]

    def add(self, piece: re.Match[str]) -> None:
        if piece["text"] is not None:
            self.open[-1].inside.append(unescape(piece["text"]))
        elif piece["tag"] and piece["ends"]:
            self._end(piece["tag"], piece.start())
        elif piece["tag"]:
            pairs = _ATTRIBUTE.findall(piece["attributes"])
            element = Element(piece["tag"], {name: unescape(value) for name, value in pairs})
            # Nothing is hidden or moved by a style of its own, does something when it is pressed, or leads elsewhere.
            if not _NAMES.issuperset(element.attributes) or element.attributes.get("href", "#")[:1] != "#":
                raise NotAPage(f"a {element.tag} has what a report's page never has, at character {piece.start():,}")
            self.open[-1].inside.append(element)
            if not piece["empty"] and piece["tag"] not in _NEVER_CLOSED:
                self.open.append(element)
        if len(self.open) > DEEPEST:
            raise NotAPage(f"more than {DEEPEST} elements are inside each other")

    def _end(self, tag: str, place: int) -> None:
        if self.open.pop().tag != tag:
            raise NotAPage(f"a {tag} ends that did not begin, at character {place:,}")
