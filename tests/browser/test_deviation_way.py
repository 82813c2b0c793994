"""A fall reported on a phone, and everybody else's part until it is closed; and what nobody else may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from roder.quality.models import Deviation
from tests.browser.looking import axe
from tests.quality.deviation_world import Quality, build_quality, investigated

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Page]
PATIENCE = 30_000  # a busy machine is not a fault


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def quality(live_server: Any) -> Quality:
    return build_quality()


@pytest.fixture
def open_as(browser: Browser, live_server: Any, quality: Quality) -> Iterator[Open]:
    """A page of somebody logged in, on a phone unless said otherwise."""
    contexts: list[BrowserContext] = []

    def opened(role: str, width: int = 360) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 740}, locale="sv-SE",
            timezone_id="Europe/Stockholm",
        )  # fmt: skip
        contexts.append(context)
        client = Client()
        client.force_login(quality.world.people[role], "django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        page.on(
            "console",
            lambda said: (
                page.complaints.append(said.text)  # type: ignore[attr-defined]
                if said.type in ("error", "warning")
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()


def check(page: Page) -> None:
    """Nothing for axe to find, nothing outside the window, nothing that the browser complains of."""
    found = axe(page)
    assert not found, f"{page.url}: {found}"
    outside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert outside <= 0, f"{page.url}: {outside} px utanför"
    assert page.complaints == [], page.complaints  # type: ignore[attr-defined]


def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)


def send(page: Page) -> None:
    """Check the form's page and send it."""
    check(page)
    page.locator("main form.case-form .button.primary").click()
    expect(page.locator(".messages .success")).to_be_visible()


def start(quality: Quality) -> str:
    return f"{quality.world.root}avvikelser/"


