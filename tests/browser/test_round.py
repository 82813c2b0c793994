"""A round with five roles: opened, filled in on a phone, returned, completed by a deputy, summed up and approved; and a
late unit that is seen. Every page is looked at with axe on the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from roder.followup.models import Line
from roder.followup.services import sheets
from roder.steering.models import Assignment
from roder.tasks import deputies
from tests.browser.test_deviation_way import Open, _patience, check, open_as
from tests.followup.pages_world import Opened, build_opened

__all__ = ["_patience", "open_as"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def quality(live_server: Any) -> Opened:
    """A committee whose round has been open since the twelfth of August: what ``open_as`` opens the pages of."""
    return build_opened()


def press(page: Page, name: str) -> None:
    """Press a button of the page, which sends its form and is not refused."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator("main .errors, main .errorlist")).to_have_count(0)


def comment(page: Page, line: Line, words: str, *, status: str = "") -> None:
    """Write in a row, and choose a status."""
    if status:
        page.locator(f"#r{line.pk} [name$=-status][value={status}]").check()
    page.locator(f"[name=r{line.pk}-comment]").fill(words)


def saved(page: Page) -> None:
    """Everything is saved by itself."""
    expect(page.locator("[data-state]")).to_contain_text("Allt är sparat")


def opens(open_as: Open, room: Opened) -> None:
    """The quality strategist opens the round by hand, and shares an assignment first."""
    leader = open_as("strateg", 1280)
    leader.goto(room.url("delningar/"))
    check(leader)
    leader.locator("[name=subject]").select_option(label="Se över bemanningen")
    leader.locator("[name=unit]").select_option(label="Björken")
    press(leader, "Dela")
    check(leader)
    leader.goto(room.url("omgangar/"))
    check(leader)
    leader.get_by_role("link", name="Delårsbokslut 2022").click()
    leader.wait_for_load_state()
    press(leader, "Lägg ut det som tillkommit")
    expect(leader.locator(".messages .success")).to_contain_text("2 nya blad")
    check(leader)


def fills_in(open_as: Open, room: Opened) -> None:
    """The unit manager at 21:40, on a phone: saved while writing, also when the connection goes."""
    manager = open_as("u111")
    manager.goto(room.url("mina/"))
    check(manager)
    manager.get_by_role("link", name="Börja: Mål").click()
    manager.wait_for_load_state()
    check(manager)
    expect(manager.get_by_text("7,4 %")).to_be_visible()
    first, second, third = room.lines("111")
    comment(manager, first, "Rutinen är ny.")
    saved(manager)
    assert room.lines("111")[0].comment == "Rutinen är ny."
    expect(manager.locator(f"#r{first.pk} [data-mark]")).to_contain_text("Ifylld")
    expect(manager.locator("[data-left]")).to_have_text("1 av 3 ifyllda")
    # no connection: what is written stays on the phone, over a reload too, and is saved when it is back
    manager.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('cut')); }")
    comment(manager, second, "Fler svarar.")
    expect(manager.locator("[data-state]")).to_contain_text("Ingen uppkoppling")
    assert room.lines("111")[1].comment == ""
    manager.reload()
    expect(manager.locator(f"[name=r{second.pk}-comment]")).to_have_value("Fler svarar.")
    saved(manager)
    assert room.lines("111")[1].comment == "Fler svarar."
    manager.complaints.clear()  # type: ignore[attr-defined]  # the lost connection, which the browser tells of
    # not everything is written: all is saved, and what is left is said
    with manager.expect_navigation():
        manager.get_by_role("button", name="Klarmarkera").click()
    expect(manager.get_by_text("Det du har skrivit är sparat")).to_be_visible()
    manager.complaints.clear()  # type: ignore[attr-defined]  # the refusal itself
    check(manager)
    comment(manager, third, "Frånvaron minskar.")
    press(manager, "Klarmarkera")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Kritiska faktorer: Björken")
    expect(manager.locator(".messages .success")).to_contain_text("Här är nästa")
    factors = room.lines("111", "factors")
    comment(manager, factors[0], "Korttiden ökar.")
    comment(manager, factors[1], "Enkäten var bra.", status="utan")
    manager.locator(f"#r{factors[0].pk} [name$=-status][value=utan]").check()
    expect(manager.locator(f"#r{factors[0].pk} [data-why]")).to_be_visible()
    expect(manager.locator("[data-state]")).to_contain_text(
        "Skriv varför"
    )  # not refused: it waits for the reason
    assert room.lines("111", "factors")[0].status == "nara"
    manager.locator(f"#r{factors[0].pk} [name$=-status][value=nara]").check()
    expect(manager.locator(f"#r{factors[0].pk} [data-why]")).to_be_hidden()
    check(manager)
    press(manager, "Klarmarkera")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Uppdrag: Björken")
    comment(manager, room.lines("111", "assignments")[0], "Schemat är ändrat.", status="fardig")
    press(manager, "Klarmarkera")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Mina uppföljningar")
    expect(manager.get_by_text("Inget väntar på dig")).to_be_visible()
    check(manager)


