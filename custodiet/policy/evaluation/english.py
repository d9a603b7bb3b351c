"""Rules and results as plain sentences: the same rule or result always gives the same sentence."""

from collections.abc import Sequence
from fractions import Fraction

from custodiet.base.dates import Days
from custodiet.base.text import escaped
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.result import Bounds, Debt, Missing, Outcome, Result
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Definition,
    Doubt,
    Expression,
    Extreme,
    IsNone,
    Judgment,
    Literal,
    Not,
    OpenGap,
    Or,
    Over,
    Path,
    Payer,
    Policy,
    Rate,
    Share,
    Version,
)
from custodiet.records import cell, with_article


def rule_in_words(version: Version, currency: str = "") -> str:
    """One version of a rule as a sentence; its amounts are in the policy's currency.

    >>> from custodiet.base.dates import ANY_DAY
    >>> from custodiet.base.source import Text
    >>> from custodiet.policy.language.parser import condition
    >>> when = condition(Text("leg.purpose = 'personal' and not on_duty", "p.md", [""], 1, 1))
    >>> version = Version("4.2", "Code, 4(2)", ANY_DAY, (), (), when, None, "forbidden", None)
    >>> rule_in_words(version)
    "Rule 4.2 (Code, 4(2), in force at all times): where leg.purpose is 'personal' and not on_duty, it is forbidden."
    """
    parts = [f"Rule {version.rule} ({version.cite}, in force {period_in_words(version.in_force)})"]
    parts += [f"an exception to {rules_in_words(version.exception_to)}"] if version.exception_to else []
    parts += [f"prevailing over {rules_in_words(version.prevails_over)}"] if version.prevails_over else []
    return f"{', '.join(parts)}: {condition_in_words(version)}, {' and '.join(_consequences(version, currency))}."


def condition_in_words(version: Version) -> str:
    """Which records one version of a rule covers, as a phrase."""
    return "in every case" if version.when is None else f"where {_words(version.when)}"


def amount_in_words(version: Version, currency: str = "") -> str:
    """What one version of a rule says is owed, and by whom, as a phrase; empty if it states no amount."""
    return "" if version.owes is None else _owes(version.owes, currency)


def definition_in_words(definition: Definition) -> str:
    """What a named fact means, as a sentence.

    >>> from custodiet.base.source import Text
    >>> from custodiet.policy.language.parser import definition
    >>> definition_in_words(definition(Text("trip.days = count(day)", "p.md", [""], 1, 1)))
    'trip.days: the number of day.'
    """
    return f"{definition.type}.{definition.name}: {_words(definition.meaning)}."


def judgment_in_words(judgment: Judgment) -> str:
    """The question of a judgment and who is asked it, as a sentence.

    >>> judgment_in_words(Judgment("trip", "official", "Was it made for official business?", "the ethics counsel"))
    'trip.official: the ethics counsel is asked: Was it made for official business?'
    """
    return f"{judgment.type}.{judgment.name}: {judgment.of} is asked: {judgment.asks}"


def doubt_in_words(doubt: Doubt) -> str:
    """The doubts about some rules, and how well founded they are, as sentences.

    >>> doubt_in_words(Doubt(("2.3",), "An opinion of 2002", "The fare stays with the city.", "It was not read."))
    'Doubtful: about rule 2.3, An opinion of 2002 says otherwise: The fare stays with the city. It was not read.'
    """
    source, says, known = (escaped(each, most=len(each)) for each in (doubt.source, doubt.says, doubt.known))
    return f"Doubtful: about {rules_in_words(doubt.rules)}, {source} says otherwise: {says} {known}"


def gap_in_words(gap: OpenGap) -> str:
    """Which records a pack leaves open on purpose, and why, as sentences."""
    what, ask, reason = (escaped(each, most=len(each)) for each in (gap.what, gap.ask, gap.reason))
    return f"Left open: {what} {f'Ask {ask} ' if ask else ''}Reason: {reason}"


def result_in_words(policy: Policy, result: Result) -> str:
    """The answer of a policy for one record, as a sentence."""
    mark = f"; {result.mark}" if result.mark else ""
    return f"{result.type} {result.record}: {answer_in_words(policy, result)}{mark}."


def answer_in_words(policy: Policy, result: Result) -> str:
    """The answer of a policy, as a clause that does not name the record."""
    because = f" under {rules_in_words(result.because)}" if result.because else ""
    match result.outcome:
        case Outcome.NO_RULE:
            return f"no rule of {policy.name} in force on the day speaks of it"
        case Outcome.CONFLICT:
            return f"{rules_in_words(result.because)} answer it differently; {ISSUER} must settle that"
        case Outcome.UNDETERMINED:
            return _undetermined(result)
        case _:
            return " and ".join(_answers(result)) + because


def _answers(result: Result) -> list[str]:
    said = [f"it is {result.permission}"] if result.permission else []
    said += [f"it is classified as '{result.classified}'"] if result.classified else []
    said += [_debt(debt) for debt in result.debts]
    return said or ["nothing is due"]


def _debt(debt: Debt) -> str:
    liable = f", for which {debt.liable} is liable too" if debt.liable else ""
    return f"{debt.payer} owes {debt.amount}{liable}"


