"""How many events of each kind there are in each half-year: the printed totals, and plausible numbers beside them."""

# ruff: noqa: E501 - tables of made-up text, a row each
from __future__ import annotations

from dataclasses import dataclass, field

AREAS = ("sol_boende", "sol_hemtjanst", "privat_hemtjanst", "lss_boende", "lss_assistans")
TYPES = (
    "fall",
    "lakemedel",
    "omvardnad",
    "bemotande",
    "informationsoverforing",
    "dokumentation",
    "medicinteknik",
)
#: Printed: the totals of the first half-years 2022 and 2021, those of 2021 per type, medical equipment 2022, 2019 and (less
#: than half) 2020, serious ones per area, to and from the region. Everything else is made up.


@dataclass(frozen=True)
class Half:
    """A half-year: internal deviations in total, how many are of each type (in the order of TYPES; some are of two),
    serious falls and drug events per area, and how many went to and came from the region and external providers."""

    year: int
    half: int
    total: int
    types: tuple[int, ...]
    serious_falls: tuple[int, ...]
    serious_drugs: tuple[int, ...]
    sent: int
    received: int
    external: int
    classified: float
    closed: float
    equipment: tuple[int, ...] = field(default=())

    @property
    def first_month(self) -> int:
        """January or July."""
        return 1 if self.half == 1 else 7

    @property
    def doubled(self) -> int:
        """How many deviations are of two types."""
        return sum(self.types) - self.total


HALVES = (
    Half(2018, 1, 2210, (1085, 800, 290, 45, 45, 25, 30), (6, 3, 1, 1, 0), (3, 2, 1, 0, 0), 4, 6, 5, 0.82, 0.98),
    Half(2018, 2, 2260, (1100, 840, 300, 46, 46, 26, 32), (7, 2, 1, 0, 0), (2, 3, 0, 1, 0), 5, 7, 6, 0.81, 0.98),
    Half(2019, 1, 2340, (1110, 850, 310, 50, 50, 30, 44), (6, 4, 0, 1, 0), (4, 2, 1, 0, 0), 4, 9, 6, 0.78, 0.97),
    Half(2019, 2, 2400, (1120, 900, 300, 48, 52, 32, 40), (8, 3, 1, 0, 0), (3, 2, 1, 1, 0), 6, 8, 7, 0.76, 0.96),
    Half(2020, 1, 2395, (1130, 980, 250, 40, 45, 40, 20), (7, 3, 0, 0, 0), (4, 3, 0, 0, 1), 3, 7, 5, 0.65, 0.94),
    Half(2020, 2, 2470, (1140, 1020, 270, 42, 50, 50, 24), (8, 3, 1, 0, 0), (5, 3, 1, 0, 0), 4, 8, 6, 0.60, 0.92),
    Half(2021, 1, 2582, (1190, 1250, 230, 48, 62, 72, 30), (7, 2, 0, 0, 0), (6, 4, 2, 0, 0), 5, 12, 7, 0.43, 0.53),
    Half(2021, 2, 4150, (1339, 2535, 330, 84, 66, 92, 34), (10, 4, 1, 0, 0), (0, 0, 0, 0, 0), 9, 14, 8, 0.43, 0.53),
    Half(
        2022, 1, 3444, (1165, 1560, 600, 75, 120, 160, 44), (11, 6, 3, 0, 0), (2, 0, 0, 2, 1), 33, 21, 9, 0.62, 0.71,
        equipment=(29, 7, 0, 6, 2),
    ),
    Half(2022, 2, 3650, (1190, 1650, 640, 70, 120, 170, 46), (9, 5, 2, 0, 0), (2, 1, 0, 1, 0), 38, 24, 10, 0.58, 0.60),
)  # fmt: skip

#: Units of the example organisation with how often they report, per area.
UNITS: dict[str, dict[str, int]] = {
    "sol_boende": {
        "81132": 14,
        "81141": 12,
        "81160": 10,
        "81222": 9,
        "81331": 11,
        "81370": 7,
        "81470": 8,
        "demens-kvarnbacken": 17,
        "natt-kvarnbacken": 8,
    },
    "sol_hemtjanst": {"haga-hemtjanst-1": 10, "hemtjanst-nord": 9, "hemtjanst-syd": 8, "hemtjanst-natt": 4},
    "privat_hemtjanst": {"privat-hemtjanst-a": 6, "privat-hemtjanst-b": 4},
    "lss_boende": {"grb-kavlasvagen": 6, "lapplandsgatan": 4, "gruppbostad-vast": 5, "daglig-verksamhet": 5},
    "lss_assistans": {"personlig-assistans": 6, "boendestod": 4},
}
#: How a type spreads over the areas.
SPREAD: dict[str, tuple[int, ...]] = {
    "fall": (58, 24, 7, 8, 3),
    "lakemedel": (44, 27, 8, 16, 5),
    "omvardnad": (50, 24, 4, 16, 6),
    "bemotande": (46, 18, 2, 28, 6),
    "informationsoverforing": (34, 36, 6, 18, 6),
    "dokumentation": (40, 30, 4, 18, 8),
    "medicinteknik": (66, 17, 0, 14, 3),
}
#: Since 2022 the homes for the old report more care that was not given.
SPREAD_2022 = {"omvardnad": (66, 17, 3, 10, 4)}
#: Type that a second type is put beside.
BESIDE: dict[str, tuple[str, ...]] = {
    "dokumentation": ("lakemedel",),
    "informationsoverforing": ("omvardnad", "lakemedel"),
    "omvardnad": ("fall", "bemotande"),
    "lakemedel": ("fall",),
}
#: How much of a type stands as a second type, at most.
SECOND = {"dokumentation": 0.5, "informationsoverforing": 0.5, "omvardnad": 0.25}
