"""Where Roder keeps its data on disk. Pure helpers without Django and database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

ENVIRONMENT_VARIABLE = "RODER_DATA_DIR"

# /root is closed to everybody else on most systems, and the database server, which refuses to run as root,
# could never enter a folder below it. The place the Filesystem Hierarchy Standard gives to services can be
# entered by all.
ROOT_DATA_DIR = Path("/var/lib/roder")


class DataDirError(Exception):
    """The data folder cannot be used; the message (Swedish) says where, why and what to do."""


def default_data_dir() -> Path:
    """Return the data folder used when RODER_DATA_DIR is not set.

    The user's data folder (`~/.local/share/roder` on Linux), but `/var/lib/roder` for root unless
    XDG_DATA_HOME says something else.
    """
    if os.geteuid() == 0 and sys.platform.startswith("linux") and not os.environ.get("XDG_DATA_HOME"):
        return ROOT_DATA_DIR
    return Path(platformdirs.user_data_dir("roder"))


def make_data_dir(path: Path) -> Path:
    """Create the data folder `path` with its parents if it is missing; return it absolute, links resolved.

    A new folder is private (0700). Root's may be passed through (0711), since the database server below it
    runs as another user; what is put beside the database belongs in `private_dir`.

    Raises DataDirError when it cannot be created or is not a folder.
    """
    resolved = path.expanduser().absolute()
    try:
        resolved = resolved.resolve()
        if not resolved.is_dir():
            resolved.parent.mkdir(parents=True, exist_ok=True)
            resolved.mkdir(exist_ok=True)
            resolved.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise DataDirError(
            f"Datakatalogen {resolved} kan inte användas: {error.filename or resolved} är en fil. "
            f"Ange en annan plats med {ENVIRONMENT_VARIABLE}."
        ) from error
    except OSError as error:
        raise DataDirError(
            f"Datakatalogen {resolved} kan inte skapas ({error.strerror}: {error.filename or resolved}). "
            f"Ge den här användaren skrivrätt där eller ange en annan plats med {ENVIRONMENT_VARIABLE}."
        ) from error
    return resolved


def data_dir() -> Path:
    """Return Roder's data folder, created if missing: RODER_DATA_DIR, or else `default_data_dir()`.

    Raises DataDirError when it cannot be created.
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    return make_data_dir(Path(chosen) if chosen else default_data_dir())


def shipped(name: str) -> tuple[Path, Path]:
    """Where a folder that comes with the program may lie: beside a checkout's source, or in the installed package."""
    package = Path(__file__).resolve().parents[1]
    return package.parents[1] / name, package / name


def private_dir(name: str) -> Path:
    """Return the folder `name` in the data folder, created readable by this user only (0700).

    Raises DataDirError when it cannot be created.
    """
    path = data_dir() / name
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DataDirError(
            f"Katalogen {path} kan inte skapas ({error.strerror}). "
            f"Ge den här användaren skrivrätt i {path.parent}."
        ) from error
    return path
