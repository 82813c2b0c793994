"""The pages of questionnaires: answering without any script, two who save, loading, compiling, the public's form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roder import files, questionnaires
from roder.files.models import StoredFile
from roder.questionnaires.models import Answer, QuestionSet, QuestionSetVersion
from roder.questionnaires.views import MOST_PUBLIC
from tests.questionnaires.conftest import ROUND
from tests.web.world import World

FORMS = Path(__file__).parents[2] / "examples" / "formular"


@pytest.fixture
def login(world: World) -> Any:
    """A client logged in as a role."""

    def logged_in(role: str) -> Client:
        client = Client()
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


def begun(world: World, client: Client, unit: Any) -> str:
    """The address of an answer that somebody begins."""
    answer = client.post(
        f"{world.root}fragor/formular/arskoll/svara/", {"unit": unit.pk, "occasion": "2022-08"}
    )
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_manager_answers_for_the_own_unit(world: World, version: QuestionSetVersion, login: Any) -> None:
    client = login("unit_manager")
    url = begun(world, client, world.unit)
    form = client.get(url)
    revision = form.context["done"].revision
    assert 'id="fraga-varfor" data-question="varfor"' in form.content.decode()
    refreshed = client.post(url, {"q-plan": "nej", "deed": "refresh", "revision": revision})
    assert "varfor" in {
        one.question.code for part in refreshed.context["form"].parts for one in part.asked if one.shown
    }
    refused = client.post(url, {"q-plan": "nej", "q-antal": "många", "deed": "final", "revision": revision})
    text = refused.content.decode()
    assert refused.status_code == 400
    assert "2 frågor behöver rättas" in text
    assert 'value="många"' in text
    sent = {
        "q-plan": "nej",
        "q-varfor": "Tid saknas",
        "q-antal": "2,5",
        "deed": "final",
        "revision": revision,
    }
    assert client.post(url, sent).status_code == 302
    read = client.get(url).content.decode()
    assert "Tid saknas" in read
    assert "1 brist" in read
    assert client.post(f"{url}oppna/", {"reason": "Fel tal"}).status_code == 302
    assert Answer.objects.get().state == Answer.State.DRAFT


def test_a_file_is_kept_when_something_else_is_wrong(
    world: World, version: QuestionSetVersion, login: Any
) -> None:
    client = login("unit_manager")
    url = begun(world, client, world.unit)
    sent = {"q-plan": "ja", "revision": client.get(url).context["done"].revision}
    proof = SimpleUploadedFile("rutin.txt", b"Rutinen")
    refused = client.post(url, {**sent, "q-antal": "tre", "deed": "final", "q-bevis-file": proof})
    file = StoredFile.objects.get()
    assert refused.status_code == 400
    assert f'name="q-bevis-kept" value="{file.pk}"' in refused.content.decode()
    more = client.post(
        url,
        {
            **sent, "q-bevis-kept": file.pk, "deed": "refresh",
            "q-bevis-file": SimpleUploadedFile("bilaga.txt", b"Bilagan"),
        },
    )  # fmt: skip
    second = StoredFile.objects.latest("pk")
    assert f'name="q-bevis-kept" value="{second.pk}"' in more.content.decode()
    kept = {**sent, "q-bevis-kept": [file.pk, second.pk], "deed": "final"}
    assert client.post(url, kept).status_code == 302
    assert Answer.objects.get().content["bevis"] == {"files": [file.pk, second.pk]}


def test_only_the_answers_own_files_are_kept(world: World, version: QuestionSetVersion, login: Any) -> None:
    client = login("unit_manager")
    url = begun(world, client, world.unit)
    own = Answer.objects.get()
    answer = questionnaires.open_answer(version, world.people["unit_manager"], unit=world.unit, year=2021)
    assert answer != own
    alien = files.store_bytes(b"Annat", "annat.txt", answer, world.people["unit_manager"])
    by_other = files.store_bytes(b"Andras", "andras.txt", own, None)
    sent = {
        "q-plan": "ja", "q-bevis-kept": [alien.pk, by_other.pk, "²", 10**19], "deed": "final",
        "revision": client.get(url).context["done"].revision,
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert "bevis" not in Answer.objects.get(pk=own.pk).content


def test_the_second_saver_sees_both(world: World, version: QuestionSetVersion, login: Any) -> None:
    one, two = login("unit_manager"), login("quality_strategist")
    url = begun(world, one, world.unit)
    revision = one.get(url).context["done"].revision
    one.post(url, {"q-plan": "nej", "q-varfor": "Mitt", "deed": "draft", "revision": revision})
    told = two.post(url, {"q-plan": "nej", "q-varfor": "Ditt", "deed": "draft", "revision": revision})
    assert told.status_code == 409
    assert "Mitt" in told.content.decode()
    assert "Ditt" in told.content.decode()


def test_loading_shows_every_fault_and_keeps_the_text(world: World, login: Any) -> None:
    client = login("quality_strategist")
    url = f"{world.root}fragor/ny/"
    refused = client.post(url, {"text": ROUND.replace("type: one", "type: en")})
    assert refused.status_code == 400
    assert "text:14:" in refused.content.decode()
    assert "Årskoll" in refused.content.decode()
    assert client.post(url, {"text": ROUND}).status_code == 302
    assert QuestionSet.objects.get().title == "Årskoll"
    assert login("unit_manager").get(url).status_code == 403


def test_the_compilation_as_page_and_files(world: World, version: QuestionSetVersion, login: Any) -> None:
    client = login("quality_strategist")
    url = begun(world, client, world.unit)
    client.post(url, {"q-plan": "ja", "q-antal": "=1+1", "deed": "final", "revision": 1})
    client.post(url, {"q-plan": "ja", "q-rader-0-vad": "=1+1", "deed": "final", "revision": 1})
    base = f"{world.root}fragor/formular/arskoll/"
    assert "100" in client.get(f"{base}sammanstallning/").content.decode()
    csv = b"".join(client.get(f"{base}sammanstallning/?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Vad: =1+1" in csv
    xlsx = client.get(f"{base}sammanstallning/?format=xlsx&per=year")
    assert b"".join(xlsx.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert client.get(base).status_code == 200
    assert client.get(f"{base}fil/").content.decode() == ROUND
    assert client.get(f"{world.root}fragor/").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [("member", 403), ("auditor", 403), ("unit_manager", 200), ("care_staff", 200), ("nobody", 404)],
)
def test_who_sees_the_sets(
    world: World, version: QuestionSetVersion, login: Any, role: str, status: int
) -> None:
    assert login(role).get(f"{world.root}fragor/").status_code == status


def test_another_units_answer_does_not_exist(world: World, version: QuestionSetVersion, login: Any) -> None:
    url = begun(world, login("quality_strategist"), world.administration)
    assert login("unit_manager").get(url).status_code == 404


def test_the_publics_form(world: World, client: Client) -> None:
    questionnaires.load_set(FORMS / "klagomal.yaml", world.committee)
    url = f"{world.root}oppet/klagomal/"
    assert client.get(url).status_code == 200
    good = {"q-slag": "klagomal", "q-text": "Maten var kall", "q-vill_ha_svar": "nej", "deed": "final"}
    assert client.post(url, {**good, "q-text": "811218-9876"}).status_code == 400
    assert client.post(url, {**good, "webbplats": "http://x"}).status_code == 302
    assert not Answer.objects.exists()
    assert client.post(url, good)["Location"].endswith("?tack")
    one = Answer.objects.get()
    assert (one.public, one.answered_by, one.content["text"]) == (True, None, "Maten var kall")
    Answer.objects.bulk_create(
        Answer(
            question_set=one.question_set,
            version=one.version,
            committee=one.committee,
            public=True,
            year=2022,
        )
        for _ in range(MOST_PUBLIC)
    )
    flooded = client.post(url, good)
    assert flooded.status_code == 429
    assert "Maten var kall" in flooded.content.decode()
    assert client.get(f"{world.root}oppet/okand/").status_code == 404
