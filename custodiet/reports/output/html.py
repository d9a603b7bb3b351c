"""The report as one page of HTML: no script, no network, nothing beside it."""

from functools import cache
from importlib.resources import files

import jinja2

from custodiet.base.text import printable
from custodiet.reports.report.model import Report
from custodiet.verify.page.head import page_head


def page(report: Report) -> str:
    """The report of one edition; the same audit gives the same bytes.

    No control character is valid in HTML (Living Standard, section 13.2.3.5): what holds one shows it written out.
    """
    written = _environment().get_template("report.html.jinja").render(report=report, head=page_head(report.title))
    return printable(written)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=jinja2.FunctionLoader(_data),
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["first_upper"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _data(name: str) -> str:
    return (files("custodiet.reports.output") / name).read_text(encoding="utf-8")
