"""Policy documents: what can be read, what is said of one that cannot, and what counts for nothing."""

import hashlib
import os
import random
import re
from dataclasses import replace
from importlib.resources import files as package_files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark, Token

from custodiet.base.source import Text
from custodiet.policy.analysis.check import CHECKS
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language import parser
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.policy.language.parser import STARTS
from custodiet.policy.packs.pack import read_pack
from custodiet.policy.testing.examples import EXPECTED, imagine
from custodiet.proofs.pack_proofs import prove_pack
from custodiet.records import core_types
from tests.meaning import law
from tests.policy_documents import GOOD, MESSAGES, POLICIES, RATES, giving, pack_of, problems_of

BAD = POLICIES / "bad"
TEXTS = [path.read_text(encoding="utf-8") for path in GOOD]
SEAT_FARE = (POLICIES / "good" / "seat-fare.md").read_text(encoding="utf-8")


def named(path: Path) -> str:
    return path.stem


# Good documents


def test_the_good_documents_are_a_pack_without_problems_whose_examples_come_out_as_written(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, "good", {path.name: path.read_bytes() for path in GOOD})

    assert [problem.shown() for problem in pack.problems] == []
    assert len(GOOD) == len(pack.policies) >= 4
    assert pack.examples.failed == 0
    rows = sum(len(re.findall(r"^\|(?! example|---| class| salary)", text, re.MULTILINE)) for text in TEXTS)
    assert pack.examples.passed == rows > 0


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_a_good_document_is_clean_by_itself(path: Path) -> None:
    assert problems_of(path.read_text(encoding="utf-8"), path.name) == ()


class Walked:
    """The parser, noting every production that is used and every token that is read."""

    def __init__(self) -> None:
        """Take the grammar, and wrap what the parser calls for each production."""
        source = package_files("custodiet.policy.language").joinpath("grammar.lark").read_text(encoding="utf-8")
        self.parser = Lark(source, parser="lalr", start=list(STARTS), propagate_positions=True)
        self.used: set[object] = set()
        self.tokens: set[tuple[str, str]] = set()
        callbacks = self.parser.parser.parser.parser.callbacks
        self.productions = set(callbacks)
        for production, build in list(callbacks.items()):
            callbacks[production] = self._noting(production, build)

    def _noting(self, production: object, build: object) -> object:
        def noted(children: list[object]) -> object:
            self.used.add(production)
            self.tokens |= {(child.type, str(child)) for child in children if isinstance(child, Token)}
            assert callable(build)
            return build(children)

        return noted


def test_the_good_documents_use_every_production_every_terminal_and_every_operator_of_the_grammar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walked = Walked()
    monkeypatch.setattr(parser, "grammar", lambda: walked.parser)
    for text in TEXTS:
        assert read_document(text, "page.md").problems == ()
    for line in ("never conflict", "when on_duty always owes"):
        assert parser.claim(Text(line, "claim", (line,), 1, 1)).says == line

    # Read so that the message can say what is missing: a rest that nobody owes.
    never_good = {"<share : REST expression>"}
    assert {str(each) for each in walked.productions - walked.used} == never_good
    ignored = {"__IGNORE_0"}
    terminals = {each.name for each in walked.parser.terminals} - ignored
    assert terminals - {type_name for type_name, _ in walked.tokens} == set()
    words = {
        "COMPARATOR": {"<=", ">=", "!=", "=", "<", ">"},
        "SIGN": {"+", "-"},
        "TIMES": {"*", "/"},
        "EXTREME": {"min", "max"},
        "OVER": {"any", "all", "count", "sum"},
        "YES_NO": {"yes", "no"},
        "AGAINST": {"<=", ">=", "=", "<", ">"},
        "QUANTIFIER": {"never", "always"},
        "OUTCOME": {"permitted", "forbidden", "no rule", "conflict"},
    }
    for terminal, wanted in words.items():
        assert wanted - {text for type_name, text in walked.tokens if type_name == terminal} == set()


