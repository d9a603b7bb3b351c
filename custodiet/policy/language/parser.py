"""Parses expressions: turns the grammar's trees into nodes of `ast`, with their places."""

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from custodiet.base.dates import MOST_DAYS, BeyondCalendar, Days, read_day
from custodiet.base.errors import Problem, Span
from custodiet.base.source import Text
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Claim,
    Compare,
    Definition,
    Expression,
    Extreme,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Payer,
    Rate,
    Share,
)
from custodiet.policy.language.diagnostics import READING

Parsed = Tree[Token]

DEEPEST = 100
"""How deep an expression may be nested: deeper than any law needs, and well below the recursion limit."""
LONGEST = 30
"""How many digits a number may have."""
LONGEST_TEXT = 20_000
"""How many characters the text of one key may have."""
LONGEST_PATH = 12
"""How many names a path may have."""
STARTS = ("condition", "debt", "meaning", "claim", "outcome")
"""The kinds of text the grammar can parse."""


class Unreadable(Exception):  # noqa: N818 - it names what the text is
    """A text that cannot be parsed; it carries the problem."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.message)
        self.problem = problem


@cache
def grammar() -> Lark:
    """The parser, built once."""
    source = files("custodiet.policy.language").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(source, parser="lalr", start=list(STARTS), propagate_positions=True)


def parse(text: Text, start: str) -> Parsed:
    """The parse tree of a text, read as one of STARTS; raises Unreadable if it cannot be parsed."""
    if len(text.text) > LONGEST_TEXT:
        raise Unreadable(READING["expression_long"].at(text.whole, most=f"{LONGEST_TEXT:,}"))
    try:
        tree = grammar().parse(text.text, start=start)
    except (UnexpectedToken, UnexpectedCharacters) as wrong:
        raise Unreadable(_unexpected(text, wrong)) from wrong
    if _depth(tree) > DEEPEST:
        raise Unreadable(READING["expression_deep"].at(text.whole, most=str(DEEPEST)))
    return tree


def _depth(tree: Parsed) -> int:
    """The depth of a parse tree."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for each in level for child in each.children if isinstance(child, Tree)]
    return depth


def _unexpected(text: Text, wrong: UnexpectedToken | UnexpectedCharacters) -> Problem:
    if isinstance(wrong, UnexpectedToken) and wrong.token.type == "$END":
        last = text.text.rstrip()
        line = last.count("\n") + 1
        span = text.span(line, len(last) - (last.rfind("\n") + 1) + 1, 1)
        if wrong.accepts == {"IN"}:
            return READING["not_without_in"].at(span)
        return READING["expression_end"].at(span, wanted=_wanted(wrong.accepts))
    before, rest = text.text[: wrong.pos_in_stream or 0], text.text[wrong.pos_in_stream or 0 :]
    begun = _SIGNS.search(before) if _SIGNS.match(rest) else None
    signs = begun[0] if begun else ""
    found = _found(signs + rest)
    span = text.span(wrong.line, wrong.column - len(signs), len(found))
    if found == "unknown":
        return READING["tests_unknown"].at(span)
    counted = _COUNTED.search(before) if found in _NO_DAYS else None
    if counted is not None:
        weeks = f"write `{7 * int(counted[1])} days`" if found in ("week", "weeks") else ""
        return READING["days_alone"].at(span, hint=weeks, found=f"{counted[1]} {found}")
    if before.endswith("'") and _WITHIN.match(rest):
        return READING["text_marked"].at(span)
    accepts = wrong.accepts if isinstance(wrong, UnexpectedToken) else wrong.allowed
    if accepts == {"IN"}:
        return READING["not_without_in"].at(span)
    words = _BARE.search(before) if found.isidentifier() else None
    hint = f"did you mean `'{words[1]} {found}'`?" if words else HINTS.get(found, "")
    return READING["expression"].at(span, hint=hint, found=found, wanted=_wanted(accepts))


_SIGNS = re.compile(r"[=<>!]+$|^[=<>!]")
_WITHIN = re.compile(r"'|\w[^'\n]*'")
"""What follows a quotation mark that was not meant to end the text: another mark, or letters before one."""
_NO_DAYS = ("week", "weeks", "month", "months", "year", "years")
"""Units of time other than days, as people write them after a number."""
_COUNTED = re.compile(r"([0-9]{1,6})\s+$")
_BARE = re.compile(r"=\s*([a-z]\w*)\s+$")
"""A bare word on the right of a comparison."""


def _found(rest: str) -> str:
    """The next word, text, number or sign."""
    match = re.match(r"\w[\w.]*|'[^'\n]*'|[=<>!&|]+|.", rest, re.DOTALL)
    return match[0].rstrip(".") or match[0] if match else rest


