"""A pack: a folder of law that states one jurisdiction's policies, read and checked; opening it runs nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as Folder
from pathlib import PurePosixPath

from custodiet.base.errors import Problem, Refused, Span, did_you_mean
from custodiet.base.files import is_text, read_file, read_toml, resolved
from custodiet.base.text import escaped, one_form, quoted, unprintable
from custodiet.policy.analysis import cycles
from custodiet.policy.analysis.check import check, listed, unused
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.analysis.references import expressions_of, used_by
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.language.ast import Judgment, Policy, RateTable
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.language.document import Read, read_document
from custodiet.policy.language.rate_tables import ReadRates, read_rates
from custodiet.policy.packs import intended_gaps, withholding
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.policy.packs.intended_gaps import Open
from custodiet.policy.packs.procedure import FILE as PROCEDURE
from custodiet.policy.packs.procedure import Procedure, read_procedure
from custodiet.policy.testing.examples import Tally, run_examples
from custodiet.records import TYPES, Types

NEEDED = ("name", "jurisdiction", "language", "licence")
KEYS = (*NEEDED, "title", "version")
PATTERNS = ("/pack.toml", "/policies/*.md", "/rates/*.csv", "/procedure.csv", "/withholding.csv", "/open.md")
"""The files that make a pack, as paths from its folder."""
LONGEST = 200
"""How many characters of a value of pack.toml are told: they stand in lines and tables."""
REFUSABLE = ("syntax", "name", "type", "cycle", "period", "example")
"""The kinds of problems with which a pack cannot be used (DESIGN §8); the others are printed."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack: its path from the pack's folder, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of law, read."""

    name: str
    title: str
    version: str
    jurisdiction: str
    language: str
    licence: str
    hash: str
    """SHA-256, in hexadecimal, over one line `sha256␠path\\n` per file, sorted by path bytes."""
    files: tuple[PackFile, ...]
    policies: tuple[Policy, ...]
    """Those that could be read, each after the ones it depends on."""
    problems: tuple[Problem, ...]
    examples: Tally
    not_read: tuple[str, ...]
    """Files in the folder that are no part of a pack."""

    @property
    def judgments(self) -> Mapping[tuple[str, str], str]:
        """The words of every question that only a person can settle, by the type and name of what it settles."""
        return {(each.type, each.name): each.asks for policy in self.policies for each in policy.judgments}

    @property
    def procedure(self) -> Procedure | None:
        """The steps of a case, as the pack's table states them; None if it has no such table."""
        table = next((file for file in self.files if file.path == PROCEDURE), None)
        return None if table is None else read_procedure(table.content)

    @property
    def heading(self) -> str:
        """What it is called, for people: its title, and its name where it has one."""
        return f"{self.title} ({self.name})" if self.name else self.title

    @property
    def refusable(self) -> tuple[Problem, ...]:
        """The problems with which the pack cannot be used."""
        return tuple(problem for problem in self.problems if problem.kind in REFUSABLE)


def read_pack(folder: Folder, types: Types = TYPES) -> Pack:
    """Read and check a pack; its problems come back with it.

    Raises Refused where there is no pack at all: no folder, no readable pack.toml.
    """
    about, problems = _about(folder)
    files, not_read = _files(folder)
    problems += _withholding_problems(folder, files, types)
    problems += _procedure_problems(folder, files)
    tables = [_rates(folder, each) for each in files if each.path.startswith("rates/")]
    # A table with problems says less than it should: rules are not held against what is left of it.
    rates = tuple(each.table for each in tables if each.table is not None and not each.problems)
    in_doubt = [problem for each in tables for problem in each.problems]
    problems += in_doubt
    read = [_document(folder, each, rates) for each in files if each.path.startswith("policies/")]
    if not (read or problems):
        problems.append(OPENING["no_policies"].at(Span(str(folder / "pack.toml"), 1)))
    problems += [problem for each in read for problem in each.problems]
    drafts = [each.draft for each in read if each.draft is not None]
    readable = [each.policy for each in read if each.policy is not None]
    in_order, circular = _in_order(drafts, types)
    problems += circular
    giving = [draft for draft in in_order if draft.gives is not None]
    wrong = {draft.span.file: (*_misnamed(draft, about["name"]), *check(draft, giving, types)) for draft in in_order}
    told = {_no_table(PurePosixPath(problem.span.file).stem) for problem in in_doubt}
    problems += [problem for each in wrong.values() for problem in each if problem.message not in told]
    problems += _judged_otherwise(in_order)
    problems += _counted_otherwise(in_order)
    # A divisor that may be zero is a doubt, which the solver may lift: of what a document means it leaves no doubt.
    unclear = {file for file, each in wrong.items() if any(problem.kind in REFUSABLE for problem in each)}
    # What a policy that cannot be read leaves open is nothing to hold against the page of gaps.
    whole = len(readable) == len(read) and not unclear
    left_open = _left_open(folder, files, in_order, types) if whole else Open((), (), ())
    problems += [*left_open.problems, *_unused(in_order, left_open, types)] if whole else []
    sound = [draft for draft in in_order if draft.span.file not in unclear and any(draft is each for each in readable)]
    tally = Tally()
    if not circular and not in_doubt and all(any(draft is each for each in sound) for draft in giving):
        for policy in sound:
            passed, failed = run_examples(policy, giving, types)
            tally += passed
            problems += failed
    problems = list({(each.span, each.message): each for each in reversed(problems)}.values())[::-1]
    problems.sort(key=lambda each: (each.span.file, each.span.line, each.span.column))
    ordered = [_with_left_open(draft, left_open) for draft in in_order if any(draft is policy for policy in readable)]
    title = about.get("title") or about["name"] or "A pack without a name"
    return Pack(
        about["name"], title, about.get("version", ""), about["jurisdiction"], about["language"], about["licence"],
        pack_hash(files), tuple(files), tuple(ordered), tuple(problems), tally, tuple(not_read),
    )  # fmt: skip


