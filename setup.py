"""Puts the documentation and the examples into the built package: the help shows the one, the demonstration reads the
other. In a checkout both are read where they lie. Everything else stands in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("docs", "examples")


def copy_data(root: Path, package: Path) -> None:
    """Copy the folders of ``root`` into the package being built."""
    for name in DATA:
        shutil.copytree(root / name, package / name, dirs_exist_ok=True)


class BuildWithData(build_py):
    """The ordinary build, and then the folders; not for an editable install, which is the checkout itself."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            copy_data(Path(__file__).resolve().parent, Path(self.build_lib) / "roder")


if __name__ == "__main__":
    setup(cmdclass={"build_py": BuildWithData})
