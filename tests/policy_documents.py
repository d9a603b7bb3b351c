"""The policy documents under tests/policies, and packs made of them."""

from collections.abc import Mapping
from pathlib import Path

from custodiet.base.errors import Problem
from custodiet.policy.ast import Policy
from custodiet.policy.check import check
from custodiet.policy.document import read_document
from custodiet.policy.examples import run_examples
from custodiet.policy.pack import Pack, read_pack
from custodiet.records import TYPES

POLICIES = Path(__file__).parent / "policies"
GOOD = sorted((POLICIES / "good").glob("*.md"))

ABOUT = 'name = "{name}"\njurisdiction = "Model Republic (fictional)"\nlanguage = "en"\nlicence = "CC0-1.0"\n'


def pack_of(folder: Path, name: str, documents: Mapping[str, str | bytes]) -> Pack:
    """A pack of some documents, by file name, written to a folder and read there."""
    (folder / "policies").mkdir(parents=True)
    (folder / "pack.toml").write_text(ABOUT.format(name=name), encoding="utf-8")
    for file, content in documents.items():
        written = content if isinstance(content, bytes) else content.encode()
        (folder / "policies" / file).write_bytes(written)
    return read_pack(folder)


def giving(policy: Policy) -> list[Policy]:
    """The policies that give a field, of the good documents and this one; of two that give the same, this one."""
    others = [each for each in GIVING if each.gives != policy.gives and each.name != policy.name]
    return others + ([policy] if policy.gives else [])


def problems_of(text: str, file: str = "page.md") -> tuple[Problem, ...]:
    """All that is wrong with a document, in the company of the good ones."""
    read = read_document(text, file)
    drafted = check(read.draft, giving(read.draft), TYPES) if read.draft else ()
    if read.problems or drafted or read.policy is None:
        return (*read.problems, *drafted)
    return run_examples(read.policy, giving(read.policy), TYPES)[1]


GIVING = [
    read.policy
    for path in GOOD
    if (read := read_document(path.read_text(encoding="utf-8"), path.name)).policy is not None and read.policy.gives
]
