"""Deviations, lex Sarah, complaints and quality registers from files: all of a file or nothing, and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from roder.core.faults import UserFault
from roder.imports.cells import Context
from roder.imports.kinds import ALIASES, KINDS, kind_of
from roder.imports.services import ImportFault, commit, preview, undo
from roder.measures.models import MeasureValue, Target
from roder.quality.models import (
    Classification,
    Complaint,
    Deviation,
    DeviationMatter,
    LexSarahCase,
    LexSarahDecision,
    Step,
)
from tests.imports.conftest import World
from tests.imports.quality_world import with_quality

HEAD = (
    "nummer;handelsetid;rapporterad;enhet;verksamhet;lagrum;riktning;"
    "typer;orsaker;allvarlighet;status;avslutad;ivo\n"
)
ROW = (
    "2022-0001;2022-03-31 21:40;2022-03-31 22:05;nord;;hsl;;"
    "fall|lakemedel;ensam|dos;3;avslutad;2022-04-12;lex maria\n"
)


@pytest.fixture
def quality(world: World) -> World:
    """The committee with the words of quality."""
    return with_quality(world)


def matters(number: str) -> list[tuple[str, str | None]]:
    """The types and causes of a deviation, in order."""
    found = DeviationMatter.objects.filter(deviation__number=number).order_by(
        "type__position", "cause__position"
    )
    return [(one.type.code, one.cause.code if one.cause else None) for one in found]


def test_a_deviation_with_all_it_has(quality: World) -> None:
    assert quality.commit("avvikelser", HEAD + ROW).counts.new == 1
    found = Deviation.objects.get()
    assert matters("2022-0001") == [("fall", "ensam"), ("lakemedel", "dos")]
    assert timezone.localtime(found.occurred_at).isoformat() == "2022-03-31T21:40:00+02:00"
    assert found.discovered_at == found.occurred_at
    assert (found.severity, found.serious, found.state, found.law) == (3, True, "closed", "hsl")
    assert found.classified_at == found.closed_at is not None
    assert found.service_area is not None
    assert found.service_area.code == "boende"  # that of the unit
    assert (found.direction, found.reporter_kind, found.what, found.revision) == ("intern", "staff", "", 1)
    assert Step.objects.get().detail == {"ivo": "lex_maria"}


def test_headings_in_any_order_comma_and_the_old_encoding(quality: World) -> None:
    content = (
        "Typer,Händelsetid,Rapporterad,Enhet,Lagrum,Nummer,Beskrivning\n"
        'Bemötande,2022-01-02T08:00,2022-01-02,Enhet Syd,SoL,A 7,"Ordväxling, högljudd"\n'
    )
    content = content.replace("Händelsetid", "handelsetid")
    quality.commit("avvikelser", quality.file(content, encoding="cp1252"))
    found = Deviation.objects.get()
    assert (found.unit.code, found.what, found.state, found.service_area) == (
        "syd",
        "Ordväxling, högljudd",
        "reported",
        None,
    )
    assert matters("A 7") == [("bemotande", None)]


def test_other_headings_through_a_mapping(quality: World) -> None:
    mapping = {"nummer": "Ärende-id", "typer": "Typ av avvikelse", "handelsetid": "Tid"}
    content = (
        "Ärende-id;Tid;rapporterad;enhet;lagrum;Typ av avvikelse;nummer\n"
        "1-22;2022-01-02 08:00;2022-01-02;nord;sol;fall;9\n"
    )
    context = Context(quality.committee, 2022, mapping)
    commit(KINDS["avvikelser"], context, quality.file(content), "fil.csv")
    assert Deviation.objects.get().number == "1-22"
    missing = Context(quality.committee, 2022, {"nummer": "Finns inte"})
    seen = preview(KINDS["avvikelser"], missing, quality.file(content))
    assert any("finns inte i filen" in one.what for one in seen.faults)
    unknown = Context(quality.committee, 2022, {"farg": "nummer"})
    assert "farg" in preview(KINDS["avvikelser"], unknown, quality.file(content)).faults[0].what


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        (("2022-03-31 21:40", "2022-03-27 02:30"), "handelsetid", "sommartiden"),
        (("2022-03-31 21:40", "2022-02-30 10:00"), "handelsetid", "finns inte"),
        (("2022-03-31 21:40", "2922-02-20 10:00"), "handelsetid", "inte rimligt"),
        (("2022-03-31 21:40", "i går"), "handelsetid", "inte ett datum"),
        (("2022-03-31 22:05", "2022-03-31 20:00"), "rapporterad", "innan den hände"),
        (("2022-03-31 21:40", "2099-03-31 21:40"), "handelsetid", "framtiden"),
        ((";nord;", ";öst;"), "enhet", "finns inte"),
        ((";nord;", ";;"), "enhet", "är tom"),
        (("fall|lakemedel", "fal"), "typer", "typen ”fal” finns inte"),
        (("fall|lakemedel", ""), "typer", "är tom"),
        (("ensam|dos", "ensam|okänd"), "orsaker", "orsaken ”okänd”"),
        (("fall|lakemedel;ensam|dos", "lakemedel;ensam"), "orsaker", "orsaken ”ensam”"),
        ((";3;", ";7;"), "allvarlighet", "finns inte"),
        ((";hsl;", ";pbl;"), "lagrum", "finns inte"),
        (("avslutad;2022-04-12", "avslutad;"), "status", "är tom"),
        (("avslutad;2022-04-12", "utredd;2022-04-12"), "status", "något annat"),
        (("avslutad;2022-04-12", "avslutad;2022-03-01"), "avslutad", "innan den rapporterades"),
        (("lex maria", "kanske"), "ivo", "kanske"),
        (("2022-0001;", "19121212-1212;"), "nummer", "personnummer"),
        (("2022-0001;", f"{'9' * 21};"), "nummer", "21 tecken"),
    ],
)
def test_a_fault_is_said_at_its_row_and_column(
    quality: World, change: tuple[str, str], column: str, what: str
) -> None:
    assert change[0] in ROW
    bad = ROW.replace("0001", "0002").replace(change[0].replace("0001", "0002"), change[1], 1)
    seen = quality.preview("avvikelser", HEAD + ROW + bad)
    assert [(one.row, one.column) for one in seen.faults] == [(3, column)]
    assert what in seen.faults[0].what
    assert seen.faults[0].do
    with pytest.raises(ImportFault):
        quality.commit("avvikelser", HEAD + ROW + bad)
    assert not Deviation.objects.exists()


def test_a_personal_number_in_a_description_is_refused_and_not_repeated(quality: World) -> None:
    head = HEAD.replace("nummer;", "nummer;beskrivning;")
    row = ROW.replace("2022-0001;", "2022-0001;Föll, 19121212 1212 enligt journalen;")
    seen = quality.preview("avvikelser", head + row)
    assert [(one.row, one.column) for one in seen.faults] == [(2, "beskrivning")]
    assert "1212" not in seen.faults[0].message


def test_again_changed_and_back(quality: World) -> None:
    first = quality.commit("avvikelser", HEAD + ROW + ROW.replace("0001", "0002"))
    assert quality.commit("avvikelser", HEAD + ROW).counts.unchanged == 1
    changed = ROW.replace("fall|lakemedel;ensam|dos;3", "bemotande;;2").replace("lex maria", "")
    assert quality.preview("avvikelser", HEAD + changed).counts.changed == 1
    second = quality.commit("avvikelser", HEAD + changed)
    assert matters("2022-0001") == [("bemotande", None)]
    assert Deviation.objects.get(number="2022-0001").serious is False
    assert Step.objects.count() == 1
    with pytest.raises(UserFault, match="Ångra den först"):
        undo(KINDS["avvikelser"], first.batch)
    assert undo(KINDS["avvikelser"], second.batch).rows == 1
    assert matters("2022-0001") == [("fall", "ensam"), ("lakemedel", "dos")]
    assert Deviation.objects.get(number="2022-0001").severity == 3
    assert Step.objects.count() == 2
    assert undo(KINDS["avvikelser"], first.batch).rows == 2
    assert not Deviation.objects.exists()
    assert not DeviationMatter.objects.exists()
    assert not Step.objects.exists()


def test_what_somebody_has_worked_on_is_not_taken_back(quality: World) -> None:
    done = quality.commit("avvikelser", HEAD + ROW)
    found = Deviation.objects.get()
    work = Classification.objects.create(deviation=found, at=timezone.now(), severity=3)
    with pytest.raises(UserFault, match="arbetat vidare"):
        undo(KINDS["avvikelser"], done.batch)
    work.delete()
    DeviationMatter.objects.filter(type__code="fall").delete()
    with pytest.raises(UserFault, match="har ändrats"):
        undo(KINDS["avvikelser"], done.batch)
    assert Deviation.objects.exists()


def test_a_number_of_another_committee_is_refused_by_the_database(quality: World) -> None:
    quality.commit("avvikelser", HEAD + ROW)
    other = type(quality.committee).objects.create(
        municipality=quality.committee.municipality,
        kind="committee",
        name="B",
        short_name="B",
        slug="provby-b",
    )
    Deviation.objects.update(committee=other)
    with pytest.raises(UserFault, match="annan nämnd"):
        quality.commit("avvikelser", HEAD + ROW)


def test_three_wrong_rows_in_a_hundred_thousand(quality: World) -> None:
    rows = [f"22-{n};2022-01-{n % 28 + 1:02} 10:00;2022-01-29;nord;sol;fall" for n in range(100_000)]
    rows[10] = rows[10].replace("fall", "fell")
    rows[50_000] = rows[50_000].replace("nord", "syder")
    rows[99_999] = rows[99_999].replace("2022-01-29", "2022-01-00")
    path = quality.file("nummer;handelsetid;rapporterad;enhet;lagrum;typer\n" + "\n".join(rows) + "\n")
    with pytest.raises(ImportFault) as refused:
        quality.commit("avvikelser", path)
    assert [(one.row, one.column) for one in refused.value.faults] == [
        (12, "typer"),
        (50_002, "enhet"),
        (100_001, "rapporterad"),
    ]
    assert not Deviation.objects.exists()


SARAH = "nummer;rapporterad;verksamhet;typ;brist;konsekvens;beslut;beslutsdatum;ivo\n"


def test_lex_sarah_with_its_decision(quality: World) -> None:
    rows = (
        "2022-001;2022-02-01;lss;bemotande;ja;ja;allvarligt;2022-03-01;ja\n"
        "2022-002;2022-02-02;;fall;ja;nej;missförhållande;2022-03-02;nej\n"
        "2022-003;2022-02-03;boende;;;;;;\n"
    )
    first = quality.commit("lexsarah", SARAH + rows)
    serious, misconduct, waiting = LexSarahCase.objects.order_by("number")
    assert (serious.state, str(serious.notified_on), serious.service_area.code) == (
        "notified",
        "2022-03-01",
        "lss",
    )
    assert serious.decision.outcome == "serious"
    assert (misconduct.state, misconduct.shortcoming, misconduct.consequence) == ("decided", True, False)
    assert (waiting.state, waiting.decision) == ("reported", None)
    again = rows.replace("missförhållande;2022-03-02", "inte missförhållande;2022-03-04")
    second = quality.commit("lexsarah", SARAH + again)
    assert (second.counts.changed, second.counts.unchanged) == (1, 2)
    misconduct.refresh_from_db()
    assert misconduct.decision.outcome == "not_misconduct"
    undo(KINDS["lexsarah"], second.batch)
    misconduct.refresh_from_db()
    assert misconduct.decision.outcome == "misconduct"
    undo(KINDS["lexsarah"], first.batch)
    assert not LexSarahCase.objects.exists()
    assert not LexSarahDecision.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1;2022-02-01;;;ja;ja;allvarligt;;", "beslutsdatum"),
        ("1;2022-02-01;;;ja;ja;;2022-02-02;", "beslut"),
        ("1;2022-02-01;;;ja;ja;jättefel;2022-02-02;", "beslut"),
        ("1;2022-02-01;;;ja;ja;allvarligt;2022-01-02;", "beslutsdatum"),
        ("1;2022-02-01;;;kanske;ja;allvarligt;2022-02-02;", "brist"),
        ("1;2022-02-01;;;ja;ja;;;2022-02-03", "beslut"),
        ("1;2022-02-01;xyz;;ja;ja;;;", "verksamhet"),
    ],
)
def test_faults_of_lex_sarah(quality: World, row: str, column: str) -> None:
    seen = quality.preview("lexsarah", SARAH + row + "\n")
    assert [(one.row, one.column) for one in seen.faults] == [(2, column)]


COMPLAINT = "dnr;inkommen;slag;typ;enhet;verksamhet;lamnad_av;kanal;besvarad\n"


def test_complaints(quality: World) -> None:
    rows = (
        "2022.100 ON;2022-02-01;klagomål;mat|bemotande;nord;;anhorig;post;2022-02-10\n"
        "2022.101 ON;2022-02-01 12:00;beröm;;;lss;anonym;formular;\n"
    )
    done = quality.commit("klagomal", COMPLAINT + rows)
    answered, praise = Complaint.objects.order_by("number")
    assert (answered.state, answered.complainant, answered.matters.count()) == ("answered", "anhorig", 2)
    assert answered.service_area.code == "boende"
    assert (praise.state, praise.anonymous, praise.unit, praise.kind) == ("received", True, None, "berom")
    undo(KINDS["klagomal"], done.batch)
    assert not Complaint.objects.exists()
    bad = rows.replace("anonym;formular;", "anonym;formular;2022-02-03").replace(";mat|", ";fisk|")
    seen = quality.preview("klagomal", COMPLAINT + bad)
    assert [(one.row, one.column) for one in seen.faults] == [(2, "typ"), (3, "besvarad")]


def test_quality_registers_with_settings_means_and_targets(quality: World) -> None:
    head = "matt;period;vardform;jamforelse;varde;taljare;namnare;malvarde;kalla\n"
    rows = (
        "smarta;2022-h1;hem;;62,5;25;40;90;Registret\n"
        "smarta;2022-01..2022-06;sabo;;50;30;60;90;Registret\n"
        "smarta;2022-h1;hem;riket;58;;;;Registret\n"
    )
    done = quality.commit("kvalitetsregister", head + rows)
    assert MeasureValue.objects.count() == 3
    assert str(MeasureValue.objects.get(part="hem", comparison="kommun").period_end) == "2022-07-01"
    assert (Target.objects.get().year, Target.objects.get().value) == (2022, 90)
    other = head + rows.replace("hem;;62,5;25;40;90", "hem;;63;25;40;95,5")
    seen = quality.preview("kvalitetsregister", other)
    assert [(one.row, one.column) for one in seen.faults] == [(2, "malvarde")]
    assert "har redan målvärdet 90 för 2022, inte 95,5" in seen.faults[0].message
    with pytest.raises(ImportFault):
        quality.commit("kvalitetsregister", other)
    undo(KINDS["kvalitetsregister"], done.batch)
    assert not MeasureValue.objects.exists()
    assert not Target.objects.exists()
    seen = quality.preview("kvalitetsregister", head + "smarta;2022-03;hem;;5;9;3;;\n")
    assert [one.column for one in seen.faults] == ["period"]
    seen = quality.preview("kvalitetsregister", head + "smarta;2022;hem;;5;9;3;;\n")
    assert [one.column for one in seen.faults] == ["taljare"]


def test_a_wanted_value_added_to_a_file_that_was_read_in_counts(quality: World) -> None:
    head = "matt;period;vardform;varde"
    first = quality.commit("kvalitetsregister", f"{head}\nsmarta;2022-h1;hem;62\nsmarta;2022-h2;hem;63\n")
    later = f"{head};malvarde\nsmarta;2022-h1;hem;62;90\nsmarta;2022-h2;hem;63;\n"
    seen = quality.preview("kvalitetsregister", later)
    assert (seen.counts.changed, seen.counts.unchanged) == (1, 1)
    assert [(one.row, one.column, one.old, one.new) for one in seen.changes] == [
        (2, "malvarde", "tomt", "90")
    ]
    done = quality.commit("kvalitetsregister", later)
    assert Target.objects.get().value == 90
    assert quality.commit("kvalitetsregister", later).batch is None
    undo(KINDS["kvalitetsregister"], done.batch)
    assert not Target.objects.exists()
    assert MeasureValue.objects.filter(batch=first.batch).count() == 2
    two = later.replace("63;", "63;91")
    assert [one.message for one in quality.preview("kvalitetsregister", two).faults] == [
        "rad 2 säger att målvärdet för Smärtskattning 2022 är 90. Skriv samma målvärde på alla årets rader."
    ]


def test_a_line_added_to_a_file_of_lex_sarah_that_was_read_in_counts(quality: World) -> None:
    row = "2022-002;2022-02-02;;fall;ja;nej;missförhållande;2022-03-02;nej"
    first = quality.commit("lexsarah", f"{SARAH}{row}\n")
    decision = LexSarahDecision.objects.get()
    decision.save_over(decision.revision, motive="Prövat av SAS")
    later = f"{SARAH.strip()};rad\n{row};Larmet byttes\n"
    assert [(one.column, one.new) for one in quality.preview("lexsarah", later).changes] == [
        ("rad", "Larmet byttes")
    ]
    done = quality.commit("lexsarah", later)
    decision.refresh_from_db()
    assert (decision.line, decision.motive) == ("Larmet byttes", "Prövat av SAS")
    assert quality.commit("lexsarah", later).batch is None
    undo(KINDS["lexsarah"], done.batch)
    decision.refresh_from_db()
    assert decision.line == "" and LexSarahCase.objects.get().batch == first.batch


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_column_of_a_kind_is_compared_with_what_stands(kind: str) -> None:
    """A value that is in no column of the table is in what is made of it, or says itself where it stands."""
    what = KINDS[kind]
    made = {other.held for other in (*what.below, *what.above)} | {
        name for one in what.derived for name in one.of
    }
    for column in what.columns:
        if column.held and not made & {*column.into, *column.sources}:
            assert column.standing, column.name


def test_the_english_names_of_the_commands() -> None:
    assert {ALIASES[name] for name in ("deviations", "complaints", "quality-registers", "casework")} == {
        "avvikelser",
        "klagomal",
        "kvalitetsregister",
        "handlaggning",
    }
    assert kind_of("lexsarah") is KINDS["lexsarah"]


def test_with_the_log_of_queries_on(quality: World, settings: object) -> None:
    connection.force_debug_cursor = True
    try:
        quality.commit("avvikelser", HEAD + ROW)
    finally:
        connection.force_debug_cursor = False
    assert Deviation.objects.exists()


def test_a_mapping_file(quality: World, tmp_path: Path) -> None:
    from roder.imports.mapping import Layout, read_mapping

    path = tmp_path / "koppling.json"
    path.write_text(json.dumps({"nummer": "Id"}), encoding="utf-8")
    assert read_mapping(path) == Layout({"nummer": "Id"})
    path = tmp_path / "koppling.yaml"
    path.write_text("nummer: Id\ntyper: Typ av avvikelse\n", encoding="utf-8")
    assert read_mapping(path) == Layout({"nummer": "Id", "typer": "Typ av avvikelse"})
    path.write_text("nummer: Id\nsamma: {lagrum: sol}\n", encoding="utf-8")
    assert read_mapping(path) == Layout({"nummer": "Id"}, {"lagrum": "sol"})
    path.write_text("- nummer\n", encoding="utf-8")
    with pytest.raises(UserFault, match="koppling"):
        read_mapping(path)
