"""One form for a policy document: what it says stays, how it is set is always the same, and it reads back."""

import re
from dataclasses import replace
from pathlib import Path as File

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from custodiet.base.errors import Refused
from custodiet.base.source import Text
from custodiet.cli.main import main
from custodiet.policy.language import ast
from custodiet.policy.language import formatter as format_
from custodiet.policy.language.ast import (
    Expression,
    Policy,
)
from custodiet.policy.language.document import read_document
from custodiet.policy.language.formatter import formatted
from custodiet.policy.language.line_breaking import WIDTH, in_lines
from custodiet.policy.language.parser import condition
from custodiet.policy.language.printer import expression_written, written
from tests.house import ROOT
from tests.oracle.chance import Chance, cases
from tests.oracle.written_anyhow import any_expression, any_policy, untidied
from tests.policy_documents import GOOD, POLICIES, pack_of

PACKS = sorted(path.parent for path in (ROOT / "packs").glob("*/pack.toml"))
FIRST = [ROOT / "custodiet" / "cli" / "start" / "seat-fare.md", ROOT / "custodiet" / "cli" / "start_pack" / "meals.md"]
BAD = sorted((POLICIES / "bad").glob("*.md"))
DOCUMENTS = [*GOOD, *FIRST, *(document for pack in PACKS for document in sorted((pack / "policies").glob("*.md")))]

UNTIDY = """\
---
on: leg.departed_on
policy:   page
for each:      seat
question: What does a passenger owe for this seat?
rounding:  cent,half up
jurisdiction: Model Republic (fictional)

currency: EUR
---
Seats
=====
Carriers sell tickets;
this page is about the city's own aircraft.


## Rule 4.2: Personal travel is repaid
> A passenger who travels for a personal purpose
>   repays the full coach fare.
~~~rule
owes leg . full_coach_fare   from occupant
when leg.purpose in('personal','political')and not(role='crew')
     and leg.departed_on>=2020-01-01 and leg.trip.protectee=occupant

cite Model Code,
  art. 4(2)
in force ..2024-12-31
~~~
```define
leg.late=certified_on>=departed_on
leg.long_ago =   departed_on<2001-01-01
```
## Examples
example|role|leg.purpose|leg.departed_on|owes
:---|---|:--:|---|---
a \\| b|crew|personal|2023-05-02|undetermined
 nobody  |  guest | unknown |2023-05-02 ||
"""

TIDY = """\
---
policy:        page
question:      What does a passenger owe for this seat?
for each:      seat
on:            leg.departed_on
jurisdiction:  Model Republic (fictional)
currency:      EUR
rounding:      cent, half up
---

Seats
=====

Carriers sell tickets;
this page is about the city's own aircraft.

## Rule 4.2: Personal travel is repaid

> A passenger who travels for a personal purpose
>   repays the full coach fare.

```rule
cite      Model Code, art. 4(2)
in force  .. 2024-12-31
when      leg.purpose in ('personal', 'political')
          and not (role = 'crew')
          and leg.departed_on >= 2020-01-01
          and leg.trip.protectee = occupant
owes      leg.full_coach_fare from occupant
```

```define
leg.late     = certified_on >= departed_on
leg.long_ago = departed_on < 2001-01-01
```

## Examples

| example | role | leg.purpose | leg.departed_on | owes |
|---|---|---|---|---|
| a \\| b | crew | personal | 2023-05-02 | undetermined |
| nobody | guest | unknown | 2023-05-02 | |
"""


def read(text: str) -> Policy:
    """The policy of a document that can be read."""
    found = read_document(text, "page.md")
    assert [problem.shown() for problem in found.problems] == []
    assert found.policy is not None
    return found.policy


# What the form is


def test_a_document_is_set_in_one_form() -> None:
    assert formatted(UNTIDY, "page.md") == TIDY
    assert formatted(TIDY, "page.md") == TIDY


def test_a_long_condition_is_broken_at_the_loosest_words_first() -> None:
    one, two, three = "leg.purpose = 'personal'", "leg.certified_on < leg.departed_on", "leg.trip.out_of_city = yes"
    assert in_lines(f"{one} and {two} or {three}", 60) == [one, f"  and {two}", f"or {three}"]
    assert in_lines(f"{one} and ({two} or {three})", 60) == [one, f"and ({two}", f"     or {three})"]
    assert in_lines("1.50 from 'the campaign committee' else leg.trip.answerable, rest of 9 from occupant", 60) == [
        "1.50 from 'the campaign committee' else leg.trip.answerable,",
        "rest of 9 from occupant",
    ]
    assert in_lines(f"max(0, {'paid + ' * 3}recovered) from 'campaign committee'", 80) == [
        "max(0, paid + paid + paid + recovered)",
        "from 'campaign committee'",
    ]
    assert in_lines("cost_class in ('salary', 'overtime', 'lodging')", 83) == [
        "cost_class in ('salary', 'overtime',",
        "               'lodging')",
    ]