def test_a_fall_from_the_phone_to_closed_by_five(open_as: Open, quality: Quality) -> None:  # noqa: PLR0915 - one way
    staff = open_as("care_staff")
    staff.goto(quality.world.root)
    check(staff)
    staff.get_by_role("link", name="Rapportera en händelse").last.click()
    expect(staff.locator(".way")).to_be_visible()
    targets = staff.locator(".report .pick:visible, .report .button:visible").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().height))"
    )
    assert min(targets) >= 44, targets
    check(staff)
    staff.get_by_role("button", name="Nästa").click()
    expect(staff.locator("#lage")).to_contain_text("Välj vad det gäller")
    staff.get_by_label("Fall", exact=True).check()
    expect(staff.get_by_text("Ring sjuksköterskan nu")).to_be_visible()
    staff.get_by_label("Egen aktivitet").check()
    fill(staff, what="Hittades på golvet vid sängen kl. 21.40.")
    for heading in ("Var och när?", "Vem och hur allvarligt?", "Skicka"):
        staff.get_by_role("button", name="Nästa").click()
        expect(staff.get_by_role("heading", level=2, name=heading)).to_be_focused()
        check(staff)
    expect(staff.locator("#sammanfattning")).to_contain_text("Björkens äldreboende")
    expect(staff.locator("#sammanfattning")).to_contain_text(
        re.compile(r"\d{1,2} [a-z]+ \d{4} kl\. \d\d\.\d\d")
    )
    staff.get_by_role("button", name="Skicka rapporten").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Tack, rapporten är mottagen")
    check(staff)
    assert not staff.evaluate("Object.keys(localStorage).filter((key) => key.includes(':rapport:')).length")
    case = Deviation.objects.get()
    home = f"{start(quality)}{case.pk}/"

    nurse = open_as("licensed")
    nurse.goto(quality.world.root)
    nurse.get_by_role("link", name=re.compile("Bedöm om hembesök")).first.click()
    check(nurse)
    nurse.locator(".next-step .button.primary").click()
    nurse.get_by_label("Nej").check()
    fill(nurse, situation="Föll", recommendation="Observera")
    send(nurse)

    manager = open_as("unit_manager")
    manager.goto(home)
    manager.get_by_role("link", name="Lämna uppgifter om händelsen").click()
    fill(manager, what="Föll på väg till toaletten", worked="Kvällspersonal")
    send(manager)
    manager.get_by_role("link", name="Klassificera", exact=True).first.click()
    manager.get_by_label(re.compile("3. Betydande")).check()
    send(manager)
    manager.get_by_role("link", name="Utred", exact=True).click()
    fill(manager, cause="Mattan gled", feedback="Mattan är borttagen.")
    send(manager)
    manager.get_by_role("link", name="Lägg till en åtgärd").click()
    fill(manager, what="Ta bort mattan", due=timezone.localdate().isoformat())
    send(manager)
    manager.get_by_role("link", name=re.compile("^Genomförd")).click()
    fill(manager, note="Borttagen")
    send(manager)
    manager.get_by_role("link", name=re.compile("Bedöm effekten")).click()
    manager.get_by_label("Ja", exact=True).check()
    fill(manager, text="Inga nya fall")
    send(manager)
    manager.get_by_role("link", name="Följ upp enhetens åtgärder").first.click()
    fill(manager, note="Åtgärden fungerade")
    send(manager)
    expect(manager.get_by_text("kan inte avslutas utan beslut")).to_be_visible()

    nurse.goto(home)
    nurse.get_by_role("link", name="Klassificera", exact=True).first.click()
    send(nurse)
    nurse.get_by_role("link", name="Följ upp professionens åtgärder").click()
    fill(nurse, note="Inga egna åtgärder behövdes")
    send(nurse)

    mas = open_as("mas", width=1280)
    mas.goto(home)
    mas.get_by_role("link", name="Fördjupad analys").click()
    fill(mas, course="Steg för steg", causes="Rutin saknades")
    send(mas)
    mas.get_by_role("link", name="Besluta", exact=True).click()
    mas.get_by_label(re.compile("Varken")).check()
    fill(mas, motive="Ingen skada")
    send(mas)

    sas = open_as("sas", width=1280)
    sas.goto(start(quality))
    sas.get_by_role("link", name=case.number).click()
    check(sas)
    sas.get_by_role("link", name="Avsluta", exact=True).click()
    send(sas)
    assert Deviation.objects.get().state == "closed"
    staff.goto(f"{start(quality)}mina/")
    check(staff)
    staff.get_by_role("link", name=re.compile(case.number)).click()
    expect(staff.get_by_text("Mattan är borttagen.")).to_be_visible()
    expect(staff.get_by_text("Mattan gled")).to_have_count(0)


