"""Files with other headings than ours: mapped on a page or by name, remembered, proposed, and told in faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from roder.core.cli import roder
from roder.core.faults import UserFault
from roder.core.models import ImportBatch, StaleRecordError
from roder.economy.models import ForecastLine
from roder.imports import uploads
from roder.imports.guessing import Sheet, columns_of, guess, heading_of
from roder.imports.headings import labels
from roder.imports.kinds import KINDS
from roder.imports.mapping import Layout, mapping_for, save_mapping
from roder.imports.models import ColumnMapping
from roder.imports.services import preview
from roder.organisation.models import Person, Role
from tests.imports.conftest import World

HOME = "/provby-on/2022/inlasning/"
FORECAST = KINDS["prognos"]
FOREIGN = "Uppföljning;Kostnadsslag;Helårsprognos;Förklaring\n2022-05;personal;-10;Fler vikarier\n2022-05;ovriga;-20;\n"
COLUMNS = {
    "tillfalle": "Uppföljning",
    "kontogrupp": "Kostnadsslag",
    "belopp": "Helårsprognos",
    "orsak": "Förklaring",
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "uppladdat"
    folder.mkdir()
    monkeypatch.setattr(uploads, "private_dir", lambda name: folder)


@pytest.fixture
def controller(world: World, person: Callable[[Role], Person], client: Client) -> Client:
    client.force_login(person(Role.CONTROLLER), "django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, content: str | bytes, name: str = "ekonomi.csv") -> str:
    data = content if isinstance(content, bytes) else content.encode()
    answer = client.post(f"{HOME}prognos/", {"fil": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def form(columns: dict[str, str], **more: str) -> dict[str, str]:
    return {**{f"rubrik-{ours}": theirs for ours, theirs in columns.items()}, **more}


# Guesses


def test_labels_tell_headings_apart() -> None:
    assert labels(["Konto", "", "Belopp", " belopp\n", "Text\nhär"]) == [
        "Konto", "Kolumn B", "Belopp (1)", "belopp (2)", "Text här",
    ]  # fmt: skip


def test_guesses_go_from_the_same_word_to_nearly_the_same() -> None:
    assert guess(FORECAST, ["Tillfälle ", "Kostnadsslag", "Belopp i kr", "Förklaring", "Chef"]) == {
        "tillfalle": "Tillfälle ", "kontogrupp": "Kostnadsslag", "belopp": "Belopp i kr", "orsak": "Förklaring",
    }  # fmt: skip
    assert guess(FORECAST, ["Chef", "Telefon"]) == {}
    twice = guess(FORECAST, ["Belopp", "Prognos"])
    assert twice == {"belopp": "Belopp"}, "one heading for a column, and no heading twice"


def test_the_heading_is_the_row_of_words(tmp_path: Path) -> None:
    rows = [
        (1, ["Prognos maj", "", ""]),
        (2, ["", "", ""]),
        (4, ["", "Kostnadsslag", "Helårsprognos"]),
        (5, ["2022-05", "personal", "-10"]),
        (6, ["2022-05", "ovriga", "-20"]),
    ]
    sheet = Sheet(None, rows)
    heading = heading_of(FORECAST, sheet)
    assert heading is not None and heading[0] == 4
    assert [one.shown for one in columns_of(sheet, heading)] == [
        "Kolumn A (2022-05)", "Kostnadsslag (personal, ovriga)", "Helårsprognos (-10, -20)",
    ]  # fmt: skip
    pointed = heading_of(FORECAST, sheet, 5)
    assert pointed is not None and pointed[0] == 5


# Reading


def test_faults_name_the_files_own_headings(world: World) -> None:
    content = FOREIGN.replace("personal;-10", "personl;tolv").replace("ovriga;-20", ";-20")
    seen = preview(FORECAST, replace(world.context, mapping=COLUMNS), world.file(content))
    assert [(fault.row, fault.column) for fault in seen.faults] == [
        (2, "Kostnadsslag"), (2, "Helårsprognos"), (3, "Kostnadsslag"),
    ]  # fmt: skip
    assert "cellen Kostnadsslag är tom" in seen.faults[2].what


def test_a_value_for_all_rows_is_read_and_its_fault_said_once(world: World) -> None:
    content = "Kostnadsslag;Helårsprognos\n" + "".join(f"personal;-{number}\n" for number in range(1, 4))
    mapping = {"kontogrupp": "Kostnadsslag", "belopp": "Helårsprognos"}
    wrong = replace(world.context, mapping=mapping, constants={"tillfalle": "2022-13"})
    faults = preview(FORECAST, wrong, world.file(content)).faults
    assert [(fault.row, fault.column) for fault in faults] == [(None, "tillfalle")]
    assert "samma värde på alla rader" in faults[0].what
    right = replace(wrong, constants={"tillfalle": "2022-05"})
    assert preview(FORECAST, right, world.file("Kostnadsslag;Helårsprognos\npersonal;-1\n")).counts.new == 1


def test_columns_without_heading_and_with_the_same_are_told_apart(world: World) -> None:
    mapping = {"tillfalle": "Kolumn A", "kontogrupp": "Konto", "belopp": "Belopp (2)"}
    content = ";Konto;Belopp;Belopp\n2022-05;personal;1;-10\n"
    seen = preview(FORECAST, replace(world.context, mapping=mapping), world.file(content))
    assert seen.faults == [] and seen.first_rows[0][1] == ["2022-05", "personal", "-10"]
    unclear = replace(world.context, mapping={**mapping, "belopp": "Belopp"})
    assert "finns två gånger" in preview(FORECAST, unclear, world.file(content)).faults[0].what


# Saved


def test_what_is_saved_is_whole_and_named_once(world: World) -> None:
    layout = Layout(COLUMNS)
    saved = save_mapping(FORECAST, world.committee, " Ekonomi  systemet ", layout, None)
    assert saved.name == "Ekonomi systemet"
    again = save_mapping(
        FORECAST, world.committee, "EKONOMI systemet", replace(layout, constants={"enhet": "nord"}), None
    )
    assert again.pk == saved.pk and again.revision == 2
    assert mapping_for(FORECAST, world.committee, "ekonomi systemet").constants == {"enhet": "nord"}
    with pytest.raises(StaleRecordError):
        save_mapping(FORECAST, world.committee, "Annat", layout, None, over=saved_at(saved, 1))
    for name, wrong, said in (
        ("", layout, "behöver ett namn"),
        ("x" * 81, layout, "högst 80"),
        ("A", Layout({"farg": "Färg"}), "farg"),
        ("A", Layout({"tillfalle": "X", "belopp": "x "}), "kan bara väljas en gång"),
        ("A", Layout({"tillfalle": "X"}, {"tillfalle": "2022"}), "Välj det ena"),
        ("A", Layout(), "ingen kolumn"),
    ):
        with pytest.raises(UserFault, match=said):
            save_mapping(FORECAST, world.committee, name, wrong, None)
    for values in (
        {"name": "  "},
        {"name": "B", "columns": []},
        {"name": "ekonomi SYSTEMET"},
        {"name": "C", "columns": {}},
    ):
        row = {"committee": world.committee, "kind": "prognos", "columns": {"a": "b"}, **values}
        with pytest.raises(IntegrityError), transaction.atomic():
            ColumnMapping.objects.create(**row)


def saved_at(mapping: ColumnMapping, revision: int) -> ColumnMapping:
    """The mapping as somebody read it at a revision."""
    found = ColumnMapping.objects.get(pk=mapping.pk)
    found.revision = revision
    return found


# Pages


def test_from_a_foreign_file_to_a_mapping_that_is_proposed_next_time(
    controller: Client, world: World
) -> None:
    page_url = send(controller, FOREIGN)
    assert page_url.endswith("/kolumner/"), "its headings are not ours: they are mapped first"
    page = controller.get(page_url).content.decode()
    for text in (
        "Kostnadsslag (personal, ovriga)",
        "uppföljningstillfällets kod",
        "Rad 1: Uppföljning, Kostnadsslag",
    ):
        assert text in page, text
    assert '<option value="Kostnadsslag" selected>' in page, "what we guess is filled in"

    missing = controller.post(page_url, form({"belopp": "Helårsprognos"}, namn="Agresso"))
    assert missing.status_code == 400 and "Tillfalle, kontogrupp behövs" in missing.content.decode()
    assert 'value="Agresso"' in missing.content.decode(), "what was typed is still there"
    assert not ColumnMapping.objects.exists()

    answer = controller.post(page_url, form(COLUMNS, namn="Agresso"), follow=True)
    page = answer.content.decode()
    assert "2 rader: 2 nya" in page and "Kolumnerna är kopplade med ”Agresso”" in page
    controller.post(answer.redirect_chain[-1][0])
    batch = ImportBatch.objects.get()
    assert batch.mapping_name == "Agresso" and batch.layout == {"kolumner": COLUMNS}
    assert ForecastLine.objects.filter(batch=batch).count() == 2
    shown = controller.get(f"{HOME}{batch.pk}/").content.decode()
    assert "Agresso" in shown and "Kostnadsslag" in shown

    next_time = send(controller, FOREIGN.replace("-20", "-25"))
    assert not next_time.endswith("/kolumner/"), "the saved mapping fits, and is proposed by itself"
    page = controller.get(next_time).content.decode()
    assert "passar filens rubriker och används" in page and "1 ändrade" in page
    assert "−20" in page and "−25" in page
    controller.post(f"{HOME}{batch.pk}/angra/")
    assert not ForecastLine.objects.exists()


def test_another_reading_than_the_one_looked_at_is_not_carried_out(controller: Client) -> None:
    page_url = send(controller, FOREIGN)
    review = controller.post(page_url, form(COLUMNS)).headers["Location"]
    seen = controller.get(review).content.decode()
    mark = seen.split('name="lasning" value="')[1].split('"')[0]
    controller.post(page_url, form({**COLUMNS, "orsak": ""}))
    answer = controller.post(review, {"lasning": mark}, follow=True)
    assert "har ändrats sedan du granskade" in answer.content.decode() and not ForecastLine.objects.exists()


def test_the_sheet_is_chosen_on_the_page(controller: Client, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "April"
    for name, amount in (("April", -1), ("Maj", -2)):
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in (["Tillfälle", "Kontogrupp", "Belopp"], ["2022-05", "personal", amount]):
            sheet.append(row)
    book.save(tmp_path / "bok.xlsx")
    review = send(controller, (tmp_path / "bok.xlsx").read_bytes(), "bok.xlsx")
    assert "Läs bladet" in controller.get(review).content.decode()
    page = controller.post(review, {"blad": "Maj"}, follow=True).content.decode()
    assert "bladet ”Maj”" in page and "-2" in page
    controller.post(review)
    assert ForecastLine.objects.get().amount == -2 and ImportBatch.objects.get().layout == {"blad": "Maj"}


def test_saved_mappings_are_listed_changed_and_removed(controller: Client, world: World) -> None:
    saved = save_mapping(FORECAST, world.committee, "Agresso", Layout(COLUMNS), None)
    save_mapping(KINDS["avvikelser"], world.committee, "Treserva", Layout({"nummer": "Id"}), None)
    page = controller.get(HOME + "kopplingar/").content.decode()
    assert "Agresso" in page and "Treserva" not in page, "only of what the person may read in"
    url = f"{HOME}kopplingar/{saved.pk}/"
    assert 'value="Helårsprognos"' in controller.get(url).content.decode()
    changed = form({**COLUMNS, "belopp": "Prognos kr"}, namn="Agresso ny", revision="1")
    assert controller.post(url, changed).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.columns["belopp"]) == ("Agresso ny", "Prognos kr")
    late = controller.post(url, form({**COLUMNS, "belopp": "Mitt"}, namn="Agresso", revision="1"))
    assert (
        late.status_code == 400
        and "Prognos kr" in late.content.decode()
        and 'value="Mitt"' in late.content.decode()
    )
    controller.post(url + "ta-bort/")
    assert not ColumnMapping.objects.filter(pk=saved.pk).exists()


# The command line


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(roder, [str(argument) for argument in arguments])


def test_by_name_or_file_on_the_command_line(world: World) -> None:
    path = world.file(FOREIGN)
    where = ("--committee", "provby-on")
    file = world.file("\n".join(f"{ours}: {theirs}" for ours, theirs in COLUMNS.items()), "koppling.yaml")
    told = run("import", "prognos", path, *where, "--mapping", file, "--save-mapping", "Agresso")
    assert told.exit_code == 0, told.output
    assert "Agresso" in run("import", "mappings", *where).output
    report = world.folder / "granskning.xlsx"
    told = run("import", "prognos", path, *where, "--mapping", "agresso", "--dry-run", "--report", report)
    assert "2 oförändrade" in told.output and report.read_bytes().startswith(b"PK")
    sheet = openpyxl.load_workbook(report).active
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert ["antal", None, None, "2 rader som redan finns", None, None, None] in rows
    assert ["koppling", None, "Kostnadsslag", "läses som kontogrupp", None, None, None] in rows
    assert "koppling Agresso" in run("import", "list", *where).output
    told = run("import", "prognos", path, *where, "--mapping", "Okänd")
    assert "Sparade: ”Agresso”" in str(told.exception)


def test_a_mapping_is_saved_when_its_file_has_been_read_in_and_not_before(world: World) -> None:
    where = ("--committee", "provby-on", "--mapping")
    file = world.file("\n".join(f"{ours}: {theirs}" for ours, theirs in COLUMNS.items()), "koppling.yaml")
    wrong = world.file(FOREIGN.replace("-", "x", 1).replace("2022-05", "2022-99"), "fel.csv")
    told = run("import", "prognos", wrong, *where, file, "--save-mapping", "Agresso")
    assert told.exit_code == 1
    assert not ColumnMapping.objects.exists(), "the file was refused"
    told = run("import", "prognos", world.file(FOREIGN), *where, file, "--save-mapping", "x" * 81)
    assert "högst 80" in str(told.exception)
    assert not ForecastLine.objects.exists(), "a name that cannot be saved is said before anything is read in"


def test_what_would_happen_is_in_the_report(world: World) -> None:
    world.commit("prognos", "tillfalle;kontogrupp;belopp;orsak\n2022-05;personal;-10;\n2022-05;ovriga;-1;\n")
    path = world.file(
        "tillfalle;kontogrupp;belopp;orsak\n2022-05;personal;-12;Vikarier\n2022-05;ovriga;-1;\n"
    )
    report = world.folder / "granskning.csv"
    preview(FORECAST, world.context, path, report=report)
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert "ändring;2;belopp;;;−10;−12" in lines and "ändring;2;orsak;;;tomt;Vikarier" in lines
    assert "antal;;;1 rader som ändras;;;" in lines and not any(line.startswith("fel;") for line in lines)


def test_whose_change_hinders_an_undo_is_told(
    controller: Client, world: World, person: Callable[[Role], Person]
) -> None:
    done = world.commit("prognos", "tillfalle;kontogrupp;belopp\n2022-05;personal;-10\n2022-05;ovriga;-1\n")
    assert done.batch is not None
    line = ForecastLine.objects.get(group__code="personal")
    ForecastLine.objects.filter(pk=line.pk).update(amount=-11)
    page = controller.get(f"{HOME}{done.batch.pk}/angra/").content.decode()
    assert "1 av raderna har ändrats eller tagits bort" in page and str(line) in page and "Så gör du" in page
    assert controller.post(f"{HOME}{done.batch.pk}/angra/").status_code == 409
    assert ForecastLine.objects.count() == 2
    told = run("import", "undo", str(done.batch.pk))
    assert str(line) in str(told.exception) and "Läs in en rättad fil" in str(told.exception)
