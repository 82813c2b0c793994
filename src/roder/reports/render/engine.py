"""The drawing engine itself: vl-convert with our font."""

from __future__ import annotations

from functools import cache
from typing import Any

from roder.reports.render.layout import FONTS


@cache
def engine() -> Any:
    """vl-convert with our font. Loaded at the first chart: it costs 50 ms and 80 MB where none is drawn."""
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
