"""Cases: registering, moving, depending, closing; who sees which."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from roder import access, tasks
from roder.access.rights import NotAllowedError
from roder.core.models import StaleRecordError
from roder.meetings.models import Case, CaseSeries, Watch
from roder.meetings.rules.session import SessionFault
from roder.meetings.services import cases
from roder.meetings.services.decisions import decide
from roder.steering.models import Goal
from tests.at_once import together
from tests.meetings.world import Chain, build_chain

TODAY = timezone.localdate()


def register(chain: Chain, title: str = "Nytt ärende", by: str = "secretary", **more: object) -> Case:
    values: dict = {"kind": "own", "opened_on": date(2022, 9, 1), **more}
    return cases.register_case(chain.committee, title, by=chain.by(by), **values)


def test_a_case_gets_the_committees_next_number(chain: Chain) -> None:
    made = register(chain, "  Remiss  om  vårdval ", kind="referral", answer_by=date(2022, 11, 1))
    assert (made.number, made.number_key, made.year) == ("2022.002 VON", "2022-2-VON", 2022)
    assert made.title == "Remiss om vårdval"
    assert [step.phase for step in made.steps.all()] == ["registered"]
    assert register(chain, opened_on=date(2023, 1, 9)).number == "2023.001 VON"
    assert chain.case.number_key == "2022-1-VON"


def test_a_committee_without_a_series_gets_its_own_form(chain: Chain) -> None:
    CaseSeries.objects.all().delete()
    assert register(chain).number == "VON 2022/2"  # the first is taken, written otherwise


@pytest.mark.parametrize(
    "text", ["2022.001 VON", "VON VON 2022.1", "von 2022-001", "Dnr 2022/1 VON", "1/2022 VON"]
)
def test_a_number_taken_in_another_spelling_is_refused_at_its_field(chain: Chain, text: str) -> None:
    with pytest.raises(ValidationError) as fault:
        register(chain, number=text)
    assert "samma nummer som 2022.001 VON" in fault.value.message_dict["number"][0]
    assert cases.find_case(chain.committee, text) == chain.case


def test_a_given_number_is_kept_as_written_and_the_series_passes_over_it(chain: Chain) -> None:
    assert register(chain, number=" VON  2022-003 ").number == "VON 2022-003"
    assert [register(chain).number, register(chain).number] == ["2022.002 VON", "2022.004 VON"]
    with pytest.raises(ValidationError, match="diarienummer"):
        register(chain, number="---")
    cases.set_series(chain.committee, 2022, chain.by("secretary"), pattern="SN {year}/{number}", last=70)
    assert register(chain).number == "SN 2022/71"
    for pattern, last, field in (("SN", 80, "pattern"), ("{year}/{number}", 3, "last")):
        with pytest.raises(ValidationError) as fault:
            cases.set_series(chain.committee, 2022, chain.by("secretary"), pattern=pattern, last=last)
        assert field in fault.value.message_dict
    with pytest.raises(NotAllowedError):
        cases.set_series(chain.committee, 2022, chain.by("controller"), pattern="{year}/{number}", last=99)


def test_a_secret_case_is_not_named_to_those_who_may_not_know(chain: Chain) -> None:
    chain.new_case("Hemligt", number="2022.050 VON", number_key="2022-50-VON", secret=True)
    with pytest.raises(ValidationError) as fault:
        register(chain, by="controller", number="VON 2022.50")
    assert "ett annat ärende" in fault.value.messages[0]
    assert "Hemligt" not in str(fault.value)


def test_cases_are_found_by_any_spelling(chain: Chain) -> None:
    find = cases.find_case
    assert find(chain.committee, "2022.1") == chain.case
    assert find(chain.committee, "2022.001 VON-010") == chain.case
    assert find(chain.committee, "2022.2 VON") is None
    assert find(chain.committee, "x") is None
    chain.new_case(number="SN 2022.1", number_key="2022-1-SN")
    assert find(chain.committee, "2022.1") is None


@pytest.mark.parametrize("role", ["member", "chair", "unit_manager", "auditor", "nobody"])
def test_only_those_who_prepare_register(chain: Chain, role: str) -> None:
    with pytest.raises(NotAllowedError):
        register(chain, by=role)


def test_a_secret_case_needs_its_law_and_the_right(chain: Chain) -> None:
    with pytest.raises(ValidationError) as fault:
        register(chain, secret=True)
    assert "lagrummet" in fault.value.message_dict["secrecy_section"][0]
    with pytest.raises(NotAllowedError):
        register(chain, by="controller", secret=True, secrecy_section="OSL 26:1")
    made = register(chain, secret=True, secrecy_section="OSL 26:1")
    for role, seen in (("secretary", True), ("member", True), ("controller", False), ("auditor", False)):
        assert access.may(chain.by(role), access.Action.VIEW, made) is seen


def test_dates_that_cannot_be_are_said_at_their_fields(chain: Chain) -> None:
    for field in ("answer_by", "answered_on"):
        with pytest.raises(ValidationError) as fault:
            register(chain, **{field: date(2022, 8, 1)})
        assert field in fault.value.message_dict
    with pytest.raises(TypeError):
        register(chain, phase="closed")


def test_two_change_the_same_case(chain: Chain) -> None:
    by = chain.by("secretary")
    seen = Case.objects.get(pk=chain.case.pk)
    cases.update_case(chain.case, by, chain.case.revision, title="Först")
    with pytest.raises(StaleRecordError) as stale:
        cases.update_case(seen, by, seen.revision, title="Sedan")
    assert stale.value.current.title == "Först"
    cases.update_case(chain.case, by, chain.case.revision, number="VON 2022-7")
    assert Case.objects.get(pk=chain.case.pk).number_key == "2022-7-VON"
    with pytest.raises(NotAllowedError):
        cases.update_case(
            chain.case, chain.by("controller"), chain.case.revision, secret=True, secrecy_section="x"
        )


def test_a_case_does_not_continue_itself(chain: Chain) -> None:
    by, later = chain.by("secretary"), register(chain, continues=chain.case)
    with pytest.raises(ValidationError) as fault:
        cases.update_case(chain.case, by, chain.case.revision, continues=later)
    assert "omvägar" in fault.value.message_dict["continues"][0]


def test_a_referral_is_a_task_until_it_is_answered(chain: Chain) -> None:
    day = TODAY + timedelta(days=30)
    made = register(chain, kind="referral", answer_by=day, responsible=chain.by("quality_strategist"))
    open_now = {task.kind: task for task in tasks.of(made).filter(state="open")}
    assert set(open_now) == {"meetings.case_answer", "meetings.case_prepare"}
    assert open_now["meetings.case_answer"].person == chain.by("quality_strategist")
    cases.update_case(made, chain.by("secretary"), made.revision, responsible=chain.by("sas"))
    assert {task.person.email for task in tasks.of(made).filter(state="open") if task.person} == {
        "sas@prov.se"
    }
    with pytest.raises(ValidationError, match="ska besvaras"):
        cases.close_case(made, chain.by("secretary"))
    cases.move(made, "prepared", chain.by("secretary"))
    cases.answer_case(made, chain.by("secretary"))
    assert {task.state for task in tasks.of(made)} == {"done"}
    assert cases.close_case(made, chain.by("secretary")).closed_on == TODAY


def test_a_case_goes_forwards_and_is_returned(chain: Chain) -> None:
    by, item = chain.by("secretary"), chain.new_item(chain.meeting, "Delegationsordning", chain.case)
    cases.move(chain.case, "committee", by, item=item)
    step = chain.case.steps.get()
    assert (step.on, step.body, step.item) == (chain.meeting.date, chain.committee, item)
    with pytest.raises(ValidationError, match="går inte tillbaka"):
        cases.move(chain.case, "prepared", by)
    with pytest.raises(ValidationError, match="Skriv varför"):
        cases.send_back(chain.case, by, " ")
    cases.send_back(chain.case, by, "Mer underlag behövs.", item)
    assert (chain.case.phase, chain.case.course) == ("registered", "returned")
    cases.move(chain.case, "prepared", by)
    assert chain.case.course == "active"
    cases.defer(chain.case, by, "Tiden räckte inte.")
    cases.resume(chain.case, by, "Nästa sammanträde.")
    cases.withdraw(chain.case, by, "Behövs inte.")
    with pytest.raises(ValidationError, match="återkallat"):
        cases.move(chain.case, "committee", by)
    cases.close_case(chain.case, by)
    with pytest.raises(ValidationError, match="avslutat"):
        cases.withdraw(chain.case, by, "Igen.")
    with pytest.raises(NotAllowedError):
        cases.reopen_case(chain.case, chain.by("controller"), "Fel.")
    assert cases.reopen_case(chain.case, by, "Stängdes av misstag.").phase == "prepared"
    with pytest.raises(ValidationError):
        cases.move(chain.case, "committee", by, on=date(2020, 1, 1))


def test_a_circle_is_named_before_the_database_refuses_it(chain: Chain) -> None:
    by, first = chain.by("secretary"), chain.case
    second, third = register(chain), register(chain)
    cases.depend(first, second, by)
    cases.depend(second, third, by)
    with pytest.raises(ValidationError) as fault:
        cases.depend(third, first, by)
    said = fault.value.message_dict["on"][0]
    assert (
        "2022.003 VON väntar på 2022.001 VON, som väntar på 2022.002 VON, som väntar på 2022.003 VON" in said
    )
    with pytest.raises(ValidationError, match="sig självt"):
        cases.depend(first, first, by)
    with pytest.raises(ValidationError, match="redan"):
        cases.depend(first, second, by)


def test_what_a_case_waits_for_comes_first(chain: Chain) -> None:
    by, awaited = chain.by("secretary"), register(chain)
    row = cases.depend(chain.case, awaited, by, until="committee")
    assert "2022.002 VON" in cases.why_not_decided(chain.case, by)
    with pytest.raises(ValidationError, match=r"väntar på 2022\.002 VON"):
        cases.move(chain.case, "carried_out", by)
    with pytest.raises(ValidationError, match="väntar på"):
        cases.close_case(chain.case, by)
    cases.move(awaited, "committee", by)
    assert cases.why_not_decided(chain.case, by) == ""
    assert tasks.Notice.objects.filter(recipient=chain.case.responsible).exists()
    cases.update_case(chain.case, by, chain.case.revision, union_due=True)
    with pytest.raises(ValidationError, match="samverkan"):
        cases.move(chain.case, "council", by)
    cases.note_union(chain.case, by, date(2022, 9, 20), "Inga invändningar.")
    cases.move(chain.case, "council", by)
    cases.undepend(row, by)
    assert not chain.case.waits_for.exists()


def test_a_case_that_waits_is_put_off_but_not_decided(chain: Chain) -> None:
    by, item = chain.by("secretary"), chain.new_item(chain.meeting, "Delegationsordning", chain.case)
    cases.depend(chain.case, register(chain), by)
    chain.all_present(chain.meeting)
    with pytest.raises(SessionFault, match=r"väntar på 2022\.002 VON"):
        decide(item, by, points=["Nämnden antar förslaget."], outcome="approved")
    decide(item, by, points=["Ärendet bordläggs."], outcome="deferred")
    assert Case.objects.get(pk=chain.case.pk).course == "deferred"


def test_a_secret_case_that_is_waited_for_is_not_named(chain: Chain) -> None:
    secret = chain.new_case("Hemligt", secret=True)
    cases.depend(chain.case, secret, chain.by("secretary"))
    said = cases.why_not_decided(chain.case, chain.by("controller"))
    assert "ett ärende med sekretess" in said
    assert secret.number not in said
    with pytest.raises(NotAllowedError):
        cases.depend(chain.case, secret, chain.by("controller"))


def test_closing_says_everything_that_is_loose(chain: Chain) -> None:
    by = chain.by("secretary")
    coming = chain.new_meeting(TODAY + timedelta(days=9))
    chain.new_item(coming, "Igen", chain.case)
    Watch.objects.create(committee=chain.committee, title="Följ upp", case=chain.case, opened_on=TODAY)
    asked = cases.ask_opinion(chain.case, chain.board, by)
    with pytest.raises(ValidationError) as fault:
        cases.close_case(chain.case, by)
    assert len(fault.value.messages) == 3
    assert "Följ upp" in " ".join(fault.value.messages)
    with pytest.raises(ValidationError, match="redan tillfrågad"):
        cases.ask_opinion(chain.case, chain.board, by)
    with pytest.raises(ValidationError):
        cases.note_opinion(asked, by, answer=" ")
    cases.note_opinion(asked, by, answer="Tillstyrker.")
    with pytest.raises(ValidationError):
        cases.ask_opinion(chain.case, "", by)
    assert cases.ask_opinion(chain.case, "Grannkommunen", by).name == "Grannkommunen"


def test_links_ask_access_at_both_ends(chain: Chain) -> None:
    goal, secret = Goal.objects.get(code="mal-1"), chain.new_case("Hemligt", secret=True)
    cases.link(chain.case, goal, chain.by("controller"))
    cases.link(chain.case, secret, chain.by("secretary"))
    with pytest.raises(NotAllowedError):
        cases.link(chain.case, secret, chain.by("controller"))
    assert {one.record for one in cases.linked(chain.case, chain.by("secretary"))} == {goal, secret}
    assert [one.record for one in cases.linked(chain.case, chain.by("controller"))] == [goal]
    assert [one.outwards for one in cases.linked(secret, chain.by("secretary"))] == [False]
    cases.unlink(chain.case, cases.linked(chain.case, chain.by("controller"))[0].pk, chain.by("secretary"))
    with pytest.raises(ValidationError):
        cases.unlink(chain.case, 0, chain.by("secretary"))


def test_numbers_have_no_gaps_and_no_doubles_when_many_register_at_once(
    committed: None, data_dir: object
) -> None:
    chain, start = build_chain(), Barrier(4)

    def registers(turn: int) -> str:
        try:
            start.wait()
            with transaction.atomic():
                made = register(chain, f"Ärende {turn}")
                if turn == 3:  # what is undone leaves its number to the next
                    transaction.set_rollback(True)
                return made.number if turn != 3 else ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        given = sorted(filter(None, pool.map(registers, range(4))))
    assert given == ["2022.002 VON", "2022.003 VON", "2022.004 VON"]


def test_a_body_is_asked_once_however_many_ask_at_once(committed: None, data_dir: object) -> None:
    chain = build_chain()
    asked = together(lambda: cases.ask_opinion(chain.case, chain.board, chain.by("secretary")))
    refused = [one for one in asked if isinstance(one, ValidationError)]
    assert len(refused) == 3 and all("redan tillfrågad" in str(one) for one in refused)
    assert chain.case.preparations.count() == 1
