"""A steering model written as a file for people: each section under a comment that says what may stand in it.

The comments come of the schema itself (its Swedish titles, what must be there, the codes that may stand), so they
cannot say anything else than what is checked.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from roder.core.words import capital_first
from roder.steering.modelfile.dump import json_schema

WIDTH = 128
EVERYWHERE = ("source", "note")  # may stand in most parts: said once, at the top
_DEEPEST = 4
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def write_commented(data: dict[str, Any], head: tuple[str, ...] = ()) -> str:
    """The model's plain data as YAML, in the order of the schema. Sections that it lacks are named with their keys, so
    that whoever writes sees what there is. Reading the text gives the same data. ``head`` stands first, as comments."""
    schema = json_schema()
    lines = [f"# {line}".rstrip() for line in head]
    for key, part in schema["properties"].items():
        if key not in ("year", "title"):  # they stand together with the format
            lines += ["", *_comment(key, part, schema)]
        if key in data:
            lines += _section(key, data[key])
        elif key not in ("title",):
            lines.append(f"# {key}:")
    return "\n".join(lines).lstrip("\n") + "\n"


def _comment(key: str, part: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    must = "måste finnas" if key in schema["required"] else "får saknas"
    if key == "format":
        yield "# Filformat, år och rubrik."
        return
    parts = _parts(part, schema["$defs"])
    about = part.get("description", "")
    yield from _wrapped(f"{capital_first(part.get('title', key))} ({must}). {about}{_each(part, parts)}", 0)
    for name, inner in parts:
        if name:
            yield f"#   {name}"
        yield from _keys(inner, schema["$defs"], 1)


def _each(part: dict[str, Any], parts: list[tuple[str, dict[str, Any]]]) -> str:
    if not parts:
        return ""
    return " En post för varje, med:" if part.get("type") == "array" else " Nycklar:"


def _wrapped(text: str, depth: int) -> Iterator[str]:
    first, rest = f"# {'  ' * depth}", f"# {'  ' * (depth + 2)}"
    yield from textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=rest)


def _parts(part: dict[str, Any], defs: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The groups of keys that may stand here, with a heading for each where there is more than one."""
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        return [("", defs[name])] if "properties" in defs[name] else []
    for choice in ("anyOf", "oneOf"):
        if choice in part:
            found = [one for inner in part[choice] for one in _parts(inner, defs)]
            if len(found) > 1:
                return [(f"med kind: {one['properties']['kind']['const']}", one) for _, one in found]
            return found
    if part.get("type") == "array":
        return _parts(part["items"], defs)
    return []


def _keys(part: dict[str, Any], defs: dict[str, Any], depth: int) -> Iterator[str]:
    """A line for each key of a group, with the keys of groups inside it under it."""
    required = part.get("required", ())
    for key, one in part["properties"].items():
        if key in EVERYWHERE:
            continue
        must = "" if key in required else " (får saknas)"
        codes = _codes(one, defs)
        about = one.get("description") or one.get("title", key)
        yield from _wrapped(f"{key}{must}: {about}{f' [{codes}]' if codes else ''}", depth)
        if depth < _DEEPEST:
            for _, inner in _parts(one, defs)[:1]:
                yield from _keys(inner, defs, depth + 1)


def _codes(one: dict[str, Any], defs: dict[str, Any]) -> str:
    """The codes that may stand at a key, where the list is closed."""
    if "$ref" in one:
        return _codes(defs[one["$ref"].rsplit("/", 1)[-1]], defs)
    if "enum" in one:
        return ", ".join(map(str, one["enum"]))
    if "const" in one:
        return str(one["const"])
    if one.get("type") == "boolean":
        return "true, false"
    for choice in ("anyOf", "oneOf"):
        if choice in one:
            return next((codes for inner in one[choice] if (codes := _codes(inner, defs))), "")
    if one.get("type") == "array":
        return _codes(one["items"], defs)
    return ""


def _section(key: str, value: Any) -> list[str]:
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(CommentedMap({key: _laid_out(value, len(key))}), out)
    return out.getvalue().rstrip("\n").split("\n")


def _laid_out(value: Any, taken: int = 2) -> Any:
    """Groups and lists that are short stand on a line, others below each other."""
    if isinstance(value, dict):
        inner = CommentedMap({key: _laid_out(one, taken + 2) for key, one in value.items()})
        if _simple(value) and _length(value) + taken < WIDTH:
            inner.fa.set_flow_style()
        return inner
    if isinstance(value, list):
        items = CommentedSeq([_laid_out(one, taken + 4) for one in value])
        plain = not any(isinstance(one, (dict, list)) for one in value)
        if plain or (all(map(_simple, value)) and _length(value) + taken < WIDTH // 2):
            items.fa.set_flow_style()
        return items
    if isinstance(value, str) and (value[:1].isdigit() or ":" in value):
        return date.fromisoformat(value) if _DAY.fullmatch(value) else DoubleQuotedScalarString(value)
    return value


def _simple(value: Any) -> bool:
    """Whether a group holds words, numbers and lists of them, and nothing deeper."""
    if not isinstance(value, dict):
        return False
    lists = [one for one in value.values() if isinstance(one, list)]
    deeper = any(isinstance(one, dict) for one in value.values())
    return not deeper and not any(isinstance(one, (dict, list)) for inner in lists for one in inner)


def _length(value: Any) -> int:
    """About how many characters it takes on a line."""
    if isinstance(value, dict):
        return sum(len(key) + 4 + _length(one) for key, one in value.items())
    if isinstance(value, list):
        return sum(_length(one) + 2 for one in value) + 2
    return len(str(value))