def test_an_expression_that_cannot_be_broken_stays_on_its_line() -> None:
    long = "'" + "x " * WIDTH + "'"
    assert in_lines(f"purpose={long}", 10) == [f"purpose = {long}"]


def test_a_section_sign_stays_with_its_number() -> None:
    cite = "Charter, " + "as amended, " * 8 + "§ 2604(b)(2)"
    box = formatted(TIDY.replace("Model Code, art. 4(2)", cite), "page.md")
    assert [line.strip() for line in box.splitlines() if line.strip().startswith("§")] == ["§ 2604(b)(2)"]


def test_a_note_behind_the_name_of_a_box_stays() -> None:
    noted = TIDY.replace("```define", "```define  our  words")
    assert "\n```define our words\n" in formatted(noted, "page.md")
    quoted = TIDY.replace("```define", "~~~define of `late`").replace("01-01\n```", "01-01\n~~~")
    assert formatted(quoted, "page.md") == quoted


# What stays


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_says_the_same_in_its_one_form(document: File) -> None:
    text = document.read_text(encoding="utf-8")
    tidy = formatted(text, document.name)
    assert read(tidy) == read(text)
    assert formatted(tidy, document.name) == tidy
    assert prose(tidy) == prose(text)
    again = read(written(read(text)))
    assert again == replace(read(text), rates=())


def prose(text: str) -> list[str]:
    """Every full line of a document that is in no box, no table of examples and not in the head."""
    without_boxes = re.sub(r"^(```|~~~).*?^\1", "", text.split("---\n", 2)[2], flags=re.MULTILINE | re.DOTALL)
    before = without_boxes.partition("## Examples")[0]
    return [line for line in before.splitlines() if line.strip()]


COMMENTARY = (
    "A paragraph.",
    "Two lines,  \nwith a break between them.",
    "- a list\n\n  with a paragraph in it\n- and another\n    - inside",
    "1. one\n2. two",
    "    what is indented\n\n    stays so",
    "<!-- a note\n\nof two parts -->",
    "<div>\nraw\n</div>",
    "[the Code]: https://example.org/code",
    "| class | borne by |\n|---|:-:|\n| salary |   the city |",
    "***",
    "> A quotation of several parts.\n>\n> The second.",
)


