"""What a steering model says of critical factors: perspectives, a scale, and a rule of each kind."""

from __future__ import annotations

from typing import Any

GRADED: dict[str, Any] = {
    "critical_factors": {
        "perspectives": [{"code": "ekonomi", "label": "Ekonomi"}, {"code": "malgrupp", "label": "Målgrupp"}]
    },
    "status_scales": [
        {
            "code": "kritisk_faktor",
            "label": "Kritisk faktor",
            "subject": "critical_factor",
            "occasion_kinds": ["interim"],
            "statuses": [
                {"code": code, "label": code.capitalize(), "order": place, "tone": tone}
                for place, (code, tone) in enumerate(
                    (("saknas", "none"), ("anm", "bad"), ("nara", "near"), ("bra", "good"))
                )
            ],
        }
    ],
    "grading_rules": [
        {
            "code": "riket",
            "label": "Mot riket",
            "kind": "against_national_mean",
            "measures": ["r1", "r2"],
            "scale": "kritisk_faktor",
            "missing": "saknas",
            "published_digits": 0,
            "higher": "bra",
            "equal": "nara",
            "lower": "anm",
        },
        {
            "code": "andel",
            "label": "Mot målet",
            "kind": "percent_of_target",
            "measures": ["p1", "p2"],
            "scale": "kritisk_faktor",
            "missing": "saknas",
            "better": "lower",
            "boundary": "lower",
            "bands": [{"up_to": 100, "status": "bra"}, {"up_to": 110, "status": "nara"}, {"status": "anm"}],
        },
        {
            "code": "antal",
            "label": "Antal",
            "kind": "count_bands",
            "measures": ["c1"],
            "scale": "kritisk_faktor",
            "missing": "saknas",
            "bands": [{"up_to": 2, "status": "bra"}, {"up_to": 3, "status": "nara"}, {"status": "anm"}],
        },
    ],
}
