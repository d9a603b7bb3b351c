"""What pyproject.toml cannot say: the example, which lies beside the package, goes into the wheel as data."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
EXAMPLE = {"packs/model-code": "pack", "dockets/model-city/as-found": "docket"}
"""The folders that `custodiet init --example` writes, and what they are called in the package's folder `example`."""


class BuildWithExample(build_py):
    """Copies the example beside the modules of a wheel; an editable install reads it where it lies."""

    def run(self) -> None:
        """Build as always, and copy."""
        super().run()
        if not self.editable_mode:
            for folder, name in EXAMPLE.items():
                target = Path(self.build_lib, "custodiet", "example", name)
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(ROOT / folder, target, ignore=shutil.ignore_patterns(".custodiet", "__pycache__"))


setup(cmdclass={"build_py": BuildWithExample})
