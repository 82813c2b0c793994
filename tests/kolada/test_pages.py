"""The pages of comparisons, and fetches that are made in the background."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roder.core.jobs import waiting
from roder.kolada.faults import KoladaFault
from roder.kolada.models import Fetch
from roder.kolada.requests import ask_for, carry_out, fetch_again
from roder.kolada.services import fetch
from roder.kolada.stub import Reply, Stub, serving
from roder.measures.models import Measure
from tests.kolada.conftest import RECORDED, TODAY, World, fast


def text(world: World, path: str, role: str = "member") -> str:
    answer = world.browser(role).get(world.page(path))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_all_measures_beside_similar_municipalities_and_the_country(world: World, recorded: Stub) -> None:
    world.fetch(recorded, by="controller")
    page = text(world, "jamforelser/")
    assert "Nyckeltal U21468" in page and "högre än riket" in page
    assert " av 8" in page
    assert "5 nyckeltal, 2018–2022" in page and "Person controller" in page
    assert "Hämta från Kolada" not in page
    assert "Hämta från Kolada" in text(world, "jamforelser/", "controller")


def test_one_measure_with_series_place_and_sexes(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    page = text(world, f"jamforelser/{world.measures['U21468'].pk}/?ar=2020")
    assert "95 % i Alingsås 2020, högre än riket (88 %)" in page
    assert "Plats 1 av 7 bland liknande kommuner 2020, högst först" in page
    assert "Exempelkommun Ekhamn" in page and "▶ Alingsås" in page
    assert "Alingsås 2020: kvinnor" in page
    assert "Publiceras" in page


def test_another_group_can_be_chosen(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    path = f"jamforelser/{world.measures['U28570'].pk}/?ar=2020"
    assert "Exempelkommun Videholm" in text(world, path)
    assert "Exempelkommun Videholm" not in text(world, f"{path}&grupp=G99001")
    assert "Exempelkommun Videholm" in text(world, f"{path}&grupp=finns-inte")


def test_examples_are_said_to_be_examples(world: World, recorded: Stub) -> None:
    fetch(world.ask, fast(recorded), today=TODAY, example=True)
    assert "Några värden är exempel" in text(world, "jamforelser/")
    assert "värden är exempel" in text(world, f"jamforelser/{world.measures['U21468'].pk}/")


def test_before_anything_is_fetched(world: World) -> None:
    assert "kan inte jämföras" in text(world, "jamforelser/")
    assert "För få värden för ett diagram" in text(world, f"jamforelser/{world.measures['U21468'].pk}/")
    Measure.objects.update(kolada_id="")
    assert "Inga nyckeltal att jämföra" in text(world, "jamforelser/")
    assert "Inget nyckeltal har ett Kolada-id" in text(world, "jamforelser/hamta/", "controller")


def test_the_measures_own_page_leads_to_its_comparison(world: World) -> None:
    pk = world.measures["U21468"].pk
    assert f"/jamforelser/{pk}/" in text(world, f"nyckeltal/{pk}/")


def test_questions_do_not_grow_with_the_measures(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    counts = []
    for turn in range(2):
        browser = world.browser("member")
        browser.get(world.page("jamforelser/"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(world.page("jamforelser/"))
        counts.append(len(asked))
        for number in range(5):
            Measure.objects.create(
                committee=world.committee, code=f"m{turn}{number}", title="Till", unit="%", kolada_id="U21468"
            )
    assert counts[0] == counts[1]


def test_a_fetch_is_asked_for_on_the_page_and_made_in_the_background(world: World, recorded: Stub) -> None:
    browser = world.browser("controller")
    answer = browser.post(world.page("jamforelser/hamta/"), {"first_year": 2018, "last_year": 2022})
    assert answer.status_code == 302
    ((name, given),) = waiting()
    asked = Fetch.objects.get()
    assert name == "roder.kolada.jobs.fetch_from_kolada"
    assert given == {"fetch_id": asked.pk, "committee_id": world.committee.pk}
    assert asked.state == Fetch.State.WAITING
    assert carry_out(asked, world.committee, fast(recorded))
    asked.refresh_from_db()
    assert (asked.state, len(asked.batches), asked.asked_by) == ("done", 1, world.people["controller"])
    before = len(recorded.asked)
    assert carry_out(asked, world.committee, fast(recorded))
    assert len(recorded.asked) == before


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_year": 2022, "last_year": 2018}, "Byt plats på åren"),
        ({"first_year": 1980, "last_year": 2022}, "Hämta högst 30 år åt gången"),
    ],
)
def test_years_that_cannot_be_fetched(world: World, sent: dict[str, int], said: str) -> None:
    answer = world.browser("controller").post(world.page("jamforelser/hamta/"), sent)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not Fetch.objects.exists()


def test_a_member_may_not_fetch(world: World) -> None:
    assert world.browser("member").get(world.page("jamforelser/hamta/")).status_code == 403


def test_a_fetch_that_fails_says_why_and_a_passing_fault_is_tried_again(world: World) -> None:
    asked = ask_for(world.committee, world.people["controller"], 2018, 2022)
    with serving(RECORDED, lambda number, path: Reply(503, b"")) as stub, pytest.raises(KoladaFault):
        carry_out(asked, world.committee, fast(stub, tries=1))
    assert "Kolada svarar med ett fel (503)" in text(world, "jamforelser/")
    with serving(RECORDED, lambda number, path: Reply(404, b"")) as stub:
        assert not carry_out(asked, world.committee, fast(stub))
    assert "Kolada har inte nyckeltalet" in Fetch.objects.get().message


def test_monthly_only_where_kolada_has_been_reached(world: World, recorded: Stub) -> None:
    assert fetch_again(date(2022, 10, 2)) == 0
    world.fetch(recorded)
    Fetch.objects.update(example=True)
    assert fetch_again(date(2022, 10, 2)) == 0
    Fetch.objects.update(example=False)
    assert fetch_again(date(2022, 10, 2)) == 1
    asked = Fetch.objects.get(state=Fetch.State.WAITING)
    assert (asked.first_year, asked.last_year, asked.asked_by) == (2018, 2022, None)
