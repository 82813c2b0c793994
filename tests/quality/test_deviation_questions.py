"""The committee's question sets about a deviation: answered in the case by who handles it, read by who sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roder import files, questionnaires
from roder.quality.models import Deviation
from roder.quality.services import moves
from roder.questionnaires.models import Answer, QuestionSet
from tests.quality.deviation_world import Quality, build_quality

FORM = Path(__file__).parents[2] / "examples" / "formular" / "avvikelse-utredning.yaml"
ANSWERED = {
    "q-talat": "personal", "q-omraden": "rutiner", "q-rutin": "saknas",
    "q-bakomliggande": "Ingen visste vem som hade larmet.",
    "q-risk": "2", "q-skada": "3", "q-djupare": "nej", "q-aterkopplat": "ja", "deed": "final",
}  # fmt: skip
SAID = "Ingen visste vem som hade larmet."


@pytest.fixture
def quality(db: None) -> Quality:
    made = build_quality()
    questionnaires.load_set(FORM, made.committee)
    return made


def login(quality: Quality, role: str) -> Client:
    client = Client()
    client.force_login(quality.who(role), "django.contrib.auth.backends.ModelBackend")
    return client


def page(quality: Quality, case: Deviation, role: str) -> str:
    answer = login(quality, role).get(f"{quality.world.root}avvikelser/{case.pk}/", follow=True)
    return str(answer.content.decode())


def begin(quality: Quality, case: Deviation, role: str) -> Any:
    return login(quality, role).post(f"{quality.world.root}avvikelser/{case.pk}/fragor/avvikelse-utredning/")


def answered(quality: Quality, case: Deviation, role: str = "unit_manager") -> Answer:
    address = begin(quality, case, role)["Location"]
    client = login(quality, role)
    form = client.get(address)
    assert form.status_code == 200
    sent = client.post(address, {**ANSWERED, "revision": form.context["done"].revision})
    assert sent.status_code == 302, sent.content.decode()
    return Answer.objects.get(state="final")


@pytest.mark.parametrize("role", ["unit_manager", "licensed", "mas", "sas"])
def test_who_handles_the_case_answers_in_it_and_the_page_shows_it(quality: Quality, role: str) -> None:
    case = quality.report()
    assert "Utredning av avvikelse" in page(quality, case, role) and "Inte besvarat" in page(
        quality, case, role
    )
    answer = answered(quality, case, role)
    assert (answer.unit, answer.year) == (quality.unit, case.reported_at.year)
    for reader in ("unit_manager", "sas", "mas", "quality_strategist"):
        assert SAID in page(quality, case, reader), reader
    back = login(quality, role).get(f"{quality.world.root}fragor/svar/{answer.pk}/").content.decode()
    assert f"avvikelser/{case.pk}/" in back and case.number in back


@pytest.mark.parametrize(
    ("role", "status"),
    [("care_staff", 403), ("quality_strategist", 403), ("controller", 403), ("unit_manager_2", 404)],
)
def test_others_do_not_answer(quality: Quality, role: str, status: int) -> None:
    assert begin(quality, quality.report(), role).status_code == status
    assert not Answer.objects.exists()


def test_the_reporter_and_other_units_do_not_read_the_answers(quality: Quality) -> None:
    case = quality.report()
    answer = answered(quality, case)
    for role in ("care_staff", "unit_manager_2", "controller", "member"):
        seen = questionnaires.visible_answers(quality.who(role), Answer.objects.all())
        assert not seen.exists(), role
        assert SAID not in page(quality, case, role)
        direct = login(quality, role).get(f"{quality.world.root}fragor/svar/{answer.pk}/")
        assert direct.status_code in (403, 404), role


def test_a_social_case_is_not_the_licensed_staffs(quality: Quality) -> None:
    assert begin(quality, quality.social(), "licensed").status_code == 404


def test_a_closed_case_shows_its_answers_and_takes_no_more(quality: Quality) -> None:
    case = quality.report()
    answer = answered(quality, case)
    Deviation.objects.filter(pk=case.pk).update(state="closed", closed_at=case.reported_at)
    seen = page(quality, case, "unit_manager")
    assert SAID in seen and "Öppna för ändring" not in seen
    again = begin(quality, case, "unit_manager")
    assert again["Location"].endswith(f"avvikelser/{case.pk}/")
    reopened = login(quality, "unit_manager").post(
        f"{quality.world.root}fragor/svar/{answer.pk}/oppna/", {"reason": "Fel"}
    )
    answer.refresh_from_db()
    assert reopened.status_code == 403 and answer.state == "final"


def test_without_a_set_for_deviations_nothing_is_asked(quality: Quality) -> None:
    QuestionSet.objects.update(subject_kinds=["quality.selfcheckround"])
    case = quality.report()
    assert "Frågor i utredningen" not in page(quality, case, "unit_manager")
    assert begin(quality, case, "unit_manager")["Location"].endswith(f"avvikelser/{case.pk}/")


def test_a_case_that_is_handed_over_takes_its_answers_with_it(quality: Quality) -> None:
    case = quality.report()
    answer = answered(quality, case)
    moves.hand_over(case, quality.who("unit_manager"), quality.sibling, reason="Hände hos er.")
    answer.refresh_from_db()
    assert answer.unit == quality.sibling
    assert begin(quality, case, "unit_manager_2")["Location"].endswith(f"/svar/{answer.pk}/")


def test_evidence_is_kept_with_the_investigation_and_not_with_the_report(quality: Quality) -> None:
    text = FORM.read_text().replace(
        "  - code: bedomning\n",
        "  - code: underlag\n    title: Underlag\n    questions:\n"
        "      - {code: bevis, type: evidence, text: Underlag}\n  - code: bedomning\n",
    )
    questionnaires.load_text(text, quality.committee)
    case = quality.report()
    address = begin(quality, case, "unit_manager")["Location"]
    client = login(quality, "unit_manager")
    form = client.get(address)
    note = SimpleUploadedFile("samtal.txt", b"Samtal med personalen.", "text/plain")
    sent = {**ANSWERED, "q-bevis-file": note, "revision": form.context["done"].revision}
    assert client.post(address, sent).status_code == 302
    step = case.steps.get(code="investigation")
    assert files.of(step).count() == 1
    assert not files.of(case)
