"""The public form: anybody, without login and without cookies, honest, and not to be flooded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from roder import tasks
from roder.quality.jobs_cases import forget_senders
from roder.quality.models import Complaint, FormSalt, FormWindow
from roder.quality.rules.complaints import PER_ADDRESS, PER_COMMITTEE
from roder.quality.services import public
from tests.quality.case_world import build_cases, world
from tests.web.world import World

__all__ = ["world"]

TEXT = "Maten är kall varje kväll."


def old_token(world: World, **age: int) -> str:
    """A token from a form that was opened a while ago."""
    from unittest import mock

    when = timezone.now() - timedelta(**(age or {"minutes": 2}))
    with mock.patch("django.core.signing.time.time", return_value=when.timestamp()):
        return public.new_token(world.committee)


def form(world: World, **more: Any) -> dict[str, Any]:
    return {
        "kind": "klagomal", "text": TEXT, "answer": "ja", "name": "Anna", "contact": "anna@example.se",
        "webbplats": "", "token": old_token(world), **more,
    }  # fmt: skip


def post(world: World, address: str = "192.0.2.1", headers: dict[str, str] | None = None, **more: Any) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post(
        f"/synpunkter/{world.committee.slug}/",
        form(world, **more),
        REMOTE_ADDR=address,
        headers=headers or {},
    )


def test_opened_and_sent_without_a_cookie(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    opened = client.get(f"/synpunkter/{world.committee.slug}/")
    assert opened.status_code == 200
    sent = post(world)
    thanks = client.get(sent["Location"])
    for answer in (opened, sent, thanks):
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers
        assert "no-store" in answer["Cache-Control"]
    case = Complaint.objects.get()
    assert (case.channel, case.name, case.contact, case.anonymous) == (
        "formular",
        "Anna",
        "anna@example.se",
        False,
    )
    assert case.number in thanks.content.decode() and "Vad händer nu" in thanks.content.decode()
    assert tasks.of(case).get().role == "secretary"


def test_it_is_honest(world: World) -> None:
    text = Client().get(f"/synpunkter/{world.committee.slug}/").content.decode()
    assert "allmän handling" in text and "anonym" in text and "hemligt" in text
    assert "<script" not in text and "http://" not in text and "https://" not in text


def test_anonymous_is_kept_anonymous(world: World) -> None:
    sent = post(world, answer="nej", name="", contact="")
    case = Complaint.objects.get()
    assert case.anonymous and not case.name and not case.contact
    assert "inte svara dig" in Client().get(sent["Location"]).content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": ""}, "Skriv vad det gäller"),
        ({"text": "Min mor 19121212-1212"}, "personnummer"),
        ({"text": "Min mor 191212121212"}, "personnummer"),
        ({"text": "x" * 20_001}, "20\u00a0001 tecken"),
        ({"kind": "hot"}, "Välj"),
        ({"contact": ""}, "anonym"),
        ({"contact": "ring mig"}, "e-postadress"),
        ({"answer": "nej"}, "Ändra det ena"),
        ({"answer": ""}, "Välj om du vill ha svar"),
        ({"unit": "999999"}, "Välj"),
        ({"name": "Anna 19121212-1212"}, "personnummer"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_kept(world: World, more: dict[str, str], said: str) -> None:
    answer = post(world, **more)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said in text
    assert more.get("text", TEXT) in text
    assert not Complaint.objects.exists()


def test_a_text_of_twenty_thousand_passes_and_emoji_too(world: World) -> None:
    assert post(world, text="å" * 20_000).status_code == 302
    assert post(world, text="Bra! 👍", name="🌻 Maja").status_code == 302
    assert Complaint.objects.filter(name="🌻 Maja").exists()


def test_too_large_is_refused_before_it_is_read(world: World) -> None:
    answer = post(world, text="x" * 1_100_000)
    assert answer.status_code == 413


def test_the_robots_trap_is_emptied_and_the_text_kept(world: World) -> None:
    answer = post(world, webbplats="http://example.com")
    text = answer.content.decode()
    assert answer.status_code == 400 and TEXT in text and "example.com" not in text
    assert "Något behöver rättas" not in text


def test_too_fast_is_asked_to_send_again(world: World) -> None:
    answer = post(world, token=public.new_token(world.committee))
    assert answer.status_code == 400 and TEXT in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "a:b:c", None, "other", "old"])
def test_a_token_that_will_not_do_is_replaced_and_the_text_kept(world: World, token: str | None) -> None:
    given = {
        None: signing.dumps([world.committee.pk, "x"], salt="annat"),
        "other": signing.dumps([world.other.pk, "x"], salt="roder.quality.synpunkter"),
        "old": old_token(world, hours=30),
    }.get(token, token)
    answer = post(world, token=given)
    text = answer.content.decode()
    assert answer.status_code == 400 and TEXT in text
    fresh = text.split('name="token" value="')[1].split('"')[0]
    assert public.age_of(fresh, world.committee) is not None


def test_from_another_site_is_not_taken(world: World) -> None:
    assert post(world, headers={"Origin": "https://ond.example"}).status_code == 400
    assert post(world, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert (
        post(world, headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}).status_code
        == 302
    )
    assert Complaint.objects.count() == 1


def test_the_button_pressed_twice_registers_once(world: World) -> None:
    token = old_token(world)
    first, second = post(world, token=token), post(world, token=token)
    assert first.status_code == second.status_code == 302
    assert Complaint.objects.count() == 1


def test_the_same_form_with_something_changed_is_a_supplement(world: World) -> None:
    token = old_token(world)
    post(world, token=token)
    assert "tillägg" not in Client().get(post(world, token=token)["Location"]).content.decode()
    sent = post(
        world, token=token, text="Maten är kall, och portionerna små.", kind="synpunkt", unit=world.unit.pk,
        contact="anna.andersson@example.se",
    )  # fmt: skip
    case = Complaint.objects.get()
    assert case.text.startswith(f"{TEXT}\n\nTillägg ")
    for line in (
        "Maten är kall, och portionerna små.",
        "Slag: synpunkt",
        f"Enhet: {world.unit}",
        "Namn eller kontaktuppgift: ändrad",
    ):
        assert line in case.text.splitlines()
    # how somebody is reached stands where it can be erased, and what the registrar sorts by is the registrar's
    assert (case.contact, case.kind, case.unit) == ("anna.andersson@example.se", "klagomal", None)
    assert "anna.andersson" not in case.text
    assert "sparat som ett tillägg" in Client().get(sent["Location"]).content.decode()
    notice = tasks.Notice.objects.filter(title__contains="tillägg").get()
    assert notice.recipient == world.people["secretary"] and "Maten" not in notice.title + notice.body
    before = case.text
    post(world, token=token, text="Maten är kall, och portionerna små.", kind="synpunkt", unit=world.unit.pk,
         contact="anna.andersson@example.se")  # fmt: skip
    case.refresh_from_db()
    assert case.text == before  # the same once more says nothing new


def test_who_wants_to_be_anonymous_after_all_is_also_in_the_history(world: World) -> None:
    token = old_token(world)
    post(world, token=token)
    post(world, token=token, answer="nej", name="", contact="")
    case = Complaint.objects.get()
    assert (case.anonymous, case.name, case.contact) == (True, "", "")
    assert not case.events.exclude(name="", contact="").exists()  # type: ignore[attr-defined]
    assert "vill vara anonym" in case.text


def test_a_supplement_says_nothing_of_what_the_registrar_has_changed(world: World) -> None:
    token = old_token(world)
    post(world, token=token)
    Complaint.objects.update(kind="synpunkt", unit=world.unit)
    post(world, token=token)
    assert Complaint.objects.get().text == TEXT


def test_supplements_are_counted_and_refused_as_the_first(world: World) -> None:
    token = old_token(world)
    post(world, token=token)
    refused = post(world, token=token, text="Min mor 19121212-1212")
    assert refused.status_code == 400
    for at in range(PER_ADDRESS.count - 1):
        assert post(world, token=token, text=f"Tillägg nummer {at} om maten").status_code == 302
    assert post(world, token=token, text="Ett till om maten").status_code == 429
    assert "Ett till om maten" not in Complaint.objects.get().text


def test_one_address_may_not_flood_but_others_still_pass(world: World) -> None:
    answers = [post(world) for _ in range(PER_ADDRESS.count + 3)]
    assert [one.status_code for one in answers] == [302] * PER_ADDRESS.count + [429] * 3
    refused = answers[-1]
    assert TEXT in refused.content.decode() and "Vänta" in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= PER_ADDRESS.seconds
    assert post(world, address="192.0.2.2").status_code == 302
    assert post(world, address="2001:db8::1").status_code == 302


def test_no_address_is_stored(world: World) -> None:
    post(world, address="192.0.2.77")
    kept = " ".join(str(row) for row in FormWindow.objects.values_list("key", "starts_at", "count"))
    assert "192.0.2" not in kept
    yesterday = timezone.localdate() - timedelta(days=1)
    FormSalt.objects.create(day=yesterday, salt=b"x" * 32)
    FormWindow.objects.create(key="a:x", starts_at=timezone.now() - timedelta(days=2), count=1)
    forget_senders()
    assert list(FormSalt.objects.values_list("day", flat=True)) == [timezone.localdate()]
    assert not FormWindow.objects.filter(key="a:x").exists()


def test_flooded_from_everywhere_the_first_pass_and_the_rest_are_told(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, minute = build_cases(), timezone.now().replace(second=0, microsecond=0)
    monkeypatch.setattr("roder.quality.rules.complaints.Limit.window", lambda limit, now: minute)
    tokens = [old_token(world) for _ in range(50)]

    def one(number: int) -> tuple[int, bool]:
        try:
            answer = post(world, address=f"198.51.100.{number}", token=tokens[number])
            return answer.status_code, answer.status_code == 302 or TEXT in answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(50)))
    passed = sum(status == 302 for status, _ in answers)
    assert {status for status, _ in answers} == {302, 429}
    assert all(kept for _, kept in answers)
    assert passed == PER_COMMITTEE.count
    numbers = sorted(Complaint.objects.values_list("number", flat=True))
    year = timezone.localdate().year
    assert numbers == [f"{year}-{n:04d}" for n in range(1, passed + 1)]  # what was refused left no gap


def test_what_is_refused_for_its_content_takes_no_place(world: World) -> None:
    for _ in range(PER_ADDRESS.count + 2):
        assert post(world, text="").status_code == 400
    assert post(world).status_code == 302


def test_an_unknown_committee_or_receipt_is_not_found(world: World) -> None:
    assert Client().get("/synpunkter/finns-inte/").status_code == 404
    slug = world.committee.slug
    assert Client().get(f"/synpunkter/{slug}/tack/abc/").status_code == 404
    sent = post(world)
    elsewhere = sent["Location"].replace(slug, world.other.slug)
    assert Client().get(elsewhere).status_code == 404
    assert Client().put(f"/synpunkter/{slug}/").status_code == 405


def test_a_proxy_is_believed_only_when_there_is_one(world: World, settings: Any) -> None:
    from django.test import RequestFactory

    from roder.quality.pages.public import address_of

    request = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "1.2.3.4, 5.6.7.8"}, REMOTE_ADDR="10.0.0.1"
    )
    assert address_of(request) == "10.0.0.1"
    settings.HTTPS = True
    assert address_of(request) == "5.6.7.8"
