"""Every stored file: one way in, one way out (11-tasks-questionnaires-files 11.3).

``from roder import files`` and ``files.store(upload, subject, by)``, ``files.of(subject)``,
``files.may_see(user, file)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from roder.files.held import before_removal as before_removal
    from roder.files.models import StoredFile as StoredFile
    from roder.files.services import FileFault as FileFault
    from roder.files.services import add_version as add_version
    from roder.files.services import forget as forget
    from roder.files.services import keep_bytes as keep_bytes
    from roder.files.services import keep_made as keep_made
    from roder.files.services import may_add as may_add
    from roder.files.services import may_see as may_see
    from roder.files.services import of as of
    from roder.files.services import open_version as open_version
    from roder.files.services import remove as remove
    from roder.files.services import rename as rename
    from roder.files.services import restore as restore
    from roder.files.services import store as store
    from roder.files.services import store_bytes as store_bytes

_HOMES = {
    "StoredFile": "models",
    "FileFault": "services",
    "add_version": "services",
    "before_removal": "held",
    "forget": "services",
    "keep_bytes": "services",
    "keep_made": "services",
    "may_add": "services",
    "may_see": "services",
    "of": "services",
    "open_version": "services",
    "remove": "services",
    "rename": "services",
    "restore": "services",
    "store": "services",
    "store_bytes": "services",
}


def __getattr__(name: str) -> Any:
    """Load the parts on first use: Django imports this package before its models may be imported."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"roder.files.{_HOMES[name]}"), name)
