"""A pack: a folder with one jurisdiction's policies, read and checked; opening it runs no code."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as Folder
from pathlib import PurePosixPath

from custodiet.base.errors import Problem, Refused, Span, did_you_mean
from custodiet.base.files import is_text, read_file, read_toml, resolved
from custodiet.base.source import EVERY_DOCUMENT
from custodiet.base.text import escaped, one_form, quoted, unprintable
from custodiet.policy.analysis.check import unused
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs import intended_gaps, withholding
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.policy.packs.intended_gaps import Open
from custodiet.policy.packs.law import REFUSABLE, Law
from custodiet.policy.packs.procedure import FILE as PROCEDURE
from custodiet.policy.packs.procedure import Procedure, read_procedure
from custodiet.policy.testing.examples import Tally
from custodiet.records.definitions import Types, types_with

NEEDED = ("name", "jurisdiction", "language", "licence")
KEYS = (*NEEDED, "title", "version")
PATTERNS = (
    "/pack.toml",
    "/policies/*.md",
    "/rates/*.csv",
    "/records/*.md",
    "/procedure.csv",
    "/withholding.csv",
    "/open.md",
)
"""The files that belong to a pack, as paths from its folder."""
LONGEST = 200
"""How many characters of a value of pack.toml are shown, since they appear in lines and tables."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack: its path from the pack's folder, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that has been read."""

    name: str
    title: str
    version: str
    jurisdiction: str
    language: str
    licence: str
    types: Types
    """The record types that its policies speak of: the program's own, and those that its documents define."""
    hash: str
    """SHA-256, in hexadecimal, over one line `sha256␠path\\n` per file, sorted by path bytes."""
    files: tuple[PackFile, ...]
    policies: tuple[Policy, ...]
    """The policies that could be read, each after those it depends on."""
    problems: tuple[Problem, ...]
    examples: Tally
    not_read: tuple[str, ...]
    """Files in the folder that are not part of a pack."""

    @property
    def judgments(self) -> Mapping[tuple[str, str], str]:
        """The wording of every judgment's question, by the type and name it settles."""
        return {(each.type, each.name): each.asks for policy in self.policies for each in policy.judgments}

    @property
    def procedure(self) -> Procedure | None:
        """The steps of a case, as the pack's table states them; None if it has no such table."""
        table = next((file for file in self.files if file.path == PROCEDURE), None)
        return None if table is None else read_procedure(table.content)

    @property
    def heading(self) -> str:
        """The pack as people call it: its title, with its name if it has one."""
        return f"{self.title} ({self.name})" if self.name else self.title

    @property
    def refusable(self) -> tuple[Problem, ...]:
        """The problems that make the pack unusable."""
        return tuple(problem for problem in self.problems if problem.kind in REFUSABLE)


def read_pack(folder: Folder) -> Pack:
    """Read and check a pack; its problems are returned with it.

    Raises Refused if there is no pack at all: no folder, or no readable pack.toml.
    """
    about, problems = _about(folder)
    files, not_read = _files(folder)
    defined = types_with(_within(folder, files, "records/"))
    types = defined.types
    law = Law(about["name"], _within(folder, files, "policies/"), _within(folder, files, "rates/"), types)
    problems += [*defined.problems, *_withholding_problems(folder, files, types), *_procedure_problems(folder, files)]
    if law.is_empty and not (problems or law.problems):
        problems.append(OPENING["no_policies"].at(Span(str(folder / "pack.toml"), 1)))
    problems += law.problems
    left_open = Open((), (), ())
    if law.whole:
        left_open = _left_open(folder, files, law.in_order, types)
        problems += [*left_open.problems, *_unused(law.in_order, left_open, types)]
    tally, failed = law.examples()
    return Pack(
        about["name"],
        about.get("title") or about["name"] or "A pack without a name",
        about.get("version", ""),
        about["jurisdiction"],
        about["language"],
        about["licence"],
        types,
        pack_hash(files),
        tuple(files),
        tuple(_with_left_open(policy, left_open) for policy in law.readable),
        _in_reading_order([*problems, *failed]),
        tally,
        tuple(not_read),
    )


def _within(folder: Folder, files: Sequence[PackFile], part: str) -> dict[str, bytes]:
    """The files of one part of a pack, by the names shown in messages."""
    return {str(folder / file.path): file.content for file in files if file.path.startswith(part)}


def _in_reading_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by its place."""
    once = list({(each.span, each.message): each for each in reversed(problems)}.values())[::-1]
    return tuple(sorted(once, key=lambda each: (each.span.file, each.span.line, each.span.column)))


def pack_hash(files: Sequence[PackFile]) -> str:
    """The hash over every byte of a pack.

    >>> pack_hash([PackFile("pack.toml", b"")])[:8]
    '48bf18ea'
    """
    ordered = sorted(files, key=lambda each: each.path.encode())
    lines = "".join(f"{hashlib.sha256(each.content).hexdigest()} {each.path}\n" for each in ordered)
    return hashlib.sha256(lines.encode()).hexdigest()


def _about(folder: Folder) -> tuple[dict[str, str], list[Problem]]:
    """The content of pack.toml, and its problems."""
    path = folder / "pack.toml"
    try:
        text = one_form(read_file(path).decode("utf-8-sig"))
        about = read_toml(text)
    except FileNotFoundError:
        message = f"{folder} is not a pack: it has no pack.toml; `custodiet init --pack` writes a first pack"
        raise Refused(message) from None
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
            problems.append(EVERY_DOCUMENT["unseen"].at(span, found=quoted(found)))
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
    """Whether a file is in the pack: a link may lead out of it, or to nothing, like an editor's lock file."""
    try:
        place = resolved(path)
    except OSError as wrong:
        raise Refused(f"{path} cannot be read: {wrong.strerror}") from wrong
    return place.is_relative_to(resolved(folder)) and place.exists()


def _content(path: Folder) -> bytes:
    """The content of a file of the pack; one that cannot be read or named is refused, so that no rule is lost."""
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
    """The page of gaps and doubts; empty if there is none."""
    page = next((each for each in files if each.path == intended_gaps.FILE), None)
    if page is None:
        return Open((), (), ())
    return intended_gaps.read_open(page.content, str(folder / page.path), policies, types)


def _unused(policies: Sequence[Policy], left_open: Open, types: Types) -> list[Problem]:
    """The definitions and judgments that no rule, claim or gap uses."""
    giving = [policy for policy in policies if policy.gives is not None]
    gaps = {policy.name: [gap.when for gap in left_open.gaps if gap.policy == policy.name] for policy in policies}
    return [problem for policy in policies for problem in unused(policy, giving, types, gaps[policy.name])]


def _with_left_open(policy: Policy, left_open: Open) -> Policy:
    doubts = tuple(doubt for name, doubt in left_open.doubts if name == policy.name)
    return replace(policy, doubts=doubts, gaps=tuple(gap for gap in left_open.gaps if gap.policy == policy.name))