def blocks(text: str) -> list[tuple[str, str]]:
    """What a reader of the document sees of its commentary."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text.split("---\n", 2)[2])
    shown = ("inline", "code_block", "html_block", "hr", "list_item_open", "blockquote_open")
    return [(token.type, token.content) for token in tokens if token.type in shown]


@given(cases(lambda chance: [chance.one(COMMENTARY) for _ in range(9)]), cases(lambda chance: chance.one((2, 4))))
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
def test_commentary_stays_as_it_stands_wherever_it_stands(remarks: list[str], apart: int) -> None:
    gaps = iter(remarks)
    rule = TIDY.split("## Examples", maxsplit=1)[0]
    text = "".join(f"{part}{next(gaps)}\n\n" for part in re.split(r"(?<=\n\n)", rule) if part)
    text = text.replace("\n\n```", "\n" * apart + "```")
    tidy = formatted(text, "page.md")
    assert blocks(tidy) == blocks(text)
    assert formatted(tidy, "page.md") == tidy
    assert prose(tidy) == prose(text)


# Reading what is written


def as_read(text: str) -> Expression:
    return condition(Text(text, "page.md", text.splitlines(), 1, 1))


@given(cases(lambda chance: any_expression(chance, 3)), cases(lambda chance: chance.between(0, WIDTH)))
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
def test_reading_a_written_expression_gives_it_back_on_one_line_or_on_many(part: Expression, column: int) -> None:
    text = expression_written(part)
    lines = in_lines(text, column)
    assert as_read(text) == part
    assert as_read("\n".join(lines)) == part
    assert in_lines("\n".join(lines), column) == lines


@given(cases(lambda chance: any_expression(chance, 2)))
@settings(max_examples=150, derandomize=True, deadline=None, database=None)
def test_an_expression_has_no_bracket_that_it_does_not_need(part: Expression) -> None:
    text = expression_written(part)
    opened = [match.start() for match in re.finditer(r"(?<!\w)(?<! in )\((?=[^']*(?:'[^']*'[^']*)*$)", text)]
    for start in opened:
        end = closing(text, start)
        bare = f"{text[:start]}{text[start + 1 : end]}{text[end + 1 :]}"
        assert reads_otherwise(bare, part), bare


def closing(text: str, start: int) -> int:
    """Where the bracket ends that opens there."""
    depth, quoted = 0, False
    for place in range(start, len(text)):
        quoted ^= text[place] == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise AssertionError(text)


def reads_otherwise(text: str, part: Expression) -> bool:
    read_again = read_document(TIDY.replace("certified_on >= departed_on", text), "page.md").policy
    return read_again is None or read_again.definitions[0].meaning != part


@given(cases(any_policy))
@settings(max_examples=150, derandomize=True, deadline=None, database=None)
def test_reading_a_written_policy_gives_it_back(policy: Policy) -> None:
    text = written(policy)
    assert read(text) == policy
    assert formatted(text, "page.md") == text


def tidy_and_untidy(chance: Chance) -> tuple[str, str]:
    text = written(any_policy(chance))
    return text, untidied(text, chance)


@given(cases(tidy_and_untidy))
@settings(max_examples=120, derandomize=True, deadline=None, database=None)
def test_a_careless_hand_changes_nothing(both: tuple[str, str]) -> None:
    tidy, untidy = both
    assert formatted(untidy, "page.md") == tidy


# What is refused


def test_a_document_with_a_problem_is_refused_with_it() -> None:
    with pytest.raises(Refused) as refused:
        formatted(TIDY.replace("when ", "wenn "), "page.md")
    assert [problem.code for problem in refused.value.problems] == ["key_unknown"]


@pytest.mark.parametrize("document", BAD, ids=lambda path: path.stem)
def test_a_document_is_either_refused_or_says_the_same_whatever_else_is_wrong_with_it(document: File) -> None:
    text = document.read_bytes().decode("utf-8")
    problems = read_document(text, document.name).problems
    if problems:
        with pytest.raises(Refused) as refused:
            formatted(text, document.name)
        assert refused.value.problems == problems
    else:
        assert read(formatted(text, document.name)) == read(text)


def test_what_would_say_something_else_is_given_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(format_, "in_lines", lambda text, _: [text.replace("personal", "official").strip()])
    with pytest.raises(AssertionError, match=r"page\.md"):
        formatted(UNTIDY, "page.md")


def test_a_policy_that_no_document_can_say_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        written(replace(read(TIDY), rules=()))
    assert [problem.code for problem in refused.value.problems] == ["no_rules"]


# The command


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: path.name)
def test_the_packs_of_this_repository_are_in_their_one_form(pack: File, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", str(pack), "--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("document", FIRST, ids=lambda path: path.stem)
def test_a_first_pack_that_init_writes_is_in_its_one_form(document: File) -> None:
    text = document.read_text(encoding="utf-8")
    assert formatted(text, document.name) == text


def test_a_pack_is_checked_before_it_is_changed(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    pack_of(tmp_path, "small", {"page.md": UNTIDY, "tidy.md": TIDY})
    page = tmp_path / "policies" / "page.md"
    page.chmod(0o640)

    assert main(["format", str(tmp_path), "--check"]) == 1
    shown = capsys.readouterr()
    assert "+owes      leg.full_coach_fare from occupant" in shown.out.splitlines()
    assert shown.err == "2 documents, 1 would change\n"
    assert page.read_text() == UNTIDY

    assert main(["format", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{page}: formatted\n"
    assert page.read_text() == TIDY
    assert page.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in page.parent.iterdir()) == ["page.md", "tidy.md"]

    assert main(["format", str(tmp_path), "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_where_one_document_cannot_be_read_none_is_changed(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    pack_of(tmp_path, "small", {"a.md": UNTIDY, "b.md": "no head"})
    assert main(["format", str(tmp_path)]) == 3
    error = capsys.readouterr().err
    assert f"{tmp_path / 'policies' / 'b.md'}:1: the document has no head" in error
    assert "it has problems, so it is left as it is" in error
    assert (tmp_path / "policies" / "a.md").read_text() == UNTIDY


def test_a_document_that_is_no_text_is_refused(tmp_path: File, capsys: pytest.CaptureFixture[str]) -> None:
    pack_of(tmp_path, "small", {"a.md": b"\xff\xfe"})
    assert main(["format", str(tmp_path)]) == 3
    assert "is not UTF-8 text, so it is left as it is" in capsys.readouterr().err


def test_what_a_link_leads_out_of_the_pack_to_is_not_written(tmp_path: File) -> None:
    outside = tmp_path / "elsewhere.md"
    outside.write_text(UNTIDY, encoding="utf-8")
    pack_of(tmp_path / "pack", "small", {"tidy.md": TIDY})
    (tmp_path / "pack" / "policies" / "page.md").symlink_to(outside)
    assert main(["format", str(tmp_path / "pack")]) == 0
    assert outside.read_text() == UNTIDY


def test_not_in_denies_every_value_of_its_list_and_is_written_so() -> None:
    def read(text: str) -> Expression:
        return condition(Text(text, "law.md", [text], 1, 1))

    for text in ("purpose not in ('personal', 'political')", "not purpose in ('personal', 'political')"):
        assert read(text) == ast.Not(ast.Or((read("purpose = 'personal'"), read("purpose = 'political'"))))
        assert expression_written(read(text)) == "purpose not in ('personal', 'political')"
    assert read("purpose not in ('personal')") == read("purpose != 'personal'")
    assert in_lines("on_duty and purpose not  in('personal','political')", 20) == [
        "on_duty and purpose not in ('personal', 'political')"
    ]
