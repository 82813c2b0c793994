"""What the addresses of the risk workshop and the self-assessment are opened with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from roder import questionnaires
from roder.control.services import workshops
from roder.organisation.models import Body, Person
from tests.control.walk_samples import analysis_of

FORM = Path(__file__).parents[2] / "examples" / "formular" / "internkontroll-sjalvskattning.yaml"


def samples(body: Body, people: dict[str, Person]) -> dict[str, list[Any]]:
    """A workshop that collects, with a suggestion, and the form that units answer."""
    by = people["quality_strategist"]
    questionnaires.load_set(FORM, body, by)
    one = workshops.start(analysis_of(body), by, "Riskworkshop", date(2021, 10, 5))
    risk = workshops.suggest(one, by, "Ett förslag")
    form = ["internkontroll-sjalvskattning"]
    return {
        "control:workshops": [], "control:self_assessment": [],
        **{f"control:workshop{name}": [one.pk] for name in (
            "", "_suggest", "_step", "_names", "_screen", "_live", "_now",
        )},
        **{f"control:workshop_{name}": [one.pk, risk.pk] for name in ("suggestion", "score", "decide", "talk")},
        **{f"control:self_assessment_{name}": form for name in ("form", "start", "remind")},
    }  # fmt: skip
