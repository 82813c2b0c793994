"""Where the examples of real municipalities lie."""

from __future__ import annotations

import os
from pathlib import Path

from roder.core.faults import UserFault
from roder.core.paths import shipped

FOLDERS = ("alingsas", "oxelosund", "kungsor")


def examples_dir() -> Path:
    """The folder of examples: RODER_EXAMPLES, beside the source, in the package, or here. Raises UserFault."""
    chosen = os.environ.get("RODER_EXAMPLES")
    places = [Path(chosen)] if chosen else [*shipped("examples"), Path("examples")]
    for place in places:
        if all((place / name / "styrmodell.yaml").is_file() for name in FOLDERS):
            return place
    looked = ", ".join(str(place) for place in places)
    raise UserFault(f"exemplen finns inte ({looked}). Ange deras mapp i RODER_EXAMPLES.")
