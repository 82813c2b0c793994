"""The deeds: by whom, in which order, with what guards; what two do at once; and what is done with the case itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from roder import access, tasks
from roder.access import Action, NotAllowedError
from roder.access.models import AuditRecord
from roder.core.models import StaleRecordError
from roder.organisation.models import Person
from roder.quality.models import Deviation
from roder.quality.rules import deviations as rules
from roder.quality.services import deviations as deeds
from roder.quality.services import moves
from roder.quality.services.deviations import Sbar
from tests.quality.deviation_world import (
    Quality,
    acted,
    assessed,
    build_quality,
    classified,
    followed,
    investigated,
)


@pytest.fixture
def quality(db: None) -> Quality:
    return build_quality()


def again(case: Deviation) -> Deviation:
    return Deviation.objects.get(pk=case.pk)


def live(case: Deviation) -> set[str]:
    return {one.kind.removeprefix("quality.") for one in tasks.of(case) if one.live}


def refused(deed: Callable[[], Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        deed()
    return " ".join(caught.value.messages)


def test_a_fall_from_report_to_closed(quality: Quality) -> None:
    case = quality.report()
    manager = quality.who("unit_manager")
    assert "klassificering" in refused(lambda: deeds.investigate(case, manager, cause="x"))
    investigated(quality, case)
    assert again(case).state == "investigated"
    assert live(case) == {"follow_up", "profession_follow_up"}
    acted(quality, case)
    acted(quality, case, "profession")
    assert "uppföljning" in refused(lambda: deeds.close(case, manager))
    followed(quality, case)
    assert again(case).state == "followed_up"
    closed = deeds.close(case, manager)
    assert closed.state == "closed" and closed.closed_at and not live(case)
    deeds.review(case, quality.who("mas"), note="Bra utredning.")
    words = list(AuditRecord.objects.filter(subject=case.gid).order_by("pk").values_list("deed", flat=True))
    assert words[0] == "deviation.reported" and words[-2:] == ["deviation.closed", "deviation.reviewed"]
    titles = tasks.Notice.objects.filter(recipient__email="care_staff@prov.se").values_list(
        "title", flat=True
    )
    assert sorted(title.split(" är ")[1] for title in titles) == ["avslutad", "utredd"]


def test_a_serious_case_needs_its_decision(quality: Quality) -> None:
    case = quality.social()
    investigated(quality, case, severity=3)
    assert "fördjupad analys" in refused(
        lambda: deeds.decide_serious(case, quality.who("sas"), outcome="lex_sarah", motive="x")
    )
    deeds.follow_up(case, quality.who("unit_manager"), note="Klart.")
    assert "utan beslut" in refused(lambda: deeds.close(case, quality.who("unit_manager")))
    sas = quality.who("sas")
    with pytest.raises(NotAllowedError):
        deeds.deep_analysis(case, quality.who("unit_manager"), course="a", causes="b")
    deeds.deep_analysis(case, sas, course="Först, sedan", causes="Därför")
    assert "leder till" in refused(lambda: deeds.decide_serious(case, sas, outcome="lex_maria", motive="x"))
    deeds.decide_serious(case, sas, outcome="lex_sarah", motive="Brist i bemötande.")
    assert case.lex_sarah.count() == 1
    assert deeds.close(case, quality.who("unit_manager")).state == "closed"


def test_a_serious_fall_is_decided_by_mas(quality: Quality) -> None:
    case = quality.report()
    investigated(quality, case, severity=4)
    assert "deep_analysis" in live(case)
    with pytest.raises(NotAllowedError):
        deeds.deep_analysis(case, quality.who("sas"), course="a", causes="b")
    mas = quality.who("mas")
    deeds.deep_analysis(case, mas, course="a", causes="b")
    deeds.decide_serious(case, mas, outcome="lex_maria", motive="Höftfraktur.")
    assert again(case).state == "decided" and case.lex_maria.count() == 1


def test_an_action_without_effect_needs_a_new_one(quality: Quality) -> None:
    case = quality.social()
    investigated(quality, case)
    manager = quality.who("unit_manager")
    plan = {"what": "Samtal", "group": "unit", "due": date.today() + timedelta(days=7)}
    action = moves.plan_action(case, manager, **plan)
    assert "saknar uppgift om effekt" in refused(lambda: deeds.follow_up(case, manager, note="Klart."))
    moves.finish_action(case, manager, action, note="Genomfört.")
    moves.evaluate_action(case, manager, action, effect="no", text="Det hände igen.")
    assert "ny åtgärd" in refused(lambda: deeds.follow_up(case, manager, note="Klart."))
    assert moves.plan_action(case, manager, **plan).follows == action
    dropped = tasks.actions_of(case).last()
    moves.drop_action(case, manager, dropped, reason="Fel.")
    assert "ny åtgärd" in refused(lambda: deeds.follow_up(case, manager, note="Klart."))
    acted(quality, case)
    deeds.follow_up(case, manager, note="Klart.")
    moves.plan_action(case, manager, **plan)
    assert again(case).state == "investigated"  # more to follow up
    assert "uppföljning" in refused(lambda: deeds.close(case, manager))


def test_reclassification_keeps_both_and_says_why(quality: Quality) -> None:
    case = quality.social()
    classified(quality, case, 4)
    manager, sas = quality.who("unit_manager"), quality.who("sas")
    both = [("bemotande", "personal"), ("lakemedel", "dos")]
    assert "varför" in refused(lambda: deeds.classify(again(case), sas, types=both, severity=2))
    assert "SAS eller MAS" in refused(
        lambda: deeds.classify(again(case), manager, types=both, severity=2, note="Fel")
    )
    assert "deep_analysis" in live(case)
    deeds.classify(again(case), sas, types=both, severity=2, note="Ingen skada.")
    now = again(case)
    assert (now.severity, now.serious, now.law) == (2, False, "hsl")
    assert "assessment" in live(case) and "deep_analysis" not in live(case)
    last = now.classifications.last()
    assert (last.severity_before, last.severity, last.role) == (4, 2, "sas")
    assert last.types_before == [["bemotande", ""]] and last.types == [
        ["bemotande", "personal"],
        ["lakemedel", "dos"],
    ]


def test_the_second_of_two_who_classify_is_told(quality: Quality) -> None:
    case = quality.social()
    seen = again(case).revision
    classified(quality, case, 2, expected_revision=seen)
    with pytest.raises(StaleRecordError) as caught:
        deeds.classify(
            again(case),
            quality.who("sas"),
            types=[("bemotande", "")],
            severity=3,
            note="x",
            expected_revision=seen,
        )
    current = caught.value.current
    assert isinstance(current, Deviation) and current.severity == 2
    assert again(case).classifications.count() == 1


def test_the_second_of_two_who_write_a_step_is_told(quality: Quality) -> None:
    case = quality.report()
    revision = case.steps.get(code="assessment").revision
    assessed(quality, case, revision=revision)
    with pytest.raises(StaleRecordError):
        assessed(quality, case, revision=revision)


def test_nothing_is_done_to_a_closed_case_but_opening_it(quality: Quality) -> None:
    case = quality.social()
    investigated(quality, case)
    followed(quality, case)
    manager = quality.who("unit_manager")
    deeds.close(case, manager)
    for deed in (
        lambda: deeds.investigate(case, manager, cause="x"),
        lambda: classified(quality, again(case), 2, note="x"),
        lambda: moves.plan_action(case, manager, what="x", group="unit", due=date.today()),
        lambda: moves.hand_over(case, manager, quality.sibling, reason="x"),
        lambda: moves.conference(case, manager, consent=True, on=date.today()),
        lambda: deeds.close(case, manager),
    ):
        assert "avslutad" in refused(deed)
    assert "Skriv något" in refused(lambda: deeds.reopen(case, manager, reason=" "))
    deeds.reopen(case, manager, reason="Det hände igen.")
    assert again(case).state == "investigated" and live(case) == {"follow_up"}
    assert "redan öppen" in refused(lambda: deeds.reopen(case, manager, reason="x"))
    followed(quality, case)
    deeds.close(case, manager)


def test_handing_over_moves_the_tasks(quality: Quality) -> None:
    case = quality.social()
    manager = quality.who("unit_manager")
    assert "redan hos" in refused(lambda: moves.hand_over(case, manager, quality.unit, reason="x"))
    moves.hand_over(case, manager, quality.sibling, reason="Hände där.")
    assert {one.unit for one in tasks.of(case) if one.live} == {quality.sibling}
    assert not access.visible(manager, Deviation.objects.all(), own=False).exists()
    deeds.give_facts(again(case), quality.who("unit_manager_2"), when="", what="Det som hände", worked="")


def test_merging_and_splitting(quality: Quality) -> None:
    first, second = quality.social(), quality.report()
    manager = quality.who("unit_manager")
    target = moves.merge(second, first, manager, reason="Samma händelse.")
    assert again(second).state == "merged" and not live(second)
    assert target.law == "hsl" and "assessment" in live(target)
    assert set(target.matters.values_list("type__code", flat=True)) == {"fall", "bemotande"}
    assert "öppna" in refused(lambda: moves.merge(second, first, manager, reason="x"))
    assert "sammanförd" in refused(lambda: deeds.give_facts(second, manager, when="", what="x", worked=""))
    new = moves.split(
        again(first), manager, what="Fick fel tablett.", types=[("lakemedel", "")], reason="Två saker."
    )
    assert new.split_from == first and new.number != first.number and "assessment" in live(new)
    deeds.reopen(again(second), manager, reason="Det var två händelser.")
    assert again(second).merged_into is None and live(second)


def test_a_serious_case_does_not_vanish_into_another(quality: Quality) -> None:
    serious, other = quality.social(), quality.social()
    classified(quality, serious, 4)
    manager = quality.who("unit_manager")
    assert "allvarlig" in refused(lambda: moves.merge(serious, other, manager, reason="Samma."))


def test_patient_conference_only_with_consent(quality: Quality) -> None:
    case, nurse = quality.report(), quality.who("licensed")
    assert "samtycke" in refused(lambda: moves.conference(case, nurse, consent=False, on=date.today()))
    assert "vilken dag" in refused(lambda: moves.conference(case, nurse, consent=True, on=None))
    moves.conference(case, nurse, consent=False, on=None)
    moves.conference(case, nurse, consent=True, on=date.today(), note="Ny ordination.")
    assert [one.detail["consent"] for one in case.case_events.all()] == [False, True]


def test_similar_events_for_the_same_reference_within_a_month(quality: Quality) -> None:
    case = quality.report()
    near = quality.report(occurred_at=case.occurred_at - timedelta(days=29))
    quality.report(occurred_at=case.occurred_at - timedelta(days=40))
    quality.report(reference="B2")
    assert list(moves.similar(case)) == [near]
    assert not moves.similar(quality.report(reference="")).exists()


def test_no_personal_number_in_any_text(quality: Quality) -> None:
    case, manager, number = quality.report(), quality.who("unit_manager"), "19121212-1212"
    nurse = quality.who("licensed")
    for deed in (
        lambda: deeds.assess(case, nurse, home_visit=True, sbar=Sbar(number, recommendation="x")),
        lambda: deeds.give_facts(case, manager, when="", what="x", worked=number),
        lambda: classified(quality, case, 1, note=number),
        lambda: moves.plan_action(case, manager, what=number, group="unit", due=date.today()),
        lambda: moves.hand_over(case, manager, quality.sibling, reason=number),
        lambda: moves.conference(case, nurse, consent=True, on=date.today(), note=number),
    ):
        assert "personnummer" in refused(deed)


# --- who ------------------------------------------------------------------------------------------------------------

DEEDS: dict[str, Callable[[Deviation, Person, Quality], Any]] = {
    "assess": lambda case, by, _: deeds.assess(
        case, by, home_visit=False, sbar=Sbar("a", recommendation="b")
    ),
    "facts": lambda case, by, _: deeds.give_facts(case, by, when="", what="x", worked=""),
    "classify": lambda case, by, _: deeds.classify(case, by, types=[("fall", "")], severity=2, note="x"),
    "investigate": lambda case, by, _: deeds.investigate(case, by, cause="x"),
    "analyse": lambda case, by, _: deeds.deep_analysis(case, by, course="x", causes="y"),
    "decide": lambda case, by, _: deeds.decide_serious(case, by, outcome="neither", motive="x"),
    "plan_unit": lambda case, by, _: moves.plan_action(case, by, what="x", group="unit", due=date.today()),
    "plan_profession": lambda case, by, _: moves.plan_action(
        case, by, what="x", group="profession", due=date.today()
    ),
    "follow_up": lambda case, by, _: deeds.follow_up(case, by, note="x"),
    "profession_follow_up": lambda case, by, _: deeds.profession_follow_up(case, by, note="x"),
    "review": lambda case, by, _: deeds.review(case, by, note="x"),
    "close": lambda case, by, _: deeds.close(case, by),
    "reopen": lambda case, by, _: deeds.reopen(case, by, reason="x"),
    "hand_over": lambda case, by, quality: moves.hand_over(case, by, quality.sibling, reason="x"),
    "merge": lambda case, by, quality: moves.merge(case, quality.report(), by, reason="x"),
    "split": lambda case, by, _: moves.split(case, by, what="x", types=[("fall", "")], reason="x"),
    "conference": lambda case, by, _: moves.conference(case, by, consent=False, on=None),
}
LINE = {"unit_manager", "head_administration"}
MAY = {
    "assess": {"licensed", "mas"},
    "facts": LINE,
    "classify": LINE | {"sas", "mas", "licensed"},
    "investigate": LINE,
    "analyse": {"mas"},
    "decide": {"mas"},
    "plan_unit": LINE | {"sas", "mas"},
    "plan_profession": {"licensed", "mas"},
    "follow_up": LINE,
    "profession_follow_up": {"licensed", "mas"},
    "review": {"mas"},
    **dict.fromkeys(("close", "reopen", "hand_over", "merge", "split"), LINE | {"sas", "mas"}),
    "conference": LINE | {"sas", "mas", "licensed"},
}
ASKED = (
    "unit_manager", "head_administration", "licensed", "mas", "sas", "care_staff", "quality_strategist", "member",
    "unit_manager_2", "nobody",
)  # fmt: skip


def test_each_deed_is_for_those_who_do_it(quality: Quality) -> None:
    """NotAllowedError is for the role; ValidationError says that it is not time yet, which is another thing."""
    case = quality.report()
    Deviation.objects.filter(pk=case.pk).update(severity=3, serious=True)
    people = {role: quality.who(role) for role in ASKED}
    from django.db import transaction

    for name, deed in DEEDS.items():
        allowed = set()
        for role, person in people.items():
            with transaction.atomic():
                try:
                    deed(again(case), person, quality)
                except NotAllowedError:
                    continue
                except (ValidationError, StaleRecordError):
                    pass
                finally:
                    transaction.set_rollback(True)
            allowed.add(role)
        assert allowed == MAY[name], name


def test_who_sees_which_cases(quality: Quality) -> None:
    fall, conduct = quality.report(), quality.social()
    elsewhere = quality.report("licensed", unit=quality.sibling)
    every = {fall, conduct, elsewhere}
    expected = {
        "unit_manager": {fall, conduct}, "unit_manager_2": {elsewhere}, "licensed": {fall, elsewhere},
        "licensed_2": {elsewhere}, "mas": every, "sas": every, "head_administration": every,
        "quality_strategist": every, "care_staff": set(), "provider": set(), "member": set(), "chair": set(),
        "controller": set(), "auditor": set(), "secretary": set(), "central_office": set(), "administrator": set(),
        "nobody": set(),
    }  # fmt: skip
    for role, cases in expected.items():
        assert set(access.visible(quality.who(role), Deviation.objects.all(), own=False)) == cases, role
    assert set(access.visible(quality.who("care_staff"), Deviation.objects.all())) == {fall, conduct}
    assert not access.may(quality.who("care_staff"), Action.VIEW, fall.steps.first())


@pytest.mark.parametrize("state", ["reported", "classified", "investigated"])
def test_a_case_read_in_from_another_system_is_gone_on_with(quality: Quality, state: str) -> None:
    """A file gives the row and its state: the steps are made when somebody takes hold of it."""
    case = quality.social()
    manager = quality.who("unit_manager")
    case.steps.all().delete()
    classified_at = None if state == "reported" else timezone.now()
    Deviation.objects.filter(pk=case.pk).update(state=state, severity=2, classified_at=classified_at)
    if state == "reported":
        deeds.give_facts(again(case), manager, when="i går", what="a", worked="b", talked=True)
        assert "classification" in live(case)
    elif state == "classified":
        deeds.investigate(again(case), manager, cause="Brist i rutin", feedback="b")
        assert again(case).state == "investigated"
    else:
        assert "klassific" not in refused(lambda: deeds.close(again(case), manager))
    waiting = {one.code for one in case.steps.all() if one.done_at is None}
    assert ("classification" in waiting) == (state == "reported")


def test_the_professions_actions_stay_theirs_on_their_own_page_and_when_the_case_is_no_longer(
    quality: Quality,
) -> None:
    case = quality.report()
    classified(quality, case)
    acted(quality, case, "profession")
    action = tasks.actions_of(case).get(group="profession")
    assert not moves.may_change(action, quality.who("unit_manager"))
    assert moves.may_change(action, quality.who("licensed"))
    social = rules.Case(actions=(rules.ActionState("profession", timezone.now(), "", None),))
    assert "profession" in moves.groups_of(frozenset({"licensed"}), social)


def test_what_was_done_and_who_reported_are_not_for_everybody(quality: Quality) -> None:
    """The reporter does not read what became of it on an action's page, and a member not who reported on a task's."""
    case = quality.report(by="care_staff")
    classified(quality, case)
    acted(quality, case)
    action = tasks.actions_of(case).get()
    client = Client()
    client.force_login(quality.who("care_staff"), "django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/atgarder/{action.pk}/").status_code == 404
    task = tasks.of(case).order_by("pk").first()
    assert task is not None and task.opened_by is not None
    name = str(task.opened_by)
    for role, told in (("member", False), ("unit_manager", True)):
        client.force_login(quality.who(role), "django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/uppgifter/{task.pk}/")
        assert (name in answer.content.decode()) == (told and answer.status_code == 200), role