def test_what_was_typed_survives_a_reload_and_a_lost_connection(open_as: Open, quality: Quality) -> None:
    page = open_as("care_staff")
    page.goto(f"{start(quality)}rapportera/")
    page.get_by_label("Läkemedel", exact=True).check()
    page.get_by_label("Dos inte överlämnad").check()
    fill(page, what="Kvällsdosen låg kvar 💊")
    page.get_by_role("button", name="Nästa").click()
    page.get_by_text("Annan tid").click()
    page.locator("[name=occurred_at]").fill("2026-01-10T21:40")
    page.reload()
    expect(page.get_by_text("Utkastet du började på")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Var och när?")).to_be_visible()
    expect(page.locator("[name=occurred_at]")).to_have_value("2026-01-10T21:40")
    page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Nästa").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_text("Ingen uppkoppling")).to_be_visible()
    assert not Deviation.objects.exists()
    page.context.set_offline(False)  # it is sent by itself when the connection is back
    expect(page.get_by_role("heading", level=1)).to_contain_text("rapporten är mottagen")
    case = Deviation.objects.get()
    assert case.what == "Kvällsdosen låg kvar 💊"
    assert timezone.localtime(case.occurred_at).strftime("%Y-%m-%dT%H:%M") == "2026-01-10T21:40"
    assert [one.cause.code for one in case.matters.all() if one.cause] == ["dos"]


def test_a_refused_report_shows_where_and_keeps_all(open_as: Open, quality: Quality) -> None:
    page = open_as("care_staff")
    page.goto(f"{start(quality)}rapportera/")
    page.get_by_label("Fall", exact=True).check()
    fill(page, what="Gäller 19121212-1212 som föll")
    for _ in range(3):
        page.get_by_role("button", name="Nästa").click()
    page.locator("[name=files]").set_input_files(
        {"name": "golv.txt", "mimeType": "text/plain", "buffer": b"Golvet var halt."}
    )
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_text("innehåller ett personnummer")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Vad hände?")).to_be_visible()
    page.complaints.clear()  # type: ignore[attr-defined]  # the browser notes the 422
    check(page)
    fill(page, what="Hen föll")
    for _ in range(3):
        page.get_by_role("button", name="Nästa").click()
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rapporten är mottagen")
    expect(page.get_by_role("link", name="golv.txt", exact=True)).to_be_visible()


def test_a_login_that_ran_out_is_no_dead_end_and_logging_out_clears(open_as: Open, quality: Quality) -> None:
    page = open_as("care_staff")
    page.goto(f"{start(quality)}rapportera/")
    page.get_by_label("Fall", exact=True).check()
    fill(page, what="Föll i hallen")
    for _ in range(3):
        page.get_by_role("button", name="Nästa").click()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.get_by_label("E-post").fill("care_staff@prov.se")
    page.get_by_label("Lösenord").fill("ett-langt-losenord-1")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapportera en händelse")
    expect(page.locator("[name=what]")).to_have_value("Föll i hallen")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_first_page_is_light(open_as: Open, quality: Quality) -> None:
    page, sizes = open_as("care_staff"), []
    page.on("response", lambda answer: sizes.append((answer.url, len(answer.body()))))
    page.goto(f"{start(quality)}rapportera/")
    page.wait_for_load_state("networkidle")
    assert not [url for url, _ in sizes if "htmx" in url or "chart" in url]
    assert sum(size for _, size in sizes) < 130_000, sizes  # before compression; a third of it over the line


def test_what_each_role_must_not_see(open_as: Open, quality: Quality) -> None:
    case, secret = quality.report(what="Hemlig text om fallet"), "Hemlig text om fallet"
    investigated(quality, case)
    home = f"{start(quality)}{case.pk}/"
    shut = (
        "member",
        "chair",
        "controller",
        "auditor",
        "secretary",
        "central_office",
        "administrator",
        "provider",
    )
    for role in (*shut, "unit_manager_2", "licensed_2"):
        page = open_as(role)
        for address in (
            home,
            f"{home}utred/",
            f"{home}klassificera/",
            f"{start(quality)}rapporterad/{case.pk}/",
        ):
            answer = page.goto(address)
            assert answer is not None and answer.status in (403, 404), (role, address)
            assert secret not in page.content() and case.number not in page.content(), role
        page.goto(f"/sok/?q={case.number}")
        assert secret not in page.content(), role
        page.context.close()
    staff = open_as("care_staff")
    staff.goto(home)
    expect(staff.get_by_text(secret)).to_be_visible()
    for hidden in ("Mattan gled", "Kvällspersonalen", "Person licensed", "Person unit_manager"):
        assert hidden not in staff.content(), hidden


def test_a_day_to_come_is_refused_where_it_is_written(open_as: Open, quality: Quality) -> None:
    staff = open_as("care_staff")
    staff.goto(f"{start(quality)}rapportera/")
    staff.get_by_label("Fall", exact=True).check()
    fill(staff, what="Hittades på golvet.")
    staff.get_by_role("button", name="Nästa").click()
    staff.get_by_label("Annan tid").check()
    fill(staff, occurred_at=f"{timezone.localdate().year + 2}-01-01T10:00")
    staff.get_by_role("button", name="Nästa").click()
    expect(staff.locator("#lage")).to_contain_text("Tiden ligger framåt i tiden")
    expect(staff.locator("[name=occurred_at]")).to_be_focused()
    fill(staff, occurred_at=f"{timezone.localdate().year - 1}-01-01T10:00")
    staff.get_by_role("button", name="Nästa").click()
    expect(staff.get_by_role("heading", level=2, name="Vem och hur allvarligt?")).to_be_focused()
