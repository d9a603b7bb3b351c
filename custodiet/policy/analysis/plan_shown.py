"""A plan as text, for finding out why an answer is what it is: `custodiet check --plan`.

A test that is asked inside a set, or of a definition's own record, names the type that it is asked of: of a voucher,
`[1 of event]` is asked of each event. Numbers in brackets are those of the tests, in every line; one that is missing is
that of a count or a sum, which is written out where it is asked.
"""

from collections.abc import Iterator, Sequence

from custodiet.base.dates import Days
from custodiet.policy.analysis.plan import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Count,
    Exists,
    Extreme,
    Fact,
    Holds,
    IsNone,
    Members,
    Named,
    Not,
    Or,
    Plan,
    PlannedPayer,
    PlannedShare,
    PlannedVersion,
    Rate,
    Sum,
    Term,
)
from custodiet.policy.analysis.precedence import Place
from custodiet.policy.language.ast import Literal
from custodiet.policy.language.printer import expression_written


def shown(plan: Plan) -> str:
    """The plan of one policy: its tests, its named facts, its rules, and which displace which on which days."""
    head = f"policy {plan.policy.name}, for each {plan.policy.for_each}, on {plan.policy.on}"
    return "\n".join((head, *(f"  {line}" for line in _lines(plan))))


def _lines(plan: Plan) -> Iterator[str]:
    for atom, scope in plan.tests:
        asked_of = "" if scope == plan.asked else f" of {scope[0]}"
        yield f"[{atom.number}{asked_of}] {_test(atom)}"
    for defined in plan.definitions:
        yield f"{defined.type}.{defined.name} = {_term(defined.meaning)}"
    for version in plan.versions:
        yield f"rule {version.version.rule}, {_days(version.version.in_force)}: {_version(version)}"
    for days in plan.stretches_in():
        layout = plan.layout(days)
        for place, displacers in enumerate(layout.displacers):
            for by in displacers:
                yield f"{_days(days)}: {_place(layout.places[by])} displaces {_place(layout.places[place])}"


def _version(planned: PlannedVersion) -> str:
    version = planned.version
    said = [f"when {_condition(planned.when)}" if planned.when is not None else "always"]
    said += [f"owes {', '.join(map(_share, planned.shares))}"] if planned.shares else []
    said += [version.permission] if version.permission is not None else []
    said += [f"is '{version.classified}'"] if version.classified is not None else []
    return ", ".join(said)


def _share(planned: PlannedShare) -> str:
    rest = "rest of " if planned.share.rest else ""
    payer = "" if planned.payer is None else f" from {_payer(planned.payer)}"
    liable = "" if planned.liable is None else f" else {_payer(planned.liable)}"
    return f"{rest}{_term(planned.amount)}{payer}{liable}"


def _payer(planned: PlannedPayer) -> str:
    return f"'{planned.payer.body}'" if planned.person is None else str(planned.person.route)


def _days(days: Days) -> str:
    return "on every day" if days == Days(None, None) else f"{days.first or ''} .. {days.last or ''}".strip()


def _place(place: Place) -> str:
    return " inside ".join(f"rule {each.version.rule}" for each in place.upwards)


def _test(atom: Atom) -> str:
    match atom.test:
        case Compare(operator, left, right):
            return f"{_part(left)} {operator} {_part(right)}"
        case IsNone(of):
            return f"{_term(of)} is none"
        case Holds(term):
            return _term(term)
        case Exists(members, where):
            return _asked("any", members, where)


def _condition(condition: Condition) -> str:
    match condition:
        case Atom():
            return f"[{condition.number}]"
        case And(parts):
            return " and ".join(_joined(part, Or) for part in parts)
        case Or(parts):
            return " or ".join(_joined(part, And) for part in parts)
        case Not(part):
            return f"not {_joined(part, And, Or)}"


def _joined(part: Condition, *bracketed: type) -> str:
    return f"({_condition(part)})" if isinstance(part, bracketed) else _condition(part)


def _term(term: Term) -> str:
    match term:
        case Fact(route) | Named(route):
            return str(route)
        case Literal():
            return expression_written(term)
        case Arithmetic(operator, left, right):
            return f"{_part(left)} {operator} {_part(right)}"
        case Extreme(which, parts):
            return f"{which}({', '.join(map(_term, parts))})"
        case Count(_, members, where):
            return _asked("count", members, where)
        case Sum(_, members, summed, where):
            return _asked("sum", members, where, f".{summed.route}")
        case Rate():
            return _rate(term.table.name, term)
        case _:
            return _condition(term)


def _part(term: Term) -> str:
    return f"({_term(term)})" if isinstance(term, Arithmetic) else _term(term)


def _rate(table: str, rate: Rate) -> str:
    looked_up: Sequence[str] = [_term(key) for key in rate.keys]
    keys = f" for {', '.join(looked_up)}" if looked_up else ""
    return f"rate({table}.{rate.column}{keys} on {_term(rate.on)})"


def _asked(which: str, members: Members, where: Condition | None, field: str = "") -> str:
    return f"{which}({members.route}{field}{'' if where is None else f' where {_condition(where)}'})"
