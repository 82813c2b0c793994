"""A scale cell by cell: what is read of it where no rule can be asked, in a snapshot's figures.

The rules themselves are those of `roder.control.rules.scales`; this is what they say of every pair of scores.
"""

from __future__ import annotations

from typing import Any

from roder.control.rules.scales import Scale, level, proposals, value


def name(likelihood: int, impact: int) -> str:
    """What a cell is called: ``3x4``."""
    return f"{likelihood}x{impact}"


def cells(scale: Scale) -> dict[str, dict[str, Any]]:
    """Every cell of a scale: its level (code, label and place from the mildest), and the handlings that are proposed.

    A scale without named levels has the bands of its handling rule as levels (``6–12``); one without either has none.
    """
    places = {one.code: place for place, one in enumerate(scale.levels)}
    found: dict[str, dict[str, Any]] = {}
    for likelihood, impact in scale.cells():
        cell: dict[str, Any] = {"proposals": list(proposals(scale, likelihood, impact))}
        named = level(scale, likelihood, impact)
        if named is not None:
            cell |= {"level": named.code, "label": named.label, "place": places[named.code]}
        elif not scale.matrix:
            worth = value(likelihood, impact)
            for place, band in enumerate(scale.bands):
                if band.lowest <= worth <= band.highest:
                    words = (
                        f"{band.lowest}–{band.highest}" if band.lowest < band.highest else str(band.lowest)
                    )
                    cell |= {"level": words, "label": f"Riskvärde {words}", "place": place}
                    break
        found[name(likelihood, impact)] = cell
    return found
