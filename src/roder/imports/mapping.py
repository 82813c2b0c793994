"""A mapping of columns from a file: our name -> the heading in the other system's files. YAML, so JSON too."""

from __future__ import annotations

from pathlib import Path

import yaml

from roder.core.faults import UserFault


def read_mapping(path: Path) -> dict[str, str]:
    """Read a mapping such as ``nummer: Ärende-id``. Raises UserFault when it is something else."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserFault(
            f"{path}: kopplingen av kolumner går inte att läsa som YAML eller JSON ({error})."
        ) from error
    right = isinstance(found, dict) and all(isinstance(part, str) for pair in found.items() for part in pair)
    if not right:
        raise UserFault(
            f"{path}: kopplingen av kolumner ska ha en rad för varje kolumn, till exempel nummer: Ärende-id."
        )
    return dict(found)
