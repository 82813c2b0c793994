"""The steering model as canonical JSON and back, and the JSON Schema editors can check against while
writing."""

from __future__ import annotations

import json
from typing import Any

from roder.steering.modelfile.check import examine
from roder.steering.modelfile.faults import path_text
from roder.steering.modelfile.model import SteeringModel


def to_json(model: SteeringModel) -> str:
    """Canonical JSON: sorted keys, absent values left out, numbers with decimals as text. Equal models,
    equal text."""
    return json.dumps(to_data(model), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_data(model: SteeringModel) -> dict[str, Any]:
    """The same as plain data (what the database keeps as the version's content)."""
    return model.model_dump(mode="json", exclude_none=True)


def from_json(text: str) -> SteeringModel:
    """Read what :func:`to_json` wrote. Raises ``ValueError`` with every fault when it is not a valid
    model."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("texten har för många nivåer i varandra") from None
    return from_data(data)


def from_data(data: Any) -> SteeringModel:
    """Read what :func:`to_data` gave. Raises ``ValueError`` with every fault when it is not a valid model."""
    if not isinstance(data, dict):
        raise ValueError("en styrmodell ska vara en grupp av nycklar med värden")
    model, remarks = examine(data)
    if model is None:
        raise ValueError("\n".join(f"{path_text(data, one.path)}: {one.message}" for one in remarks))
    return model


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of styrmodell.yaml."""
    schema = SteeringModel.model_json_schema()
    schema["title"] = "Styrmodell"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
