"""The policy documents under tests/policies, and packs made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from custodiet.base.errors import Problem
from custodiet.base.source import EVERY_DOCUMENT
from custodiet.policy.analysis.check import check
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.language.document import read_document
from custodiet.policy.language.rate_tables import read_rates
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.policy.testing.diagnostics import TRYING
from custodiet.policy.testing.examples import run_examples
from custodiet.proofs.diagnostics import PROVING
from tests.house import ROOT, every_type

POLICIES = Path(__file__).parent / "policies"
GOOD = sorted((POLICIES / "good").glob("*.md"))
MESSAGES = EVERY_DOCUMENT | READING | CHECKING | TRYING | OPENING | PROVING
"""Everything that `custodiet check` can say, by code."""
TABLES = {path.name: path.read_bytes() for path in sorted((POLICIES / "good" / "rates").glob("*.csv"))}
"""The dated tables that the good documents read."""
RATES = tuple(read.table for name, content in TABLES.items() if (read := read_rates(content, name)).table is not None)

ABOUT = 'name = "{name}"\njurisdiction = "Model Republic (fictional)"\nlanguage = "en"\nlicence = "CC0-1.0"\n'


def pack_of(
    folder: Path,
    name: str,
    documents: Mapping[str, str | bytes],
    tables: Mapping[str, bytes] = TABLES,
    nouns: Iterable[str] = (),
) -> Pack:
    """A pack of some documents and tables of rates, by file name, written to a folder and read there.

    `nouns` are record types that a pack here brings, and that this one is to bring too.
    """
    bring(folder, nouns)
    for below in ("policies", "rates"):
        (folder / below).mkdir(parents=True)
    for file, table in tables.items():
        (folder / "rates" / file).write_bytes(table)
    (folder / "pack.toml").write_text(ABOUT.format(name=name), encoding="utf-8")
    for file, content in documents.items():
        written = content if isinstance(content, bytes) else content.encode()
        (folder / "policies" / file).write_bytes(written)
    return read_pack(folder)


def bring(pack: Path, nouns: Iterable[str]) -> None:
    """Give a pack the documents of record types that a pack here brings."""
    for noun in nouns:
        (pack / "records").mkdir(parents=True, exist_ok=True)
        document = next(iter(sorted((ROOT / "packs").glob(f"*/records/{noun}.md"))))
        (pack / "records" / f"{noun}.md").write_bytes(document.read_bytes())


def giving(policy: Policy) -> list[Policy]:
    """The policies that give a field, of the good documents and this one; of two that give the same, this one."""
    others = [each for each in GIVING if each.gives != policy.gives and each.name != policy.name]
    return others + ([policy] if policy.gives else [])


def problems_of(text: str, file: str = "page.md") -> tuple[Problem, ...]:
    """All that is wrong with a document, in the company of the good ones."""
    read = read_document(text, file)
    draft = None if read.draft is None else replace(read.draft, rates=RATES)
    drafted = check(draft, giving(draft), every_type()) if draft else ()
    if read.problems or drafted or draft is None:
        return (*read.problems, *drafted)
    return run_examples(draft, giving(draft), every_type())[1]


GIVING = [
    policy
    for path in GOOD
    if (policy := read_document(path.read_text(encoding="utf-8"), path.name).policy) is not None and policy.gives
]
