"""A fetch from the recorded answers: measure values, the table of all values, undo, and nothing half-written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from roder.access.rights import NotAllowedError
from roder.core.cli import roder
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.imports.kinds import MEASURE_VALUES
from roder.imports.services import undo
from roder.kolada.models import Fetch, Group, Indicator, Place
from roder.kolada.services import fetch
from roder.kolada.stub import Reply, Stub, serving
from roder.measures.models import Measure, MeasureValue
from roder.measures.proposals import years_of
from tests.kolada.conftest import RECORDED, TODAY, World, fast


def test_own_similar_and_country_become_measure_values(world: World, recorded: Stub) -> None:
    done = world.fetch(recorded)
    assert world.value("U21468", 2020).value == 95
    assert world.value("U21468", 2020, "riket").value == 88
    similar = world.value("U21468", 2020, "liknande")
    assert similar.source == "Kolada, U21468, Liknande kommuner äldreomsorg, Alingsås, 2021"
    women, men = (world.value("U21468", 2020, sex=sex).value for sex in ("kvinnor", "man"))
    assert women is not None and men is not None and men < 95 < women
    assert done.fetch.batches == list(ImportBatch.objects.values_list("pk", flat=True))
    assert (Place.objects.count(), Group.objects.count(), Indicator.objects.count()) == (12, 6, 5)


def test_a_value_that_is_missing_is_missing_with_a_reason_and_not_zero(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    missing = world.value("U21468", 2022)
    assert (missing.value, missing.status, missing.reason) == (None, "missing", "Kolada har inget värde")


def test_a_second_fetch_changes_nothing(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    before = MeasureValue.objects.count()
    assert world.fetch(recorded).committed == []
    assert (MeasureValue.objects.count(), ImportBatch.objects.count()) == (before, 1)


def test_a_value_that_stands_keeps_its_source_and_is_never_taken_away(world: World, recorded: Stub) -> None:
    for year, value, source in ((2020, 95, "Bilagan"), (2022, 91, "Egen räkning")):
        MeasureValue.objects.create(
            measure=world.measures["U21468"], period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1),
            value=value, source=source,
        )  # fmt: skip
    world.fetch(recorded)
    assert world.value("U21468", 2020).source == "Bilagan"
    assert world.value("U21468", 2022).value == 91


def test_undo_takes_the_values_back(world: World, recorded: Stub) -> None:
    old = MeasureValue.objects.create(
        measure=world.measures["U21468"], period_start=date(2020, 1, 1), period_end=date(2021, 1, 1), value=94,
    )  # fmt: skip
    world.fetch(recorded)
    assert world.value("U21468", 2020).value == 95
    undo(MEASURE_VALUES, ImportBatch.objects.get())
    assert [(one.pk, one.value) for one in MeasureValue.objects.all()] == [(old.pk, 94)]


def test_the_month_of_publication_comes_along_where_there_is_none(world: World, recorded: Stub) -> None:
    world.measures["U23471"].save_over(1, publication_month=9)
    done = world.fetch(recorded)
    months = {one.kolada_id: one.publication_month for one in world.committee.measures.all()}
    assert months == {"U21468": 10, "U23471": 9, "U28570": 12, "N15436": 12, "U00811": 5}
    assert (
        "När värdena publiceras skrevs in för U21468, U28570, N15436, U00811, enligt Kolada." in done.remarks
    )


def test_the_country_that_was_fetched_is_what_grades_compare_with(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    entry = years_of([world.measures["U23471"]], 2021)[world.measures["U23471"].pk]
    assert (entry.outcomes[2020].value, entry.country[2020]) == (86, 81)


def test_preliminary_until_the_final_publication(world: World) -> None:
    def early(number: int, path: str) -> Reply | None:
        if not path.startswith("/v3/kpi/"):
            return None
        text = (RECORDED / "kpi.json").read_text(encoding="utf-8")
        return Reply(200, text.replace('"publ_period": "2022"', '"publ_period": "2021"').encode())

    with serving(RECORDED, early) as stub:
        world.fetch(stub)
    assert [world.value("U21468", year).status for year in (2020, 2021)] == ["final", "preliminary"]


def test_all_fetched_values_are_in_the_table_with_the_similar_ones(world: World, recorded: Stub) -> None:
    world.fetch(recorded)
    rows = world.store.read(["U21468"], years=[2020])
    assert {one.place for one in rows} == {"0000", "1489", "G99002", *(f"99{n:02}" for n in range(2, 9))}
    assert {one.value for one in rows if one.place == "1489"} == {Decimal(95)}
    assert len(world.store.spread_of("U21468", 2020)) >= 7
    assert not world.store.has_examples(["U21468"])


def test_everybody_is_fetched_when_asked_for(world: World, recorded: Stub) -> None:
    fetch(world.ask.__class__(**{**vars(world.ask), "everybody": True}), fast(recorded), today=TODAY)
    places = {one.place for one in world.store.read(["U21468"], years=[2020])}
    assert {"9901", "9910"} <= places


def test_a_group_of_ones_own_choice(world: World, recorded: Stub) -> None:
    ask = world.ask.__class__(**{**vars(world.ask), "group": "G99001"})
    fetch(ask, fast(recorded), today=TODAY)
    rows = {one.place: one for one in world.store.read(["U28570"], years=[2020])}
    assert "9901" in rows and "9910" not in rows
    with pytest.raises(UserFault, match="gruppen G1 finns inte för Alingsås"):
        fetch(ask.__class__(**{**vars(ask), "group": "G1"}), fast(recorded))


def test_the_mean_of_the_members_where_the_group_has_none(world: World) -> None:
    def no_groups_values(number: int, path: str) -> Reply | None:
        if "/data/" not in path:
            return None
        return Reply(200, (RECORDED / "data/U21468.json").read_bytes().replace(b'"G99002"', b'"G0"'))

    world.committee.measures.exclude(kolada_id="U21468").delete()
    with serving(RECORDED, no_groups_values) as stub:
        world.fetch(stub)
    similar = world.value("U21468", 2020, "liknande")
    assert similar.source.startswith("Egen bearbetning av data från Kolada, U21468")
    members = [one.value for one in world.store.read(["U21468"], [f"99{n:02}" for n in range(2, 9)], [2020])]
    known = [value for value in members if value is not None]
    assert similar.value == pytest.approx(sum(known) / len(known), abs=Decimal("0.0001"))


@pytest.mark.parametrize("last", [Reply(500, b""), Reply(200, b'{"values": [{"kpi"'), Reply(429, b"")])
def test_nothing_is_half_written_when_the_last_question_fails(world: World, last: Reply) -> None:
    def failing(number: int, path: str) -> Reply | None:
        return last if "N15436" in path and "/data/" in path else None

    with serving(RECORDED, failing) as stub, pytest.raises(UserFault, match=r"Ingenting har sparats\.$"):
        fetch(world.ask, fast(stub, tries=1), today=TODAY)
    assert not MeasureValue.objects.exists()
    assert not Fetch.objects.exists() and not Indicator.objects.exists()
    assert not world.store.path.exists()
    assert [path.name for path in world.store.folder.iterdir()] == []


def test_a_withdrawn_value_leaves_the_table(world: World, recorded: Stub) -> None:
    world.fetch(recorded)

    def withdrawn(number: int, path: str) -> Reply | None:
        if "/data/kpi/U21468/" not in path:
            return None
        text = (RECORDED / "data/U21468.json").read_bytes()
        return Reply(200, text.replace(b'"isdeleted": false', b'"isdeleted": true'))

    with serving(RECORDED, withdrawn) as stub:
        world.fetch(stub)
    assert world.store.read(["U21468"]) == []
    assert world.store.read(["U23471"]) != []
    assert world.value("U21468", 2020).value == 95  # what was read in is undone by a person


def test_who_may_fetch(world: World, recorded: Stub) -> None:
    world.fetch(recorded, by="controller")
    with pytest.raises(NotAllowedError):
        world.fetch(recorded, by="member")


def test_from_the_command_line_with_recorded_answers_and_back(world: World) -> None:
    told = CliRunner().invoke(
        roder,
        ["import", "kolada", "--kpi", "U21468,U23471", "--municipality", "1489", "--years", "2018-2022",
         "--stub", str(RECORDED)],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "alingsas-von: " in told.output and "exempelvärden för 2 nyckeltal" in told.output
    assert world.value("U21468", 2019).source == "Exempelvärde i Koladas form, U21468"
    batch = ImportBatch.objects.get()
    told = CliRunner().invoke(roder, ["import", "undo", str(batch.pk)])
    assert told.exit_code == 0 and not MeasureValue.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kpi", "U99999"], "Kolada har inte nyckeltalet U99999"),
        (["--years", "2022-2018"], "åren ”2022-2018” går inte att läsa"),
        (
            ["--municipality", "0001"],
            "ange kommunen med --municipality. De som finns är 1489 (Alingsås kommun)",
        ),
        (["--stub", str(Path(__file__).parent)], "har inte inspelade svar från Kolada"),
    ],
)
def test_what_is_wrong_is_said_at_the_command_line(world: World, arguments: list[str], said: str) -> None:
    given = ["--stub", str(RECORDED), *arguments]
    told = CliRunner().invoke(roder, ["import", "kolada", *given])
    assert told.exit_code == 1 and said in str(told.exception)


def test_a_municipality_that_kolada_does_not_have(world: World, recorded: Stub, tmp_path: Path) -> None:
    world.committee.municipality.code = "0001"
    with pytest.raises(UserFault, match="Kolada har inte kommunen 0001"):
        world.fetch(recorded)


def test_without_any_kolada_id_it_says_where_to_write_one(world: World, recorded: Stub) -> None:
    world.committee.measures.update(kolada_id="")
    with pytest.raises(UserFault, match="inget nyckeltal har ett Kolada-id"):
        world.fetch(recorded)


def test_a_withdrawn_id_among_the_measures_does_not_stop_the_others(world: World, recorded: Stub) -> None:
    Measure.objects.filter(kolada_id="U28570").update(kolada_id="U99999")
    done = world.fetch(recorded)
    assert "U99999" not in done.fetch.kpis and world.value("U21468", 2020).value == 95
    assert "Kolada har inte U99999; de hämtades inte. Kontrollera id:t på nyckeltalen." in done.remarks
