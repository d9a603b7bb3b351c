"""Tests as JUnit XML, which every service that runs tests can show; it holds nothing but what was tested.

The elements and attributes are those that strict readers accept (junit-10.xsd of the xUnit plugin): a case has no file
or line attribute, so both are in its text. Characters that XML cannot hold (Extensible Markup Language 1.0, section
2.2) are written out, as they are on a screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from custodiet.base.text import printable


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was tested."""

    name: str
    outcome: str = ""
    """`failure` or `skipped`; empty if it passed."""
    sort: str = ""
    """The kind of failure, in one word."""
    message: str = ""
    """The outcome in one line."""
    text: str = ""
    """The whole message."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The things that were tested in one policy."""

    name: str
    file: str
    cases: tuple[Case, ...]


def junit(name: str, suites: Sequence[Suite]) -> bytes:
    """The document, without times, so that the same tests give the same bytes.

    >>> print(junit("pack", [Suite("pack/fare", "fare.md", (Case("example: a guest"),))]).decode())
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites name="pack" tests="1" failures="0" errors="0">
      <testsuite name="pack/fare" tests="1" failures="0" errors="0" skipped="0" file="fare.md">
        <testcase name="example: a guest" classname="pack.fare" />
      </testsuite>
    </testsuites>
    """
    every = [case for suite in suites for case in suite.cases]
    root = ET.Element("testsuites", {"name": printable(name), **_counts(every)})
    for suite in suites:
        skipped = str(sum(case.outcome == "skipped" for case in suite.cases))
        about = {
            "name": printable(suite.name),
            **_counts(suite.cases),
            "skipped": skipped,
            "file": printable(suite.file),
        }
        element = ET.SubElement(root, "testsuite", about)
        for case in suite.cases:
            _add(element, case, printable(suite.name).replace("/", "."))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    failures = str(sum(case.outcome == "failure" for case in cases))
    return {"tests": str(len(cases)), "failures": failures, "errors": "0"}


def _add(suite: ET.Element, case: Case, classname: str) -> None:
    element = ET.SubElement(suite, "testcase", {"name": printable(case.name), "classname": classname})
    if case.outcome:
        told = ET.SubElement(element, case.outcome, {"type": case.sort, "message": printable(case.message)})
        told.text = printable(case.text) or None
