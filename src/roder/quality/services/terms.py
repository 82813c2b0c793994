"""What the committee's steering model says of quality: deadlines, and days to acknowledge and answer."""

from __future__ import annotations

from datetime import date

from roder.organisation.models import Body
from roder.quality.rules.lex import last_day
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
    found = _version_on(committee, day)
    return parsed(found) if found else None


def _version_on(committee: Body, day: date) -> SteeringModelVersion | None:
    versions = SteeringModelVersion.objects.filter(committee=committee).defer("source", "content")
    return (
        versions.filter(year__lte=day.year).order_by("-year", "-version").first()
        or versions.order_by("year", "-version").first()
    )


def smallest_shown(committee: Body, day: date) -> int | None:
    """The smallest number that is shown to those who may not open the cases, as the steering model has it; None when
    it says nothing. Read alone: the whole model is long."""
    found = _version_on(committee, day)
    if found is None:
        return None
    rows = SteeringModelVersion.objects.filter(pk=found.pk)
    said: int | None = rows.values_list("content__deviations__suppress_below", flat=True).get()
    return said


def deadline(committee: Body, code: str, start: date) -> date:
    """The last day of the deadline ``code`` counted from ``start``, by the model or by ``DEFAULTS``."""
    model = model_on(committee, start)
    stated = next((one for one in model.deadlines if one.code == code), None) if model else None
    amount, unit = (stated.amount, str(stated.unit)) if stated else DEFAULTS[code]
    return last_day(start, amount, unit)
