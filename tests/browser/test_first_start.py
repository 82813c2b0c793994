"""From an empty database to a committee with a steering model and a first page that is not empty, in a browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, expect

from roder.setup import first


def test_an_empty_database_becomes_a_committee_with_a_model(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 800}, locale="sv-SE"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(first.address(live_server.url))
        page.get_by_label("Kommunens namn").fill("Exempelby kommun")
        page.get_by_label("Kommunkod").fill("9900")
        page.get_by_label("Nämndens namn").fill("Socialnämnden")
        page.get_by_label("Nämndens förkortning").fill("SN")
        page.get_by_label("Ditt namn").fill("Anna Lind")
        page.get_by_label("Din e-post").fill("anna@exempelby.example")
        page.get_by_label("Lösenord").fill("skogen-vilar-tyst")
        page.get_by_role("button", name="Börja").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kom igång")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        page.locator("#diarienummer").get_by_role("link", name="Välj form").click()
        page.get_by_label("Form", exact=False).first.fill("{year}.{number:03d} SN")
        expect(page.get_by_role("status").filter(has_text=".001 SN")).to_be_visible()
        page.get_by_role("button", name="Spara").click()

        page.locator("#styrmodell").get_by_role("link", name="Börja med en styrmodell").click()
        page.get_by_role("heading", name="En tom med förklaringar").click()
        text = page.get_by_label("Styrmodellen (YAML)")
        typed = text.input_value()
        text.fill(typed.replace("subject: goal", "subject: gaol"))
        page.get_by_role("button", name="Granska").click()
        expect(page.get_by_role("heading", name="1 fel")).to_be_visible()
        text.fill(typed)
        page.get_by_role("button", name="Granska").click()
        page.get_by_role("button", name="Spara som ny version").click()
        page.goto("/")
        expect(page.get_by_role("heading", name="Årets uppföljningar")).to_be_visible()
        expect(page.get_by_role("link", name="Delårsbokslut").first).to_be_visible()
        assert [one for one in complaints if "400" not in one] == []
    finally:
        context.close()
