"""What the schema found wrong, said in Swedish: what it is, what to do, and what was probably meant."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic_core import ErrorDetails

from roder.steering.modelfile.faults import Path, suggestion
from roder.steering.modelfile.model import SteeringModel
from roder.steering.modelfile.parts import OWN_MESSAGE

Schema = dict[str, Any]


@lru_cache(maxsize=1)
def _whole() -> Schema:
    return SteeringModel.model_json_schema()


def resolved(schema: Schema) -> Schema:
    """Follow a reference, and see through "this or nothing"."""
    while True:
        if "$ref" in schema:
            schema = _whole()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
            continue
        alternatives = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
        if len(alternatives) == 1:
            schema = alternatives[0]
            continue
        return schema


def schema_at(path: Path, data: Any) -> Schema:
    """The JSON Schema of the value at a path; ``data`` decides which where there are several kinds."""
    schema = resolved(_whole())
    for step in path:
        schema = resolved(
            schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
        )
        data = _step(data, step)
        chooser = schema.get("discriminator")
        if chooser and isinstance(data, dict):
            chosen = chooser["mapping"].get(data.get(chooser["propertyName"]))
            schema = resolved({"$ref": chosen}) if chosen else schema
        if not schema:
            return {}
    return schema


def title_at(path: Path, data: Any) -> str:
    """The Swedish title of the field at a path, or '' when it has none."""
    if not path or isinstance(path[-1], int):
        return ""
    field = schema_at(path[:-1], data).get("properties", {}).get(path[-1], {})
    return str(field.get("title", ""))


def _step(data: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return data[step] if isinstance(data, list) and step < len(data) else None
    return data.get(step) if isinstance(data, dict) else None


def real_path(location: tuple[int | str, ...], data: Any) -> Path:
    """The path in the file for a location the validator gives, which also names the kind chosen in a
    union."""
    path: list[str | int] = []
    for position, step in enumerate(location):
        last = position == len(location) - 1
        here = (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        )
        if here:
            path.append(step)
            data = _step(data, step)
        elif last:
            path.append(step)
    return tuple(path)


def say(error: ErrorDetails, path: Path, data: Any) -> str:
    """The message for one of the validator's errors."""
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    name = _name(path, data)
    if kind == OWN_MESSAGE:
        message = f"{name}: {error['msg']}."
    elif kind == "missing":
        message = f"{name} saknas; lägg till raden ”{path[-1]}: …” här."
    elif kind == "extra_forbidden":
        message = _unknown_key(value, path, data)
    elif value is None and kind != "too_short":
        message = f"{name} har inget värde; skriv ett, eller ta bort raden om den inte är obligatorisk."
    elif kind in ("enum", "literal_error"):
        message = _not_listed(name, value, path, data)
    elif kind.startswith("union_tag"):
        message = _unknown_kind(context, path, data)
    elif kind in _WANTED:
        message = f"{name} ska vara {_WANTED[kind]} men är {_shown(value)}.{_advice(kind, value)}"
    else:
        message = f"{name}: {_limit(kind, context, value)}"
    return message


def _unknown_key(value: Any, path: Path, data: Any) -> str:
    known = list(schema_at(path[:-1], data).get("properties", {}))
    comma = " Är det ett komma inne i en text? Sätt då hela texten inom citattecken." if value is None else ""
    here = ", ".join(known)
    return f"Okänd nyckel ”{path[-1]}”.{suggestion(path[-1], known)}{comma} Här finns: {here}."


def _unknown_kind(context: dict[str, Any], path: Path, data: Any) -> str:
    known = list(schema_at(path, data).get("discriminator", {}).get("mapping", {}))
    choose = f"Välj ett av: {', '.join(known)}."
    if "tag" not in context:
        return f"Slaget (kind) saknas. {choose}"
    return f"Okänt slag (kind) ”{context['tag']}”.{suggestion(context['tag'], known)} {choose}"


_WANTED = {
    "string_type": "text",
    "int_type": "ett heltal",
    "int_from_float": "ett heltal",
    "bool_type": "true eller false",
    "tuple_type": "en lista",
    "list_type": "en lista",
    "model_type": "en grupp av nycklar med värden",
    "model_attributes_type": "en grupp av nycklar med värden",
    "dict_type": "en grupp av nycklar med värden",
}


def _name(path: Path, data: Any) -> str:
    if path and isinstance(path[-1], int):
        return f"Post {path[-1] + 1}"
    title = title_at(path, data)
    key = str(path[-1]) if path else "Filen"
    return f"”{key}” ({title})" if title else f"”{key}”"


def _not_listed(name: str, value: Any, path: Path, data: Any) -> str:
    schema = schema_at(path, data)
    known = [str(one) for one in schema.get("enum", [schema["const"]] if "const" in schema else [])]
    return f"{name} kan inte vara {_shown(value)}.{suggestion(value, known)} Välj ett av: {', '.join(known)}."


def _limit(kind: str, context: dict[str, Any], value: Any) -> str:
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], _CODE).format(_shown(value))
    told = _LIMITS.get(kind, "{0} godtas inte här.")
    return told.format(_shown(value), *(bound for key, bound in context.items() if key in _BOUNDS))


_BOUNDS = ("ge", "le", "min_length", "max_length")
_LIMITS = {
    "greater_than_equal": "{0} är för litet; minst {1}.",
    "less_than_equal": "{0} är för stort; högst {1}.",
    "too_short": "antalet poster ska vara minst {1}.",
    "string_too_short": "texten är tom; skriv något eller ta bort raden.",
    "string_too_long": "texten är för lång; högst {1} tecken.",
}
_CODE = "{0} är ingen giltig kod; använd bokstäver, siffror, punkt, - och _, utan mellanslag."
_PATTERNS = {
    r"^[0-9]{4}$": "{0} är ingen kommunkod; skriv fyra siffror inom citattecken.",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "{0} kan inte stå i en adress; använd a–z, siffror, - och _, utan mellanslag.",
}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"talet {value}"
    if isinstance(value, dict):
        return "en grupp av nycklar"
    if isinstance(value, list | tuple):
        return "en lista"
    text = str(value)
    return f"”{text[:60]}…”" if len(text) > 60 else f"”{text}”"


def _advice(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, int | Decimal):
        return f' Sätt det inom citattecken: "{str(value).lower()}".'
    if kind in ("tuple_type", "list_type"):
        return " Sätt [ ] om värdet eller skriv varje post på egen rad efter ett streck."
    if kind == "int_type" and isinstance(value, str):
        return " Skriv bara siffror, utan citattecken."
    return ""
