"""A steering model into the database: version, words, rows and occasions; refused whole when faulty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.cli import roder
from roder.organisation.models import Body, Municipality, Person, Role
from roder.steering.loading import ModelFault, add_earlier_occasion, load_model
from roder.steering.models import (
    AccountGroup,
    AccountRow,
    InvestmentCategory,
    Occasion,
    ServiceCode,
    SteeringModelVersion,
    Support,
)
from tests.imports.conftest import MODEL, World, person, world

__all__ = ["person", "world"]


def test_what_a_model_becomes(world: World) -> None:
    version = SteeringModelVersion.objects.get()
    assert (version.year, version.version, version.source) == (2022, 1, MODEL)
    assert list(AccountGroup.objects.values_list("code", flat=True)) == ["intakter", "personal", "ovriga"]
    assert list(ServiceCode.objects.values_list("code", flat=True)) == ["54", "55"]
    assert InvestmentCategory.objects.get().label == "Reinvestering"
    support = Support.objects.get()
    assert (support.area, support.unit_of_count) == ("Äldreomsorg", "personer")
    result = AccountRow.objects.get(code="resultat")
    assert result.is_sum
    assert {group.code for group in result.groups.all()} == {"intakter", "personal", "ovriga"}
    occasions = {occasion.code: occasion for occasion in Occasion.objects.all()}
    assert (occasions["2022-plan"].year, occasions["2022-plan"].cut_off) == (2022, date(2021, 12, 31))
    assert AuditRecord.objects.get(deed="steering.model_loaded").detail["version"] == 1


def test_the_same_text_is_the_same_version(world: World) -> None:
    first = SteeringModelVersion.objects.get()
    assert load_model(world.committee, MODEL) == first
    assert AuditRecord.objects.filter(deed="steering.model_loaded").count() == 1


def test_the_next_version_renames_and_keeps(world: World) -> None:
    group = AccountGroup.objects.get(code="personal")
    changed = (
        MODEL.replace("label: Personalkostnader", "label: Personal")
        .replace("    - {code: 2022-03, kind: monthly, name: Mars 2022, cut_off: 2022-03-31}\n", "")
        .replace("  - {code: 2022-03, kind: monthly, name: Mars 2022, cut_off: 2022-03-31}\n", "")
    )
    world.commit("prognos", "tillfalle;kontogrupp;belopp\n2022-05;personal;-1\n")
    version = load_model(world.committee, changed)
    group.refresh_from_db()
    assert (version.version, group.label, group.revision) == (2, "Personal", 2)
    assert set(Occasion.objects.values_list("code", flat=True)) == {"2022-plan", "2022-05"}
    assert Occasion.objects.get(code="2022-05").model == version
    without = changed.replace("  - {code: 2022-05, kind: monthly, name: Maj 2022, cut_off: 2022-05-31}\n", "")
    load_model(world.committee, without)
    assert Occasion.objects.filter(code="2022-05").exists(), "a forecast was made at it"


def test_a_faulty_model_loads_nothing(world: World) -> None:
    broken = MODEL.replace("2022-05-31", "2022-06-31").replace(
        "kind: sum, sign: cost", "kind: summa, sign: cost"
    )
    with pytest.raises(ModelFault) as fault:
        load_model(world.committee, broken, "modell.yaml")
    assert len(fault.value.lines) >= 2
    assert all(line.startswith("modell.yaml:") for line in fault.value.lines)
    assert SteeringModelVersion.objects.count() == 1


def test_another_committees_model_is_refused(world: World) -> None:
    other = Municipality.objects.create(code="9998", name="Annan kommun", slug="annan")
    committee = Body.objects.create(
        municipality=other, kind="committee", name="N", short_name="N", slug="annan-on"
    )
    with pytest.raises(ModelFault, match="gäller Provby kommun"):
        load_model(committee, MODEL)
    own = Body.objects.create(
        municipality=world.committee.municipality, kind="committee", name="N", short_name="N", slug="provby-n"
    )
    with pytest.raises(ModelFault, match="gäller Omsorgsnämnden"):
        load_model(own, MODEL)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_load(world: World, person: Callable[[Role], Person], role: Role) -> None:
    text = MODEL + "# ny\n"
    if role in (Role.QUALITY_STRATEGIST, Role.ADMINISTRATOR):
        assert load_model(world.committee, text, by=person(role)).version == 2
    else:
        with pytest.raises(NotAllowedError):
            load_model(world.committee, text, by=person(role))


def test_an_occasion_before_the_first_model(world: World) -> None:
    occasion = add_earlier_occasion(world.committee, "2021-10")
    assert occasion is not None
    assert (occasion.year, occasion.cut_off, occasion.name) == (
        2021,
        date(2021, 10, 31),
        "Uppföljning oktober 2021",
    )
    assert add_earlier_occasion(world.committee, "2022-10") is None
    assert add_earlier_occasion(world.committee, "2021-13") is None


def test_from_the_command_line(world: World, tmp_path: Path) -> None:
    path = tmp_path / "modell.yaml"
    path.write_text(MODEL.replace("Mars 2022", "Mars"), encoding="utf-8")
    told = CliRunner().invoke(roder, ["model", "load", str(path), "--committee", "provby-on"])
    assert (told.exit_code, told.output) == (0, "ON 2022 version 2 är inläst.\n")
    told = CliRunner().invoke(roder, ["model", "load", str(path), "--committee", "provby-on"])
    assert told.output == "ON 2022 version 2 fanns redan.\n"
    path.write_text(MODEL.replace("kind: monthly", "kind: månad"), encoding="utf-8")
    told = CliRunner().invoke(roder, ["model", "load", str(path), "--committee", "provby-on"])
    assert told.exit_code == 1
    assert f"{path}:10:" in told.output
