"""The fields that a row of the model has, made of the schema: what is asked for, how, and what may be chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from roder.core.words import capital_first
from roder.steering.modelfile.faults import Path
from roder.steering.modelfile.meanings import MEANINGS
from roder.steering.modelfile.messages import resolved, schema_at
from roder.steering.modelfile.references import REPEATED, choices, dotted
from roder.steering.modelfile.scalars import Raw

Kind = Literal[
    "text", "long", "whole", "number", "day", "clock", "yesno", "choice", "several", "lines", "yaml"
]
_LONG = 500
_WHOLE = re.compile(r"-?\d{1,12}")
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,12})?")
_YAML_ONLY = re.compile(r", inom citattecken[^.]*| Skrivs inom citattecken\.")
UNORDERED = {
    "bodies", "words.units", "words.roles", "status_scales", "risk_scales", "risk_scales.matrix", "occasions",
    "calendar", "grading_rules", "grading_rules.small_unit.cost_centres", "deadlines", "laws", "legal_references",
    "legal_references.sections", "status_scales.statuses",
}  # fmt: skip
"""Lists in which the order says nothing (or a key of the row says it)."""


@dataclass(frozen=True)
class RowField:
    """One key of a row."""

    key: str
    title: str
    help: str
    required: bool
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    numbers: bool = False
    """Whether the lines of a list are whole numbers."""


def of_kind(path: Path, data: Any) -> Literal["list", "group", "value", ""]:
    """What the schema has at a path: a list of rows, a group of keys, something else, or nothing."""
    schema = schema_at(path, data)
    if _rows(schema):
        return "list"
    if "properties" in schema or "discriminator" in schema:
        return "group"
    return "value" if schema else ""


def sorts(path: Path, data: Any) -> list[tuple[str, str]]:
    """The kinds of row a list may hold, with what each is, when there are several."""
    schema = schema_at(path, data).get("items", {})
    mapping = schema.get("discriminator", {}).get("mapping", {})
    return [
        (kind, str(resolved({"$ref": ref})["properties"]["kind"].get("description", "")))
        for kind, ref in mapping.items()
    ]


def keys(path: Path, data: Any) -> list[str]:
    """The keys that may stand in a group, in the order of the schema."""
    return list(schema_at(path, data).get("properties", {}))


def parts(path: Path, data: Any) -> list[str]:
    """The keys of a group that are lists of rows, or groups of their own."""
    return [key for key in keys(path, data) if of_kind((*path, key), data) in ("list", "group")]


def fields(path: Path, data: Any, *, new: bool = False) -> list[RowField]:
    """The fields of the group at a path. What has rows of its own has pages of its own; in a ``new`` row, which has no
    pages yet, it is a small text of YAML."""
    schema = schema_at(path, data)
    required = schema.get("required", ())
    found = []
    for key, written in schema.get("properties", {}).items():
        inner = resolved(written)
        if "const" in inner or (not path and key in ("format", "year")):
            continue  # there is nothing to choose; another year is another model
        if of_kind((*path, key), data) in ("list", "group"):
            if new:
                found.append(_nested(key, written, key in required, (*path, key), data))
            continue
        found.append(_field(key, written, key in required, (*path, key), data))
    return sorted(found, key=lambda field: field.key in ("source", "note"))


def shown(value: Any, field: RowField) -> str | list[str]:
    """A value as it stands in the form."""
    if field.kind == "several":
        return [str(one) for one in value or ()]
    if field.kind == "lines":
        return "\n".join(str(one) for one in value or ())
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return " ".join(str(value).split()) if field.kind == "text" else str(value).replace("\r\n", "\n").strip()


def given(text: str | list[str], field: RowField, before: Any = None) -> Any:
    """What somebody has filled in as a value of the file; None for nothing. What cannot be read goes in as it was
    written: the check says what is wrong with it, at its place."""
    if isinstance(text, list):
        kept = [one for one in before or () if one in text]  # what stood there keeps its order
        return kept + [one for one in text if one not in kept] or None
    text = text.replace("\r\n", "\n").strip("\n" if field.kind == "yaml" else None)
    if not text.strip():
        return None
    match field.kind:
        case "lines":
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            return [int(one) if field.numbers and _WHOLE.fullmatch(one) else one for one in lines]
        case "yesno":
            return {"true": True, "false": False}.get(text, text)
        case "whole":
            return int(text) if _WHOLE.fullmatch(text) else text
        case "number":
            return _number(text)
        case "yaml":
            return Raw(text)
    return text


def _number(text: str) -> Any:
    plain = text.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return text
    return int(plain) if _WHOLE.fullmatch(plain) else Decimal(plain.replace(",", "."))


def _rows(schema: dict[str, Any]) -> bool:
    if schema.get("type") != "array":
        return False
    items = resolved(schema["items"])
    return "properties" in items or "discriminator" in items


def _for_a_form(about: str, group: dict[str, Any]) -> str:
    """A key's meaning without what is about YAML only, and with other keys called what the form calls them."""
    about = _YAML_ONLY.sub("", about)
    about = re.sub(r"\btrue\b", "Ja", re.sub(r"\bfalse\b", "Nej", about))
    titles = {
        key: str(one.get("title", key)) for key, one in group.items() if "_" in key or key != one.get("title")
    }
    return re.sub(
        r"\b[a-z_]+\b", lambda found: f"”{titles[found[0]]}”" if found[0] in titles else found[0], about
    )


