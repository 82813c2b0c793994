"""Quality strategist, member and unit manager through a year's risk work: the workshop, the plan that follows from it,
a sample checked on a phone, and the conclusion. Every page is looked at with axe on the way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from roder.control.models import (
    Control,
    ControlPlan,
    ControlPoint,
    ControlRound,
    ControlSample,
    PlanReview,
    Risk,
    SampleItem,
    Workshop,
)
from tests.browser.test_deviation_way import Open, _patience, check, open_as
from tests.browser.test_meeting_way import press
from tests.control.world import Room, build_room

__all__ = ["_patience", "open_as"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NEW = "Nyckelpersoner slutar och ingen kan ersätta dem i tid"
REFERENCES = "\n".join(f"2022-{number:03d}" for number in range(1, 21))


@pytest.fixture
def quality(live_server: Any) -> Room:
    """A committee with one risk and no plan: what ``open_as`` opens the pages of."""
    room = build_room()
    for model in (Control, ControlPoint, ControlPlan):
        model.objects.all().delete()
    Risk.objects.exclude(number="7").delete()
    Risk.objects.update(in_plan=False)
    return room


def score(page: Page, likelihood: int, impact: int, button: str) -> None:
    """Choose on both axes and send."""
    page.locator(f"[name=likelihood][value='{likelihood}']").check()
    page.locator(f"[name=impact][value='{impact}']").check()
    press(page, button)


def workshop(open_as: Open, room: Room) -> None:
    """Two suggest and score; the group decides."""
    leader = open_as("quality_strategist", width=1280)
    leader.goto(f"{room.root}riskworkshop/")
    check(leader)
    leader.get_by_label("Vad heter workshopen?").fill("Riskworkshop")
    press(leader, "Öppna workshopen")
    check(leader)
    at = f"{room.root}riskworkshop/{Workshop.objects.get().pk}/"
    member, manager = open_as("member"), open_as("unit_manager")
    member.goto(at)
    member.get_by_label("Vad kan hända?").fill(NEW)
    press(member, "Lägg till förslaget")
    expect(member.get_by_text(NEW)).to_be_visible()
    check(member)
    manager.goto(at)
    manager.get_by_label("Vad kan hända?").fill(NEW.upper())
    manager.get_by_role("button", name="Lägg till förslaget").click()
    expect(manager.get_by_text("Någon har redan föreslagit risken")).to_be_visible()
    manager.complaints.clear()  # type: ignore[attr-defined]  # the refusal itself, which the browser tells of
    screen = open_as("chair", width=1280)
    screen.goto(f"{at}skarm/")
    check(screen)
    leader.reload()
    press(leader, "Låt alla bedöma")
    expect(screen.get_by_text("börjat bedöma")).to_be_visible()
    expect(member.get_by_text("Workshopen har gått vidare")).to_be_visible()
    for page, likelihood in ((member, 2), (manager, 4)):
        page.goto(at)
        page.get_by_role("link", name="Börja bedöma").click()
        page.wait_for_load_state()
        check(page)
        score(page, 2, 2, "Spara och nästa")
        score(page, likelihood, 3, "Spara")
        check(page)
    expect(screen.locator(".workshop-count strong")).to_have_text("2")
    leader.reload()
    check(leader)
    press(leader, "Låt gruppen besluta")
    check(leader)
    leader.get_by_role("link", name=NEW).click()
    leader.wait_for_load_state()
    check(leader)
    press(leader, "Visa på skärmen")
    expect(screen.get_by_role("heading", name=NEW)).to_be_visible()
    check(screen)
    expect(leader.locator("[name=likelihood][value='3']")).to_be_checked()
    press(leader, "Spara gruppens beslut")
    press(leader, "Spara gruppens beslut")
    check(leader)
    press(leader, "Avsluta workshopen")
    check(leader)


def plan(open_as: Open, room: Room) -> None:
    """The risk is handled as a control point, and the plan is adopted with a control."""
    leader = open_as("quality_strategist", width=1280)
    leader.goto(f"{room.root}riskanalys/")
    check(leader)
    leader.goto(f"{room.root}riskanalys/{Risk.objects.get(text=NEW).pk}/")
    check(leader)
    leader.locator("[name=handling][value=control_point]").check()
    press(leader, "Spara hanteringen")
    leader.goto(f"{room.root}internkontroll/")
    check(leader)
    press(leader, "Börja från riskanalysen")
    check(leader)
    leader.get_by_role("link", name="Lägg till en", exact=True).click()
    leader.wait_for_load_state()
    check(leader)
    leader.get_by_label("Vad kontrolleras?").fill("Att det finns en ersättare")
    leader.locator("[name=method]").select_option("sample")
    leader.locator("[name=scope][value=number]").check()
    leader.locator("[name=scope_number]").fill("2")
    leader.locator("[name=responsible]").fill("Enhetschef")
    leader.locator("[name=owner_role]").select_option("unit_manager")
    leader.locator("[name=occasions][value=interim]").check()
    leader.locator("main form details summary").click()
    leader.locator("[name=unit]").select_option(str(room.unit.pk))
    with leader.expect_navigation():
        leader.locator("main form button.primary").click()
    expect(leader.locator(".errors, .errorlist")).to_have_count(0)
    leader.goto(f"{room.root}internkontroll/anta/")
    check(leader)
    leader.locator("[name=decision]").fill("§ 84")
    press(leader, "Anta planen")
    check(leader)
    press(leader, "Öppna kontrollerna")


def sample(open_as: Open, room: Room) -> None:
    """The manager takes the frame, draws, and checks both items on a phone."""
    manager = open_as("unit_manager")
    manager.goto(f"{room.root}kontroller/")
    check(manager)
    at = f"{room.root}kontroller/{ControlRound.objects.get().pk}/"
    manager.goto(at)
    check(manager)
    manager.goto(f"{at}ram/")
    check(manager)
    manager.locator("[name=f-name]").fill("Beslut januari–augusti")
    sent: FilePayload = {"name": "ram.txt", "mimeType": "text/plain", "buffer": REFERENCES.encode()}
    manager.locator("[name=f-file]").set_input_files(sent)
    press(manager, "Hämta ur filen")
    check(manager)
    press(manager, "Dra stickprovet")
    check(manager)
    assert ControlSample.objects.get().size == 2
    manager.goto(at)
    manager.get_by_role("link", name="Granska nästa post").click()
    manager.wait_for_load_state()
    check(manager)
    manager.locator("[name=deviates][value=nej]").check()
    press(manager, "Spara, nästa post")
    manager.locator("[name=deviates][value=ja]").check()
    manager.locator("[name=note]").fill("Ingen ersättare är utsedd")
    press(manager, "Spara")
    assert SampleItem.objects.filter(deviates=True).count() == 1
    manager.goto(at)
    manager.locator("#resultat [name=result]").fill("En av två saknar ersättare.")
    manager.locator("#resultat [name=action]").fill("Ersättare utses.")
    press(manager, "Avsluta kontrollen")
    check(manager)


def test_from_a_workshop_to_the_committee_s_conclusion(open_as: Open, quality: Room) -> None:
    room = quality
    workshop(open_as, room)
    risk = Risk.objects.get(text=NEW)
    assert (risk.state, risk.likelihood, risk.impact) == ("active", 3, 3)
    plan(open_as, room)
    point = ControlPoint.objects.get()
    assert point.risk == risk and point.plan.state == "adopted"
    sample(open_as, room)

    leader = open_as("quality_strategist", width=1280)
    follow_up = f"{room.root}internkontroll/uppfoljning/2022-08/"
    leader.goto(follow_up)
    check(leader)
    leader.goto(f"{follow_up}{point.pk}/")
    check(leader)
    expect(leader.get_by_text("En av två saknar ersättare.").first).to_be_visible()
    leader.locator("[name=outcome]").nth(1).check()
    leader.locator("[name=result]").fill("En av två saknar ersättare.")
    leader.locator("[name=action]").fill("Ersättare utses.")
    press(leader, "Spara")
    leader.goto(f"{follow_up}slutsats/")
    check(leader)
    leader.locator("[name=conclusion]").first.check()
    leader.locator("[name=reasons]").fill("Kontrollen är gjord och bristen åtgärdas.")
    press(leader, "Spara")
    check(leader)
    assert PlanReview.objects.get().reasons.startswith("Kontrollen är gjord")
    member = open_as("member")
    member.goto(follow_up)
    check(member)
    expect(member.get_by_text("Kontrollen är gjord och bristen åtgärdas.")).to_be_visible()