def _undetermined(result: Result) -> str:
    amount = [] if result.between is None else [_between(result.between)]
    possible = [*amount, *(f"'{word}'" for word in result.otherwise)]
    turning = f"; it turns on {rules_in_words(result.unsettled)}" if result.unsettled else ""
    asked = "; ".join(_ask(missing) for missing in result.missing)
    return f"undetermined: {' or '.join(possible) or 'the answer is open'}{turning}; ask {asked}"


def _between(bounds: Bounds) -> str:
    if bounds.low is not None and bounds.low == bounds.high:
        return f"{bounds.low} due"
    low = "an amount without lower bound" if bounds.low is None else f"between {bounds.low}"
    high = "no upper bound" if bounds.high is None else str(bounds.high)
    return f"{low} and {high}"


def _ask(missing: Missing) -> str:
    return f"{missing.held_by} for {missing.field} of {missing.record}"


def period_in_words(period: Days) -> str:
    """A period in force, as a phrase."""
    match (period.first, period.last):
        case (None, None):
            return "at all times"
        case (first, None):
            return f"since {first}"
        case (None, last):
            return f"until {last}"
        case (first, last):
            return f"from {first} to {last}"


def _consequences(version: Version, currency: str) -> list[str]:
    said = [f"it is {version.permission}"] if version.permission else []
    said += [f"it is classified as '{version.classified}'"] if version.classified else []
    return said + ([] if version.owes is None else [_owes(version.owes, currency)])


def _owes(shares: Sequence[Share], currency: str) -> str:
    if len(shares) == 1 and shares[0].payer is None:
        return "nothing is due"
    return ", and ".join(_share(share, currency) for share in shares)


def _share(share: Share, currency: str) -> str:
    named = _words(share.amount)
    if currency and isinstance(share.amount, Literal):
        named += f" {currency}"
    amount = f"the rest of {named}" if share.rest else named
    liable = f", for which {_payer(share.liable)} is liable too" if share.liable else ""
    return f"{_payer(share.payer)} owes {amount}{liable}"


def _payer(payer: Payer | None) -> str:
    return "nobody" if payer is None else f"the {payer}" if payer.path is None else f"the {payer.path}"


_COMPARED = {"=": "is", "<": "is less than", "<=": "is at most"}
_COMPARED_FROM_BELOW = {"<": "is more than", "<=": "is at least"}
_COMPUTED = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def _words(part: Expression) -> str:
    match part:
        case And() | Or() | Not() | IsNone() | Compare():
            return _condition(part)
        case Arithmetic(operator, left, right):
            return f"{_operand(left)} {_COMPUTED[operator]} {_operand(right)}"
        case Extreme(which, parts):
            return f"the {'lowest' if which == 'min' else 'highest'} of {', '.join(_words(each) for each in parts)}"
        case Over():
            return _over(part)
        case Rate(table, column, keys, on):
            looked_up = f" for {_list([_words(key) for key in keys])}" if keys else ""
            return f"the rate {table}.{column}{looked_up} on {_words(on)}"
        case Literal(value, days):
            return _literal(value, days=days)
        case Path():
            return str(part)


def _condition(part: And | Or | Not | IsNone | Compare) -> str:
    match part:
        case And(parts):
            return " and ".join(_bracketed(each) if isinstance(each, Or) else _words(each) for each in parts)
        case Or(parts):
            return " or ".join(_bracketed(each) if isinstance(each, And) else _words(each) for each in parts)
        case Not(inner):
            return _denial(inner)
        case IsNone(path):
            return f"there is no {path}"
        case Compare("<" | "<=" as operator, Literal() as bound, right):
            return f"{_words(right)} {_COMPARED_FROM_BELOW[operator]} {_words(bound)}"
        case Compare(operator, left, right):
            return f"{_words(left)} {_COMPARED[operator]} {_words(right)}"


def _denial(part: Expression) -> str:
    """The negation of a condition, as a phrase."""
    match part:
        case IsNone(path):
            return f"{path} is there"
        case Compare("=", left, right):
            return f"{_words(left)} is not {_words(right)}"
        case Over("any", of, where):
            return f"there is no {of}{_where(where)}"
        case _:
            return f"not {_bracketed(part) if isinstance(part, And | Or) else _words(part)}"


def _over(part: Over) -> str:
    where = _where(part.where)
    match part.which:
        case "any":
            return f"there is {with_article(str(part.of))}{where}"
        case "all":
            return f"for every {part.of} ({_words(part.where)})" if part.where is not None else f"every {part.of}"
        case "count":
            return f"the number of {part.of}{where}"
        case _:
            return f"the sum of {part.of}{where}"


def _operand(part: Expression) -> str:
    return _bracketed(part) if isinstance(part, Arithmetic | Extreme | Over) else _words(part)


def _where(condition: Expression | None) -> str:
    """The condition on the members of a set, in brackets, so that what follows is not read as part of it."""
    return "" if condition is None else f" where {_bracketed(condition)}"


def _bracketed(part: Expression) -> str:
    return f"({_words(part)})"


def _literal(value: Fraction | str | bool | Days, *, days: bool) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return f"{cell(value)} days" if days else cell(value)


def rules_in_words(numbers: Sequence[str]) -> str:
    """Some rules by their numbers, as a phrase."""
    return f"rule{'s' if len(numbers) > 1 else ''} {_list(numbers)}"


def _list(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
