"""The elements of a report's page: which there are, what may be inside what, and which attributes each has."""

_SHAPES = """
a href; a.skip href; a.source href
article.allegation aria-labelledby; article.difference; article.precedent; article.recommendation
blockquote; body; br; caption; code; dd
details; details.derivation id; details.rule id; details.rule id open
div; div.finding; div.opened data-adds; div.opened data-adds data-where; div.scroll role tabindex aria-label; div.sides
dl.figures; dl.pairs; dl.pairs money; dl.paper; dt
figcaption; figure.chart; h1; h2 id; h3; h3 id; h4; header; li; main id; nav aria-labelledby; ol
p; p.alleged; p.edition; p.kind; p.label; p.limits; p.more; p.nothing; p.source; p.standing; p.standing-note
rect.bar x y width height; rect.open-end x y width height; rect.track x y width height; section aria-labelledby
span; span data-of; span data-of data-where; span data-of data-where data-less
span.class; span.fig; span.place; span.source; span.source data-of; span.unseen
strong; strong data-of; summary; svg role aria-label width height; table; table.opens; tbody
td; td colspan; td.number; td.number whole; td.when; text x y; text.value data-of x y text-anchor; tfoot
th scope; th.number scope; th.stake scope; thead; tr; tr data-row; tr.rows; ul; ul.said; ul.values
"""
SHAPES = frozenset(each.strip() for line in _SHAPES.splitlines() for each in line.split(";") if each.strip())
"""Each element as `shape` writes it. Any other element could hide, move or act."""

INSIDE = {
    "a": "body dd li p td", "article": "section", "blockquote": "details", "body": "page", "br": "td th",
    "caption": "table", "code": "dd p", "dd": "div", "details": "article dd section td",
    "div": "article details div dl section", "dl": "article div section", "dt": "div", "figcaption": "figure",
    "figure": "section", "h1": "header", "h2": "nav section", "h3": "article section", "h4": "article div section",
    "header": "body", "li": "ol ul", "main": "body", "nav": "body", "ol": "nav",
    "p": "article blockquote details div header section", "rect": "svg", "section": "main",
    "span": "caption dd h2 li p span summary td th", "strong": "dd li p summary td th", "summary": "details",
    "svg": "figure", "table": "div section", "tbody": "table", "td": "tr", "text": "svg", "tfoot": "table", "th": "tr",
    "thead": "table", "tr": "tbody tfoot thead", "ul": "article div section td",
}  # fmt: skip
"""The elements that each may be in; a browser moves an element that is elsewhere."""

ONCE = ("body", "header", "h1", "nav", "main", "p.edition", "p.kind", "dl.figures")
"""The elements that a page has exactly once."""


def shape(tag: str, attributes: dict[str, str]) -> str:
    """An element without its values: its name, its class, and the names of its other attributes.

    >>> shape("td", {"class": "number", "colspan": "2"}), shape("br", {})
    ('td.number colspan', 'br')
    """
    of_class = f".{attributes['class']}" if "class" in attributes else ""
    return " ".join([f"{tag}{of_class}", *(name for name in attributes if name != "class")])
