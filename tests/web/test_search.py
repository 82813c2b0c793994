"""Search: Swedish stems and word beginnings, only what one may see, odd input, an index for every kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from roder.figures.models import Snapshot
from roder.measures.models import Measure
from roder.reports.models import Report
from roder.steering.models import Activity, Assignment, Goal, Occasion
from roder.web.search import SEARCHED, Group, query_of, search, snippet, words_in
from tests.web.world import World

Login = Callable[[str], Client]


def found(world: World, text: str, role: str = "controller") -> dict[str, list[str]]:
    groups: list[Group] = search(world.people[role], text, [world.committee])
    return {group.title: [hit.name for hit in group.hits] for group in groups}


@pytest.fixture
def things(world: World) -> World:
    """One of each kind that can be found, and a goal of a municipality elsewhere."""
    goal = Goal.objects.get(code="mal-1")
    Assignment.objects.create(
        committee=world.committee, code="u1", title="Se över kostnaden för hemtjänst", giver="KF", from_year=2022,
        to_year=2022,
    )  # fmt: skip
    Activity.objects.create(committee=world.committee, goal=goal, what="Utbilda i fallprevention", year=2022)
    Measure.objects.create(
        committee=world.committee, code="fall", title="Fall per 1 000 invånare", unit="antal"
    )
    Goal.objects.create(
        municipality=world.other.municipality, committee=world.other, level="committee", code="x",
        text="Fallolyckorna ska minska här med", from_year=2022, to_year=2022,
    )  # fmt: skip
    return world


def lock_report(world: World, text: str) -> Report:
    """A locked report with one paragraph."""
    occasion = Occasion.objects.get(code="2022-05")
    snapshot = Snapshot.objects.create(
        code="prov", committee=world.committee, occasion=occasion, cut_off=occasion.cut_off, taken_at=timezone.now(),
        schema_version=1, rows=0, manifest_sha256="0" * 64,
    )  # fmt: skip
    report = Report.objects.create(committee=world.committee, occasion=occasion, kind="manadsuppfoljning")
    Report.objects.filter(pk=report.pk).update(
        state="locked",
        locked_at=timezone.now(),
        snapshot=snapshot,
        document={"format": 1, "document": {"blocks": [{"$": "Paragraph", "inlines": [text]}]}},
    )
    return report


def test_an_inflected_word_is_found_by_its_stem(things: World) -> None:
    assert found(things, "fallolycka") == {"Mål": ["1 Fallolyckorna ska minska"]}


def test_the_beginning_of_a_word_is_enough_where_stemming_fails(things: World) -> None:
    assert found(things, "kostnad") == {"Uppdrag": ["Se över kostnaden för hemtjänst"]}


def test_every_word_must_be_found(things: World) -> None:
    assert found(things, "kostnad fall") == {}
    assert "Uppdrag" in found(things, "hemtjänst kostnad")


def test_hits_are_grouped_by_kind(things: World) -> None:
    assert set(found(things, "fall")) == {"Mål", "Aktiviteter", "Nyckeltal"}


def test_what_another_municipality_has_is_not_found(things: World) -> None:
    assert found(things, "fallolyckorna") == {"Mål": ["1 Fallolyckorna ska minska"]}


def test_a_role_without_the_right_finds_nothing(things: World) -> None:
    assert found(things, "björken", "controller") == {"Enheter": ["Björkens äldreboende"]}
    assert found(things, "björken", "member") == {}
    assert found(things, "fall", "provider") == {}


def test_a_locked_report_is_found_by_its_text_with_a_snippet(world: World) -> None:
    lock_report(world, "Korttidsplatserna blev fler under våren.")
    groups = search(world.people["member"], "korttidsplats", [world.committee])
    assert [group.title for group in groups] == ["Låsta rapporter"]
    assert "<mark>Korttidsplatserna</mark> blev fler" in groups[0].hits[0].text


def test_a_draft_is_not_found(world: World) -> None:
    occasion = Occasion.objects.get(code="2022-05")
    Report.objects.create(
        committee=world.committee, occasion=occasion, kind="manadsuppfoljning",
        document={"format": 1, "document": {"blocks": [{"$": "Heading", "text": "Hemligheten"}]}},
    )  # fmt: skip
    assert found(world, "hemligheten") == {}


@pytest.mark.parametrize(
    "text", ["", "   ", "' & | ! :*", "\\", "a'b\"c", "<script>", "!!!", "%_", "ord " * 100, "\0"]
)
def test_odd_input_is_only_words_or_nothing(things: World, as_role: Login, text: str) -> None:
    answer = as_role("controller").get("/sok/", {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_a_hit_without_year_leads_to_the_year_one_is_in(things: World, as_role: Login) -> None:
    client = as_role("controller")
    client.get(f"/{things.committee.slug}/2021/")
    measure = Measure.objects.get()
    assert (
        f"/{things.committee.slug}/2021/nyckeltal/{measure.pk}/"
        in client.get("/sok/?q=fall").content.decode()
    )


def test_a_snippet_escapes_what_people_wrote() -> None:
    assert snippet("<b>fall</b>", ["fall"]) == "&lt;b&gt;<mark>fall</mark>&lt;/b&gt;"


def test_a_long_text_is_cut_around_the_word() -> None:
    text = f"{'före ' * 100}träffen {'efter ' * 100}"
    part = snippet(text, ["träff"])
    assert part.startswith("… ")
    assert part.endswith(" …")
    assert "<mark>träffen</mark>" in part


@pytest.mark.parametrize("kind", SEARCHED, ids=lambda kind: kind.title)
def test_every_kind_has_an_index_that_its_question_can_use(db: None, kind: object) -> None:
    query = query_of(words_in("kostnad"))
    rows = kind.holding(kind.model._default_manager.all(), query).order_by()  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        # The tables are empty here, so the planner is told to leave all other ways; a GIN index is read as a bitmap.
        for way in ("seqscan", "indexscan", "indexonlyscan", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = rows.explain()
    assert "_words" in plan, plan