def test_the_good_documents_use_every_key_of_a_head_and_of_a_rule() -> None:
    from custodiet.policy.language.boxes import BOXES, CLAIM_KEYS, JUDGMENT_KEYS, KEYS
    from custodiet.policy.language.document import HEAD_KEYS

    together = "\n".join(TEXTS)

    assert [key for key in HEAD_KEYS if not re.search(rf"^{key}:", together, re.MULTILINE)] == []
    keys = (*KEYS, *JUDGMENT_KEYS, *CLAIM_KEYS)
    assert [key for key in keys if not re.search(rf"^{key}\b", together, re.MULTILINE)] == []
    assert [box for box in BOXES if f"```{box}" not in together] == []


# Bad documents


def printed(code: str, folder: Path) -> tuple[list[str], str]:
    """The messages that a bad document provokes, and what `custodiet check` prints of it."""
    if (BAD / code).is_dir():
        pack, shown_as = read_pack(BAD / code), f"{BAD / code}{os.sep}"
    else:
        pack = pack_of(folder, "bad", {f"{code}.md": (BAD / f"{code}.md").read_bytes()})
        shown_as = f"{folder / 'policies'}{os.sep}"
    problems = pack.problems
    if code not in {problem.code for problem in problems}:
        proved = prove_pack(pack)
        # Where there is a solver, it settles the doubts about a divisor.
        problems = (*proved.unsettled(problems), *proved.problems)
    shown = "\n\n".join(problem.shown() for problem in problems)
    return [problem.code for problem in problems], shown.replace(shown_as, "") + "\n"


@pytest.mark.parametrize("code", sorted(path.stem for path in BAD.glob("*.txt")))
def test_a_bad_document_is_answered_with_its_message_as_written_beside_it(code: str, tmp_path: Path) -> None:
    codes, shown = printed(code, tmp_path)

    assert shown == (BAD / f"{code}.txt").read_text(encoding="utf-8")
    assert codes == [code]


def test_every_message_has_a_bad_document_and_every_bad_document_a_message() -> None:
    documents = {path.name if path.is_dir() else path.stem for path in BAD.iterdir() if path.suffix != ".txt"}
    texts = {path.stem for path in BAD.glob("*.txt")}

    assert documents == set(MESSAGES)
    assert texts == set(MESSAGES)


def test_every_message_is_of_a_kind_that_other_tools_know() -> None:
    kinds = {"syntax", "name", "type", "cycle", "period", "example", "division"}
    kinds |= {"conflict", "gap", "dead rule", "dead exception", "negative amount", "claim"}

    assert {message.kind for message in MESSAGES.values()} == kinds
    assert CHECKS


def test_all_problems_of_a_document_come_back_at_once() -> None:
    faults = {
        "question:      What does a passenger owe for this seat?": "question:",
        "jurisdiction:  Model Republic (fictional)": "jurisdiction:  Model Republic\ntxt:           verbatim",
        "rounding:      cent, half up": "rounding:      half up",
        "leg.purpose = 'personal'": "leg.purpose = 'personnal' and leg.purpos = 'x'",
        "2022-07-01 ..": "2022-07-32 ..",
        "role = 'protectee'": 'role = "protectee"',
        "min(leg.full_coach_fare, leg.operating_cost / leg.seats)  from occupant": "412",
        "| 300 | 4.3 |": "| 4.3 |",
    }
    text = SEAT_FARE
    for right, wrong in faults.items():
        assert right in text
        text = text.replace(right, wrong, 1)

    codes = sorted(problem.code for problem in problems_of(text))

    assert codes == sorted([
        "head_key_empty", "head_key", "rounding", "value_unlisted", "name_unknown", "period_day", "expression",
        "payer_missing", "table_ragged",
    ])  # fmt: skip


