"""The report as one page of HTML: no script, no network, nothing beside it."""

from functools import cache
from importlib.resources import files
from pathlib import PurePath

import jinja2

from custodiet.audit.run import Audit
from custodiet.reports.model import LONGEST, Report


def page(audit: Audit) -> str:
    """The internal edition of the report on an audit; the same audit gives the same bytes."""
    return rendered("page.html.jinja", report=Report(audit), audit=audit, longest=LONGEST)


def rendered(template: str, **what: object) -> str:
    """A page made from one of this folder's templates, with the style of the house in it."""
    return _environment().get_template(template).render(css=_data("page.css"), **what)


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
    # Where a pack lies is another folder on every machine; where a document lies in its pack is not.
    environment.filters["in_pack"] = lambda file: "/".join(PurePath(file).parts[-2:])
    return environment


def _data(name: str) -> str:
    return (files("custodiet.reports") / name).read_text(encoding="utf-8")
