"""The head of an audit's page: its style, and a policy by which it fetches, runs and opens nothing by itself.

Whoever writes the head decides how everything below it looks. So it is written in one place, and an archive's page must
match it byte for byte.
"""

from functools import cache
from html import escape
from importlib.resources import files


def page_head(title: str) -> str:
    """Everything before the body of the page of an audit with this title.

    >>> print(page_head("Model City").partition("<meta")[0].rstrip())
    <!doctype html>
    <html lang="en">
    <head>
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{_escaped(title)}: computed, not decided</title>
<style>
{_style()}</style>
</head>
"""


PAGE_END = "</html>\n"
"""All that stands after its body."""


def _escaped(text: str) -> str:
    """A text escaped between two tags, as the body has it."""
    return escape(text, quote=False).replace("'", "&#39;").replace('"', "&#34;")


@cache
def _style() -> str:
    return (files("custodiet.verify.page") / "page.css").read_text(encoding="utf-8")
