"""What the steering model's file may hold, the database has room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from pydantic import BaseModel

from roder.control.models import ScaleVersion
from roder.control.models.factors import CriticalFactor
from roder.control.services.scales import scale_for
from roder.core.examples import examples_dir
from roder.economy.models.lines import StaffValue
from roder.economy.models.means import StaffMove
from roder.organisation.models import Body, Unit
from roder.quality.models import Complaint
from roder.steering import models as kept
from roder.steering.loading import load_model
from roder.steering.modelfile import (
    check_file,
    check_text,
    control,
    economy,
    followup,
    parts,
    practice,
    staff,
    to_data,
    write_commented,
)
from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.messages import schema_at
from roder.steering.phases import open_phases
from roder.tasks.models import Task
from tests.imports.conftest import MODEL
from tests.setup.conftest import begun

__all__ = ["begun"]

#: A key of the file, and the columns that what it says is kept in.
KEPT: list[tuple[type[BaseModel], str, list[tuple[type[models.Model], str]]]] = [
    (economy.AccountRow, "code", [(kept.AccountGroup, "code"), (kept.AccountRow, "code")]),
    (economy.AccountRow, "label", [(kept.AccountGroup, "label"), (kept.AccountRow, "label")]),
    (parts.Word, "code", [(kept.ServiceCode, "code"), (kept.DeviationCause, "code")]),
    (parts.Word, "label", [(kept.ServiceCode, "label"), (kept.DeviationCause, "label")]),
    (parts.Word, "label", [(kept.ComplaintSubject, "label")]),
    (economy.InvestmentCategory, "label", [(kept.InvestmentCategory, "label")]),
    (economy.SupportRow, "label", [(kept.Support, "label")]),
    (economy.SupportArea, "label", [(kept.Support, "area")]),
    (practice.ServiceArea, "label", [(kept.ServiceArea, "label")]),
    (practice.ServiceArea, "law", [(kept.ServiceArea, "law")]),
    (practice.ServiceArea, "units", [(kept.ServiceArea, "units"), (Unit, "code")]),
    (practice.DeviationType, "label", [(kept.DeviationType, "label")]),
    (practice.DeviationType, "category", [(kept.DeviationType, "category")]),
    (practice.DeviationType, "icon", [(kept.DeviationType, "icon")]),
    (practice.DeviationCategory, "label", [(kept.DeviationType, "category_label")]),
    (followup.Occasion, "code", [(kept.Occasion, "code")]),
    (followup.Occasion, "name", [(kept.Occasion, "name")]),
    (followup.Status, "code", [(kept.Assessment, "status")]),
    (followup.Perspective, "code", [(CriticalFactor, "perspective")]),
    (control.RiskScale, "code", [(ScaleVersion, "code")]),
    (control.RiskScale, "label", [(ScaleVersion, "label")]),
    (staff.StaffMeasure, "code", [(StaffValue, "measure")]),
    (parts.Term, "code", [(StaffMove, "reason"), (Complaint, "complainant")]),
]  # fmt: skip


def _longest(schema: dict[str, Any]) -> int | None:
    inner = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
    return next((one["maxLength"] for one in inner if "maxLength" in one), None)


@pytest.mark.parametrize(("part", "key", "columns"), KEPT, ids=lambda one: getattr(one, "__name__", None))
def test_a_key_is_no_longer_than_its_columns(
    part: type[BaseModel], key: str, columns: list[tuple[type[models.Model], str]]
) -> None:
    longest = _longest(part.model_json_schema()["properties"][key])
    assert longest is not None
    for model, name in columns:
        field: Any = model._meta.get_field(name)
        room = getattr(field, "base_field", field).max_length
        assert longest <= room, f"{part.__name__}.{key}: {longest}, {model.__name__}.{name}: {room}"


def _texts(value: Any, data: Any, path: Path = ()) -> Iterator[tuple[Any, Any, int]]:
    """Where every free text stands in a model's data, and how long it may be."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        here = (*path, key)
        if isinstance(one, dict | list):
            yield from _texts(one, data, here)
        elif isinstance(one, str) and isinstance(key, str):
            schema = schema_at(here, data)
            if "maxLength" in schema and "pattern" not in schema:
                yield value, key, schema["maxLength"]


def test_a_model_with_every_text_as_long_as_it_may_be_is_loaded(begun: tuple[object, Body]) -> None:
    model = check_file(examples_dir() / "alingsas" / "styrmodell.yaml").model
    assert model is not None
    data = to_data(model)
    for place, (group, key, longest) in enumerate(list(_texts(data, data))):
        if key not in ("followed", "basis") and "format" not in group:
            group[key] = f"{place} ".ljust(longest, "x")
    own = begun[1]
    data["municipality"] = {"code": own.municipality.code, "name": "E", "slug": "exempelby"}
    data["committee"] |= {"name": "S", "slug": "sn"}
    text = write_commented(data)
    assert check_text(text).lines() == []
    version = load_model(own, text)
    assert scale_for(own, version.year).label.endswith("x")
    phase = next(phase for one in model.occasions for phase in one.phases if phase.role == "controller")
    assert open_phases(version, phase.start) > 0
    assert max(len(what) for what in Task.objects.values_list("what", flat=True)) == 300


@pytest.mark.parametrize(
    ("written", "longer"),
    [
        ("label: Personalkostnader", 201),
        ("label: Vård och omsorg", 201),
        ("label: Reinvestering", 201),
        ("label: Äldreomsorg", 81),
        ("label: Hemtjänst", 201),
        ("name: Maj 2022", 121),
    ],
)
def test_the_check_tells_of_what_the_database_has_no_room_for(written: str, longer: int) -> None:
    key = written.partition(":")[0]
    (fault,) = check_text(MODEL.replace(written, f"{key}: {'x' * longer}", 1)).faults
    assert f"högst {longer - 1} tecken" in fault.message
    assert check_text(MODEL.replace(written, f"{key}: {'x' * (longer - 1)}", 1)).ok