def _field(key: str, written: dict[str, Any], required: bool, path: Path, data: Any) -> RowField:
    inner = resolved(written)
    title = capital_first(str(written.get("title", key)))
    about = _for_a_form(str(written.get("description", "")), schema_at(path[:-1], data)["properties"])
    codes = choices(path, data)
    if inner.get("type") == "array":
        return _several(RowField(key, title, about, required, "lines"), inner, codes, path)
    if codes is not None:
        named = tuple((code, _both(code, word)) for code, word in codes)
        return RowField(key, title, about, required, "choice", named)
    if "enum" in inner:
        return RowField(key, title, about, required, "choice", _words(inner, written))
    kind = _kind(inner)
    if kind == "yesno":
        default = written.get("default")
        if default is not None:
            about = f"{about} Anges inget gäller {'ja' if default else 'nej'}."
        return RowField(key, title, about, required, kind, (("true", "Ja"), ("false", "Nej")))
    return RowField(key, title, about, required, kind)


def _several(
    field: RowField, schema: dict[str, Any], codes: list[tuple[str, str]] | None, path: Path
) -> RowField:
    """A list of plain values: boxes to tick where they are known, otherwise one on each line."""
    items = schema["items"]
    inner = resolved(items)
    found: tuple[tuple[str, str], ...] = ()
    if "enum" in inner:
        found = _words(inner, items)
    elif codes is not None and dotted(path) not in REPEATED:
        found = tuple((code, _both(code, word)) for code, word in codes)
    if found:
        return RowField(field.key, field.title, field.help, field.required, "several", found)
    known = f" Koder: {', '.join(code for code, _ in codes)}." if codes else ""
    about = f"{field.help} En på varje rad.{known}"
    return RowField(
        field.key, field.title, about, field.required, "lines", (), inner.get("type") == "integer"
    )


def _nested(key: str, written: dict[str, Any], required: bool, path: Path, data: Any) -> RowField:
    known = ", ".join(
        schema_at((*path, 0) if of_kind(path, data) == "list" else path, data).get("properties", {})
    )
    each = (
        "Skriv som YAML: en rad för varje, efter ett streck. "
        if of_kind(path, data) == "list"
        else "Skriv som YAML. "
    )
    about = f"{written.get('description', '')} {each}Nycklar: {known}."
    return RowField(key, capital_first(str(written.get("title", key))), about.strip(), required, "yaml")


def _kind(schema: dict[str, Any]) -> Kind:
    if any(one.get("type") == "number" for one in schema.get("anyOf", ())):
        return "number"
    by_format: dict[str, Kind] = {"date": "day", "time": "clock"}
    by_type: dict[str, Kind] = {"boolean": "yesno", "integer": "whole"}
    if schema.get("format") in by_format:
        return by_format[schema["format"]]
    if schema.get("type") in by_type:
        return by_type[schema["type"]]
    return "long" if schema.get("maxLength", 0) >= _LONG else "text"


def _words(schema: dict[str, Any], written: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The codes of a closed list with what they mean."""
    words = next((words for of, words in MEANINGS.items() if list(words) == list(schema["enum"])), {})
    return tuple((str(code), capital_first(words.get(code, str(code)))) for code in schema["enum"])


def _both(code: str, word: str) -> str:
    return word if word == code else f"{word} ({code})"
