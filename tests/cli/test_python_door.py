"""The public names, as a user imports them: the same whatever was imported before, and however often."""

import subprocess
import sys
from pathlib import Path

import pytest

import custodiet

FOLDERS = sorted(path.parent.name for path in Path(custodiet.__file__).parent.glob("*/__init__.py"))

AUDITS = """
from pathlib import Path
def audits(audit):
    from custodiet import Ledger, bring_in, read_docket, read_pack, view
    docket = read_docket(Path({docket!r}))
    with Ledger.open(docket.ledger_folder, docket.types) as ledger:
        bring_in(docket, ledger)
        done = audit(docket.title, docket.currency, read_pack(docket.pack), view(ledger, docket.currency))
    print(len(done.results))
"""


def said(program: str) -> list[str]:
    """What a program prints, in a Python of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    "uses",
    [
        "import custodiet as cu\naudits(cu.audit)\naudits(cu.audit)",
        "from custodiet import audit\naudits(audit)\nfrom custodiet import audit\naudits(audit)",
        "from custodiet.audit.run import audit\naudits(audit)\nimport custodiet as cu\naudits(cu.audit)",
        "import custodiet as cu\naudits(cu.audit)\nfrom custodiet.audit.run import audit\naudits(audit)",
        "import custodiet.audit.run\naudits(custodiet.audit)\naudits(custodiet.audit.run.audit)",
        "import custodiet.audit.totals as totals\nfrom custodiet import audit\naudits(audit)\naudits(audit.run.audit)",
    ],
)
def test_audit_is_called_by_its_public_name_in_every_order_of_imports(docket: Path, uses: str) -> None:
    assert said(AUDITS.format(docket=str(docket)) + uses) == ["4", "4"]


def test_no_folder_hides_a_public_name() -> None:
    """Each name is asked for first, then every folder is imported, and it is asked for again."""
    program = f"""
import custodiet, importlib
names = custodiet.__all__
first = [getattr(custodiet, name) for name in names]
for folder in {FOLDERS!r}:
    importlib.import_module("custodiet." + folder)
again = [getattr(custodiet, name) for name in names]
exec("from custodiet import " + ", ".join(names))
for name, one, other in zip(names, first, again, strict=True):
    assert one is other is globals()[name] and callable(one), name
print("same")
"""
    assert said(program) == ["same"]


def test_a_name_that_is_none_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        _ = custodiet.report
