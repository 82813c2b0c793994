"""Secretary, chair and member through one meeting, from the letter to locked minutes; from a decision to what became of
it and back. What is secret is not there for those who may not see it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roder.meetings.models import Case, Document, MinuteItem, Minutes, Vote, Watch
from tests.browser.test_deviation_way import Open, _patience, check, open_as
from tests.meetings.world import Chain, build_chain

__all__ = ["_patience", "open_as"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SECRET = "Utredning med sekretess"


@pytest.fixture
def quality(live_server: Any) -> Chain:
    """The committee that meets: what ``open_as`` opens the pages of."""
    chain = build_chain()
    chain.new_document(chain.case, SECRET, secret=True)
    return chain


def press(page: Page, name: str, within: str = "main") -> None:
    """Press a button of the page, which sends its form and is not refused."""
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=name).first.click()
    expect(page.locator(".errors, .errorlist")).to_have_count(0)


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link of the page, and look at where it leads."""
    page.locator("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()
    check(page)


def test_a_date_is_never_broken_in_the_list_of_cases(open_as: Open, quality: Chain) -> None:
    """The day that an answer was due stands last in a narrow column, after a word."""
    for at in range(3):
        quality.new_case(f"Remiss om ansvar för personer med omfattande behov av samordnade insatser {at}")
    Case.objects.filter(committee=quality.committee).update(
        answer_by=date(2022, 9, 1), answered_on=None, course="active"
    )
    for width in (1280, 1024, 320):
        page = open_as("secretary", width=width)
        page.goto(f"{quality.root}arenden/")
        check(page)
        days = page.locator("main .chip time")
        assert days.count() >= 3
        lines = days.evaluate_all("all => all.map(one => one.getClientRects().length)")
        assert set(lines) == {1}, f"{width} px: {lines}"


def test_a_meeting_from_the_letter_to_what_became_of_it(open_as: Open, quality: Chain) -> None:  # noqa: PLR0915 - one way
    chain, root = quality, quality.root
    worker = open_as("quality_strategist", width=1280)
    worker.goto(f"{root}arenden/{chain.case.pk}/")
    check(worker)
    follow(worker, chain.letter.document.title)
    worker.get_by_role("link", name="Skriv", exact=True).click()
    check(worker)
    worker.get_by_label("Sammanfattning").fill("Fyra ändringar föreslås efter de nya reglerna.")
    press(worker, "Spara")
    expect(worker.get_by_text("Skrivelsen är sparad och komplett.")).to_be_visible()

    secretary = open_as("secretary", width=1280)
    secretary.goto(f"{root}sammantraden/{chain.meeting.pk}/")
    follow(secretary, "Skriv ärendelistan")
    press(secretary, "Lägg till de vanliga punkterna")
    secretary.locator("#ny > summary").click()
    secretary.locator("#ny [name=title]").fill(chain.case.title)
    secretary.locator("#ny [name=case]").select_option(str(chain.case.pk))
    press(secretary, "Lägg till", "#ny")
    expect(secretary.locator(".agenda").get_by_text(chain.case.title)).to_be_visible()
    follow(secretary, "Till sammanträdet")
    expect(secretary.get_by_role("link", name=SECRET)).to_be_visible()
    follow(secretary, "Kallelse")
    press(secretary, "Skicka kallelsen")

    secretary.goto(f"{root}sammantraden/{chain.meeting.pk}/session/")
    secretary.get_by_role("button", name="Alla närvarande").click()
    press(secretary, "Spara som det står")
    check(secretary)
    press(secretary, "Öppna sammanträdet")
    item = chain.meeting.items.get(case=chain.case)
    at = f"{root}session/punkt/{item.pk}/"
    secretary.goto(at)
    check(secretary)
    secretary.locator("#yrkande summary").click()
    secretary.locator("#yrkande").get_by_label("Avslag").check()
    secretary.locator("#yrkande").get_by_label("Ledamot S1 (S)").check()
    press(secretary, "Anteckna yrkandet")
    secretary.locator("#votering summary").click()
    press(secretary, "Börja voteringen")
    for key in ("M1", "M2", "C1", "S2", "S1", "S3", "V1"):
        choice = "yes" if key in ("M1", "M2", "C1", "S2") else "no"
        secretary.locator(f"[name=rost-{chain.seats[key].pk}][value={choice}]").check(force=True)
    check(secretary)
    press(secretary, "Spara och avsluta voteringen")
    secretary.goto(at)
    secretary.locator("#beslut").get_by_label("Enligt förslaget").check()
    press(secretary, "Spara beslutet")
    secretary.locator("#uppdrag summary").click()
    secretary.locator("#uppdrag [name$=what]").fill("Följa upp hur delegationen används")
    secretary.locator("#uppdrag [name$=when]").fill("mars")
    press(secretary, "Ta upp på balanslistan")
    secretary.goto(f"{root}sammantraden/{chain.meeting.pk}/session/")
    press(secretary, "Avsluta sammanträdet")

    record = f"{root}sammantraden/{chain.meeting.pk}/protokoll/"
    secretary.goto(record)
    secretary.locator("fieldset").get_by_label("Ledamot S2 (S)").check()
    check(secretary)
    press(secretary, "Öppna protokollet")
    check(secretary)
    press(secretary, "Granskat, skicka till justering")
    for role in ("chair", "member"):
        page = open_as(role)
        page.goto(record)
        check(page)
        press(page, "Jag justerar protokollet")
    secretary.goto(record)
    press(secretary, "Lås protokollet")
    check(secretary)
    assert Minutes.objects.get().state == "locked" and Vote.objects.get().yes == 4
    watch = Watch.objects.get()
    secretary.goto(f"{root}balanslista/{watch.pk}/")
    secretary.get_by_label("Vad redovisades?").fill("Delegationen används.")
    press(secretary, "Redovisat")

    member = open_as("member")
    member.goto(f"{root}beslut/")
    check(member)
    paragraph = MinuteItem.objects.get(item=item)
    follow(member, re.compile(re.escape(paragraph.heading)))
    follow(member, "Vad blev det av beslutet?")
    expect(member.get_by_text("Delegationen används.").first).to_be_visible()
    member.locator(f'main a[href$="/balanslista/{watch.pk}/"]').first.click()
    expect(member.get_by_role("heading", level=1)).to_have_text(watch.title)
    check(member)
    member.locator("main dl").get_by_role("link", name=re.compile("§")).click()
    expect(member.get_by_role("heading", level=1)).to_contain_text(paragraph.heading)

    outsider = open_as("controller")
    hidden = Document.objects.get(title=SECRET).pk
    assert outsider.request.get(f"{root}handlingar/{hidden}/").status == 404
    outsider.goto(f"{root}arenden/{chain.case.pk}/")
    expect(outsider.get_by_text(chain.letter.document.title).first).to_be_visible()
    expect(outsider.get_by_text(SECRET)).to_have_count(0)
    outsider.goto(f"{root}sammantraden/{chain.meeting.pk}/")
    check(outsider)
    expect(outsider.get_by_text(chain.case.title).first).to_be_visible()
    expect(outsider.get_by_text(SECRET)).to_have_count(0)
    outsider.goto(f"/sok/?q={SECRET}")
    expect(outsider.locator("main").get_by_role("link", name=SECRET)).to_have_count(0)
