"""The ways in, in a real browser: the municipality's identity provider, and a security key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roder.organisation.models import Person, Unit
from tests.access.identity.world import CODE, RunningProvider, oidc_file, provider_runs, trust
from tests.browser.conftest import Open
from tests.reports.committee import Committee

pytestmark = pytest.mark.browser
PASSWORD = "ett-langt-losenord-1"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningProvider]:
    with provider_runs() as provider:
        yield provider


def test_somebody_logs_in_with_the_municipalitys_account(
    running: RunningProvider, open_as: Open, site: Committee, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    Unit.objects.get_or_create(
        committee=site.body, code="9", defaults={"name": "Björkens äldreboende", "kind": "unit"}
    )
    running.registers(f"{live_server.url}/konto/oidc/{CODE}/login/callback/")
    (tmp_path / "hemlighet").write_text(running.secret)
    rule = "    groups:\n" + "".join(
        f'      - {{group: "{group}", role: {role}, committee: {site.body.slug}{unit}}}\n'
        for group, role, unit in (
            ("EC-{unit}", "unit_manager", ', unit: "{unit}"'),
            ("Systemförvaltare", "administrator", ""),
        )
    )
    trust(settings, tmp_path, oidc_file(running, rules=rule))
    groups = ["EC-9", "Systemförvaltare", "Alla anställda"]
    running.knows("eva", email="eva@exempel.se", name="Eva Ek", groups=groups)
    page = open_as(None, width=360)
    page.goto("/konto/login/?next=/inloggningar/")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Logga in med Exempelköpings kommun").click()
    page.locator("input[name=sub]").first.fill("eva")
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url("**/inloggningar/")
    page.get_by_role("heading", name="Grupper utan regel").wait_for()
    assert page.get_by_text("EC-9 → enhetschef, Björkens äldreboende (9)").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Person.objects.get(email="eva@exempel.se").mandates.count() == 2


def test_a_security_key_is_added_and_asked_for(open_as: Open, site: Committee, live_server: Any) -> None:
    person = site.people["controller"]
    person.set_password(PASSWORD)
    person.save()
    page = open_as(None)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    options = {**key, "isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    _log_in(page, person.email)
    page.wait_for_url(lambda url: "/konto/" not in url)
    page.goto("/konto/2fa/webauthn/add/")
    page.get_by_label("Lösenord").fill(
        PASSWORD
    )  # asked once more: it is the account's protection that changes
    page.get_by_role("button", name="Bekräfta").click()
    page.get_by_label("Vad ska nyckeln heta?").fill("Nyckelknippan")
    page.get_by_role("button", name="Lägg till nyckeln").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    page.context.clear_cookies()
    _log_in(page, person.email)
    page.get_by_role("button", name="Använd nyckeln").click()
    page.wait_for_url(lambda url: "/konto/" not in url)
    page.goto("/konto/2fa/webauthn/")
    assert page.get_by_text("Nyckelknippan").first.is_visible()
    assert page.complaints == []  # type: ignore[attr-defined]


def _log_in(page: Any, email: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
