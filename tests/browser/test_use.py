"""What people do: log in, move by keyboard, filter while typing, open a number in the side panel, lose nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.reports.committee import PASSWORD, Committee

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_log_in_and_out(open_as: Open, site: Committee) -> None:
    page = open_as(None)
    page.goto("/")
    page.get_by_label("E-post").fill("controller@prov.se")
    page.get_by_label("Lösenord").fill("fel")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vård- och omsorgsnämnden")
    page.get_by_text("Person controller").first.click()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_turn_on_two_steps_and_log_in_with_a_code(open_as: Open, site: Committee) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    page = open_as("controller")
    page.goto("/konto/2fa/")
    page.get_by_role("link", name="Sätt på").click()
    if page.get_by_role("heading", name="Bekräfta att det är du").count():
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.get_by_role("button", name="Bekräfta").click()
    expect(page.get_by_role("img", name="QR-kod")).to_be_visible()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 50
    secret = page.locator("main code").inner_text()
    page.locator("main input[name=code]").fill(code(secret))
    page.get_by_role("button", name="Sätt på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reservkoder")
    reserve = page.locator(".codes li").first.inner_text()

    other = open_as(None)
    other.goto("/konto/login/")
    other.get_by_label("E-post").fill("controller@prov.se")
    other.get_by_label("Lösenord").fill(PASSWORD)
    other.get_by_role("button", name="Logga in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Skriv engångskoden")
    other.locator("main input[name=code]").fill(reserve)
    other.get_by_role("button", name="Logga in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Vård- och omsorgsnämnden")


def test_by_keyboard_past_the_menu_and_to_the_search(open_as: Open, site: Committee) -> None:
    page = open_as("controller")
    page.goto(f"/{site.body.slug}/2022/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("platser")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sök: platser")
    expect(page.get_by_role("link", name="Fler platser i särskilt boende")).to_be_visible()


def test_a_slash_in_a_text_field_is_a_slash(open_as: Open, site: Committee) -> None:
    page = open_as("controller")
    page.goto(f"/{site.body.slug}/2022/enheter/")
    field = page.get_by_label("Filtrera", exact=True).first
    field.focus()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_the_menu_opens_on_a_phone_and_closes_with_escape(open_as: Open, site: Committee) -> None:
    page = open_as("controller", width=360)
    page.goto(f"/{site.body.slug}/2022/")
    expect(page.locator("#meny")).to_be_hidden()
    page.get_by_role("button", name="Meny").click()
    expect(page.get_by_role("link", name="Bokföring")).to_be_visible()
    expect(page.get_by_role("link", name="Målkedjan")).to_be_hidden()
    page.get_by_role("heading", name="Mål och resultat").click()
    expect(page.get_by_role("link", name="Målkedjan")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#meny")).to_be_hidden()


def test_another_year_is_chosen_from_the_top(open_as: Open, site: Committee) -> None:
    page = open_as("controller")
    page.goto(f"/{site.body.slug}/2021/ekonomi/")
    page.locator("summary", has_text="2021").click()
    page.get_by_role("link", name="2022").click()
    expect(page).to_have_url(f"{page.url.split('/al')[0]}/{site.body.slug}/2022/ekonomi/")


def test_a_list_filters_while_one_types_and_the_address_follows(open_as: Open, site: Committee) -> None:
    page = open_as("administrator")
    page.goto(f"/{site.body.slug}/2022/personer/")
    page.get_by_label("Filtrera", exact=True).first.press_sequentially("controller")
    expect(page.locator("#rader")).to_contain_text("1 rad i urvalet")
    assert page.url.endswith("?q=controller")
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()


def test_a_number_in_a_report_opens_in_the_side_panel(open_as: Open, site: Committee) -> None:
    page = open_as("member")
    page.goto(f"/{site.body.slug}/2022/rapporter/manadsuppfoljning/2022-05/v/1/")
    number = page.locator("a.figure", has_text="−10\u00a0802").first
    number.click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", level=1)).to_be_focused()
    expect(panel).to_contain_text("−10\u00a0802")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(number).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]


def test_typed_text_survives_a_closed_window_and_goes_when_saved(open_as: Open, site: Committee) -> None:
    page = open_as("administrator")
    address = f"/{site.body.slug}/2022/enheter/ny/"
    page.goto(address)
    page.get_by_label("Namn").fill("Nya enheten")
    page.goto(f"/{site.body.slug}/2022/")
    page.goto(address)
    expect(page.get_by_label("Namn")).to_have_value("Nya enheten")
    expect(page.get_by_text("Text som inte hann sparas har lagts tillbaka")).to_be_visible()
    page.get_by_role("button", name="Ta bort den").click()
    expect(page.get_by_label("Namn")).to_have_value("")
    page.goto(address)
    expect(page.get_by_label("Namn")).to_have_value("")


def test_a_form_that_was_saved_leaves_nothing_behind(open_as: Open, site: Committee) -> None:
    page = open_as("administrator")
    address = f"/{site.body.slug}/2022/enheter/ny/"
    page.goto(address)
    page.get_by_label("Kod").fill("ny-1")
    page.get_by_label("Namn").fill("Nya enheten")
    page.get_by_label("Slag").select_option("unit")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Tillagt.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Namn")).to_have_value("")


def test_everything_works_without_scripts(open_as: Open, site: Committee) -> None:
    page = open_as("administrator", java_script_enabled=False)
    page.goto(f"/{site.body.slug}/2022/personer/")
    page.get_by_label("Filtrera", exact=True).first.fill("controller")
    page.get_by_role("button", name="Filtrera").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_what_takes_more_than_a_moment_shows_that_it_is_on_its_way(open_as: Open, site: Committee) -> None:
    page = open_as("administrator")
    page.goto(f"/{site.body.slug}/2022/personer/")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(900)
        route.continue_()

    page.route("**/personer/?*", slowly)
    page.get_by_label("Filtrera", exact=True).first.press_sequentially("controller")
    expect(page.get_by_role("status").filter(has_text="Hämtar")).to_be_attached()
    expect(page.locator("#rader")).to_contain_text("1 rad i urvalet")
    expect(page.locator(".progress")).to_have_count(0)
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_header_of_a_phone_takes_two_rows(open_as: Open, site: Committee) -> None:
    for width in (320, 360, 390):
        page = open_as("controller", width=width)
        page.goto(f"/{site.body.slug}/2022/")
        assert page.locator("header.top").bounding_box()["height"] < 120  # type: ignore[index]


def test_on_paper_only_what_the_page_says_is_left(open_as: Open, site: Committee) -> None:
    page = open_as("controller")
    page.goto(f"/{site.body.slug}/2022/ekonomi/")
    page.emulate_media(media="print")
    for gone in (".top", ".side", ".actions", ".filters"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.pdf().startswith(b"%PDF")
