"""Looking at a file, reading it in, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from roder.access.models import AuditRecord
from roder.access.rights import NotAllowedError
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.economy.models import (
    BudgetLine,
    BudgetVersion,
    ForecastLine,
    InvestmentLine,
    OutcomeLine,
    StaffValue,
)
from roder.imports.cells import Context
from roder.imports.comparing import Change
from roder.imports.declaration import Import
from roder.imports.kinds import KINDS
from roder.imports.services import may_import, undo
from roder.measures.models import MeasureValue
from roder.organisation.models import Body, Person, Role
from roder.steering.models import AccountGroup
from tests.imports.conftest import World

FORECAST = "tillfalle;enhet;kontogrupp;belopp;orsak\n"
BUDGET = "ar;version;enhet;verksamhet;kontogrupp;belopp\n"
VALUES = "matt;period;enhet;kon;varde;taljare;namnare;kalla\n"


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.deeds is None], ids=lambda kind: kind.kind
)
def test_a_row_is_the_same_row_by_the_databases_own_rule(kind: Import) -> None:
    """The declared key is exactly one of the table's unique constraints."""
    owners = {name.removesuffix("_id") for name in kind.constants(Context(Body(pk=1, municipality_id=1)))}
    key = {name.removesuffix("_id") for name in kind.key}
    unique = [set(one.fields) for one in kind.model._meta.constraints if hasattr(one, "fields")]
    assert any(key <= fields <= key | owners for fields in unique)
    columns = {field.column for field in kind.model._meta.concrete_fields}
    assert {name for column in kind.columns if not column.held for name in column.into} <= columns
    assert {one.name for one in kind.derived} <= columns


def test_a_look_saves_nothing(world: World) -> None:
    seen = world.preview("prognos", FORECAST + "2022-05;;personal;-10;\n2022-05;;ovriga;-20;\n")
    assert (seen.ok, seen.rows, seen.counts.new) == (True, 2, 2)
    assert seen.columns == ["tillfalle", "enhet", "kontogrupp", "belopp", "orsak"]
    assert seen.first_rows[0] == (2, ["2022-05", "", "personal", "-10", ""])
    assert not ForecastLine.objects.exists()
    assert not ImportBatch.objects.exists()


def test_all_kinds_are_written(world: World) -> None:
    world.commit("budgetversioner", "ar;version;namn;galler_fran;plan\n2023;plan;Plan 2023;2023-01-01;ja\n")
    assert BudgetVersion.objects.get(year=2023).is_plan
    world.commit("budget", BUDGET + "2022;beslutad;;;intakter;10\n2022;beslutad;;55;personal;-3,5\n")
    assert BudgetLine.objects.get(service__code="55").amount == Decimal("-3.5")
    world.commit("utfall", "period;kontogrupp;belopp\n2022-01..2022-04;personal;-5\n")
    assert OutcomeLine.objects.get().period_end == date(2022, 5, 1)
    world.commit(
        "investeringar",
        "ar;tillfalle;kategori;projekt;budget;prognos;utfall\n2022;;reinvestering;Sängar;750;;\n"
        "2022;2022-05;reinvestering;Sängar;750;500;0\n",
    )
    plan, may = InvestmentLine.objects.order_by("occasion__cut_off")
    assert (plan.occasion.code, plan.forecast, may.outcome) == ("2022-plan", None, Decimal(0))
    world.commit(
        "personal",
        "period;enhet;matt;kon;alder;dagar;varde;taljare;namnare\n2022-01..2022-07;;sjukfranvaro;kvinna;;;10,6;;\n",
    )
    staff = StaffValue.objects.get()
    assert (staff.sex, staff.age, staff.employment, staff.value) == (
        "kvinnor",
        "alla",
        "alla",
        Decimal("10.6"),
    )
    world.commit("mattvarden", VALUES + "nojda;2022;nord;;57;57;100;Enkät\n")
    value = MeasureValue.objects.get()
    assert (value.unit and value.unit.code, value.numerator, value.source) == ("nord", Decimal(57), "Enkät")


def test_the_budget_version_must_be_there(world: World) -> None:
    seen = world.preview(
        "budget", BUDGET + "2022;gissad;;;personal;-1\n;beslutad;;;personal;-1\n22;beslutad;;;personal;1\n"
    )
    assert [(fault.row, fault.column) for fault in seen.faults] == [(2, "version"), (3, "ar"), (4, "ar")]
    assert "för året finns: beslutad" in seen.faults[0].what


def test_what_the_database_refuses_is_said_in_words(world: World) -> None:
    with pytest.raises(UserFault, match="gäller från samma dag"):
        world.commit("budgetversioner", "ar;version;namn;galler_fran\n2022;ny;Ny;2022-01-01\n")
    assert BudgetVersion.objects.count() == 1


def test_reading_again_changes_only_what_differs(world: World) -> None:
    first = FORECAST + "2022-05;;personal;-10;Vakanser\n2022-05;;ovriga;-20;\n"
    world.commit("prognos", first)
    again = world.commit("prognos", first)
    assert (again.batch, again.counts.unchanged) == (None, 2)
    changed = (
        FORECAST.replace(";orsak", "") + "2022-05;;personal;-11\n2022-05;;ovriga;-20\n2022-05;;intakter;5\n"
    )
    seen = world.preview("prognos", changed)
    assert (seen.counts.new, seen.counts.changed, seen.counts.unchanged) == (1, 1, 1)
    assert seen.changes == [Change(2, "belopp", "−10", "−11")]
    done = world.commit("prognos", changed)
    line = ForecastLine.objects.get(group__code="personal")
    assert (line.amount, line.cause, line.revision, line.batch) == (Decimal(-11), "Vakanser", 2, done.batch)