def test_what_could_not_be_read_is_not_complained_of_twice() -> None:
    text = SEAT_FARE.replace("leg.certified_on < leg.departed_on", "leg.certified_on << leg.departed_on")
    text = text.replace("/ leg.seats)", "* (leg.departed_on - leg.certified_on))")

    assert [problem.code for problem in problems_of(text)] == ["expression"]


# What people get wrong


BEGINNINGS = "a field, a number, a date, a text in single quotation marks or `(`"
CONTINUATIONS = "a comparison, `and`, `or`, `.` and a column or `is`"
JOINED = "join conditions by `and` or `or`; write numbers without grouping"
ABSENT = "to ask whether something is known to be absent, write `is none` or `is not none`"


def hints(text: str) -> list[tuple[str, str]]:
    return [(problem.message, problem.help) for problem in problems_of(text)]


@pytest.mark.parametrize(
    ("wrong", "message", "hint"),
    [
        ("leg.purpos = 'personal'", "unknown field `leg.purpos`", "did you mean `leg.purpose`?"),
        ("leg.purpose = 'personnal'", "`personnal` is not a value of `leg.purpose`", "did you mean `'personal'`?"),
        ("leg.purpose = personal", "unknown field `personal`", "did you mean `'personal'`?"),
        ("leg.purpose == 'personal'", "unexpected `==`", "write one `=`"),
        ("leg.purpose <> 'personal'", "unexpected `<>`", "write `!=`"),
        ("leg.purpose = ‘personal’", "unexpected `‘`", "put a text between two single quotation marks: 'personal'"),
        ("on_duty leg.home_to_work", "unexpected `leg.home_to_work`", f"write {CONTINUATIONS} here"),
        ("on_duty and and leg.home_to_work", "unexpected `and`", f"write {BEGINNINGS} here"),
        ("on_duty and not in ('yes')", "unexpected `in`", f"write {BEGINNINGS} here"),
        ("on_duty, leg.home_to_work", "unexpected `,`", JOINED),
        (
            "leg.departed_on < 2023-02-29",
            "`2023-02-29` is not a valid date",
            "write a date of the calendar, such as 2024-02-29",
        ),
        ("leg.certified_on = none", "unexpected `none`", ABSENT),
        ("on_duty && leg.home_to_work", "unexpected `&&`", "write `and`"),
        ("leg.seats > -1", "unexpected `-`", "write a number below zero as `0 - x`"),
        ("on_duty  # while at work", "unexpected `#`", "move the comment outside the box"),
        ("leg.purpose = 'per'sonal'", "a text cannot contain a quotation mark", "write an apostrophe as `’`"),
        ("leg.purpose = 'personal''", "a text cannot contain a quotation mark", "write an apostrophe as `’`"),
    ],
)
def test_a_common_mistake_in_a_condition_is_named_and_mended(wrong: str, message: str, hint: str) -> None:
    text = SEAT_FARE.replace("leg.purpose = 'personal'", wrong, 1)

    assert hints(text) == [(message, hint)]


@pytest.mark.parametrize(
    "divisor",
    [
        "min(leg.seats - 1, leg.seats)",
        "count(leg.seat where role = 'guest')",
        "(leg.seats - 1) * count(leg.seat)",
        "leg.seats + 2 - (1 + leg.seats)",
    ],
)
def test_what_may_be_zero_is_named_in_the_words_of_the_rule_and_so_is_its_guard(divisor: str) -> None:
    text = SEAT_FARE.replace("leg.operating_cost / leg.seats", f"leg.operating_cost / ({divisor})", 1)
    (problem,) = problems_of(text)

    assert problem.message == f"`{divisor}` may be zero here"
    assert problem.help == f"guard it in the same condition: `{divisor} > 0 and …`"


