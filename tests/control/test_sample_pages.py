"""The pages of rounds, frames, samples and items: a whole control made on the phone, and who may."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roder import files, questionnaires
from roder.access.models import AuditRecord
from roder.control.models import ControlRound, ControlSample, SampleFrame, SampleItem
from roder.control.pages import sample_urls
from roder.control.services import frames, samples
from roder.tasks.models import Action
from tests.control import walk_samples_sample
from tests.control.test_samples import REFERENCES, a_round
from tests.control.world import Room

FORMS = Path(__file__).parents[2] / "examples" / "formular"


@pytest.fixture
def made(room: Room, data_dir: Path) -> ControlRound:
    """A round under way."""
    return a_round(room)


def a_sample(room: Room, made: ControlRound, count: int = 60) -> ControlSample:
    by = room.by("sas")
    frame = frames.take_frame(made, by, "Beslut", references=REFERENCES[:count], source="beslut.csv")
    return samples.draw_sample(frame, by)


def page(room: Room, rest: str) -> str:
    return f"{room.root}kontroller/{rest}"


def upload(text: str, name: str = "beslut.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def take(client: Client, room: Room, made: ControlRound, file: Any, **more: str) -> Any:
    sent = {
        "deed": "file",
        "f-name": "Beslut januari–maj",
        "f-file": file,
        **{f"f-{key}": one for key, one in more.items()},
    }
    return client.post(page(room, f"{made.pk}/ram/"), sent)


def test_a_control_from_frame_to_result(room: Room, made: ControlRound) -> None:
    client = room.client("sas")
    todo = client.get(page(room, "")).content.decode()
    assert "Mina att göra (1)" in todo
    assert "daterad motivering" in todo
    rows = "Beslut;Datum\n" + "".join(f"SoL 2022-{number};x\n" for number in range(1, 61)) + "\n"
    answer = take(client, room, made, upload(rows))
    frame = SampleFrame.objects.get()
    assert answer["Location"] == page(room, f"ram/{frame.pk}/")
    shown = client.get(answer["Location"]).content.decode()
    assert "lästes som rubrik" in shown
    assert frame.seed in shown
    assert "Planen ger 6 av 60 (10\u00a0%, avrundat nedåt)" in shown
    answer = client.post(answer["Location"], {"how": "control", "seed": frame.seed})
    sample = ControlSample.objects.get()
    assert sample.size == 6
    assert sample.rule["seed_given"] is False
    first = sample.items.get(position=1)
    for item in sample.items.all():
        sent = (
            {"deviates": "ja", "note": "Datum saknas"}
            if item.position == 2
            else {"deviates": "nej", "note": ""}
        )
        answer = client.post(page(room, f"post/{item.pk}/"), {**sent, "revision": item.revision})
        following = sample.items.filter(position=item.position + 1).first()
        wanted = f"post/{following.pk}/" if following else f"stickprov/{sample.pk}/"
        assert answer["Location"] == page(room, wanted)
    shown = client.get(page(room, f"stickprov/{sample.pk}/")).content.decode()
    assert "Alla är granskade. Med brist: 1 av 6." in shown
    assert "sha256sum" in shown
    assert "Datum saknas" in shown
    answer = client.post(
        page(room, f"{made.pk}/"),
        {"deed": "finish", "result": "Ett beslut saknar datum.", "action": "", "revision": 1},
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.checked, made.deviating) == ("done", 6, 1)
    closed = client.get(page(room, f"post/{first.pk}/")).content.decode()
    assert "Spara" not in closed.split("Bilder och filer")[0]
    assert client.post(page(room, f"post/{first.pk}/"), {"deviates": "nej"}, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("file", "more", "told"),
    [
        ("A1\n\nA1\n19121212-1212\n", {}, ["Rad 2: raden är tom", "Rad 3: ”A1” står redan", "Rad 4: raden har ett"]),
        ("Beslut;Datum\nA1;x\n", {"column": "Ärende"}, ["Kolumnen ”Ärende” finns inte", "”Beslut”, ”Datum”"]),
        ("\n\n", {}, ["Listan är tom"]),
    ],
)  # fmt: skip
def test_a_file_with_faults_is_told_at_the_field_and_nothing_is_saved(
    room: Room, made: ControlRound, file: str, more: dict[str, str], told: list[str]
) -> None:
    answer = take(room.client("sas"), room, made, upload(file), **more)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert [one for one in told if one not in text] == []
    assert "Beslut januari–maj" in text
    assert not SampleFrame.objects.exists()


def test_workbooks_and_text_files_are_read(room: Room, made: ControlRound) -> None:
    book, held = openpyxl.Workbook(), io.BytesIO()
    for row in (["Dag", "Diarienr"], [date(2022, 5, 1), "VON 2022/17"], [date(2022, 5, 2), 18]):
        book.active.append(row)
    book.save(held)
    client = room.client("sas")
    take(client, room, made, SimpleUploadedFile("beslut.xlsx", held.getvalue()), column="diarienr")
    assert SampleFrame.objects.get().refs == ["VON 2022/17", "18"]
    lines = SimpleUploadedFile("ram.txt", "Ärende 1, SoL; del 2\r\nÄrende 2\r\n".encode("cp1252"))
    client.post(page(room, f"{made.pk}/ram/"), {"deed": "file", "f-name": "Text", "f-file": lines})
    assert SampleFrame.objects.get(name="Text").refs == ["Ärende 1, SoL; del 2", "Ärende 2"]
    broken = take(client, room, made, SimpleUploadedFile("x.xlsx", b"PK\x03\x04nej"))
    assert "Filen är skadad" in broken.content.decode()


def test_the_draw_says_what_is_wrong_and_is_made_once(room: Room, made: ControlRound) -> None:
    frame = frames.take_frame(made, room.by("sas"), "Beslut", references=REFERENCES[:60])
    client, address = room.client("sas"), page(room, f"ram/{frame.pk}/")
    for sent, told in (
        ({"how": "number", "number": "61"}, "61 av 60"), ({"how": "number"}, "Skriv antalet"),
        ({"how": "share", "share": "101"}, "högst 100"), ({"how": "control", "seed": "två ord"}, "Fröet får ha"),
    ):  # fmt: skip
        answer = client.post(address, {"seed": frame.seed, **sent})
        assert answer.status_code == 400
        assert told in answer.content.decode()
    client.post(address, {"how": "share", "share": "12,5", "seed": "revision-2022"})
    sample = ControlSample.objects.get()
    assert (sample.size, sample.seed) == (7, "revision-2022")
    again = client.post(address, {"how": "control", "seed": frame.seed})
    assert "redan ett stickprov: 7 av 60" in again.content.decode()
    assert client.get(address)["Location"] == page(room, f"stickprov/{sample.pk}/")
    text = client.get(page(room, f"ram/{frame.pk}/ram.txt")).content.decode()
    assert AuditRecord.objects.filter(deed="exported", subject=f"control.sampleframe:{frame.pk}").count() == 1
    assert text.splitlines() == frame.refs


def test_what_is_sent_to_a_closed_round_is_told(room: Room, made: ControlRound) -> None:
    sample = a_sample(room, made)
    waiting = frames.take_frame(made, room.by("sas"), "Inte dragen", references=["A1"])
    ControlRound.objects.filter(pk=made.pk).update(state="done", done_at=made.registered_at)
    item = sample.items.get(position=1)
    for rest, sent in (
        (f"ram/{waiting.pk}/", {"how": "control", "seed": "x"}),
        (f"post/{item.pk}/", {"deviates": "nej", "revision": "1"}),
        (f"post/{item.pk}/oppna/", {"reason": "Fel"}),
        (f"{made.pk}/ram/", {"deed": "register", "r-name": "X", "r-register": "complaints", "r-first": "2022-01-01",
                             "r-last": "2022-02-01"}),
    ):  # fmt: skip
        answer = room.client("sas").post(page(room, rest), sent, follow=True)
        assert "Kontrollen är genomförd" in answer.content.decode(), rest
    assert ControlSample.objects.count() == 1


def test_a_frame_from_a_register_and_an_empty_one(room: Room, made: ControlRound) -> None:
    sent = {
        "deed": "register",
        "r-name": "Klagomål",
        "r-register": "complaints",
        "r-first": "2022-01-01",
        "r-last": "2022-05-31",
    }
    answer = room.client("sas").post(page(room, f"{made.pk}/ram/"), sent)
    assert answer.status_code == 400
    assert "ingenting mellan 2022-01-01 och 2022-05-31" in answer.content.decode()


def test_a_checklist_on_the_phone_keeps_what_is_wrong_and_goes_on(room: Room, made: ControlRound) -> None:
    version = questionnaires.load_set(FORMS / "stickprov-bistandsbeslut.yaml", room.committee)
    room.controls[1].question_set = version.question_set
    room.controls[1].save()
    sample, client = a_sample(room, made), room.client("sas")
    first, second = sample.items.filter(position__lte=2)
    address = page(room, f"post/{first.pk}/")
    shown = client.get(address).content.decode()
    assert "Följer beslutet nämndens riktlinjer?" in shown
    assert 'capture="environment"' in shown
    bad = {
        "deed": "final",
        "revision": "1",
        "q-foljer_norm": "nej",
        "q-daterad_motivering": "ja",
        "q-kommentar": "Kort",
    }
    answer = client.post(address, bad)
    assert answer.status_code == 400
    assert "Kort" in answer.content.decode()
    answer = client.post(address, {**bad, "q-ratt_kod": "nej"})
    assert answer["Location"] == page(room, f"post/{second.pk}/")
    first.refresh_from_db()
    assert first.deviates is True

    late = room.client("mas").post(address, {**bad, "q-ratt_kod": "ja"}, follow=True)
    assert "redan lämnat in checklistan" in late.content.decode()
    client.post(f"{address}oppna/", {"reason": "Fel kod"})
    first.refresh_from_db()
    assert first.checked_at is None
    stale = client.post(address, {**bad, "q-ratt_kod": "ja", "revision": "1"})
    assert stale.status_code == 409
    assert "Det som skiljer" in stale.content.decode()
    sampled = client.get(page(room, f"stickprov/{sample.pk}/")).content.decode()
    assert "Inte granskad" in sampled


def test_two_at_the_same_item_get_both_texts(room: Room, made: ControlRound) -> None:
    item = a_sample(room, made).items.first()
    assert item is not None
    room.client("mas").post(
        page(room, f"post/{item.pk}/"), {"deviates": "ja", "note": "Datum saknas", "revision": 1}
    )
    answer = room.client("sas").post(
        page(room, f"post/{item.pk}/"), {"deviates": "ja", "note": "Fel delegat", "revision": 1}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Datum saknas" in text
    assert "Fel delegat" in text
    assert 'name="revision" value="2"' in text


def test_a_photo_from_the_phone_is_kept_with_the_item(room: Room, made: ControlRound) -> None:
    item = a_sample(room, made).items.first()
    assert item is not None
    address = page(room, f"post/{item.pk}/")
    picture = SimpleUploadedFile("bild.pdf", b"%PDF-1.4 prov")
    answer = room.client("sas").post(
        f"/filer/till/control.sampleitem/{item.pk}/", {"fil": picture, "next": address}
    )
    assert answer["Location"] == address
    stored = files.of(item).get()
    assert files.may_see(room.by("auditor"), stored)
    assert not files.may_see(room.by("member"), stored)


def test_files_out(room: Room, made: ControlRound) -> None:
    sample = a_sample(room, made)
    item = sample.items.first()
    assert item is not None
    samples.check_item(item, room.by("sas"), True, "=1+1 Datum saknas")
    client, address = room.client("auditor"), page(room, f"stickprov/{sample.pk}/")
    text = b"".join(client.get(f"{address}csv/")).decode("utf-8-sig")
    assert text.splitlines()[0] == "Ordning;Referens;Utfall;Iakttagelse;Granskad;Granskad av"
    assert f"1;{item.reference};Brist;'=1+1 Datum saknas;" in text
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{address}xlsx/"))))
    assert book.worksheets[0].max_row == 7
    assert ("Frö", sample.seed) in [(row[0].value, row[1].value) for row in book.worksheets[1]]
    assert client.get(f"{address}docx/").content[:2] == b"PK"
    assert client.get(f"{address}exe/").status_code == 404


def test_members_see_the_round_and_its_result_but_no_sample(room: Room, made: ControlRound) -> None:
    sample = a_sample(room, made)
    item = SampleItem.objects.filter(sample=sample).first()
    assert item is not None
    member, auditor = room.client("member"), room.client("auditor")
    shown = member.get(page(room, f"{made.pk}/"))
    assert shown.status_code == 200
    assert "beslut.csv" not in shown.content.decode()
    for rest in (
        f"stickprov/{sample.pk}/",
        f"post/{item.pk}/",
        f"ram/{sample.frame_id}/",
        f"stickprov/{sample.pk}/csv/",
    ):
        assert member.get(page(room, rest)).status_code == 403
        assert auditor.get(page(room, rest)).status_code in (200, 302)
    assert auditor.post(page(room, f"post/{item.pk}/"), {"deviates": "nej"}).status_code == 403
    assert (
        auditor.post(page(room, f"ram/{sample.frame_id}/"), {"how": "control", "seed": "x"}).status_code
        == 403
    )
    assert auditor.get(page(room, f"{made.pk}/ram/")).status_code == 403
    assert auditor.post(page(room, f"{made.pk}/"), {"deed": "finish", "result": "x"}).status_code == 403
    assert "Granska nästa post" not in auditor.get(page(room, f"{made.pk}/")).content.decode()


def test_moving_a_control_and_a_measure_with_an_owner(room: Room, made: ControlRound) -> None:
    leader = room.client("quality_strategist")
    address = page(room, f"{made.pk}/")
    sent = {
        "deed": "action",
        "finding": "Datum saknas",
        "what": "Ny rutin",
        "role": "sas",
        "due": "2022-12-01",
    }
    assert leader.post(address, sent).status_code == 302
    action = Action.objects.get()
    assert (action.subject_kind, action.subject_id, action.role) == ("control.controlround", made.pk, "sas")
    refused = leader.post(address, {"deed": "move", "to": "2021-01-01", "reason": ""})
    assert refused.status_code == 400
    assert leader.post(address, {"deed": "move", "to": "2099-01-01", "reason": "Sjukdom"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "moved"
    assert "Sjukdom" in leader.get(address).content.decode()
    assert leader.post(address, {"deed": "finish", "result": "x"}).status_code == 403


def test_the_number_of_queries_does_not_grow(
    room: Room, made: ControlRound, django_assert_max_num_queries: Any
) -> None:
    sample = a_sample(room, made, 429)
    for number in range(2, 12):
        ControlRound.objects.create(
            committee=room.committee, control=room.controls[1], number=number, due_on=date(2022, 12, 31)
        )
    client = room.client("quality_strategist")
    client.get(page(room, ""))
    for rest, most in (("?visa=alla", 14), (f"{made.pk}/", 34), (f"stickprov/{sample.pk}/", 24)):
        with django_assert_max_num_queries(most):
            assert client.get(page(room, rest)).status_code == 200


def test_every_address_has_something_to_be_opened_with(room: Room) -> None:
    known = walk_samples_sample.samples(room.committee, room.world.people)
    assert set(known) == {f"control:{one.name}" for one in sample_urls.patterns}
    client = room.client("quality_strategist")
    for name, arguments in known.items():
        answer = client.get(reverse(name, args=[room.committee.slug, 2022, *arguments]))
        assert answer.status_code in (200, 405), name