def test_a_deed_is_recorded_once(world: World, person: Callable[[Role], Person]) -> None:
    controller = person(Role.CONTROLLER)
    done = world.commit("prognos", FORECAST + "2022-05;;personal;-10;\n2022-05;;ovriga;-20;\n", controller)
    record = AuditRecord.objects.get(deed="import.committed")
    assert done.batch is not None
    assert record.actor == controller
    assert record.subject == f"core.importbatch:{done.batch.pk}"
    assert (record.detail["rows"], record.detail["sha256"]) == (2, done.batch.sha256)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_in(world: World, person: Callable[[Role], Person], role: Role) -> None:
    economy = {Role.CONTROLLER}
    measures = {Role.CONTROLLER, Role.QUALITY_STRATEGIST}
    somebody = person(role)
    for kind, content, allowed in (
        ("prognos", FORECAST + "2022-05;;personal;-10;\n", economy),
        ("mattvarden", VALUES + "nojda;2022;;;57;;;\n", measures),
    ):
        assert may_import(KINDS[kind], world.committee, somebody) == (role in allowed)
        if role in allowed:
            world.preview(kind, content, somebody)
            batch = world.commit(kind, content, somebody).batch
            assert batch is not None
            undo(KINDS[kind], batch, somebody)
        else:
            with pytest.raises(NotAllowedError):
                world.preview(kind, content, somebody)
            with pytest.raises(NotAllowedError):
                world.commit(kind, content, somebody)
            batch = world.commit(kind, content).batch
            assert batch is not None
            with pytest.raises(NotAllowedError):
                undo(KINDS[kind], batch, somebody)
            undo(KINDS[kind], batch)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (
            "prognos",
            FORECAST + "2022-05;;personal;-10;a\n2022-05;;ovriga;-1;\n",
            FORECAST + "2022-05;;personal;-12;b\n2022-05;;intakter;5;\n",
        ),
        (
            "budget",
            BUDGET + "2022;beslutad;;;personal;-10\n2022;beslutad;;;ovriga;-1\n",
            BUDGET + "2022;beslutad;;;personal;-12\n2022;beslutad;;;intakter;5\n",
        ),
        (
            "mattvarden",
            VALUES + "nojda;2022;;;50;;;x\nnojda;2021;;;40;;;x\n",
            VALUES + "nojda;2022;;;51;;;y\nnojda;2020;;;30;;;y\n",
        ),
    ],
)
def test_undo_puts_back_what_was_replaced(world: World, kind: str, first: str, second: str) -> None:
    def there() -> list[tuple[object, ...]]:
        names = [
            field.column
            for field in KINDS[kind].model._meta.concrete_fields
            if field.column not in ("revision", "changed_at")
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(names)} FROM {KINDS[kind].table} ORDER BY id")
            return cursor.fetchall()

    one = world.commit(kind, first).batch
    before = there()
    two = world.commit(kind, second).batch
    assert one is not None
    assert two is not None
    with pytest.raises(UserFault, match=rf"inläsning {two.pk} \(1 rader\)"):
        undo(KINDS[kind], one)
    assert undo(KINDS[kind], two).rows == 2
    assert there() == before
    with pytest.raises(UserFault, match="redan ångrad"):
        undo(KINDS[kind], two)
    assert undo(KINDS[kind], one).rows == 2
    assert there() == []
    assert AuditRecord.objects.filter(deed="import.undone").count() == 2


def test_undo_refuses_when_somebody_has_changed_a_row(world: World) -> None:
    batch = world.commit("prognos", FORECAST + "2022-05;;personal;-10;\n2022-05;;ovriga;-1;\n").batch
    assert batch is not None
    line = ForecastLine.objects.get(group__code="personal")
    line.save_over(line.revision, cause="Skrivet efteråt")
    with pytest.raises(UserFault, match="1 av raderna har ändrats"):
        undo(KINDS["prognos"], batch)
    assert ForecastLine.objects.count() == 2
    ForecastLine.objects.filter(group__code="ovriga").delete()
    with pytest.raises(UserFault, match="2 av raderna har ändrats"):
        undo(KINDS["prognos"], batch)


def test_undo_refuses_when_a_mass_row_was_changed(world: World) -> None:
    batch = world.commit("mattvarden", VALUES + "nojda;2022;;;50;;;x\n").batch
    assert batch is not None
    MeasureValue.objects.update(value=Decimal(60))
    with pytest.raises(UserFault, match="1 av raderna har ändrats"):
        undo(KINDS["mattvarden"], batch)


def test_budget_versions_are_undone_until_somebody_has_lines_in_them(world: World) -> None:
    what, file = KINDS["budgetversioner"], "ar;version;namn;galler_fran\n2023;a;A;2023-01-01\n"
    first = world.commit("budgetversioner", file).batch
    second = world.commit("budgetversioner", file.replace(";A;", ";Annat namn;")).batch
    assert first is not None and second is not None
    undo(what, second)
    version = BudgetVersion.objects.get(year=2023, code="a")
    assert version.name == "A"
    line = BudgetLine.objects.create(version=version, group=AccountGroup.objects.all()[0], amount=1)
    with pytest.raises(UserFault, match="någon har arbetat vidare"):
        undo(what, first)
    line.delete()
    undo(what, first)
    assert not BudgetVersion.objects.filter(year=2023, code="a").exists()


def test_another_file_than_the_one_looked_at_is_refused(world: World) -> None:
    from roder.imports.services import commit

    path = world.file(FORECAST + "2022-05;;personal;-10;\n")
    with pytest.raises(UserFault, match="inte den som granskades"):
        commit(KINDS["prognos"], world.context, path, "fil.csv", sha256="0" * 64)
