"""The pages of the plan as people use them: begun, filled, adopted, followed up, and read by the board."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    PlanReview,
    PointReview,
    RiskAnalysis,
)
from roder.control.services import follow_up, rounds
from tests.control.test_board import neighbour
from tests.control.walk_samples_plan import samples
from tests.control.world import Room

TODAY = timezone.localdate()
PLAN = "internkontroll/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def at(room: Room, path: str, year: int = 2022) -> str:
    return f"/{room.committee.slug}/{year}/{PLAN}{path}"


def test_a_plan_from_the_analysis_to_its_adoption(room: Room) -> None:
    client, secretary = room.client("quality_strategist"), room.client("secretary")
    RiskAnalysis.objects.filter(pk=room.analysis.pk).update(year=2023)
    shown = text(client.get(at(room, "", 2023)))
    assert "2023 har ingen internkontrollplan" in shown
    assert "Börja från riskanalysen" in shown
    assert "Börja" not in text(room.client("member").get(at(room, "", 2023))).split("<main")[1]
    done = text(client.post(at(room, "borja/", 2023), {"fran": "analys"}, follow=True))
    assert "7 punkter hämtades ur riskanalysen" in done
    assert "Det här måste bli klart" in done
    plan = ControlPlan.objects.get(year=2023)
    point = plan.points.get(number="1")
    refused = client.post(
        at(room, f"punkt/{point.pk}/ny-kontroll/", 2023),
        {"what": "Att riktlinjen finns", "method": "documents", "scope": "number", "times_a_year": "1"},
    )
    assert refused.status_code == 400
    shown = text(refused)
    assert "Att riktlinjen finns" in shown, "det som är skrivet finns kvar"
    for given in ({"scope": "all"}, {"what": "Att det räcker", "scope": "share", "scope_share": "12,5 %"}):
        client.post(
            at(room, f"punkt/{point.pk}/ny-kontroll/", 2023),
            {"what": "Att det görs", "method": "sample", "times_a_year": "1", "responsible": "Avdelningschef",
             "owner_role": "sas", "occasions": ["interim"], **given},
        )  # fmt: skip
    made = Control.objects.filter(point=point)
    assert [str(one.scope_share) for one in made] == ["None", "12.50"]
    for one in plan.points.exclude(pk=point.pk):
        one.controls.create(
            committee=room.committee, what="Det", responsible="Chef", owner_role="sas", occasions=["annual"]
        )
    assert "Ingenting saknas" in text(secretary.get(at(room, "anta/", 2023)))
    assert (
        secretary.post(at(room, "anta/", 2023), {"on": "", "decision": "", "revision": 1}).status_code == 400
    )
    given_day = {"on": TODAY.isoformat(), "decision": "§ 84", "revision": plan.revision}
    assert "Planen är antagen" in text(secretary.post(at(room, "anta/", 2023), given_day, follow=True))
    again = secretary.post(at(room, "anta/", 2023), given_day)
    assert again.status_code == 400
    assert "antogs redan" in text(again)


def test_last_years_plan_is_carried_over_on_the_page(room: Room) -> None:
    done = room.client("quality_strategist").post(at(room, "borja/", 2023), {"fran": "plan"}, follow=True)
    assert "2 punkter fördes över från 2022" in text(done)


def test_the_plan_is_read_by_those_who_sit(room: Room) -> None:
    client = room.client("member")
    shown = text(client.get(at(room, "")))
    for said in ("Antagen 17", "§ 84", "Att avsteg har en daterad motivering", "10\u00a0%", "5 per gång"):
        assert said in shown
    assert "Öppna kontrollerna" not in shown
    for path in ("punkt/ny/", "andra/", "anta/"):
        assert client.get(at(room, path)).status_code == 403
    for path in (f"punkt/{room.points[0].pk}/", f"kontroll/{room.controls[0].pk}/", "uppfoljning/2022-08/"):
        assert client.get(at(room, path)).status_code == 200
    assert client.get(at(room, "uppfoljning/2022-99/")).status_code == 404
    assert client.get(at(room, "punkt/999999/")).status_code == 404


def test_an_occasion_is_opened_and_followed_up(room: Room) -> None:
    client, point = room.client("quality_strategist"), room.points[0]
    assert "2 kontroller är öppna" in text(client.post(at(room, "oppna/2022-08/"), follow=True))
    assert "redan öppnade" in text(client.post(at(room, "oppna/2022-08/"), follow=True))
    made = ControlRound.objects.get(control=room.controls[1])
    rounds.finish_round(made, room.by("sas"), result="Motivering saknas", checked=42, deviating=6)
    page = at(room, "uppfoljning/2022-08/")
    shown = text(client.get(page))
    assert "6 av 42 har brist (14 %)" in shown
    assert "0 av 2 punkter är följda upp" in shown
    review = f"{page}{room.points[1].pk}/"
    assert "6 av 42 har brist (14 %). Motivering saknas" in text(client.get(review))
    refused = client.post(review, {"outcome": "with", "result": "Brister i sex beslut", "revision": ""})
    assert refused.status_code == 400
    assert "Skriv vilken åtgärd" in text(refused)
    assert "Brister i sex beslut" in text(refused)
    ok = {"outcome": "with", "result": "Brister", "action": "Utbildning", "assumed": "on",
          "assumed_reason": "Källan säger inte vilken"}  # fmt: skip
    shown = text(client.post(review, ok, follow=True))
    assert "1 av 2 punkter är följd upp: 0 utan anmärkning, 1 med." in shown
    assert "Antagen: Källan säger inte vilken" in shown
    past = client.post(
        f"{page}{point.pk}/", {"outcome": "moved", "result": "Sen", "moved_to": "2022-01-01", "revision": ""}
    )
    assert "har varit" in text(past)
    stale = client.post(review, {**ok, "result": "Min text", "revision": ""})
    assert stale.status_code == 409
    assert "Min text" in text(stale)
    assert "Någon annan sparade" in text(stale)
    client.post(f"{review}ta-tillbaka/", {"reason": "Fel punkt"})
    assert not PointReview.objects.exists()


def test_what_no_occasion_tells_is_opened_to_a_day(room: Room) -> None:
    client = room.client("quality_strategist")
    Control.objects.filter(pk=room.controls[0].pk).update(occasions=[], reported_text="Vid behov")
    assert "1 kontroll redovisas vid tillfällen som styrmodellen inte har" in text(client.get(at(room, "")))
    assert "Skriv dagen" in text(client.post(at(room, "oppna/"), {"due_on": "snart"}, follow=True))
    shown = text(client.post(at(room, "oppna/"), {"due_on": "2022-12-01"}, follow=True))
    assert "1 kontroll är öppen, klara senast 2022-12-01" in shown


def test_the_conclusion_is_written(room: Room) -> None:
    client, page = room.client("secretary"), at(room, "uppfoljning/2022-12/")
    answer = client.post(f"{page}slutsats/", {"conclusion": "", "reasons": " ", "concluded_on": "2022-12-31"})
    assert answer.status_code == 400
    shown = text(answer)
    assert "Välj en slutsats" in shown
    given = {"conclusion": "sufficient", "reasons": "Kontrollerna visar det", "concluded_on": "2022-12-31"}
    shown = text(client.post(f"{page}slutsats/", given, follow=True))
    assert "Den interna kontrollen är tillräcklig" in shown
    assert client.post(f"{page}slutsats/", given).status_code == 409, "någon annan hann före"
    assert PlanReview.objects.get().reasons == "Kontrollerna visar det"


def test_deeds_on_a_point_and_a_control(room: Room) -> None:
    client = room.client("quality_strategist")
    point, control = room.points[1], room.controls[1]
    page = at(room, f"punkt/{point.pk}/")
    assert client.post(page, {"deed": "atgard", "what": "", "role": "sas"}).status_code == 400
    shown = text(
        client.post(page, {"deed": "atgard", "what": "Utbilda handläggarna", "role": "sas"}, follow=True)
    )
    assert "Utbilda handläggarna" in shown
    own = at(room, f"kontroll/{control.pk}/")
    assert client.post(own, {"deed": "lamna", "reason": " "}).status_code == 400
    shown = text(client.post(own, {"deed": "lamna", "reason": "Enheterna gör den"}, follow=True))
    assert "överlämnad till egenkontroll" in shown
    assert client.post(own, {"deed": "utga", "reason": "Igen"}).status_code == 409
    edit = at(room, f"kontroll/{room.controls[2].pk}/andra/")
    shown = text(client.get(edit))
    assert "Flytta eller ändra" in shown
    assert 'name="what"' not in shown, "innehållet är antaget"
    form = {"responsible": "MAS", "owner_role": "mas", "occasions": ["interim"], "revision": "1"}
    assert client.post(edit, form).status_code == 400, "skälet saknas"
    assert client.post(edit, {**form, "reason": "Ny ansvarig"}).status_code == 302
    stale = client.post(edit, {**form, "responsible": "Ekonom", "reason": "Sen"})
    assert stale.status_code == 409
    assert "MAS" in text(stale)
    assert "Ekonom" in text(stale)
    shown = text(client.get(at(room, f"kontroll/{room.controls[2].pk}/")))
    assert "Historik" in shown
    assert "Ny ansvarig" in shown
    removed = client.post(at(room, f"punkt/{point.pk}/ta-bort/"), follow=True)
    assert "antagen" in text(removed)
    assert ControlPoint.objects.filter(pk=point.pk).exists()


def test_every_address_opens(room: Room) -> None:
    client = room.client("quality_strategist")
    given = samples(room.committee, room.world.people)

    for name, parts in given.items():
        address = reverse(name, args=[room.committee.slug, 2022, *parts])
        assert client.get(address).status_code in (200, 302, 404, 405), name


def test_the_board_reads_all_and_takes_a_file(room: Room) -> None:
    neighbour(room, "Kulturnämnden")
    follow_up.review_point(
        room.points[0], room.interim, room.by("quality_strategist"), "with", "Riktlinjer saknas", "Tas fram"
    )
    client = room.client("central_office")
    shown = text(client.get(at(room, "alla-namnder/")))
    for said in (
        "Kulturnämnden",
        "Ingen plan",
        "Riktlinjer saknas",
        "1 av 2 nämnder har en internkontrollplan",
    ):
        assert said in shown
    file = client.get(at(room, "alla-namnder/html/?till=interim"))
    assert file["Content-Disposition"].endswith('intern-kontroll-namnderna-2022-delar.html"')
    assert client.get(at(room, "alla-namnder/doc/")).status_code == 404
    assert client.get(at(room, "alla-namnder/?till=midsommar")).status_code == 200


def crowd(room: Room, committees: int, points: int, controls: int) -> Client:
    """The central office before many committees; the first has as much as the others."""
    for number in range(committees - 1):
        neighbour(room, f"Nämnd {number}", points=points, controls=controls)
    made = ControlPoint.objects.bulk_create(
        ControlPoint(committee=room.committee, plan=room.plan, number=f"N{one}", title=f"Punkt {one}",
                     position=one + 10, risk=room.risks["4"])
        for one in range(points)
    )  # fmt: skip
    common = {
        "responsible": "Chef",
        "owner_role": "sas",
        "occasions": ["annual"],
        "committee": room.committee,
    }
    rows = Control.objects.bulk_create(
        Control(point=point, number=one, what=f"Kontroll {one}", **common)
        for point in made for one in range(1, controls + 1)
    )  # fmt: skip
    ControlRound.objects.bulk_create(
        ControlRound(committee=room.committee, control=one, occasion=room.interim, number=1,
                     due_on=date(2022, 8, 31))
        for one in rows
    )  # fmt: skip
    return room.client("central_office")


@pytest.mark.parametrize("path", ["", "alla-namnder/", "uppfoljning/2022-12/"])
def test_pages_ask_the_same_number_of_questions_however_large(room: Room, path: str) -> None:
    client = room.client("central_office")
    client.get(at(room, path))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(room, path)).status_code == 200
        return len(asked)

    before = questions()
    crowd(room, 3, 4, 3)
    assert questions() <= before
