"""The yearly self-assessment: a round of tasks, answers that finish them, reminders, and years compared."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roder import questionnaires
from roder.access import NotAllowedError
from roder.control.services import self_assessments as rounds
from roder.control.services.self_assessments import RoundFault
from roder.organisation.models import Person, Unit
from roder.questionnaires.models import Answer, QuestionSet
from roder.tasks.models import Notice, Task
from tests.control.world import Room

FORMS = Path(__file__).parents[2] / "examples" / "formular"
GOOD: dict[str, Any] = {
    "ansvar": 4, "riktlinjer": 5, "kompetens": 4, "riskarbete": 5, "gjorda": "alla", "atgardade": 4,
    "bedomning": "tillracklig", "motivering": "Det fungerar på enheten.",
}  # fmt: skip
BAD = {
    **GOOD,
    "ansvar": 2,
    "riktlinjer": 2,
    "kompetens": 3,
    "lag": "En ny introduktion.",
    "bedomning": "otillracklig",
}


@pytest.fixture
def form(room: Room) -> QuestionSet:
    questionnaires.load_set(FORMS / "korruption-genomgang.yaml", room.committee)
    return questionnaires.load_set(FORMS / "internkontroll-sjalvskattning.yaml", room.committee).question_set


def soon() -> date:
    return timezone.localdate() + timedelta(days=14)


def answer(form: QuestionSet, by: Person, unit: Unit, year: int, values: dict[str, Any]) -> Answer:
    made = questionnaires.open_answer(
        questionnaires.current(form.committee_id, form.code), by, unit=unit, year=year
    )
    return questionnaires.save_answer(made, by, values, expected_revision=made.revision, final=True)


def page(room: Room, role: str, path: str = "") -> str:
    shown = room.client(role).get(f"{room.root}sjalvskattning/{path}")
    assert shown.status_code == 200, (role, shown.status_code)
    return str(shown.content.decode())


def test_a_round_gives_tasks_that_are_done_by_the_answer(
    room: Room, form: QuestionSet, strategist: Person, manager: Person
) -> None:
    units = list(rounds.units_asked(room.committee))
    assert room.unit in units
    assert rounds.start_round(form, 2022, strategist, units, soon()) == len(units)
    assert rounds.start_round(form, 2022, strategist, units, soon()) == 0
    task = Task.objects.get(kind=rounds.KIND, unit=room.unit)
    assert (task.role, task.state) == ("unit_manager", "open") and "jälvskattning" in task.what
    address = f"{room.root}sjalvskattning/"
    assert "inte börjat" in page(room, "unit_manager")
    assert room.client("unit_manager").post(f"{address}{form.code}/paminn/").status_code == 403
    Notice.objects.all().delete()
    assert rounds.remind(form, 2022, strategist) >= 1
    assert rounds.remind(form, 2022, strategist) == 0
    assert Notice.objects.filter(recipient=manager, title__startswith="Påminnelse").count() == 1
    answer(form, manager, room.unit, 2022, GOOD)
    task.refresh_from_db()
    assert (task.state, task.closed_by) == ("done", manager)
    assert not rounds.open_tasks(rounds.round_answers(form, 2022)).filter(unit=room.unit).exists()
    assert rounds.start_round(form, 2022, strategist, [room.unit], soon()) == 0


def test_what_stops_a_round_is_said_at_its_field(room: Room, form: QuestionSet, strategist: Person) -> None:
    for units, due, field in (([], soon(), "units"), ([room.unit], date(2020, 1, 1), "due")):
        with pytest.raises(RoundFault) as fault:
            rounds.start_round(form, 2022, strategist, units, due)
        assert fault.value.field == field
    for role in ("member", "unit_manager", "auditor"):
        with pytest.raises(NotAllowedError):
            rounds.start_round(form, 2022, room.by(role), [room.unit], soon())
    client, at = room.client("quality_strategist"), f"{room.root}sjalvskattning/{form.code}/starta/"
    told = client.post(at, {"units": [room.unit.pk], "due": "i morgon"})
    assert told.status_code == 422 and "Skriv datumet" in told.content.decode()
    assert "Välj minst en enhet" in client.post(at, {"due": soon().isoformat()}).content.decode()
    done = client.post(at, {"units": [room.unit.pk], "due": soon().isoformat()}, follow=True)
    assert "1 enhet har fått uppgiften" in done.content.decode()
    reminded = client.post(f"{room.root}sjalvskattning/{form.code}/paminn/", follow=True)
    assert "fått en påminnelse" in reminded.content.decode()
    QuestionSet.objects.filter(pk=form.pk).update(closed=True)
    told = client.post(at, {"units": [room.unit.pk], "due": soon().isoformat()})
    assert told.status_code == 422 and "är stängt" in told.content.decode()
    assert client.get(f"{room.root}sjalvskattning/klagomal/").status_code == 404


def test_years_are_compared_by_area(
    room: Room, form: QuestionSet, strategist: Person, manager: Person
) -> None:
    other = Unit.objects.filter(committee=room.committee).exclude(pk=room.unit.pk).first()
    assert other is not None
    answer(form, manager, room.unit, 2021, BAD)
    answer(form, manager, room.unit, 2022, GOOD)
    answer(form, strategist, other, 2022, BAD)
    made = rounds.yearly(form, 2022)
    assert (made.years, made.answers) == ([2021, 2022], {2021: 1, 2022: 2})
    shares = {one.title: [one.years[year].share for year in made.years] for one in made.areas}
    assert shares == {
        "Kontrollmiljö": [0, 50], "Riskbedömning": [100, 100], "Kontroller och uppföljning": [100, 100],
        "Samlad bedömning": [0, 50],
    }  # fmt: skip
    assert rounds.yearly(form, 2021).answers == {2021: 1}
    shown = page(room, "member")
    assert "Kontrollmiljö: goda svar ökade från 0 % (2021) till 50 % (2022)" in shown and "<svg" in shown
    assert "2 enheter har svarat 2022" in shown and "En ny introduktion" not in shown
    assert "Enheternas svar" not in shown and "Starta årets omgång" not in shown
    mine = page(room, "unit_manager")
    assert "Det fungerar på enheten." in mine and "En ny introduktion" not in mine
    assert "En ny introduktion" in page(room, "quality_strategist")
    assert room.client("care_staff").get(f"{room.root}sjalvskattning/").status_code == 403


def test_the_review_of_corruption_is_reached_the_same_way(
    room: Room, form: QuestionSet, strategist: Person
) -> None:
    review = QuestionSet.objects.get(code="korruption-genomgang")
    values = {
        "kanda": "ja",
        "samtal": "nej",
        "tva": "ja",
        "bisysslor": "ja",
        "vart": "ja",
        "behov": "Prata om det.",
    }
    answer(review, strategist, room.unit, 2022, values)
    shown = page(room, "auditor", "korruption-genomgang/")
    assert "De fem frågorna har lägst andel goda svar 2022: 80 %" in shown
    assert "Inga svar än" in page(room, "quality_strategist")


def test_no_form_says_what_to_do(room: Room) -> None:
    assert "Formuläret är inte inläst" in page(room, "member")
    assert "Läs in det under" in page(room, "quality_strategist")


def test_more_units_and_years_take_no_more_questions(
    room: Room, form: QuestionSet, strategist: Person
) -> None:
    def count() -> int:
        client = room.client("quality_strategist")
        client.get(f"{room.root}sjalvskattning/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{room.root}sjalvskattning/").status_code == 200
        return len(asked)

    rounds.start_round(form, 2022, strategist, [room.unit], soon())
    answer(form, strategist, room.unit, 2021, GOOD)
    few = count()
    made = [
        Unit.objects.create(committee=room.committee, code=f"X{n}", name=f"Enhet {n}", kind="unit")
        for n in range(15)
    ]
    rounds.start_round(form, 2022, strategist, made, soon())
    for unit in made:
        for year in (2019, 2020, 2021):
            answer(form, strategist, unit, year, GOOD)
    assert count() <= few + 1
