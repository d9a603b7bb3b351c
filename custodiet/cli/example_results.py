"""What `custodiet test` tested: examples, claims and what examples show, as one list that every output format reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custodiet.base.errors import Problem
    from custodiet.cli.junit import Case
    from custodiet.policy.language.ast import Policy
    from custodiet.policy.packs.pack import Pack
    from custodiet.policy.testing.coverage import Coverage, Point
    from custodiet.proofs.smt.budget import Budget

COLUMNS = ("policy", "sort", "what", "came_out", "file", "line", "message", "wanted", "row")
GOOD = ("passed", "proved", "shown")
OF_NOTHING = "said of nothing"
FAILED = ("failed", "refuted", OF_NOTHING)
VERDICTS = ("proved", "refuted", OF_NOTHING, "undecided", "not proved")


@dataclass(frozen=True, slots=True)
class Tested:
    """One thing that was tested: an example, a claim, or something that an example can show."""

    policy: str
    sort: str
    """example, claim, or the kind of thing to be shown."""
    what: str
    came_out: str
    """passed or failed; proved, refuted, said of nothing, undecided or not proved; shown, not shown, or beyond rows."""
    file: str
    line: int
    message: str = ""
    """What went wrong, if anything did; for what is shown, the example that shows it."""
    wanted: str = ""
    row: str = ""
    """A row that would show it."""
    told: str = ""
    """The whole message, as the table prints it."""


def tested_examples(coverage: "Coverage") -> Iterator[Tested]:
    """The results of a policy's examples, and of everything that they can show."""
    for ran in coverage.ran:
        span, problems = ran.example.span, ran.problems
        message = "; ".join(each.message for each in problems)
        told = "\n\n".join(each.shown() for each in problems)
        came_out = "failed" if problems else "passed"
        name = coverage.policy.name
        yield Tested(name, "example", ran.example.title, came_out, span.file, span.line, message, told=told)
    for point in coverage.points:
        yield _of_point(coverage, point)


def _of_point(coverage: "Coverage", point: "Point") -> Tested:
    about = (coverage.policy.name, point.sort, point.what)
    place = (point.span.file, point.span.line)
    if point.key in coverage.shown_by:
        return Tested(*about, "shown", *place, f"by “{coverage.shown_by[point.key].title}”")
    if point.beyond:
        return Tested(*about, "beyond rows", *place, point.beyond)
    problem, row = coverage.problem(point), coverage.rows.get(point.key)
    proposed = "" if row is None else row.in_words
    return Tested(*about, "not shown", *place, problem.message, point.wanted, proposed, problem.shown())


def tested_claims(policy: "Policy", pack: "Pack", budget: "Budget") -> Iterator[Tested]:
    """The results of a policy's claims; without the solver, each is *not proved*."""
    from importlib.util import find_spec

    from custodiet.proofs.pack_proofs import NOT_INSTALLED

    if find_spec("z3") is None:
        for claim in policy.claims:
            place = claim.span.file, claim.span.line
            yield Tested(policy.name, "claim", claim.says, "not proved", *place, NOT_INSTALLED)
        return
    from custodiet.proofs.counterexamples import problems_of, unanswered
    from custodiet.proofs.prove import Proving

    for proof in Proving(policy, pack.policies, pack.types, budget=budget).claimed():
        problems = problems_of([proof], [policy])
        told = "\n".join(each.shown() for each in problems)
        message = unanswered(proof) or proof.why or "; ".join("; ".join(each.note.splitlines()) for each in problems)
        came_out = OF_NOTHING if proof.of_nothing else proof.came_out.value
        place = proof.span.file, proof.span.line
        yield Tested(policy.name, "claim", proof.sentence, came_out, *place, message, told=told)


def number(tested: Sequence[Tested], sort: str, came_out: str) -> int:
    """How many of one kind came out so."""
    return sum(each.sort == sort and each.came_out == came_out for each in tested)


def counted(covered: "Sequence[Coverage]") -> dict[str, dict[str, int]]:
    """For each kind, how much there is to show and how much is shown; a row of rates counts once for all readers."""
    from custodiet.policy.testing.coverage import SORTS

    counts = {
        sort: {"shown": sum(each.shown(sort) for each in covered), "of": sum(len(each.of(sort)) for each in covered)}
        for sort in SORTS
    }
    rows = {point.key: False for each in covered for point in each.of("rate")}
    rows |= {key: True for each in covered for key in each.shown_by if key in rows}
    return {**counts, "rate": {"shown": sum(rows.values()), "of": len(rows)}}


def contract(
    pack: "Pack", in_the_way: "Sequence[Problem]", covered: "Sequence[Coverage]", tested: Sequence[Tested]
) -> dict[str, object]:
    """The test as JSON for other tools."""
    return {
        "pack": {"name": pack.name, "hash": pack.hash},
        "examples": {result: number(tested, "example", result) for result in ("passed", "failed")},
        "claims": {result: number(tested, "claim", result) for result in VERDICTS},
        "coverage": counted(covered),
        "complete": not in_the_way and all(each.complete for each in covered),
        "tested": [{column: getattr(each, column) for column in COLUMNS} for each in tested],
        "problems": [
            {
                "kind": each.kind,
                "policy": each.policy,
                "message": each.message,
                "file": each.span.file,
                "line": each.span.line,
            }
            for each in in_the_way
        ],
    }


def as_junit(pack: "Pack", in_the_way: "Sequence[Problem]", tested: Sequence[Tested], *, required: bool) -> bytes:
    """A suite for each policy; a problem that prevents every test fails the whole pack."""
    from custodiet.cli.junit import Case, Suite, junit

    if in_the_way:
        problems = (
            Case(f"{each.span.file}:{each.span.line}", "failure", each.kind, each.message, each.shown())
            for each in in_the_way
        )
        return junit(pack.name, [Suite(pack.name, in_the_way[0].span.file, tuple(problems))])
    suites = [
        Suite(policy.name, policy.span.file, tuple(_cases(policy.name, tested, required=required)))
        for policy in pack.policies
    ]
    return junit(pack.name, suites)


def _cases(policy: str, tested: Sequence[Tested], *, required: bool) -> "Iterator[Case]":
    from custodiet.cli.junit import Case
    from custodiet.policy.testing.coverage import ALWAYS_WANTED

    seen: set[str] = set()
    for each in tested:
        if each.policy != policy:
            continue
        name = f"{each.sort}: {each.what}"
        # Two tests with the same name would be shown as one.
        name = f"{name} (line {each.line})" if name in seen else name
        seen.add(name)
        wanted = required and each.came_out == "not shown" and each.sort in ALWAYS_WANTED
        if each.came_out in GOOD:
            yield Case(name)
        else:
            outcome = "failure" if wanted or each.came_out in FAILED else "skipped"
            yield Case(name, outcome, each.came_out, each.message, each.told or f"{each.file}:{each.line}")