@pytest.mark.parametrize("mark", ["#", "//", "--", "<!--"])
def test_a_remark_in_the_head_or_a_box_is_sent_outside_and_hides_nothing(mark: str) -> None:
    for line in ("question:", "when      leg.purpose = 'personal'"):
        (problem,) = problems_of(SEAT_FARE.replace(line, f"{mark} cf. the old code\n{line}", 1))
        assert problem.message in ("a comment inside the head", "a comment inside a box")


def test_a_class_in_which_a_quotation_mark_stands_is_told_of_the_mark() -> None:
    text = (POLICIES / "bad" / "class_form.md").read_text(encoding="utf-8")
    marked = re.sub(r"(?m)^is .*$", "is  'driver's trip'", text)

    assert [problem.code for problem in problems_of(marked)] == ["text_marked"]


@pytest.mark.parametrize(("first_margin", "margin"), [("> ", "> "), ("    ", "    "), ("- ", "  ")])
def test_an_example_table_that_would_not_be_run_is_not_passed_over(first_margin: str, margin: str) -> None:
    before, heading, tables = SEAT_FARE.partition("## Examples\n")
    first, *rows = tables.strip().splitlines()
    away = "\n".join([first_margin + first, *(margin + row for row in rows)])

    assert [problem.code for problem in problems_of(f"{before}{heading}\n{away}\n")] == ["table_inside"]


def test_a_value_of_several_words_is_given_its_quotation_marks() -> None:
    (problem,) = problems_of(SEAT_FARE.replace("role = 'protectee'", "role = city staff"))

    assert (problem.message, problem.help) == ("unexpected `staff`", "did you mean `'city staff'`?")
    assert problem.span.text[problem.span.column - 1 :].startswith("staff")


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(SEAT_FARE.replace("\n", "\r\n").encode(), id="lines that end as on Windows"),
        pytest.param(SEAT_FARE.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(re.sub(r"(?m)^(\w[\w ]*?)  +(?=\S)", r"\1\t", SEAT_FARE).encode(), id="tabs in place of blanks"),
        pytest.param(re.sub(r"(?m)^in force", "in   force", SEAT_FARE).encode(), id="wide keys"),
    ],
)
def test_a_document_from_another_editor_reads_the_same(encoded: bytes, tmp_path: Path) -> None:
    as_it_was = pack_of(tmp_path / "a" / "good", "good", {"seat-fare.md": SEAT_FARE})
    pack = pack_of(tmp_path / "b" / "good", "good", {"seat-fare.md": encoded})

    assert pack.problems == ()
    assert pack.examples.passed == 4
    assert [replace(policy, examples=()) for policy in pack.policies] == [
        replace(policy, examples=()) for policy in as_it_was.policies
    ]
    assert pack.hash != as_it_was.hash


def test_a_span_is_underlined_below_tabs_as_well() -> None:
    text = SEAT_FARE.replace("when      leg.purpose = 'personal'", "when\tleg.purpos = 'personal'")
    (problem,) = problems_of(text)

    assert problem.shown().splitlines()[1:3] == [
        "   17 | when leg.purpos = 'personal'",
        "      |      ^^^^^^^^^^",
    ]


def test_a_second_box_that_cannot_be_seen_as_one_is_not_passed_over() -> None:
    box = "```rule\ncite      Model Code, art. 4(2)\nin force  .. 2019-12-31\nowes      0\n```\n"
    indented = "\nOur reading:\n\n" + "".join(f"    {line}\n" for line in box.splitlines())

    for hidden, code in ((indented, "box_inside"), (box.replace("```rule", "```"), "box_unnamed")):
        text = SEAT_FARE.replace("## Rule 4.3", f"{hidden}\n## Rule 4.3")
        assert [problem.code for problem in problems_of(text)] == [code]


def test_a_name_that_a_definition_would_hide_is_taken() -> None:
    for hidden in ("seat", "purpose"):
        text = SEAT_FARE.replace("## Rule 4.2", f"```define\nleg.{hidden} = 3\n```\n\n## Rule 4.2")
        assert [problem.code for problem in problems_of(text)] == ["definition_taken"]


