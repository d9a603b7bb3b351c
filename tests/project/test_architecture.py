"""Who may import whom: the table of the design, kept by a test."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.house import ROOT, files

# A room may import these, and what these may import, and itself.
MAY_IMPORT = {
    "base": (),
    "records": ("base",),
    "policy/language": ("records",),
    "policy/analysis": ("policy/language",),
    "policy/evaluation": ("policy/analysis",),
    "policy/testing": ("policy/evaluation",),
    "policy/packs": ("policy/testing",),
    "proofs/smt": ("policy/packs",),
    "proofs": ("proofs/smt",),
    "bulk/sql": ("policy/packs",),
    "bulk/grouping": ("bulk/sql",),
    "bulk/explain": ("bulk/grouping",),
    "bulk": ("bulk/explain",),
    "verify": (),
    "ledger": ("verify", "records"),
    "intake": ("ledger",),
    "evidence": ("ledger",),
    "audit": ("bulk", "ledger"),
    "cases": ("audit",),
    "reports/wording": ("cases",),
    "reports/result_table": ("reports/wording",),
    "reports/editions": ("reports/result_table",),
    "reports/report": ("reports/editions",),
    "reports/output": ("reports/report", "proofs"),
    "cli": ("proofs", "verify", "intake", "evidence", "reports/output"),
    "web": ("proofs", "verify", "intake", "evidence", "reports/output"),
}
HOLD_ROOMS = {room.rpartition("/")[0] for room in MAY_IMPORT} - {"", *MAY_IMPORT}  # and are none themselves
NO_TWIN = {
    "result": "a formula is where an answer is given; the result of an example is the evaluator's",
    "derivation": "a formula has no values to show",
    "english": "its sentences are about policies and results, not about formulas",
    "memo": "what was drawn in a world is kept where it is drawn: `Reading`, `Evaluator`, `World`",
}
"""The files of `policy/evaluation` that say nothing the solver must know, with the reason for each."""
HERE = "tests/project/test_architecture.py"
FRONT = ("cli", "web")  # nothing imports these, so that neither can become a library
PROGRAMS = {".py", ".yaml", ".yml", ".js", ".sh"}
NO_ROOMS = ("utils", "util", "helpers", "helper", "common", "manager", "managers", "core", "misc")


def allowed(room: str) -> set[str]:
    """All rooms that one room may import from, itself included."""
    return {room}.union(*(allowed(below) for below in MAY_IMPORT[room]))


def room_of(parts: Sequence[str]) -> str:
    """The innermost room of the table in which a module lies, given by the names of its path; empty if in none."""
    around = ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((name for name in around if name in MAY_IMPORT), "")


def imports(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """The line and the full dotted name of each module that a file imports, written out or by `import_module`."""
    here = path.relative_to(package.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                for name in node.names:
                    yield node.lineno, name.name
            case ast.ImportFrom():
                base = [*here[: -node.level], *(node.module or "").split(".")] if node.level else [node.module or ""]
                module = ".".join(part for part in base if part)
                for name in node.names:
                    # `from custodiet import records` names a room, `from custodiet.records import Leg` does not
                    yield node.lineno, f"{module}.{name.name}" if module == package.name else module
            case ast.Call(func=ast.Name(id="import_module") | ast.Attribute(attr="import_module")):
                if node.args and isinstance(node.args[0], ast.Constant):
                    yield node.lineno, str(node.args[0].value)


def wrong_imports(package: Path) -> Iterator[str]:
    """One sentence per import that the table does not allow, and per room that it does not know."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        room = room_of(inside.with_suffix("").parts)
        holds_rooms = inside.name == "__init__.py" and str(inside.parent) in HOLD_ROOMS
        if len(inside.parts) > 1 and not (room or holds_rooms):
            yield f"{inside}: `{inside.parent}` is no room of the house; the table in {HERE} names them all."
            continue
        for line, module in imports(path, package):
            name, *rest = module.split(".")
            if name != package.name:
                continue
            place, target = f"{inside}:{line}", room_of(rest)
            if target in FRONT and target != room:
                yield f"{place}: nothing imports `{target}`; what it holds for others belongs in the room it is about."
            elif holds_rooms:
                yield f"{place}: `{inside.parent}` only holds rooms, and imports nothing of ours."
            elif room and room not in FRONT and not target:
                yield f"{place}: `{room}` imports from the package's front page; name the room instead."
            elif room and target and target not in allowed(room):
                may = ", ".join(sorted(allowed(room) - {room})) or "nothing of ours"
                yield f"{place}: `{room}` may import {may}, and not `{target}`."


