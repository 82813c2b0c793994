"""The kinds of task of the room of risk and control: every module ``tasks_…`` beside this one declares its part's."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

for _part in sorted(Path(__file__).parent.glob("tasks_*.py")):
    import_module(f"roder.control.{_part.stem}")