def test_a_guard_outside_a_set_does_not_guard_the_members_of_the_set() -> None:
    text = (POLICIES / "bad" / "maybe_none.md").read_text(encoding="utf-8")
    text = text.replace("paid - recovered from officer", "paid from officer")
    outside = text.replace("not receipt", "recovered is not none and any(trip.voucher where recovered - 1 > paid)")
    inside = text.replace("not receipt", "any(trip.voucher where recovered is not none and recovered - 1 > paid)")

    assert [problem.code for problem in problems_of(outside)] == ["maybe_none"]
    assert problems_of(inside) == ()


def test_an_example_may_not_say_of_a_definition_what_it_can_never_be() -> None:
    text = (POLICIES / "good" / "trip-cost.md").read_text(encoding="utf-8")
    text = text.replace("| 2023-05-02 | 2023-05-04 | 3 | 1 | 950 |", "| 2023-05-02 | 2023-05-04 | yes | 1 | 950 |")

    assert [problem.code for problem in problems_of(text)] == ["cell_value"]


# Whatever stands in a document, its problems come back

PIECES = sorted({piece for text in TEXTS for piece in re.findall(r"\w+|\s+|[^\w\s]+", text)})
ODD = st.sampled_from([
    "", " ", "\n", "\r\n", "\t", "\x0c", "\u2028", "\x00", "|", "```", "```rule\n", "~~~", "---", "> ", "\n## Rule ",
    "'", '"', "(", ")", "none", "unknown", "9" * 5000, "٣", "0", "-1", "0001-01-01", "9999-12-31", "any(", "leg.", "..",
])  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good document in which some pieces are lost, doubled, exchanged or replaced."""
    pieces = re.findall(r"\w+|\s+|[^\w\s]+", draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(pieces) - 1))
        last = min(len(pieces), place + draw(st.integers(0, 6)))
        pieces[place:last] = [draw(st.one_of(ODD, st.sampled_from(PIECES), st.text(max_size=8)))]
    return "".join(pieces)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(mutated())
@example("")
@example("---\n---\n")
@example(SEAT_FARE.replace("412", "9" * 5000))
@example(SEAT_FARE.replace("'personal'", "9" * 5000))
@example(SEAT_FARE.replace("leg.purpose = 'personal'", "(" * 3000 + "on_duty" + ")" * 3000))
@example(SEAT_FARE.replace("leg.purpose = 'personal'", "not " * 3000 + "on_duty"))
def test_whatever_stands_in_a_document_its_problems_come_back_with_it(text: str) -> None:
    for problem in problems_of(text):
        assert problem.code in MESSAGES
        assert problem.shown().startswith(f"page.md:{problem.span.line}: ")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_read_as_a_document(text: str) -> None:
    read = read_document(f"---\n{text}\n---\n{text}", "page.md")

    assert read.problems
    assert read.policy is None


# What counts for nothing


def expected_hash(folder: Path) -> str:
    """The hash of a pack, worked out from its definition: a line for each file, sorted by path."""
    lines = []
    for path in folder.rglob("*"):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append((path.relative_to(folder).as_posix().encode(), digest))
    joined = b"".join(digest.encode() + b" " + path + b"\n" for path, digest in sorted(lines))
    return hashlib.sha256(joined).hexdigest()


def test_the_hash_of_a_pack_is_of_its_bytes_and_not_of_their_order_place_or_time(tmp_path: Path) -> None:
    documents = {path.name: path.read_bytes() for path in GOOD} | {"Ärger.md": b"", "a.md": b"", "B.md": b""}
    one = pack_of(tmp_path / "one", "good", documents)
    other = pack_of(tmp_path / "there" / "other", "good", dict(reversed(documents.items())))
    for path in (tmp_path / "there").rglob("*.md"):
        os.utime(path, (0, 0))
    again = read_pack(tmp_path / "there" / "other")

    assert one.hash == other.hash == again.hash == expected_hash(tmp_path / "one")


def test_a_changed_byte_changes_the_hash_and_a_file_that_is_no_law_does_not(tmp_path: Path) -> None:
    before = pack_of(tmp_path, "good", {"seat-fare.md": SEAT_FARE})
    (tmp_path / "notes.txt").write_text("a note", encoding="utf-8")
    (tmp_path / "old" / "policies").mkdir(parents=True)
    (tmp_path / "old" / "policies" / "seat-fare.md").write_text("was law once", encoding="utf-8")
    beside = read_pack(tmp_path)
    (tmp_path / "policies" / "seat-fare.md").write_text(SEAT_FARE + "\n", encoding="utf-8")
    changed = read_pack(tmp_path)

    assert beside.hash == before.hash != changed.hash
    assert set(beside.not_read) == {"notes.txt", "old/policies/seat-fare.md"}


def answers(policy: Policy) -> list[Result]:
    """What a policy answers to its own examples."""
    policies = [*giving(policy), *([] if policy.gives else [policy])]
    results = []
    for row in policy.examples:
        cells = {column: text for column, text, _ in row.cells if text and column not in EXPECTED}
        world = imagine(policies, policy.for_each, cells, core_types())
        results.append(Evaluator(policies, world.facts).decide(policy, world.record))
    return results


def test_where_two_policies_define_one_name_the_first_policys_own_definition_is_stated() -> None:
    long_or_not, days_long = (
        law(f"define\ntrip.length = {meaning}\n\nRule 1\nwhen {condition}\npermits", for_each="trip", on="departed_on")
        for meaning, condition in (("count(day) > 3", "length"), ("count(day)", "length > 3"))
    )
    for policies, text, value in (((long_or_not, days_long), "yes", True), ((days_long, long_or_not), "4", 4)):
        imagined = imagine(policies, "trip", {"length": text}, core_types())
        assert (imagined.problems, imagined.record.value("length")) == ((), value)


def said(results: list[Result]) -> list[tuple[object, ...]]:
    """Results, with what they list put in one order."""
    return [
        (
            result.outcome, result.permission, result.classified, result.between, sorted(result.debts, key=str),
            sorted(result.because), sorted(result.displaced), sorted(result.otherwise), sorted(result.unsettled),
            sorted(result.missing),
        )
        for result in results
    ]  # fmt: skip


def shuffled(text: str, chance: random.Random) -> str:
    """A document with its rules in another order."""
    parts = re.split(r"(?m)^(?=## )", text)
    rules = [part for part in parts if part.startswith("## Rule")]
    chance.shuffle(rules)
    return "".join(rules.pop() if part.startswith("## Rule") else part for part in parts)


def commented(text: str) -> str:
    """A document with commentary wherever there is room for some."""
    noise = "\nA remark; it says `owes 0` and means nothing.\n\n- a list\n\n<!-- a note -->\n\n### A heading\n"
    below_the_head = text.replace("\n---\n", f"\n---\n{noise}", 1)
    return below_the_head.replace("\n## Examples\n", f"\n{noise}\n## Examples\n\nA table:\n")


@pytest.mark.parametrize("path", GOOD, ids=named)
def test_the_order_of_rules_and_commentary_change_no_answer(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    policy = read_document(text, path.name).policy
    assert policy is not None
    expected = said(answers(replace(policy, rates=RATES)))
    assert expected

    for seed in range(5):
        reordered = shuffled(text, random.Random(seed))  # noqa: S311 - its order is no secret
        for other in (reordered, commented(reordered)):
            assert other != text or seed
            changed = read_document(other, path.name)
            assert changed.problems == ()
            assert changed.policy is not None
            assert said(answers(replace(changed.policy, rates=RATES))) == expected