def returns(open_as: Open, room: Opened) -> None:
    """The head of department sees who is late, reads, and gives one sheet back with a comment."""
    head = open_as("avd1", 1280)
    head.goto(room.url("omgangar/2022-08/"))
    check(head)
    expect(head.locator(".late-list")).to_contain_text("Linden")
    expect(head.locator(".late-list")).not_to_contain_text("Björken")
    expect(head.locator("table.round-grid")).to_contain_text("Sen: inte påbörjad")
    head.get_by_role("link", name="Läs mål").click()
    head.wait_for_load_state()
    check(head)
    expect(head.get_by_text("Rutinen är ny.")).to_be_visible()
    head.get_by_role("link", name="Björken").first.click()
    head.wait_for_load_state()
    check(head)
    head.locator("summary", has_text="Lämna tillbaka").click()
    head.locator("#tillbaka_reason").fill("Skriv också om natten.")
    press(head, "Lämna tillbaka")
    expect(head.locator(".messages .success")).to_contain_text("Återlämnat: Mål: Björken")
    expect(head.get_by_role("heading", level=1)).to_have_text("Uppdrag: Björken")  # the next one that waits
    check(head)


def deputy(open_as: Open, room: Opened) -> None:
    """The manager is away. The deputy completes, while the manager happens to write in the same row."""
    town, today = room.town, timezone.localdate()
    deputies.appoint(town.by("u111"), town.by("u31"), first=today, last=today, person=town.by("u111"))
    stand_in = open_as("u31")
    stand_in.goto(room.url("mina/"))
    check(stand_in)
    expect(stand_in.get_by_text("Du är ersättare för U111.")).to_be_visible()
    sheet, line = room.sheet("111"), room.lines("111")[0]
    stand_in.goto(room.url(f"blad/{sheet.pk}/"))
    expect(stand_in.get_by_text("Skriv också om natten.").first).to_be_visible()
    check(stand_in)
    sheets.save_line(
        line, town.by("u111"), expected_revision=line.revision, comment="Rutinen är ny. Natten följer."
    )
    comment(stand_in, line, "Rutinen är ny, även på natten.")
    clash = stand_in.locator(f"#r{line.pk} [data-clash]")
    expect(clash).to_contain_text("Rutinen är ny. Natten följer.")
    expect(stand_in.locator(f"[name=r{line.pk}-comment]")).to_have_value("Rutinen är ny, även på natten.")
    stand_in.complaints.clear()  # type: ignore[attr-defined]  # the collision itself
    check(stand_in)
    clash.get_by_role("button", name="Behåll båda").click()
    saved(stand_in)
    both = room.lines("111")[0].comment
    assert "Natten följer." in both and "även på natten" in both
    press(stand_in, "Klarmarkera")
    assert sheets.progress(room.sheet("111")) == "ready"


def sums_up(open_as: Open, room: Opened) -> None:
    """The head approves what is ready, writes beside what the units wrote, and marks the summary as ready."""
    head = open_as("avd1", 1280)
    head.goto(room.url("omgangar/2022-08/goals/"))
    press(head, "Godkänn alla klarmarkerade (1)")
    expect(head.locator(".messages .success")).to_contain_text("1 blad är godkända")
    comment(head, room.lines("11")[0], "Fallen minskar i Björken.")
    head.locator("[name$=-summary]").fill("Linden har inte rapporterat.")
    saved(head)
    check(head)
    press(head, "Klarmarkera")
    assert sheets.progress(room.sheet("111")) == "attested"
    assert sheets.progress(room.sheet("11")) == "ready"


def test_a_round_with_five_roles_a_return_a_deputy_and_a_late_unit(open_as: Open, quality: Opened) -> None:
    room = quality
    Assignment.objects.create(
        committee=room.town.committee, code="u1", title="Se över bemanningen", giver="KF", from_year=2022,
        to_year=2022,
    )  # fmt: skip
    opens(open_as, room)
    fills_in(open_as, room)
    returns(open_as, room)
    deputy(open_as, room)
    sums_up(open_as, room)

    above = open_as("forvaltning", 1280)
    above.goto(room.url("omgangar/2022-08/goals/"))
    check(above)
    expect(above.get_by_text("Fallen minskar i Björken.")).to_be_visible()
    expect(above.get_by_text("Linden har inte rapporterat.")).to_be_visible()
    above.goto(room.url(f"blad/{room.sheet('11').pk}/"))
    press(above, "Godkänn")
    check(above)
    assert sheets.progress(room.sheet("11")) == "attested"
    controller = open_as("controller", 360)
    controller.goto(room.url("omgangar/2022-08/"))
    check(controller)
    expect(controller.locator("table.round-grid")).to_contain_text("U31, ersättare")
    expect(controller.locator("table.round-grid")).to_contain_text("Sen: inte påbörjad")
    controller.goto(room.url("omgangar/2022-08/dialoger/"))
    check(controller)