def wrong_twins(package: Path) -> Iterator[str]:
    """One sentence per file of the evaluator that the solver's files do not mirror as they should."""
    concrete, symbolic = package / "policy" / "evaluation", package / "proofs" / "smt"
    for name in sorted(path.stem for path in concrete.glob("[!_]*.py")):
        twin = symbolic / f"{name}.py"
        if twin.exists() and name in NO_TWIN:
            yield f"`{name}` has a twin in proofs/smt; take it out of NO_TWIN in {HERE}."
        elif twin.exists() and f"Mirrors `evaluation/{name}.py`" not in twin.read_text(encoding="utf-8"):
            yield f"proofs/smt/{name}.py: say in the docstring: Mirrors `evaluation/{name}.py`; and what is left out."
        elif not twin.exists() and name not in NO_TWIN:
            yield f"policy/evaluation/{name}.py: write proofs/smt/{name}.py, or say in NO_TWIN why there is none."


def house(folder: Path, sources: dict[str, str]) -> Path:
    """A small package to try the table on."""
    for name, text in sources.items():
        path = folder / "custodiet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "custodiet"


def test_each_room_imports_only_what_the_table_allows() -> None:
    assert "\n".join(wrong_imports(ROOT / "custodiet")) == ""


def test_what_a_room_may_import_includes_what_that_may() -> None:
    assert allowed("ledger") == {"ledger", "verify", "records", "base"}
    assert allowed("policy/testing") - allowed("policy/evaluation") == {"policy/testing"}
    assert not allowed("proofs") & {"bulk", "bulk/sql"}
    assert not allowed("bulk") & {"proofs", "proofs/smt"}
    assert "policy/language" in allowed("audit")
    assert allowed("cli") == set(MAY_IMPORT) - {"web"}


@pytest.mark.parametrize(
    ("file", "source", "sentence"),
    [
        ("policy/analysis/check.py", "from custodiet.ledger import log", "`policy/analysis` may import base, "),
        ("policy/analysis/check.py", "from ...ledger import log", "and not `ledger`."),
        ("policy/analysis/check.py", "from custodiet import ledger", "and not `ledger`."),
        ("policy/analysis/plan.py", "from custodiet.policy.evaluation import result", "and not `policy/evaluation`."),
        ("proofs/prove.py", "from custodiet.bulk.sql import joins", "and not `bulk/sql`."),
        ("bulk/sql/joins.py", "from custodiet.bulk import fetch", "and not `bulk`."),
        ("policy/words.py", "", "`policy` is no room of the house; "),
        ("policy/__init__.py", "from custodiet.base import text", "`policy` only holds rooms, and imports nothing of "),
        ("verify/proof.py", "\nimport custodiet.base.dates", "verify/proof.py:2: `verify` may import nothing of "),
        (
            "ledger/log.py",
            "def f():\n    from custodiet.audit import run",
            "ledger/log.py:2: `ledger` may import ",
        ),
        ("audit/run.py", "import importlib\nimportlib.import_module('custodiet.cases.case')", "audit/run.py:2: "),
        ("reports/output/html.py", "from custodiet.cli import main", "nothing imports `cli`; "),
        ("__init__.py", "from custodiet.web import pages", "__init__.py:1: nothing imports `web`; "),
        ("cli/serve.py", "from custodiet.web import pages", "nothing imports `web`; "),
        ("audit/run.py", "from custodiet import Money", "imports from the package's front page; "),
        ("utils/text.py", "", "`utils` is no room of the house; "),
    ],
)
def test_a_wrong_import_fails_with_one_sentence(tmp_path: Path, file: str, source: str, sentence: str) -> None:
    complaints = list(wrong_imports(house(tmp_path, {file: source})))
    assert len(complaints) == 1
    assert sentence in complaints[0]


