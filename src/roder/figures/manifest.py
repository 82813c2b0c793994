"""A snapshot's folder: its manifest, whether it can be read, and whether every byte is as it was written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roder.core.faults import UserFault
from roder.core.paths import private_dir
from roder.figures.schema import OLDEST_READABLE, SCHEMA_VERSION

if TYPE_CHECKING:
    from roder.figures.models import Snapshot

MANIFEST = "manifest.json"


class SnapshotFault(UserFault):
    """A snapshot is not there, not whole, or not readable by this version."""


def snapshots_dir() -> Path:
    """The folder that holds every snapshot, one folder each."""
    return private_dir("snapshots")


def unfinished_folder(code: str) -> Path:
    """Where a snapshot stands until its row is committed. Databases that share a data folder do not meet there."""
    from django.db import connection  # noqa: PLC0415

    database = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:6]
    return snapshots_dir() / f".uttag-{database}-{code}"


def folder_of(snapshot: Snapshot) -> Path:
    """The snapshot's own folder; the unfinished one while its transaction lasts."""
    folder = snapshots_dir() / snapshot.code
    return folder if folder.exists() else unfinished_folder(snapshot.code)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_text(manifest: dict[str, Any]) -> str:
    """The manifest as it is written: the same content always gives the same text."""
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot's manifest. Raises SnapshotFault if it is missing or is not the one that was written."""
    path = folder_of(snapshot) / MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise SnapshotFault(
            f"Uttaget {snapshot.code} saknar sina filer. Återställ {snapshots_dir() / snapshot.code} från en "
            "säkerhetskopia."
        ) from error
    if hashlib.sha256(content).hexdigest() != snapshot.manifest_sha256:
        raise SnapshotFault(f"Uttaget {snapshot.code}: {MANIFEST} är inte den som skrevs när uttaget togs.")
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def check_readable(snapshot: Snapshot) -> Path:
    """The folder of a snapshot that can be read: right manifest, every file there with the right size.

    Quick, so that it can be asked each time; ``verify_snapshot`` reads every byte. Raises SnapshotFault.
    """
    if not OLDEST_READABLE <= snapshot.schema_version <= SCHEMA_VERSION:
        raise SnapshotFault(
            f"Uttaget {snapshot.code} har schemaversion {snapshot.schema_version}; den här versionen av Roder läser "
            f"version {OLDEST_READABLE}–{SCHEMA_VERSION}."
        )
    manifest, folder = read_manifest(snapshot), folder_of(snapshot)
    for name, table in manifest["tables"].items():
        path = folder / table["file"]
        if not path.is_file() or path.stat().st_size != table["bytes"]:
            raise SnapshotFault(
                f"Uttaget {snapshot.code}: filen för {name} saknas eller är avkortad ({path.name})."
            )
    return folder


def verify_snapshot(snapshot: Snapshot) -> list[str]:
    """Everything that is wrong with a snapshot, in Swedish; an empty list when every byte is as it was written."""
    try:
        manifest = read_manifest(snapshot)
    except SnapshotFault as fault:
        return [str(fault)]
    folder, faults = folder_of(snapshot), []
    for table in manifest["tables"].values():
        path = folder / table["file"]
        if not path.is_file():
            faults.append(f"{table['file']} saknas")
        elif sha256_of(path) != table["sha256"]:
            faults.append(f"{table['file']} är ändrad")
    expected = {table["file"] for table in manifest["tables"].values()} | {MANIFEST}
    faults += [
        f"{path.name} hör inte till uttaget" for path in sorted(folder.iterdir()) if path.name not in expected
    ]
    if manifest["code"] != snapshot.code or manifest["rows"] != snapshot.rows:
        faults.append(f"{MANIFEST} hör till ett annat uttag ({manifest['code']})")
    return faults
