"""The wheel of 2022/2023 in Alingsås has the dates of the real calendar, one by one.

Källa: Uppföljningsanvisningarna, årsplan 2022/2023 (månad för månad, planering och uppföljning), och
chefsanvisningarnas årsplan för delårsbokslut och årsbokslut (startdatum, slutdatum).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roder.followup import wheel
from roder.followup.rules.wheel import Event, Ring, span_of
from roder.organisation.models import Body, Municipality
from roder.steering.loading import load_model

EXAMPLES = Path(__file__).parents[3] / "examples"
P, F = Ring.PLANNING, Ring.FOLLOW_UP

#: (ring, first day, last day, a word of its name, who)
PRINTED = (
    (F, "2022-02-10", "", "underlag till årsredovisning 2021", "KLK"),
    (F, "2022-02-21", "", "Dialog om årsredovisning 2021", "KSAU"),
    (F, "2022-02-21", "", "Nämnden beslutar om årsredovisning 2021", "VON"),
    (F, "2022-03-30", "", "Kommunfullmäktige beslutar om årsredovisning 2021", "KF"),
    (P, "2022-04-18", "", "Ramberedning", "KSAU"),
    (F, "2022-05-13", "", "Fördjupad månadsuppföljning april 2022: Förvaltningens underlag", "KLK"),
    (F, "2022-05-16", "", "Fördjupad månadsuppföljning april 2022: Dialog", "KSAU"),
    (F, "2022-05-19", "", "Fördjupad månadsuppföljning april 2022: Nämnden beslutar", "VON"),
    (F, "2022-06-07", "", "Fördjupad månadsuppföljning april 2022: Kommunstyrelsen beslutar", "KS"),
    (P, "2022-06-20", "", "Kommunstyrelsen beslutar om ramar 2023–2025", "KS"),
    (P, "2022-08-31", "", "Investeringsbehov", "KLK"),
    (P, "2022-09-13", "2022-09-16", "Budgetberedning", "KSAU"),
    (F, "2022-09-13", "", "Delårsbokslut 2022: Förvaltningens underlag", "KLK"),
    (F, "2022-09-27", "", "Delårsbokslut 2022: Dialog", "KSAU"),
    (F, "2022-09-27", "", "Delårsbokslut 2022: Nämnden beslutar", "VON"),
    (P, "2022-10-17", "", "Kommunstyrelsen beslutar om budget 2023", "KS"),
    (F, "2022-10-26", "", "Delårsbokslut 2022: Kommunfullmäktige beslutar", "KF"),
    (P, "2022-11-02", "", "Kommunfullmäktige beslutar om budget 2023", "KF"),
    (P, "2022-12-31", "", "Sista dag för nämndens beslut om budget 2023", "VON"),
    (F, "2023-02-09", "", "Årsbokslut 2022: Förvaltningens underlag", "KLK"),
    (F, "2023-02-20", "", "Årsbokslut 2022: Dialog", "KSAU"),
    (F, "2023-02-20", "", "Årsbokslut 2022: Nämnden beslutar", "VON"),
    # The managers' instructions: process, title, start, end.
    (F, "2022-08-12", "", "Delårsbokslut 2022: Utfall för nyckeltal", ""),
    (F, "2022-08-12", "2022-08-23", "Delårsbokslut 2022: Enhetschefernas uppföljning", ""),
    (F, "2022-08-24", "2022-08-30", "Delårsbokslut 2022: Avdelningschefernas uppföljning", ""),
    (F, "2023-01-12", "", "Årsbokslut 2022: Utfall för nyckeltal", ""),
    (F, "2023-01-12", "2023-01-19", "Årsbokslut 2022: Enhetschefernas uppföljning", ""),
    (F, "2023-01-20", "2023-01-26", "Årsbokslut 2022: Avdelningschefernas uppföljning", ""),
    # The questionnaire of the auditors.
    (F, "2022-09-30", "", "grundläggande granskningen", "KPMG"),
)  # fmt: skip


@pytest.fixture
def found(db: None) -> list[Event]:
    town = Municipality.objects.create(code="1489", name="Alingsås kommun", slug="alingsas")
    von = Body.objects.create(
        municipality=town,
        kind="committee",
        name="Vård- och omsorgsnämnden",
        short_name="VON",
        slug="alingsas-von",
    )
    load_model(von, (EXAMPLES / "alingsas" / "styrmodell.yaml").read_text(encoding="utf-8"))
    return wheel.events(von, *span_of(2022))


def test_every_printed_date_stands_on_the_wheel(found: list[Event]) -> None:
    for ring, first, last, words, body in PRINTED:
        same = [
            one
            for one in found
            if words in one.title
            and (one.ring, one.day, one.last)
            == (ring, date.fromisoformat(first), date.fromisoformat(last or first))
            and (not body or one.body == body)
        ]
        assert len(same) == 1, (words, first, [one.title for one in found if words in one.title])


def test_nothing_else_of_planning_and_follow_up_has_a_date_of_its_own(found: list[Event]) -> None:
    """Beside the printed ones there are the cut-offs of the months' follow-ups and the committee's meetings."""
    printed = {(ring, date.fromisoformat(first)) for ring, first, *_ in PRINTED}
    others = [one for one in found if one.ring in (P, F) and (one.ring, one.day) not in printed]
    assert {one.title.partition(" 2022: ")[2] or one.title for one in others} == {
        "brytdatum", "Vård- och omsorgsnämnden sammanträder",
    }  # fmt: skip


def test_papers_are_in_by_noon(found: list[Event]) -> None:
    assert {one.day for one in found if one.clock == "12.00"} == {
        date(2022, 5, 13), date(2022, 9, 13), date(2023, 2, 9),
    }  # fmt: skip


def test_the_year_before_shows_what_led_up_to_the_budget(found: list[Event]) -> None:
    von = Body.objects.get(slug="alingsas-von")
    earlier = wheel.events(von, *span_of(2021), rings=[Ring.PLANNING])
    assert {(one.day, one.body) for one in earlier if "Budget 2022–2024" in one.title} == {
        (date(2021, 10, 14), "AU"), (date(2021, 12, 17), "VON"), (date(2021, 12, 31), "KLK"),
    }  # fmt: skip