def test_a_right_import_says_nothing(tmp_path: Path) -> None:
    package = house(
        tmp_path,
        {
            "__init__.py": "from custodiet.base.money import Money",
            "base/money.py": "from custodiet.base import dates",
            "audit/run.py": "from custodiet.bulk import fetch\nfrom ..base import money\nfrom .signals import round",
            "cli/main.py": "from custodiet import __version__\nfrom custodiet.verify import proof",
        },
    )
    assert list(wrong_imports(package)) == []


def test_each_file_of_the_evaluator_has_a_twin_for_the_solver_or_a_reason_for_none() -> None:
    assert "\n".join(wrong_twins(ROOT / "custodiet")) == ""
    assert all((ROOT / "custodiet" / "policy" / "evaluation" / f"{name}.py").exists() for name in NO_TWIN)


@pytest.mark.parametrize(
    ("twins", "sentence"),
    [
        ({}, "policy/evaluation/combine.py: write proofs/smt/combine.py, "),
        ({"combine": "Mirrors `evaluation/evaluate.py`."}, "proofs/smt/combine.py: say in the docstring: Mirrors "),
        ({"combine": "Mirrors `evaluation/combine.py`.", "memo": ""}, "`memo` has a twin in proofs/smt; "),
    ],
)
def test_a_missing_or_a_needless_twin_fails_with_one_sentence(
    tmp_path: Path, twins: dict[str, str], sentence: str
) -> None:
    evaluator = {f"policy/evaluation/{name}.py": "" for name in ("__init__", "combine", "memo")}
    solver = {f"proofs/smt/{name}.py": f'"""{says}"""' for name, says in twins.items()}
    (complaint,) = wrong_twins(house(tmp_path, {**evaluator, **solver}))
    assert sentence in complaint


def test_base_has_exactly_these_modules() -> None:
    modules = {path.stem for path in (ROOT / "custodiet" / "base").rglob("*.py")} - {"__init__"}
    assert modules == {
        "truth", "money", "currencies", "dates", "errors", "text", "table", "files", "source", "diagnostic", "head",
    }  # fmt: skip


def test_no_folder_and_no_module_is_named_after_nothing() -> None:
    programs = [path for path in files() if path.suffix in PROGRAMS]
    nameless = [str(path) for path in programs if {*path.parent.parts, path.stem} & set(NO_ROOMS)]
    assert nameless == [], "name it after what it does"


def test_a_stranger_needs_nothing_but_python_to_read_verify() -> None:
    foreign = {
        (path.name, module)
        for path in (ROOT / "custodiet" / "verify").rglob("*.py")
        for _, module in imports(path, ROOT / "custodiet")
        if module.split(".")[0] not in {"custodiet", *sys.stdlib_module_names}
    }
    assert foreign == set()


def declared() -> set[str]:
    """What pyproject.toml says the program depends on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = sum(project["optional-dependencies"].values(), start=project["dependencies"])
    return {re.split(r"[<>=~!\[ ]", line)[0].lower() for line in wanted}


def imported() -> Iterator[tuple[str, set[str]]]:
    """Every import of what is not ours and not Python's: where it is, and which packages provide it."""
    provided_by = importlib.metadata.packages_distributions()
    for path in (ROOT / "custodiet").rglob("*.py"):
        for line, module in imports(path, ROOT / "custodiet"):
            name = module.split(".")[0]
            if name not in {"custodiet", *sys.stdlib_module_names}:
                yield (
                    f"{path.relative_to(ROOT)}:{line}: `{module}`",
                    {each.lower() for each in provided_by.get(name, [])},
                )


def test_every_package_that_is_imported_is_declared() -> None:
    undeclared = sorted(place for place, packages in imported() if not packages & declared())
    assert undeclared == [], "add it to the dependencies in pyproject.toml"


def test_every_package_that_is_declared_is_imported() -> None:
    used = set().union(*(packages for _, packages in imported()))
    assert declared() - used == set(), "take it out of pyproject.toml, and run `python -m scripts.lock`"


def test_a_pack_holds_no_program() -> None:
    programs = [str(path) for path in files() if path.parts[0] == "packs" and path.suffix in PROGRAMS]
    assert programs == [], "rules are documents: opening a stranger's pack runs nothing"