def pack_hash(files: Sequence[PackFile]) -> str:
    """The hash that pins a pack's every byte.

    >>> pack_hash([PackFile("pack.toml", b"")])[:8]
    '48bf18ea'
    """
    ordered = sorted(files, key=lambda each: each.path.encode())
    lines = "".join(f"{hashlib.sha256(each.content).hexdigest()} {each.path}\n" for each in ordered)
    return hashlib.sha256(lines.encode()).hexdigest()


def _about(folder: Folder) -> tuple[dict[str, str], list[Problem]]:
    """What pack.toml says."""
    path = folder / "pack.toml"
    try:
        text = one_form(read_file(path).decode("utf-8-sig"))
        about = read_toml(text)
    except FileNotFoundError:
        raise Refused(f"{folder}: there is no pack here; a folder with a pack.toml was expected") from None
    except OSError as wrong:
        raise Refused(f"{path} cannot be read: {wrong.strerror}") from wrong
    except ValueError as wrong:
        raise Refused(f"{path}: not readable as TOML ({wrong})") from wrong
    lines = text.splitlines()
    problems = []
    for key, value in about.items():
        line = next((number for number, each in enumerate(lines, 1) if each.strip().startswith(key)), 1)
        span = Span(str(path), line, 1, len(key), lines[line - 1])
        if key not in KEYS:
            hint = did_you_mean(key, KEYS)
            problems.append(OPENING["pack_key"].at(span, (), hint, key=key, known=", ".join(KEYS)))
        elif not isinstance(value, str):
            problems.append(OPENING["pack_value"].at(span, key=key))
        elif found := unprintable(value):
            problems.append(READING["unseen"].at(span, found=quoted(found)))
    missing = (key for key in NEEDED if key not in about)
    problems += [OPENING["pack_key_missing"].at(Span(str(path), 1), key=key) for key in missing]
    told = {key: escaped(one_form(str(value)), LONGEST) for key, value in about.items()}
    return {**dict.fromkeys(NEEDED, ""), **told}, problems


def _files(folder: Folder) -> tuple[list[PackFile], list[str]]:
    """The files that belong to the pack, and the names of those that do not."""
    files, not_read = [], []
    for path in sorted(path for path in folder.rglob("*") if not path.is_dir()):
        name = path.relative_to(folder).as_posix()
        if any(PurePosixPath(f"/{name}").match(pattern) for pattern in PATTERNS) and _inside(path, folder):
            files.append(PackFile(name, _content(path)))
        else:
            not_read.append(name)
    return files, not_read


def _inside(path: Folder, folder: Folder) -> bool:
    """Whether a file lies in the pack: a link may lead out of it, or to nothing, as an editor's lock does."""
    try:
        place = resolved(path)
    except OSError as wrong:
        raise Refused(f"{path} cannot be read: {wrong.strerror}") from wrong
    return place.is_relative_to(resolved(folder)) and place.exists()


def _content(path: Folder) -> bytes:
    """What a file of the pack holds. No rule is left out because its file cannot be read or named: that is refused."""
    if not is_text(path.name):
        raise Refused(f"the pack's {escaped(path.name)}: the name of this file is not text in UTF-8; rename the file")
    try:
        return read_file(path)
    except OSError as wrong:
        raise Refused(f"{path} cannot be read: {wrong.strerror}") from wrong


def _withholding_problems(folder: Folder, files: Sequence[PackFile], types: Types) -> list[Problem]:
    table = next((each for each in files if each.path == withholding.FILE), None)
    if table is None:
        return []
    return list(withholding.read_withholding(table.content, str(folder / table.path), types)[1])


def _procedure_problems(folder: Folder, files: Sequence[PackFile]) -> list[Problem]:
    table = next((each for each in files if each.path == PROCEDURE), None)
    return [] if table is None else list(read_procedure(table.content, str(folder / table.path)).problems)


