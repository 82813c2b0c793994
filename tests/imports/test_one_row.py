"""Goals, key figures and assignments written on a page: the same columns, checks, history and undoing as in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from roder.access.models import AuditRecord
from roder.core.models import ImportBatch
from roder.imports.kinds import KINDS
from roder.imports.one_row import standing
from roder.imports.services import undo
from roder.measures.models import Measure
from roder.organisation.models import Person, Role
from roder.steering.models import Activity, Assignment, Goal
from tests.imports.conftest import World
from tests.imports.steering_files import CHAIN, FIGURE, TASKED, TEXTS, linked

ROOT = "/provby-on/2022/"
ROWS = ROOT + "inlasning/{}/rad/"
MODELS = {"nyckeltal": Measure, "mal": Goal, "uppdrag": Assignment}
NEW = {
    "nyckeltal": {"kod": "svar", "nyckeltal": "Direkt svar", "mattenhet": "%", "malvarde": "90", "mal_ar": "2022"},
    "mal": {"kod": "M7", "mal": "Fler är trygga", "fran_ar": "2022", "till_ar": "2023", "nyckeltal": ["nojda", "plan"]},
    "uppdrag": {"kod": "U7", "uppdrag": "Plan mot ensamhet", "givet_av": "nämnden", "klart_senast": "2022-11-30"},
}  # fmt: skip


@pytest.fixture
def strategist(world: World, person: Callable[[Role], Person]) -> Client:
    client = Client()
    client.force_login(person(Role.QUALITY_STRATEGIST))
    return client


def typed(client: Client, address: str) -> dict[str, object]:
    """What the form has when it is opened."""
    form = client.get(address).context["form"]
    return {one.name: one.value() if one.value() is not None else "" for one in form}


@pytest.mark.parametrize("kind", MODELS)
def test_a_record_as_a_row_of_the_file_changes_nothing_when_it_is_read_in(world: World, kind: str) -> None:
    for text in (FIGURE, CHAIN, TASKED):
        world.commit({FIGURE: "nyckeltal", CHAIN: "mal", TASKED: "uppdrag"}[text], text)
    world.commit(
        "nyckeltal",
        "kod;nyckeltal;mattenhet;grupper;publiceras;decimaler;mal_i_ord;malvarde;bryter_serien;definition;definition_fran\n"
        "full;Fullt ifylld;antal;nämndens mål | egen grupp;maj;2;minst som i riket;;ja;Ny.;2022-03-01\n",
    )
    what, context = KINDS[kind], replace(world.context, year=2022)
    records = MODELS[kind]._default_manager.all()
    assert records.count() >= (1 if kind == "uppdrag" else 2)
    for record in records:
        found = standing(what, context, record.pk)
        assert found is not None
        text = ";".join(found[1]) + "\n" + ";".join(found[1].values()) + "\n"
        seen = world.preview(kind, text)
        assert seen.faults == [] and seen.counts.unchanged == 1, (record, seen.changes, seen.faults)


@pytest.mark.parametrize("kind", MODELS)
def test_one_is_added_opened_changed_and_taken_back(world: World, strategist: Client, kind: str) -> None:
    answer = strategist.post(ROWS.format(kind), NEW[kind])
    assert answer.status_code == 302, answer.context["form"].errors
    record = MODELS[kind]._default_manager.get(code=NEW[kind]["kod"])
    assert answer["Location"] == f"{ROOT}{kind}/{record.pk}/"
    assert f"{ROWS.format(kind)}{record.pk}/" in strategist.get(answer["Location"]).content.decode()
    change = f"{ROWS.format(kind)}{record.pk}/"
    sent = typed(strategist, change)
    assert "kod" not in sent, "the code stays"
    title = {"nyckeltal": "nyckeltal", "mal": "mal", "uppdrag": "uppdrag"}[kind]
    assert strategist.post(change, {**sent, title: "Ett annat namn"}).status_code == 302
    record.refresh_from_db()
    assert record.title == "Ett annat namn"
    latest, first = ImportBatch.objects.filter(kind=kind).order_by("-pk")[:2]
    assert (latest.new_rows, latest.changed_rows, first.new_rows) == (0, 1, 1)
    assert latest.file_name == "skrivet på sidan.csv"
    undo(KINDS[kind], latest)
    record.refresh_from_db()
    assert record.title == NEW[kind][title]
    undo(KINDS[kind], first)
    assert not MODELS[kind]._default_manager.filter(pk=record.pk).exists()


def test_a_goal_gets_its_measures_and_loses_them(world: World, strategist: Client) -> None:
    strategist.post(ROWS.format("mal"), NEW["mal"])
    goal = Goal.objects.get(code="M7")
    assert linked(goal) == ["nojda", "plan"] and (goal.from_year, goal.to_year) == (2022, 2023)
    change = f"{ROWS.format('mal')}{goal.pk}/"
    strategist.post(change, {**typed(strategist, change), "nyckeltal": []})
    assert linked(goal) == []


def test_lines_of_a_text_stand_as_they_were_typed(world: World, strategist: Client) -> None:
    told = 'Först det ena; sedan det ”andra”.\r\n\r\nOch "till" slut = det tredje.'
    strategist.post(ROWS.format("mal"), {**NEW["mal"], "beskrivning": told})
    assert Goal.objects.get(code="M7").text == told.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"mal": ""}, "mal", "måste fyllas i"),
        ({"fran_ar": "tjugo"}, "fran_ar", "tjugo"),
        ({"fran_ar": "2023", "till_ar": "2022"}, "till_ar", "Rätta åren: ”Från år” till och med ”Till år”"),
        ({"bidrar_till": "P9"}, "bidrar_till", "”P9” finns varken i filen eller sedan tidigare"),
        ({"beskrivning": "Ring 19121212-1212"}, "beskrivning", "personnummer"),
        ({"mal": "x" * 201}, "mal", "201"),
        ({"nyckeltal": ["finns-inte"]}, "nyckeltal", "finns-inte"),
        ({"kod": "a|b"}, "kod", "tecknet |"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    world: World, strategist: Client, changes: dict[str, str], field: str, words: str
) -> None:
    answer = strategist.post(ROWS.format("mal"), {**NEW["mal"], "motiv": "Många undrar", **changes})
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "Många undrar" in answer.content.decode()
    assert not Goal.objects.filter(code="M7").exists()


def test_a_code_that_is_taken_is_not_taken_over(world: World, strategist: Client) -> None:
    world.commit("mal", CHAIN)
    answer = strategist.post(ROWS.format("mal"), {**NEW["mal"], "kod": "m1"})
    assert answer.status_code == 422 and "finns redan" in str(answer.context["form"].errors["kod"])
    assert Goal.objects.get(code="M1").title == "Svar direkt"


def test_who_saves_last_sees_what_the_other_wrote_and_may_save_over_it(
    world: World, strategist: Client
) -> None:
    world.commit("mal", CHAIN)
    goal = Goal.objects.get(code="M1")
    change = f"{ROWS.format('mal')}{goal.pk}/"
    opened = typed(strategist, change)
    strategist.post(change, {**opened, "mal": "Den andras ord"})
    answer = strategist.post(change, {**opened, "mal": "Mina ord", "motiv": "Mitt skäl"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nu står: Den andras ord" in page and "Mina ord" in page
    goal.refresh_from_db()
    assert goal.title == "Den andras ord"
    again = {**opened, "mal": "Mina ord", "token": answer.context["form"]["token"].value()}
    assert strategist.post(change, again).status_code == 302
    goal.refresh_from_db()
    assert goal.title == "Mina ord"


@pytest.mark.parametrize("kind", MODELS)
def test_what_nothing_rests_on_can_be_taken_away(world: World, strategist: Client, kind: str) -> None:
    strategist.post(ROWS.format(kind), NEW[kind])
    record = MODELS[kind]._default_manager.get(code=NEW[kind]["kod"])
    page = f"{ROWS.format(kind)}{record.pk}/ta-bort/"
    assert page in strategist.get(f"{ROWS.format(kind)}{record.pk}/").content.decode()
    assert "Inget annat hör dit" in strategist.get(page).content.decode()
    assert strategist.post(page)["Location"] == f"{ROOT}{kind}/"
    assert not MODELS[kind]._default_manager.filter(pk=record.pk).exists()
    assert AuditRecord.objects.get(deed="record.removed").detail == {"kind": kind, "code": NEW[kind]["kod"]}
    assert strategist.get(page).status_code == 404


def test_what_something_rests_on_stays_and_the_page_says_what(world: World, strategist: Client) -> None:
    world.commit("mal", CHAIN)
    goal, council = Goal.objects.get(code="M1"), Goal.objects.get(code="P1")
    Activity.objects.create(committee=world.committee, goal=goal, year=2022, what="Vi svarar")
    measure = Measure.objects.get(code="nojda")
    wanted = (
        ("mal", goal.pk, "aktiviteter"),
        ("mal", council.pk, "mål"),
        ("nyckeltal", measure.pk, "koppling"),
    )
    for kind, pk, said in wanted:
        page = f"{ROWS.format(kind)}{pk}/ta-bort/"
        assert f"hör dit: {said}" in strategist.get(page).content.decode()
        assert "kan inte tas bort" in strategist.post(page, follow=True).content.decode()
        assert MODELS[kind]._default_manager.filter(pk=pk).exists()


def test_nothing_changed_is_no_import(world: World, strategist: Client) -> None:
    world.commit("mal", CHAIN)
    before = ImportBatch.objects.count()
    change = f"{ROWS.format('mal')}{Goal.objects.get(code='M1').pk}/"
    answer = strategist.post(change, typed(strategist, change), follow=True)
    assert "Inget var ändrat." in answer.content.decode()
    assert ImportBatch.objects.count() == before


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", TEXTS)
def test_those_who_read_the_files_in_write_on_the_page(
    world: World, person: Callable[[Role], Person], role: Role, kind: str
) -> None:
    from roder.imports.services import may_import

    someone = person(role)
    may = may_import(KINDS[kind], world.committee, someone)
    client = Client()
    client.force_login(someone)
    assert client.get(ROWS.format(kind)).status_code == (200 if may else 403)
    assert client.post(ROWS.format(kind), NEW[kind]).status_code == (302 if may else 403)
    assert client.post(ROWS.format(kind) + "99999999/ta-bort/").status_code == (404 if may else 403)
    assert MODELS[kind]._default_manager.filter(code=NEW[kind]["kod"]).exists() is may


def test_what_is_not_there_and_kinds_that_are_not_written_so(world: World, strategist: Client) -> None:
    assert strategist.get(ROWS.format("mal") + "999999/").status_code == 404
    assert strategist.get(ROWS.format("aktiviteter")).status_code == 404
    assert strategist.get(ROWS.format("finnsinte")).status_code == 404
    other = Goal.objects.create(
        municipality=world.committee.municipality, committee=None, level="council", code="P3", title="Allas",
        from_year=2022, to_year=2022,
    )  # fmt: skip
    assert strategist.get(f"{ROWS.format('mal')}{other.pk}/").status_code == 200, "the council's are shared"
