"""An audit on a screenful of a terminal."""

from collections import Counter
from textwrap import wrap

from custodiet.audit.questions import asked, requests
from custodiet.audit.reconcile import Kind
from custodiet.audit.replaced_orders import since_in_words
from custodiet.audit.run import Audit
from custodiet.audit.totals import leaves_out, listed, many, totals
from custodiet.policy.evaluation.english import doubt_in_words, gap_in_words
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.records import plural
from custodiet.reports.wording import at_stake, debt_in_words

_LONGEST = 8
"""How many lines of one kind fit on a screen."""
_UNANSWERED = (Outcome.UNDETERMINED.value, Outcome.CONFLICT.value, Outcome.NO_RULE.value)
_MOST_AT_STAKE = 4
"""How many undetermined results; each takes several lines."""


def summary(audit: Audit) -> str:
    """The answers to each question, what is questioned under which rule, what is not known, and the pins."""
    parts = (
        _title, _published, _uses, _questioned, _rules, _doubts, _left_open, _undetermined, _requests, _differences,
        _pins,
    )  # fmt: skip
    return "\n\n".join("\n".join(lines) for part in parts if (lines := part(audit)))


def _title(audit: Audit) -> list[str]:
    counts = ", ".join(f"{count:,} {outcome.value}" for outcome, count in audit.by_outcome.items())
    marked = Counter(result.mark for result in audit.results if result.mark)
    note = [f"{many(count, 'result')} by {mark}" for mark, count in marked.items()]
    return [audit.title, f"{many(len(audit.results), 'result')}, computed, not decided: {counts or 'none'}", *note]


def _published(audit: Audit) -> list[str]:
    """What kind of figures these are, if what is questioned is public only as a total."""
    totals_only = [result for result in audit.with_outcome(Outcome.OWES) if result.type == "published_figure"]
    if not totals_only:
        return []
    owed = [
        f"  {result.record}: {debt_in_words(debt)} ({result.policy} {listed(result.because)})"
        for result in totals_only
        for debt in result.debts
    ]
    return [
        "Public facts, each with its source and date; beside each claim, the answer of the person concerned, if one",
        "was read. The cost is public only as totals. These are entered as published figures, each with its scope,",
        "exactness and source, and cannot be derived again from public rows.",
        *owed,
        *(
            line
            for said in since_in_words(audit.view.facts)
            for line in wrap(said, 110, initial_indent="  ", subsequent_indent="  ")
        ),
    ]


def _uses(audit: Audit) -> list[str]:
    """Each question of the pack with its answers, the most frequent first, then results without an answer."""
    counts: dict[str, Counter[str]] = {policy.name: Counter() for policy in audit.pack.policies}
    for result in audit.results:
        classified = result.classified if result.outcome is Outcome.CLASSIFIED else None
        counts[result.policy][classified or result.outcome.value] += 1
    lines = ["Answers to each question"]
    for name in sorted(counts):
        policy = audit.policy(name)
        answered = sorted(counts[name].items(), key=lambda each: (_place(each[0]), -each[1], each[0]))
        came_to = ", ".join(f"{count:,} {answer}" for answer, count in answered)
        lines += [f"  {policy.question}", f"      {came_to or f'no {plural(policy.for_each)} are recorded'}"]
    return lines


def _place(answer: str) -> int:
    """A sort key that puts answers before results without one."""
    return _UNANSWERED.index(answer) + 1 if answer in _UNANSWERED else 0


def _questioned(audit: Audit) -> list[str]:
    lines = ["Questioned"]
    for side in totals(audit):
        if side.totals:
            lines.append(f"  by {side.by}")
        shown, more = side.totals[:_LONGEST], len(side.totals) - _LONGEST
        lines += [f"    {each.amount!s:>18}  {each.name} ({many(each.results, 'result')})" for each in shown]
        lines += [f"    {'…':>18}  and {more} more"] if more > 0 else []
    return [*lines, "  " + leaves_out(audit).replace(". ", ".\n  ")]


def _rules(audit: Audit) -> list[str]:
    deciding = Counter((result.policy, rule) for result in audit.with_outcome(Outcome.OWES) for rule in result.because)
    lines = ["Rules that make sums questioned"]
    for (policy, number), count in deciding.most_common(_LONGEST):
        rule = audit.policy(policy).rule(number)
        lines.append(f"  {policy} {number} {rule.title}: {many(count, 'result')} ({rule.versions[0].cite})")
    more = len(deciding) - _LONGEST
    return [*lines, *([f"  and {more} more"] if more > 0 else [])] if deciding else []


def _doubts(audit: Audit) -> list[str]:
    """The pack's own doubts about the rules that decide, or may decide."""
    lines = [
        f"  {policy}: {doubt_in_words(doubt)} ({many(count, 'result')})"
        for (policy, doubt), count in audit.doubted.items()
    ]
    return ["Doubts about these rules, from the pack", *lines] if lines else []


def _left_open(audit: Audit) -> list[str]:
    """The pack's reasons why no rule answers, if it gives any."""
    lines = [
        line
        for (policy, gap), count in audit.gaps.items()
        for line in wrap(f"{policy}, {many(count, 'result')}. {gap_in_words(gap)}", 116, subsequent_indent="    ")
    ]
    return ["Where no rule answers, and why", *(f"  {line}" for line in lines)] if lines else []


def _undetermined(audit: Audit) -> list[str]:
    results = audit.undetermined
    if not results:
        return []
    lines = ["Undetermined, those with most at stake first"]
    for result in results[:_MOST_AT_STAKE]:
        lines.append(f"  {result.record} ({result.policy}): {at_stake(result)}")
        lines += [f"      ask {line}" for line in _questions(audit, result)]
    more = len(results) - _MOST_AT_STAKE
    return [*lines, *([f"  and {more:,} more"] if more > 0 else [])]


def _requests(audit: Audit) -> list[str]:
    found = requests(audit.undetermined, audit.type_of, audit.view.facts, audit.pack.judgments)
    lines = [f"  {each.held_by}: {each.asks} ({many(each.results, 'result')})" for each in found[:_LONGEST]]
    more = len(found) - _LONGEST
    return ["Whom to ask for what", *lines, *([f"  and {more:,} more"] if more > 0 else [])] if found else []


def _differences(audit: Audit) -> list[str]:
    lines = ["Where the sources differ; compared, never judged or added up"] if audit.reconciliations else []
    for kind in Kind:
        found = [each for each in audit.reconciliations if each.kind is kind]
        lines += [f"  {kind.value}: {len(found)}"] if found else []
        for each in found[:_LONGEST]:
            values = " / ".join(
                value.value if value.exactness in ("exact", "restated") else f"{value.exactness} {value.value}"
                for value in each.values
            )
            lines.append(f"    {each.about}: {values}")
            lines.append(f"        {'none chosen' if each.chosen is None else f'read: {each.chosen}'}")
        lines += [f"    and {len(found) - _LONGEST} more"] if len(found) > _LONGEST else []
    return lines


def _questions(audit: Audit, result: Result) -> list[str]:
    facts, judgments = audit.view.facts, audit.pack.judgments
    return [
        f"{fact.held_by} for {asked(fact, audit.type_of(fact.record), facts, judgments)}" for fact in result.missing
    ]


def _pins(audit: Audit) -> list[str]:
    as_of = audit.view.as_of
    when = f"recorded at {as_of.recorded_at}" if as_of.size else "nothing has been recorded yet"
    return [
        f"Pack    {audit.pack.name} {audit.pack.hash}",
        f"Ledger  {many(as_of.size, 'entry', 'entries')}, root {as_of.root}, {when}",
    ]
