"""Values written as YAML: as a person would write them, and so that they read as the same value again."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from roder.steering.modelfile.yamltext import read


class Raw(str):
    """YAML that a person has written: it goes in as it stands, only moved in to where it belongs."""

    __slots__ = ()

    @property
    def data(self) -> Any:
        """What it reads as. Raises ValueError with what is wrong."""
        source = read("x:\n" + indented(self, 2) + "\n")
        if source.faults:
            first = min(source.faults)
            raise ValueError(f"Rad {max(first.line - 1, 1)}: {first.message}")
        return source.data["x"]


_PLAIN = re.compile(
    r"[A-Za-zÅÄÖåäöÉé][\wÅÄÖåäöéÉ .,()/+–%&§’-]*|\d{4}-\d{2}-\d{2}|\d{4}-[\w-]*[A-Za-z][\w-]*|\d{4}-\d{2}"
)
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_NEVER = str.maketrans(
    {chr(code): f"\\u{code:04x}" for code in (0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF)}
)


def scalar(value: Any) -> str:
    """A text, number, date or truth value. Quoted where it would otherwise read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS and "," not in text
    return text if plain else json.dumps(text, ensure_ascii=False).translate(_NEVER)


def flow(value: Any) -> str:
    """Any value on one line: ``{code: a, sum_of: [b, c]}``."""
    if isinstance(value, Raw):
        return flow(value.data)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return "null" if value is None else scalar(value)


def block(values: dict[str, Any], column: int) -> str:
    """The keys of a group below each other from ``column``; the first line has no indent of its own."""
    return f"\n{' ' * column}".join(pair(key, one, column) for key, one in values.items())


def pair(key: str, value: Any, column: int) -> str:
    """A key that stands at ``column``, with its value."""
    if isinstance(value, Raw):
        return f"{key}:\n{indented(value, column + 2)}"
    if isinstance(value, dict) and any(isinstance(one, Raw) for one in value.values()):
        return f"{key}:\n{' ' * (column + 2)}{block(value, column + 2)}"
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return f"{key}:\n" + "\n".join(item(one, column + 2) for one in value)
    return f"{key}: {flow(value)}"


def item(values: Any, column: int, *, on_a_line: bool = True) -> str:
    """An item of a list whose dashes stand at ``column``."""
    raw = isinstance(values, dict) and any(isinstance(one, Raw) for one in values.values())
    if isinstance(values, dict) and values and (raw or not on_a_line):
        return f"{' ' * column}- {block(values, column + 2)}"
    return f"{' ' * column}- {flow(values)}"


def indented(text: str, column: int) -> str:
    """The text's lines moved in, or out, so that the outermost of them stand at ``column``."""
    lines = text.expandtabs(2).strip("\n").split("\n")
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(f"{' ' * column}{line[least:]}".rstrip() for line in lines)


def plain(value: Any) -> Any:
    """The value with what people have written as YAML read."""
    if isinstance(value, Raw):
        return value.data
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
