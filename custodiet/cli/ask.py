"""`custodiet ask`: what to do about one planned use, described by options or by answers at a terminal."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from custodiet.base.text import escaped, one_form
from custodiet.cli.exits import DONE, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_format, takes_pack
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.audit.advice import Advised, Planned
    from custodiet.audit.needed_facts import Wanted
    from custodiet.base.errors import Problem
    from custodiet.cli.options import Commands
    from custodiet.policy.packs.pack import Pack


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "ask",
        "ask before a use: proceed, who pays, or what is not known",
        "At a terminal, facts that matter and are not given are asked for. "
        "No answer allows or forbids protecting anyone: the unit decides that, before and without this program.",
        "custodiet ask packs/model-code --for seat role=guest leg.purpose=personal leg.departed_on=2024-05-02",
    )
    takes_pack(parser)
    parser.add_argument(
        "--for",
        dest="use",
        nargs="+",
        required=True,
        metavar=("TYPE", "PATH=VALUE"),
        help="the type of record that is planned (seat, load, leg, voucher …), and what is known about it",
    )
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Answer, after asking for what matters and is not given."""
    from custodiet.audit.run import refuse_unsound
    from custodiet.policy.packs.pack import read_pack

    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    refuse_unsound(pack)
    type_name, *given = arguments.use
    _speaks_of(pack, type_name)
    planned = _answered(pack, type_name, cells_of(given))
    say(as_json(_told(planned)) if arguments.format == "json" else "\n".join(_as_words(planned)))
    return DONE


def cells_of(given: Sequence[str]) -> dict[str, str]:
    """The facts of a call.

    >>> cells_of(["role=guest", "leg.note=a = b"])
    {'role': 'guest', 'leg.note': 'a = b'}
    """
    from custodiet.base.errors import WrongCall

    cells: dict[str, str] = {}
    for text in given:
        path, equals, value = one_form(text).partition("=")
        if not equals or not path:
            raise WrongCall(f"`{escaped(text)}` is not a fact; write one as role=guest or leg.purpose=personal")
        path, value = path.strip(), value.strip()
        if path in cells:
            name, one, other = (escaped(each) for each in (path, cells[path], value))
            raise WrongCall(f"`{name}` is stated twice, as `{one}` and as `{other}`; state it once")
        cells[path] = value
    return cells


def _speaks_of(pack: "Pack", type_name: str) -> None:
    from custodiet.base.errors import WrongCall, did_you_mean

    asked = sorted({policy.for_each for policy in pack.policies})
    if type_name not in asked:
        hint = did_you_mean(type_name, asked)
        told = f"no policy of {pack.name} asks about a record of type `{escaped(type_name)}`"
        message = f"{told}; its policies ask about {', '.join(asked) or 'nothing'}"
        raise WrongCall(f"{message}; {hint}" if hint else message)


def _answered(pack: "Pack", type_name: str, cells: dict[str, str]) -> "Planned":
    """The answer, once every fact that matters is given, or nobody at the terminal knows the rest."""
    from custodiet.audit.advice import plan
    from custodiet.base.errors import WrongCall

    while True:
        planned = plan(pack.policies, type_name, cells, pack.types)
        if planned.problems:
            raise WrongCall("\n".join(_said(problem) for problem in planned.problems))
        open_now = [want for want in planned.wanted if want.field is not None and want.path not in cells]
        if not open_now or not sys.stdin.isatty():
            return planned
        cells[open_now[0].path] = _ask(open_now[0], _currency(pack, type_name))


def _said(problem: "Problem") -> str:
    return "; ".join(filter(None, (problem.message, problem.note, problem.help)))


def _currency(pack: "Pack", type_name: str) -> str:
    currencies = [policy.currency for policy in pack.policies if policy.for_each == type_name and policy.currency]
    return currencies[0] if currencies else "EUR"


def _ask(want: "Wanted", currency: str) -> str:
    """The answer typed at the terminal; asked again until it is a value of the field or `unknown`."""
    from custodiet.records import read_cell

    if want.field is None:
        return "unknown"
    say(f"\n{want.path}: {want.field.sentence}", file=sys.stderr)
    while True:
        say(f"  {want.field.shape}, or unknown: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = one_form(line.strip()) or "unknown"
        try:
            read_cell(want.field, answer, currency)
        except ValueError as wrong:
            say(f"  {wrong}", file=sys.stderr)
        else:
            return answer


def _as_words(planned: "Planned") -> list[str]:
    from custodiet.audit.advice import REMINDER
    from custodiet.cli.explain import gaps_in_lines

    lines = [planned.sentence]
    for answer in planned.answers:
        lines += ["", f"{answer.policy.question}  ({answer.policy.name})", f"  {answer.sentence}"]
        lines += [f"  {answer.note}"] if answer.note else []
        lines += gaps_in_lines(answer.left_open)
        lines += _rules(answer)
    return [*lines, "", "Computed, not decided: people decide.", REMINDER]


def _rules(answer: "Advised") -> list[str]:
    from custodiet.cli.explain import rule_in_words

    return [line for rule in answer.rules for line in rule_in_words(rule)]


def _told(planned: "Planned") -> dict[str, object]:
    from custodiet.audit.advice import REMINDER

    return {
        "answer": planned.sentence,
        "advice": planned.advice.value,
        "answers": [_answer(each) for each in planned.answers],
        "protection": REMINDER,
    }


def _answer(answer: "Advised") -> dict[str, object]:
    from custodiet.cli.explain import gaps_in_json, rule_in_json

    return {
        "policy": answer.policy.name,
        "question": answer.policy.question,
        "answer": answer.sentence,
        "advice": answer.advice.value,
        "note": answer.note or None,
        "outcome": answer.result.outcome.value,
        "pays": [
            {"payer": debt.payer, "currency": debt.amount.currency, "amount": debt.amount.digits}
            for debt in answer.result.debts
        ],
        "rules": [rule_in_json(rule) for rule in answer.rules],
        "left_open": gaps_in_json(answer.left_open),
        "ask": [{"fact": want.path, "held_by": want.held_by} for want in answer.wanted],
    }