HINTS = {
    "==": "write one `=`",
    "=": "write a comparison with one `=`, `<=` or `>=`",
    "<>": "write `!=`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    ",": "join conditions by `and` or `or`; write numbers without grouping",
    "-": "write a number below zero as `0 - x`",
    "#": "move the comment outside the box",
    "none": "to ask whether something is known to be absent, write `is none` or `is not none`",
    **dict.fromkeys('"“”„‘’`', "put a text between two single quotation marks: 'personal'"),
}  # fmt: skip


_WORDS = {
    "NAME": "a field", "NUMBER": "a number", "DATE": "a date", "TEXT": "a text in single quotation marks",
    "COMPARATOR": "a comparison", "FROM": "`from`", "RPAR": "`)`", "LPAR": "`(`", "AND": "`and`", "OR": "`or`",
    "WHERE": "`where`", "NONE": "`none`", "EQUAL": "`=`", "COMMA": "`,`", "DOT": "`.` and a column", "FOR": "`for`",
    "ON": "`on` and a date", "QUANTIFIER": "`never`, `always`", "OWES": "`owes`", "IS": "`is`",
    "OUTCOME": "`permitted`, `forbidden`, `no rule`, `conflict`",
}  # fmt: skip


def _wanted(accepts: set[str]) -> str:
    words = [word for token, several in _WORDS.items() if token in accepts for word in several.split(", ")]
    either = " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
    return either or "a condition or an amount"


def condition(text: Text) -> Expression:
    """The condition that a text holds."""
    return _Nodes(text).expression(_only(parse(text, "condition")))


def debt(text: Text) -> tuple[Share, ...]:
    """The shares into which a text splits the amount owed."""
    nodes = _Nodes(text)
    return tuple(nodes.share(child) for child in parse(text, "debt").children if isinstance(child, Tree))


def definition(text: Text) -> Definition:
    """The definition that a text holds."""
    tree = parse(text, "meaning")
    name, meaning = tree.children
    type_name, _, field = str(name).partition(".")
    nodes = _Nodes(text)
    return Definition(type_name, field, nodes.expression(meaning), nodes.span(name))


def outcome(text: Text) -> Claim:
    """The outcome in a claim, such as `owes from 'city'`, read as a claim that it never happens."""
    return _Nodes(text).outcome(parse(text, "outcome"))


def claim(text: Text) -> Claim:
    """The claim on one line; its sentence is the line itself.

    >>> claim(Text("when role = 'detail' never owes", "claim", ["when role = 'detail' never owes"], 1, 1)).outcome
    'owes'
    """
    when, quantifier, said = parse(text, "claim").children
    nodes = _Nodes(text)
    condition_ = None if when is None else nodes.expression(when)
    made = nodes.outcome(said)
    return replace(made, says=text.text, when=condition_, always=str(quantifier) == "always", span=text.whole)


def _only(tree: Parsed) -> Parsed | Token:
    (child,) = tree.children
    return child


