"""What the committee's steering model says of quality: deadlines, and days to acknowledge and answer."""

from __future__ import annotations

from datetime import date

from roder.organisation.models import Body
from roder.quality.rules_lex import last_day
from roder.steering.modelfile import SteeringModel
from roder.steering.models import SteeringModelVersion
from roder.steering.services import parsed

#: code -> (amount, unit) where the model does not say. Källor: 3 kap. 5 § patientsäkerhetslagen (lex Maria);
#: "snarast" i 14 kap. 7 § socialtjänstlagen (2001:453) räknas som nästa arbetsdag.
DEFAULTS: dict[str, tuple[int, str]] = {
    "lex_maria_anmalan": (2, "months"),
    "lex_sarah_anmalan": (1, "working_days"),
    "utforare_kvartal": (15, "days"),
}


def model_on(committee: Body, day: date) -> SteeringModel | None:
    """The steering model of the day's year; else that of the latest year before, else of the first after."""
    versions = SteeringModelVersion.objects.filter(committee=committee).defer("source", "content")
    found = (
        versions.filter(year__lte=day.year).order_by("-year", "-version").first()
        or versions.order_by("year", "-version").first()
    )
    return parsed(found) if found else None


def deadline(committee: Body, code: str, start: date) -> date:
    """The last day of the deadline ``code`` counted from ``start``, by the model or by ``DEFAULTS``."""
    model = model_on(committee, start)
    stated = next((one for one in model.deadlines if one.code == code), None) if model else None
    amount, unit = (stated.amount, str(stated.unit)) if stated else DEFAULTS[code]
    return last_day(start, amount, unit)
