"""The user the server runs as, and where that user can go.

PostgreSQL refuses to run as root. An ordinary user runs it as himself; root runs it as the owner of the data
that is already there, or else as a system user.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roder.core.postgres.errors import PostgresError, user_name

SYSTEM_USER = "pgserver"
PREFERRED_USERS = (SYSTEM_USER, "postgres")
LAST_RESORT = "nobody"


@dataclass(frozen=True)
class Account:
    """A user of the operating system. `switch` is True when this process (root) must change to it."""

    uid: int
    gid: int
    groups: tuple[int, ...]
    name: str
    switch: bool

    @property
    def owner(self) -> tuple[int, int] | None:
        """(uid, gid) that new files must be given to, None when they are right by themselves."""
        return (self.uid, self.gid) if self.switch else None

    @property
    def popen_arguments(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run a program as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": list(self.groups)}


def choose(*existing: Path) -> Account:
    """Return the account to run the server as; for root the owner of the first folder that is not root's.

    Raises PostgresError when root has nobody to run it as.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), tuple(os.getgroups()), user_name(os.geteuid()), False)
    for folder in existing:
        owner = folder.stat()
        if owner.st_uid != 0:
            return _other(owner.st_uid, owner.st_gid)
    entry = _system_user()
    return _other(entry.pw_uid, entry.pw_gid)


def _other(uid: int, gid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, gid, (gid,), str(uid), True)
    groups = tuple(os.getgrouplist(entry.pw_name, entry.pw_gid))
    return Account(uid, entry.pw_gid, groups, entry.pw_name, True)


def _system_user() -> pwd.struct_passwd:
    for name in PREFERRED_USERS:
        if (entry := _lookup(name)) is not None:
            return entry
    _create_system_user()
    for name in (SYSTEM_USER, LAST_RESORT):
        if (entry := _lookup(name)) is not None:
            return entry
    raise PostgresError(
        f"PostgreSQL vägrar köra som root, och det finns ingen användare att köra det som. Skapa en med "
        f"'useradd --system {SYSTEM_USER}', eller kör Roder som en vanlig användare."
    )


def _lookup(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create_system_user() -> None:
    """Create a user that owns nothing else. Where that cannot be done the caller falls back to nobody."""
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return
    command = [program, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    group = ["--gid", SYSTEM_USER] if _group_exists(SYSTEM_USER) else ["--user-group"]
    command += [*group, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    subprocess.run(command, capture_output=True, check=False, timeout=30)  # noqa: S603  (no shell, no input)


def _group_exists(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def allows(path: Path, account: Account, bits: int) -> bool:
    """Whether the permission bits of `path` give `account` all of `bits` (4 read, 2 write, 1 enter)."""
    if account.uid == 0:
        return True
    info = path.stat()
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid == account.uid:
        mode >>= 6
    elif info.st_gid in (account.gid, *account.groups):
        mode >>= 3
    return mode & bits == bits


def closed_parent(path: Path, account: Account) -> Path | None:
    """Return the outermost folder on the way to `path` (itself too) that `account` cannot enter, or None.

    The bits decide first; where they say no, the user really tries, since an access list may say yes.
    """
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            return None
        if not allows(folder, account, 1) and not _can_really_enter(folder, account):
            return folder
    return None


def _can_really_enter(folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  (the folder is an argument, not a part of the script)
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
            cwd="/", capture_output=True, check=False, timeout=10, **account.popen_arguments,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