class _Nodes:
    """Builds nodes from parse trees, with their places in the text."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def span(self, part: Parsed | Token) -> Span:
        """The place of a part of a tree."""
        if isinstance(part, Token):
            return self._text.span(part.line or 1, part.column or 1, len(part))
        meta = part.meta
        if meta.empty:
            return self._text.whole
        same_line = meta.line == meta.end_line
        length = meta.end_column - meta.column if same_line else len(self._text.text.split("\n")[meta.line - 1])
        return self._text.span(meta.line, meta.column, length)

    def expression(self, part: Parsed | Token) -> Expression:
        """The node of an expression's tree."""
        if isinstance(part, Token):
            raise AssertionError(part)  # noqa: TRY004 - the grammar wraps every token
        span, children = self.span(part), part.children
        match part.data:
            case "arithmetic":
                left, operator, right = children
                return Arithmetic(str(operator), self.expression(left), self.expression(right), span)
            case "extreme":
                return Extreme(str(children[0]), tuple(self.expression(child) for child in children[1:]), span)
            case "over":
                which, of, where = children
                return Over(str(which), self._path(of), None if where is None else self.expression(where), span)
            case "rate":
                return self._rate(children, span)
            case "path":
                return self._path(part)
            case "days" | "date" | "number" | "text" | "yes_no":
                return self._literal(part, span)
            case _:
                return self._condition(part.data, children, span)

    def _condition(self, form: str, children: list[Parsed | Token], span: Span) -> Expression:
        match form:
            case "or_" | "and_":
                parts = tuple(self.expression(child) for child in children)
                return parts[0] if len(parts) == 1 else (Or if form == "or_" else And)(parts, span)
            case "not_":
                return Not(self.expression(children[0]), span)
            case "compare":
                return self._compare(children, span)
            case "is_none":
                return IsNone(self._path(children[0]), span)
            case "is_not_none":
                return Not(IsNone(self._path(children[0]), span), span)
            case "in_list":
                return self._listed(children, span)
            case "not_in_list":
                return Not(self._listed(children, span), span)
            case _:
                raise AssertionError(form)

    def _listed(self, children: list[Parsed | Token], span: Span) -> Expression:
        """`x in ('a', 'b')`: an `or` of comparisons."""
        item, *options = (self.expression(child) for child in children)
        each = tuple(Compare("=", item, option, span) for option in options)
        return each[0] if len(each) == 1 else Or(each, span)

    def _compare(self, children: list[Parsed | Token], span: Span) -> Expression:
        left, right = self.expression(children[0]), self.expression(children[2])
        match str(children[1]):
            case ">":
                return Compare("<", right, left, span)
            case ">=":
                return Compare("<=", right, left, span)
            case "!=":
                return Not(Compare("=", left, right, span), span)
            case operator:
                return Compare(operator, left, right, span)

    def _rate(self, children: list[Parsed | Token], span: Span) -> Rate:
        _, table, column, keys, on = children
        asked = keys.children if isinstance(keys, Tree) else ()
        return Rate(
            str(table), str(column), tuple(self.expression(key) for key in asked), self.expression(on), span
        )  # fmt: skip

    def _path(self, part: Parsed | Token) -> Path:
        if isinstance(part, Token) or part.data != "path":
            wanted = "a field before `is none`"
            raise Unreadable(READING["expression"].at(self.span(part), found="is", wanted=wanted))
        names = tuple(str(child) for child in part.children)
        if "unknown" in names:
            raise Unreadable(READING["tests_unknown"].at(self.span(part)))
        if len(names) > LONGEST_PATH:
            raise Unreadable(READING["path_long"].at(self.span(part), most=str(LONGEST_PATH)))
        if names == ("none",):
            wanted = "a value"
            problem = READING["expression"].at(self.span(part), hint=HINTS["none"], found="none", wanted=wanted)
            raise Unreadable(problem)
        return Path(names, self.span(part))

    def _literal(self, part: Parsed, span: Span) -> Literal:
        word = str(part.children[0])
        if part.data in ("days", "number") and len(word) > LONGEST:
            wanted = f"a number of at most {LONGEST} digits"
            raise Unreadable(READING["expression"].at(span, found=word, wanted=wanted))
        match part.data:
            case "days":
                count = int(word.split(maxsplit=1)[0])
                if count > MOST_DAYS:
                    raise Unreadable(READING["days_many"].at(span, found=word))
                return Literal(Fraction(count), days=True, span=span)
            case "number":
                return Literal(Fraction(word), span=span)
            case "text":
                return Literal(word[1:-1], span=span)
            case "yes_no":
                return Literal(word == "yes", span=span)
            case _:
                try:
                    return Literal(Days.on(read_day(word)), span=span)
                except BeyondCalendar as wrong:
                    raise Unreadable(READING["date_beyond"].at(span, found=word)) from wrong
                except ValueError as wrong:
                    raise Unreadable(READING["date_invalid"].at(span, found=word)) from wrong

    def share(self, part: Parsed) -> Share:
        """The node of one share of a debt."""
        rest, amount, payer, liable = part.children
        return Share(
            self.expression(amount),
            None if payer is None else self._payer(payer),
            None if liable is None else self._payer(liable),
            rest=rest is not None,
        )

    def outcome(self, part: Parsed | Token) -> Claim:
        """The claim that the outcome of a tree never happens."""
        if isinstance(part, Token):
            raise AssertionError(part)  # noqa: TRY004 - the grammar wraps every token
        span, children = self.span(part), part.children
        match part.data:
            case "claims_debt":
                operator, amount, payer = children
                return Claim(
                    "", None, False, "owes", None, str(operator or ""),
                    None if amount is None else self.expression(amount),
                    None if payer is None else self._payer(payer), span,
                )  # fmt: skip
            case "claims_class":
                return Claim("", None, False, "is", str(children[0])[1:-1], span=span)
            case _:
                return Claim("", None, False, " ".join(str(children[0]).split()), span=span)

    def _payer(self, part: Parsed | Token) -> Payer:
        if isinstance(part, Token):
            raise AssertionError(part)  # noqa: TRY004 - the grammar wraps every token
        child = part.children[0]
        if part.data == "payer_body":
            return Payer(None, str(child)[1:-1], self.span(part))
        return Payer(self._path(child), "", self.span(part))
