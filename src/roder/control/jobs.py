"""The jobs of the room of risk and control: every module ``jobs_…`` beside this one declares its part's."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

for _part in sorted(Path(__file__).parent.glob("jobs_*.py")):
    import_module(f"roder.control.{_part.stem}")
