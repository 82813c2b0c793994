"""What the addresses of questionnaires and self-checks are opened with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from roder import questionnaires
from roder.organisation.models import Body, Person, Unit
from roder.quality.selfchecks import services
from tests.questionnaires.conftest import ROUND

FORMS = Path(__file__).parents[2] / "examples" / "formular"


def samples(body: Body, people: dict[str, Person], unit: Unit, deviation: int) -> dict[str, list[Any]]:
    """A set with an answer, a public set, and a decided plan with a round that one item is answered in."""
    by = people["quality_strategist"]
    version = questionnaires.load_text(ROUND, body)
    questionnaires.load_set(FORMS / "klagomal.yaml", body)
    questionnaires.load_set(FORMS / "egenkontroll-lakemedel.yaml", body)
    questionnaires.load_set(FORMS / "avvikelse-utredning.yaml", body)
    answer = questionnaires.open_answer(version, by, unit=unit, year=2022)
    plan = services.make_plan(unit, 2022, by)
    risk = services.add_risk(plan, by, step="carry_out", what="Prov", likelihood=2, consequence=2)
    check = services.add_check(
        plan, by, title="Koll", question_set=services.question_sets_of(body.pk)[0], method="Stickprov",
        interval="year", first_on=date(2022, 6, 1),
    )  # fmt: skip
    services.decide_plan(plan, by, plan.revision, today=date(2022, 5, 1))
    made = check.rounds.get()
    services.answer_item(made, by, 1)
    return {
        "questionnaires:sets": [], "questionnaires:upload": [], "questionnaires:set": ["arskoll"],
        "questionnaires:source": ["arskoll"], "questionnaires:begin": ["arskoll"],
        "questionnaires:compilation": ["arskoll"], "questionnaires:answer": [answer.pk],
        "questionnaires:reopen": [answer.pk], "questionnaires:public": ["klagomal"],
        "quality:deviation_questions": [deviation, "avvikelse-utredning"],
        "quality:plans": [], "quality:plan": [plan.pk], "quality:check-stop": [check.pk],
        "quality:plan-risk": [risk.pk], "quality:round": [made.pk],
        "quality:round-skip": [made.pk], "quality:round-item": [made.pk, 1],
        "quality:round-item-reopen": [made.pk, 1], "quality:egenkontroller": [],
    }  # fmt: skip