def _left_open(folder: Folder, files: Sequence[PackFile], policies: Sequence[Policy], types: Types) -> Open:
    """What the page of gaps and doubts says; nothing if there is none."""
    page = next((each for each in files if each.path == intended_gaps.FILE), None)
    if page is None:
        return Open((), (), ())
    return intended_gaps.read_open(page.content, str(folder / page.path), policies, types)


def _unused(policies: Sequence[Policy], left_open: Open, types: Types) -> list[Problem]:
    """What no rule, claim or gap makes use of."""
    giving = [policy for policy in policies if policy.gives is not None]
    gaps = {policy.name: [gap.when for gap in left_open.gaps if gap.policy == policy.name] for policy in policies}
    return [problem for policy in policies for problem in unused(policy, giving, types, gaps[policy.name])]


def _with_left_open(policy: Policy, left_open: Open) -> Policy:
    doubts = tuple(doubt for name, doubt in left_open.doubts if name == policy.name)
    return replace(policy, doubts=doubts, gaps=tuple(gap for gap in left_open.gaps if gap.policy == policy.name))


def _rates(folder: Folder, file: PackFile) -> ReadRates:
    return read_rates(file.content, str(folder / file.path))


def _no_table(name: str) -> str:
    """What is said of a rate whose table is not there; nothing of it is new where the table tells its own problems."""
    return CHECKING["rate_table_unknown"].what.format(name=name)


def _judged_otherwise(policies: Sequence[Policy]) -> list[Problem]:
    """One name is one question, asked of one person, wherever in the pack it is settled."""
    first: dict[tuple[str, str], tuple[Policy, Judgment]] = {}
    problems = []
    for policy in policies:
        for judgment in policy.judgments:
            other, same = first.setdefault((judgment.type, judgment.name), (policy, judgment))
            if (same.asks, same.of) != (judgment.asks, judgment.of):
                name = f"{judgment.type}.{judgment.name}"
                problem = OPENING["judgment_otherwise"].at(judgment.span, other=other.name, name=name)
                problems.append(replace(problem, policy=policy.name))
    return problems


def _counted_otherwise(policies: Sequence[Policy]) -> list[Problem]:
    """A pack counts in one currency, for one record can be read by all of its policies."""
    counting = [policy for policy in policies if policy.currency]
    return [
        replace(
            OPENING["currencies"].at(
                policy.place("currency"), found=policy.currency, other=counting[0].name, currency=counting[0].currency
            ),
            policy=policy.name,
        )
        for policy in counting
        if policy.currency != counting[0].currency
    ]


def _document(folder: Folder, file: PackFile, rates: tuple[RateTable, ...]) -> Read:
    shown = str(folder / file.path)
    try:
        text = file.content.decode("utf-8")
    except UnicodeDecodeError:
        return Read(None, (READING["not_text"].at(Span(shown, 1)),), None)
    read = read_document(text, shown)
    if read.draft is None:
        return read
    draft = replace(read.draft, rates=rates)
    return replace(read, policy=None if read.policy is None else draft, draft=draft)


def _misnamed(policy: Policy, pack: str) -> list[Problem]:
    """A policy goes by the names of its pack and file; nothing is said where the pack has no name itself."""
    expected, place = f"{pack}/{Folder(policy.span.file).stem}", policy.place("policy")
    if not pack or policy.name == expected:
        return []
    problem = OPENING["policy_name"].at(place, found=policy.name, expected_name=expected)
    return [replace(problem, policy=policy.name)]


def _in_order(policies: Sequence[Policy], types: Types) -> tuple[list[Policy], list[Problem]]:
    """Each policy after those whose answers it reads; a circle comes back as a problem."""
    giving = {policy.gives: place for place, policy in enumerate(policies) if policy.gives is not None}
    found = cycles.in_order(
        [[giving[name] for name in sorted(_gives_read(each, policies, types))] for each in policies]
    )
    ordered = [policies[place] for place in found.order]
    if not found.circle:
        return ordered, []
    circle = [policies[place] for place in found.circle]
    places = [(each.name, each.place("gives")) for each in circle]
    shown = listed([f"{name} ({place.file.rpartition('/')[2]}:{place.line})" for name, place in places])
    said = f"policies {shown} wait for one another" if len(circle) > 1 else f"policy {shown} waits for itself"
    return ordered, [OPENING["given_in_circle"].at(places[0][1], circle=said)]


def _gives_read(policy: Policy, policies: Sequence[Policy], types: Types) -> set[tuple[str, str]]:
    """The given fields that a policy reads."""
    giving = {each.gives: each for each in policies if each.gives is not None}
    if policy.for_each not in types:
        return set()
    made = replace(
        policy,
        definitions=tuple(each for each in policy.definitions if each.type in types),
        judgments=tuple(each for each in policy.judgments if each.type in types),
    )
    names = Vocabulary.of(made, [each for (owner, _), each in giving.items() if owner in types], types)
    parts = [(part, scope) for part, scope in expressions_of(policy) if scope[0] in types]
    used = (meaning for part, scope in parts for meaning in used_by(part, scope, names))
    return {(meaning.owner, meaning.end.name) for meaning in used} & set(giving)
