"""Assessing goals and assignments: scale, reason for departing, two savers, permission."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from roder.access import NotAllowedError
from roder.core.models import Link, StaleRecordError
from roder.measures.models import Measure, MeasureValue, Target
from roder.measures.proposals import proposals, warnings
from roder.steering import services
from roder.steering.modelfile import check_text, to_data
from roder.steering.models import Activity, Assessment, Assignment, Goal, Occasion, SteeringModelVersion
from roder.steering.rules import Proposal
from roder.steering.services import Judgement
from tests.steering.modelfile_text import SMALL
from tests.web.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def interim(world: World) -> Occasion:
    model = check_text(SMALL, "styrmodell.yaml").model
    assert model is not None
    version = SteeringModelVersion.objects.create(
        committee=world.committee, year=2022, version=2, content=to_data(model), source=SMALL, sha256="1" * 64
    )
    Occasion.objects.filter(committee=world.committee).update(model=version)
    return Occasion.objects.get(committee=world.committee, code="2022-08")


@pytest.fixture
def goal(world: World) -> Goal:
    return Goal.objects.get(committee=world.committee, code="mal-1")


@pytest.fixture
def measure(world: World, goal: Goal) -> Measure:
    found = Measure.objects.create(
        committee=world.committee, code="platser", title="Platser", unit="antal", direction="higher"
    )
    Target.objects.create(measure=found, year=2022, operator=">=", value=80)
    Link.objects.create(
        source_kind=Goal.record_kind(),
        source_id=goal.pk,
        target_kind=Measure.record_kind(),
        target_id=found.pk,
        kind="measured_by",
    )
    return found


def outcome(measure: Measure, year: int, value: str | None) -> MeasureValue:
    return MeasureValue.objects.create(
        measure=measure,
        period_start=date(year, 1, 1),
        period_end=date(year + 1, 1, 1),
        value=None if value is None else Decimal(value),
        status="missing" if value is None else "final",
    )


def test_an_outcome_under_the_target_is_proposed_as_not_met(
    interim: Occasion, goal: Goal, measure: Measure
) -> None:
    outcome(measure, 2022, "72")
    assert proposals([goal], interim)[goal.pk] == Proposal("ej", "0 av 1 nyckeltal når målvärdet.")


def test_a_missing_outcome_proposes_no_status(interim: Occasion, goal: Goal, measure: Measure) -> None:
    outcome(measure, 2022, None)
    assert proposals([goal], interim)[goal.pk].code == ""


def test_departing_from_the_proposal_needs_a_reason(
    world: World,
    interim: Occasion,
    goal: Goal,
    measure: Measure,
) -> None:
    outcome(measure, 2022, "72")
    proposal = proposals([goal], interim)[goal.pk]
    controller = world.people["controller"]
    with pytest.raises(ValidationError) as refused:
        services.assess(interim, goal, controller, Judgement(status="helt"), proposal)
    assert "override_reason" in refused.value.message_dict
    saved = services.assess(
        interim,
        goal,
        controller,
        Judgement(status="helt", override_reason="Platserna finns i annan form."),
        proposal,
    )
    assert (saved.status, saved.proposed_status) == ("helt", "ej")


def test_the_database_itself_refuses_an_unexplained_override(interim: Occasion, goal: Goal) -> None:
    with pytest.raises(IntegrityError, match="override_says_why"), transaction.atomic():
        Assessment.objects.create(
            occasion=interim,
            subject_kind=Goal.record_kind(),
            subject_id=goal.pk,
            status="helt",
            proposed_status="ej",
        )


def test_the_database_refuses_an_assessment_of_nothing(interim: Occasion) -> None:
    with pytest.raises(IntegrityError, match="finns inte"), transaction.atomic():
        Assessment.objects.create(occasion=interim, subject_kind=Goal.record_kind(), subject_id=987654321)


def test_a_status_outside_the_scale_is_refused(world: World, interim: Occasion, goal: Goal) -> None:
    with pytest.raises(ValidationError, match="skala"):
        services.assess(interim, goal, world.people["controller"], Judgement(status="toppen"))


def test_every_text_is_told_what_is_wrong_with_it(world: World, interim: Occasion, goal: Goal) -> None:
    written = Judgement(status="toppen", analysis="Om 19121212-1212", outlook="\x00")
    with pytest.raises(ValidationError) as told:
        services.assess(interim, goal, world.people["controller"], written)
    assert set(told.value.message_dict) == {"status", "analysis", "outlook"}
    assert not Assessment.objects.exists()


def test_the_second_saver_sees_the_first_and_loses_nothing(
    world: World,
    interim: Occasion,
    goal: Goal,
) -> None:
    controller, strategist = world.people["controller"], world.people["quality_strategist"]
    first = services.assess(interim, goal, controller, Judgement(analysis="Först"))
    with pytest.raises(StaleRecordError) as stale:
        services.assess(interim, goal, strategist, Judgement(analysis="Samtidigt"))
    assert stale.value.current.analysis == "Först"  # type: ignore[attr-defined]
    services.assess(interim, goal, strategist, Judgement(analysis="Båda"), expected_revision=first.revision)
    with pytest.raises(StaleRecordError):
        services.assess(
            interim, goal, controller, Judgement(analysis="Gammal"), expected_revision=first.revision
        )
    assert Assessment.objects.get().analysis == "Båda"


@pytest.mark.parametrize(
    ("role", "allowed"), [("controller", True), ("head_administration", True), ("member", False)]
)
def test_who_may_assess(role: str, allowed: bool, world: World, interim: Occasion, goal: Goal) -> None:
    def deed() -> Assessment:
        return services.assess(interim, goal, world.people[role], Judgement(analysis="Text"))

    if allowed:
        assert deed().assessed_by == world.people[role]
    else:
        with pytest.raises(NotAllowedError):
            deed()


def test_links_go_with_their_goal_and_need_two_ends(goal: Goal, measure: Measure) -> None:
    assert Link.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(
            source_kind=Goal.record_kind(),
            source_id=goal.pk,
            target_kind=Measure.record_kind(),
            target_id=10**9,
            kind="measured_by",
        )
    goal.delete()
    assert Link.objects.count() == 0


def test_a_target_below_the_baseline_is_warned_of(goal: Goal, measure: Measure) -> None:
    outcome(measure, 2021, "83")
    assert "Målvärdet är sämre än nuläget: Platser." in warnings([goal], 2022)[goal.pk]


def test_the_chain_leads_from_goal_to_activity_with_its_status(
    world: World,
    as_role: Callable[[str], Client],
    interim: Occasion,
    goal: Goal,
    measure: Measure,
) -> None:
    outcome(measure, 2022, "84")
    Activity.objects.create(
        committee=world.committee, goal=goal, unit=world.unit, what="Öppna åtta platser", year=2022
    )
    services.assess(interim, goal, world.people["controller"], Judgement(status="helt"))
    page = as_role("controller").get(f"{world.root}mal/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Öppna åtta platser" in text
    assert "Helt uppfyllt" in text
    assert "utfall 2022: <strong>84</strong>" in text


def test_a_saved_assessment_is_shown_on_the_goals_page(
    world: World,
    as_role: Callable[[str], Client],
    interim: Occasion,
    goal: Goal,
) -> None:
    client = as_role("controller")
    address = f"{world.root}bedomning/mal/{goal.pk}/{interim.code}/"
    assert client.post(address, {"status": "nara", "analysis": "Det går framåt."}).status_code == 302
    assert "Det går framåt." in client.get(f"{world.root}mal/{goal.pk}/").content.decode()
    # A second form opened before the first was saved: both texts are on the page, nothing is saved over.
    answer = client.post(address, {"status": "ej", "analysis": "En annan text"})
    assert answer.status_code == 409
    assert "Det går framåt." in answer.content.decode()
    assert "En annan text" in answer.content.decode()


def test_a_member_reads_but_is_given_no_form(
    world: World,
    as_role: Callable[[str], Client],
    interim: Occasion,
    goal: Goal,
) -> None:
    client = as_role("member")
    assert "Spara bedömningen" not in client.get(f"{world.root}mal/{goal.pk}/").content.decode()
    address = f"{world.root}bedomning/mal/{goal.pk}/{interim.code}/"
    assert client.post(address, {"status": "helt"}).status_code == 403


def test_assignments_show_what_is_said_of_them(
    world: World,
    as_role: Callable[[str], Client],
    interim: Occasion,
) -> None:
    row = Assignment.objects.create(
        committee=world.committee,
        code="U1",
        title="Mäta brukartid",
        giver="namnd",
        from_year=2022,
        to_year=2022,
    )
    client = as_role("controller")
    assert "Mäta brukartid" in client.get(f"{world.root}uppdrag/").content.decode()
    page = client.get(f"{world.root}uppdrag/{row.pk}/")
    assert page.status_code == 200
    assert "skala" in page.content.decode()  # the small model has no scale for assignments, and says so


def test_the_model_and_the_years_occasions_are_shown(
    world: World,
    as_role: Callable[[str], Client],
    interim: Occasion,
) -> None:
    client = as_role("member")
    text = client.get(f"{world.root}styrmodell/").content.decode()
    assert "Delvis uppfyllt" in text
    assert "kommunfullmäktige" in text and "council" not in text.partition("<pre")[0]
    assert (
        "31 augusti 2022".replace(" ", "\u00a0", 1) in client.get(f"{world.root}tillfallen/").content.decode()
    )
