"""Read the example files as a test wants them: rows as dictionaries, YAML as plain objects."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from roder.core.numbers import parse_number

EXAMPLES = Path(__file__).parents[2] / "examples"
MUNICIPALITIES = ("alingsas", "oxelosund", "kungsor")

Row = dict[str, str]


def rows(path: str) -> list[Row]:
    """The rows of a semicolon separated file under examples/."""
    with (EXAMPLES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def document(path: str) -> Any:
    """The content of a YAML file under examples/."""
    return YAML(typ="safe").load((EXAMPLES / path).read_text(encoding="utf-8"))


def total(found: Iterable[Row], column: str) -> Decimal:
    """The sum of a column; empty cells add nothing."""
    return sum((parse_number(row[column]) for row in found if row[column]), Decimal(0))
