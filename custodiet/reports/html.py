"""The report as one page of HTML: no script, no network, nothing beside it."""

from functools import cache
from importlib.resources import files

import jinja2

from custodiet.audit.run import Audit
from custodiet.reports.model import LONGEST, Report


def page(audit: Audit) -> str:
    """The internal edition of the report on an audit; the same audit gives the same bytes."""
    return _template().render(report=Report(audit), audit=audit, longest=LONGEST, css=_data("page.css"))


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        loader=jinja2.FunctionLoader(_data),
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment.get_template("page.html.jinja")


def _data(name: str) -> str:
    return (files("custodiet.reports") / name).read_text(encoding="utf-8")
