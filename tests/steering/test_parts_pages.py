"""The steering model changed part by part on the web: every page of every part, a row changed, moved, added and taken
away, what is wrong said at its field, and nobody's work lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from roder.core.examples import examples_dir
from roder.organisation.models import Body, Mandate, Person
from roder.steering.loading import load_model
from roder.steering.models import SteeringModelVersion
from roder.steering.starting import start_text
from tests.setup.conftest import begun

__all__ = ["begun"]

BACKEND = "django.contrib.auth.backends.ModelBackend"
YEAR = date.today().year
HOME = f"/exempelby-sn/{YEAR}/styrmodell/"
SOME = 10
STATUSES = "delar/status_scales/0/statuses/"


@pytest.fixture
def anna(begun: tuple[Person, Body], client: Client) -> Client:
    """The administrator of a committee with the blank model, which has explanations."""
    load_model(begun[1], start_text(begun[1], "blank", YEAR), by=begun[0])
    client.force_login(begun[0], BACKEND)
    return client


def latest() -> SteeringModelVersion:
    return SteeringModelVersion.objects.order_by("-version")[0]


def shown(client: Client, where: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    page = client.get(HOME + where)
    assert page.status_code == 200, where
    form = page.context["form"]
    sent = {form.add_prefix(name): form.initial[name] for name in form.fields}
    return {**sent, "bygger_pa": str(page.context["stand"].version.pk), "rad": page.context["row"]}


def review(client: Client, where: str, **changed: Any) -> tuple[Any, dict[str, Any]]:
    """The page after *Granska*, and what it would send."""
    sent = {**shown(client, where), **{f"f-{name}": value for name, value in changed.items()}}
    page = client.post(HOME + where, sent)
    if page.context["outcome"]:
        sent["granskat"] = page.context["outcome"].seal
    return page, sent


def said(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def links(page: Any) -> Iterator[str]:
    """The addresses of parts on a page."""
    yield from re.findall(r'href="([^"?]*/styrmodell/delar/[^"?]*)[^"]*"', page.content.decode())


def test_every_part_and_row_of_the_model_has_a_page(anna: Client, begun: tuple[Person, Body]) -> None:
    text = (examples_dir() / "alingsas" / "styrmodell.yaml").read_text(encoding="utf-8")
    own = begun[1]
    text = re.sub(
        r"(?m)^municipality:.*$",
        f'municipality: {{code: "{own.municipality.code}", name: E, slug: exempelby}}',
        text,
    )
    text = re.sub(r"(?m)^  slug: .*$", "  slug: sn", text, count=1)
    load_model(own, text)
    seen: set[str] = set()
    waiting = ["/exempelby-sn/2022/styrmodell/delar/"]
    kinds: set[str] = set()
    deeds: Counter[str] = Counter()  # each is a check of the whole text: some of each are enough
    while waiting:
        url = waiting.pop()
        seen.add(url)
        page = anna.get(url)
        assert page.status_code == 200, url
        for one in links(page):
            kind = re.sub(r"/\d+/", "/0/", one)  # of each kind of row, the first
            deed = next((name for name in ("flytta", "ta-bort") if f"/{name}/" in one), "")
            if one in seen or (kind in kinds and one != kind) or (deed and deeds[deed] == SOME):
                continue
            deeds[deed] += 1
            kinds.add(kind)
            waiting.append(one)
    assert len(seen) > 100


def test_a_word_is_changed_reviewed_and_saved_with_every_other_line_as_it_was(anna: Client) -> None:
    where, before = f"{STATUSES}1/", latest()
    page, sent = review(anna, where, label="Nås nästan")
    assert page.status_code == 200
    assert "ändrat från ”Nås delvis” till ”Nås nästan”" in said(page)
    assert latest() == before, "nothing is saved before it is confirmed"
    saved = anna.post(HOME + where, {**sent, "spara": "1"})
    assert saved["Location"] == HOME + STATUSES
    assert latest().version == before.version + 1
    old, new = before.source.split("\n"), latest().source.split("\n")
    (changed,) = [place for place, line in enumerate(old) if new[place] != line]
    assert new[changed] == old[changed].replace("Nås delvis", "Nås nästan")
    assert len(old) == len(new)


def test_what_has_not_been_reviewed_is_shown_and_not_saved(anna: Client) -> None:
    _, sent = review(anna, f"{STATUSES}1/", label="Nås nästan")
    page = anna.post(f"{HOME}{STATUSES}1/", {**sent, "f-label": "Nås knappt", "spara": "1"})
    assert "till ”Nås knappt”" in said(page)
    assert latest().version == 1


@pytest.mark.parametrize(
    ("where", "changed", "field", "wrong"),
    [
        (f"{STATUSES}1/", {"order": "två"}, "order", "heltal"),
        (f"{STATUSES}1/", {"code": "nas"}, "code", "används redan"),
        (f"{STATUSES}1/", {"label": " "}, "label", "måste fyllas i"),
        (f"{STATUSES}1/", {"tone": "glad"}, "tone", "kan inte vara"),
        ("delar/occasions/0/", {"cut_off": "2026-02-30"}, "cut_off", "finns inte"),
        ("delar/occasions/0/", {"name": "x" * 121}, "name", "för lång"),
        ("delar/planning/", {"budget_years": "99"}, "budget_years", "för stort"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    anna: Client, where: str, changed: dict[str, str], field: str, wrong: str
) -> None:
    page, sent = review(anna, where, **changed)
    assert page.status_code == 400
    assert wrong in str(page.context["form"].errors[field])
    assert page.context["form"][field].value() == changed[field]
    assert "Spara som ny version" not in said(page)
    assert anna.post(HOME + where, {**sent, "spara": "1"}).status_code == 400
    assert latest().version == 1


def test_a_version_saved_meanwhile_is_not_lost(anna: Client, begun: tuple[Person, Body]) -> None:
    where = f"{STATUSES}1/"
    _, sent = review(anna, where, label="Nås nästan")
    load_model(
        begun[1],
        latest().source.replace("label: Nås\n", "label: Uppnått\n").replace("label: Nås,", "label: Uppnått,"),
    )
    late = anna.post(HOME + where, {**sent, "spara": "1"})
    assert late.status_code == 400
    assert "Någon annan har sparat" in said(late)
    assert late.context["form"]["label"].value() == "Nås nästan"
    assert latest().version == 2
    again = {**sent, "bygger_pa": str(latest().pk), "granskat": late.context["outcome"].seal, "spara": "1"}
    assert anna.post(HOME + where, again).status_code == 302
    assert "Uppnått" in latest().source and "Nås nästan" in latest().source


def test_a_row_that_has_moved_meanwhile_is_not_written_over(anna: Client, begun: tuple[Person, Body]) -> None:
    where = f"{STATUSES}1/"
    _, sent = review(anna, where, label="Nås nästan")
    line = next(line for line in latest().source.split("\n") if "Nås inte" in line)
    load_model(begun[1], latest().source.replace(f"{line}\n", "", 1))
    late = anna.post(HOME + where, {**sent, "bygger_pa": str(latest().pk), "spara": "1"})
    assert late.status_code == 400
    assert "står inte längre på samma plats" in said(late)
    assert late.context["form"]["label"].value() == "Nås nästan"
    assert latest().version == 2


def test_a_code_that_others_name_says_who_they_are_and_can_be_changed_there_too(anna: Client) -> None:
    page, sent = review(anna, "delar/bodies/1/", code="KST")
    assert page.status_code == 400
    assert "Koden ”KS” används av" in said(page)
    assert "Tillfällen › " in said(page)
    assert "Stämmer inte med andra delar" in said(page)
    everywhere = {**sent, "byt_overallt": "1"}
    page = anna.post(f"{HOME}delar/bodies/1/", everywhere)
    assert page.status_code == 200, page.context["outcome"].checked.lines()
    everywhere["granskat"] = page.context["outcome"].seal
    assert anna.post(f"{HOME}delar/bodies/1/", {**everywhere, "spara": "1"}).status_code == 302
    assert "KS]" not in latest().source and "[KST" in latest().source


def test_a_row_is_added_moved_and_taken_away(anna: Client) -> None:
    place = f"{HOME}delar/trends/"
    sent = {
        "bygger_pa": str(latest().pk), "f-code": "snabbt", "f-label": "Ökar, snabbt: mycket", "f-direction": "up",
    }  # fmt: skip
    page = anna.post(f"{place}ny/", sent)
    assert page.status_code == 200
    assert "tillagt ”Ökar, snabbt: mycket”" in said(page)
    saved = anna.post(f"{place}ny/", {**sent, "granskat": page.context["outcome"].seal, "spara": "1"})
    assert saved["Location"] == place
    assert '  - {code: snabbt, label: "Ökar, snabbt: mycket", direction: up}' in latest().source.split("\n")

    page = anna.get(f"{place}4/flytta/?till=3")
    assert "(flyttas hit)" in said(page)
    ask = {"bygger_pa": str(latest().pk), "till": "3", "granskat": page.context["outcome"].seal, "spara": "1"}
    assert anna.post(f"{place}4/flytta/", ask).status_code == 302
    assert [one["code"] for one in latest().content["trends"]][3:] == ["snabbt", "okand"]

    page = anna.get(f"{place}3/ta-bort/")
    assert "borttaget ”Ökar, snabbt: mycket”" in said(page)
    ask = {"bygger_pa": str(latest().pk), "granskat": page.context["outcome"].seal, "spara": "1"}
    assert anna.post(f"{place}3/ta-bort/", ask).status_code == 302
    assert latest().source == SteeringModelVersion.objects.get(version=1).source


def test_a_row_in_use_cannot_be_taken_away_and_says_who_uses_it(anna: Client) -> None:
    page = anna.get(f"{HOME}delar/bodies/1/ta-bort/")
    assert "Kan inte tas bort än" in said(page) and "Används av" in said(page)
    anna.post(f"{HOME}delar/bodies/1/ta-bort/", {"bygger_pa": str(latest().pk), "spara": "1"})
    assert latest().version == 1


def test_moving_or_taking_away_when_somebody_has_saved_asks_again(
    anna: Client, begun: tuple[Person, Body]
) -> None:
    stale = {"bygger_pa": str(latest().pk), "spara": "1", "till": "1"}
    load_model(begun[1], f"# Ny\n{latest().source}")
    for deed in ("flytta", "ta-bort"):
        page = anna.post(f"{HOME}delar/trends/0/{deed}/", stale, follow=True)
        assert "Någon annan har sparat" in said(page)
    assert latest().version == 2


def test_a_part_that_is_not_there_is_begun_where_the_explanations_name_it(anna: Client) -> None:
    source = latest().source
    assert "\n# delegation:\n" in source
    sent = {
        "bygger_pa": str(latest().pk),
        "f-categories": "- {code: sol, label: Socialtjänst}\n# förklaring\n- code: hsl\n  label: Vård",
    }
    page = anna.post(f"{HOME}delar/delegation/", sent)
    assert page.status_code == 200, said(page)
    anna.post(f"{HOME}delar/delegation/", {**sent, "granskat": page.context["outcome"].seal, "spara": "1"})
    assert "\n# delegation:\ndelegation:\n  categories:\n    - {code: sol" in latest().source
    assert "# förklaring" in latest().source
    broken = anna.post(f"{HOME}delar/calendar/ny/", {**sent, "f-code": "a"})
    assert broken.status_code == 400


def test_yaml_that_cannot_be_read_is_said_at_its_field(anna: Client) -> None:
    sent = {"bygger_pa": str(latest().pk), "f-categories": "- {code: sol, label"}
    page = anna.post(f"{HOME}delar/delegation/", sent)
    assert page.status_code == 400
    assert "avslutas aldrig" in str(page.context["form"].errors["categories"])
    assert page.context["form"]["categories"].value() == "- {code: sol, label"


def test_a_rule_is_added_by_choosing_its_kind_first(anna: Client) -> None:
    place = f"{HOME}delar/grading_rules/ny/"
    assert "Välj slag" in said(anna.get(place))
    assert "f-better" in anna.get(f"{place}?slag=percent_of_target").content.decode()
    sent = {
        "bygger_pa": str(latest().pk), "slag": "percent_of_target", "f-code": "prov", "f-label": "Prov",
        "f-scale": "nyckeltal",
        "f-better": "lower", "f-bands": "- {up_to: 100, status: uppnatt}\n- {status: langt_fran}",
    }  # fmt: skip
    page = anna.post(place, sent)
    assert page.status_code == 200, said(page)
    anna.post(place, {**sent, "granskat": page.context["outcome"].seal, "spara": "1"})
    (rule,) = [one for one in latest().content["grading_rules"] if one["code"] == "prov"]
    assert rule["kind"] == "percent_of_target" and len(rule["bands"]) == 2


@pytest.mark.parametrize(
    "where", ["nagot/", "bodies/99/", "bodies/0/code/", "bodies/0/1/", "laws/x/", "bodies/ny/ny/"]
)
def test_places_that_do_not_exist_are_not_found(anna: Client, where: str) -> None:
    assert anna.get(f"{HOME}delar/{where}").status_code == 404


def test_without_a_model_the_parts_lead_to_beginning_one(begun: tuple[Person, Body], client: Client) -> None:
    client.force_login(begun[0], BACKEND)
    assert client.get(f"{HOME}delar/")["Location"] == f"{HOME}redigera/"
    assert client.get(f"{HOME}delar/bodies/").status_code == 404


@pytest.mark.parametrize("role", ["unit_manager", "controller", "member"])
def test_those_who_may_only_read_neither_see_nor_save(
    anna: Client, begun: tuple[Person, Body], role: str
) -> None:
    someone = Person.objects.create_user("e@x.example", name="Eva")
    Mandate.objects.create(person=someone, role=role, body=begun[1], valid=begun[0].mandates.get().valid)
    reader = Client()
    reader.force_login(someone, BACKEND)
    assert "Ändra delar" not in reader.get(HOME).content.decode()
    for where in (
        "delar/",
        "delar/bodies/",
        "delar/bodies/0/",
        "delar/bodies/ny/",
        "delar/trends/0/flytta/",
        "delar/trends/0/ta-bort/",
    ):
        assert reader.get(HOME + where).status_code == 403, where
        assert reader.post(HOME + where, {"bygger_pa": str(latest().pk), "spara": "1"}).status_code == 403, (
            where
        )
    assert latest().version == 1


def test_what_saving_would_refuse_is_said_when_the_text_is_checked(
    anna: Client, begun: tuple[Person, Body]
) -> None:
    """An occasion of another year, with all that has been said at it, is no occasion of this one."""
    text = re.sub(rf"(code|compares_with): .?{YEAR}-08.?\n", r"\1: T2\n", start_text(begun[1], "blank", YEAR))
    load_model(begun[1], text, by=begun[0])
    copied = text.replace(str(YEAR), str(YEAR + 1)).replace(str(YEAR - 1), str(YEAR))
    address = f"/exempelby-sn/{YEAR + 1}/styrmodell/redigera/"
    page = anna.post(address, {"text": copied, "bygger_pa": ""})
    assert page.status_code == 400
    assert f"Tillfället T2 hör till styrmodellen för {YEAR}" in said(page)
    assert 'name="spara"' not in page.content.decode() and "code: T2" in page.content.decode()
    fine = anna.post(address, {"text": copied.replace(": T2\n", ": T2-nytt\n"), "bygger_pa": ""})
    assert fine.status_code == 200 and 'name="spara"' in fine.content.decode()
