"""The page of an audit as a tree of elements, read so strictly that nothing in it can run or hide in a comment."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from custodiet.verify.page.head import PAGE_END, page_head
from custodiet.verify.page.shape import INSIDE, ONCE, SHAPES, shape

BYTES_MAX = 1 << 24
DEEPEST = 64
"""How long a page is at most, and how many elements are inside each other; a report stays far below."""

_ATTRIBUTES_MAX = 8
_PIECE = re.compile(
    r"<(?P<ends>/?)(?P<tag>[a-z][a-z0-9]*)"
    rf"(?P<attributes>(?: [a-z-]+(?:=\"[^\"<]*\")?){{0,{_ATTRIBUTES_MAX}}})(?P<empty>/?)>"
    r"|(?P<text>[^<]+)"
)
_ATTRIBUTE = re.compile(r" ([a-z-]+)(?:=\"([^\"]*)\")?")
_NEVER_CLOSED, _CLOSED_AT_ONCE = "br", "rect"


class NotAPage(Exception):  # noqa: N818 - it names the outcome
    """The page is not laid out like a report's page; the message says where."""


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
        """The text that a reader sees in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    def has(self, tag: str, name: str = "") -> bool:
        """Whether it is an element with this tag and, if given, this class."""
        return self.tag == tag and (not name or name in self.attributes.get("class", "").split())

    def first(self, tag: str, name: str = "") -> "Element":
        """The first such element in it; NotAPage if there is none."""
        for each in self.all:
            if each.has(tag, name):
                return each
        raise NotAPage(f"there is no {tag} {name}".rstrip() + f" in a {self.tag}")


def read_page(page: bytes, title: str) -> Element:
    """The tree of the page of an audit with this title; NotAPage if it has anything that a report's page never has.

    Its head must be, byte for byte, the one that this version writes, since it decides how everything below looks.
    Every other element must be one that a report has, in a place where a report has it.
    """
    if len(page) > BYTES_MAX:
        raise NotAPage(f"it has {len(page):,} bytes; a page has at most {BYTES_MAX:,}")
    try:
        text = page.decode()
    except UnicodeDecodeError as wrong:
        raise NotAPage("it is not text in UTF-8") from wrong
    head = page_head(title)
    if not text.startswith(head) or not text.endswith(PAGE_END):
        raise NotAPage(
            "it does not begin and end as this version writes a page with this title, with this style and no other; if "
            "another version made it, check it with that version"
        )
    tree = read_tree(text[len(head) : -len(PAGE_END)])
    found = Counter(name for each in tree.all for name in {each.tag, f"{each.tag}.{each.attributes.get('class', '')}"})
    odd = [name for name in ONCE if found[name] != 1]
    if odd:
        raise NotAPage(f"there is not exactly one {', '.join(odd)}")
    return tree


def read_tree(text: str) -> Element:
    """The tree of the elements of a page.

    >>> [each.text for each in read_tree('<body><main id="content">one</main></body>').all]
    ['one', 'one', 'one']
    """
    tree, place = _Tree(), 0
    for piece in _PIECE.finditer(text):
        if piece.start() != place:
            break
        place = piece.end()
        tree.add(piece)
    if place != len(text):
        raise NotAPage(f"it holds what a report's page never holds, at character {place:,} of what is below its head")
    if len(tree.open) > 1:
        raise NotAPage(f"a {tree.open[-1].tag} does not end")
    return tree.open[0]


class _Tree:
    """The part of a page that was read so far: the open elements, each inside the one before."""

    def __init__(self) -> None:
        self.open = [Element("page")]

    def add(self, piece: re.Match[str]) -> None:
        if piece["text"] is not None:
            self.open[-1].inside.append(unescape(piece["text"]))
        elif piece["ends"]:
            if piece["attributes"] or piece["empty"] or self.open.pop().tag != piece["tag"]:
                raise NotAPage(f"a {piece['tag']} that did not begin ends at character {piece.start():,}")
        else:
            element = _element(piece, self.open[-1])
            self.open[-1].inside.append(element)
            if not piece["empty"] and element.tag != _NEVER_CLOSED:
                self.open.append(element)
        if len(self.open) > DEEPEST:
            raise NotAPage(f"more than {DEEPEST} elements are inside each other")


def _element(piece: re.Match[str], around: Element) -> Element:
    pairs = _ATTRIBUTE.findall(piece["attributes"])
    element = Element(piece["tag"], {name: unescape(value) for name, value in pairs})
    if (
        len(pairs) != len(element.attributes)  # of two with one name, a browser takes the first
        or shape(element.tag, element.attributes) not in SHAPES
        or around.tag not in INSIDE[element.tag].split()
        or element.attributes.get("href", "#")[:1] != "#"
        or bool(piece["empty"]) != (element.tag == _CLOSED_AT_ONCE)
        or (element.has("span", "unseen") and around.tag != "summary")
    ):
        where = f"at character {piece.start():,} of what is below its head"
        raise NotAPage(f"it has a {element.tag} in a {around.tag}, which no report's page has, {where}")
    return element
