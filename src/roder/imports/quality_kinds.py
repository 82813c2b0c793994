"""The files about quality that can be read in: deviations, lex Sarah, complaints, quality registers (4-quality)."""

from __future__ import annotations

from roder.imports.case_kinds import COMPLAINTS, LEX_SARAH
from roder.imports.deviation_kinds import DEVIATIONS
from roder.imports.register_kinds import QUALITY_REGISTERS

__all__ = ["COMPLAINTS", "DEVIATIONS", "LEX_SARAH", "QUALITY_REGISTERS"]
