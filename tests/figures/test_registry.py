"""What a declaration of a figure must have, and that every module of the catalogue is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roder.core.numbers import Unit
from roder.figures import registry
from roder.figures.registry import At, figure
from roder.figures.source import Source

GOOD: dict[str, Any] = {
    "unit": Unit.COUNT,
    "label": "Antal",
    "per": (),
    "reads": ("deviations",),
    "dates": ("deviations.reported_on",),
    "behind": lambda source, at: source.deviations,
}


def counted(source: Source, at: At) -> Any:
    """Antal.

    Källa: provet.
    """
    return source.deviations.aggregate(value=source.deviations.count())


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is declared here is in no catalogue afterwards."""
    monkeypatch.setattr(registry, "_FIGURES", {})


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("parkering.antal", {}, "lägg till det i AREAS"),
        ("risk.prov", {"reads": ("permits",), "dates": ()}, "ingen tabell ”permits”; deklarera en TableSpec"),
        ("risk.prov", {"dates": ("deviations.never",)}, "datumet ”deviations.never”"),
        ("risk.prov", {"dates": ("complaints.received_on",)}, "datumet ”complaints.received_on”"),
    ],
    ids=["no heading", "no table", "no column", "a table that is not read"],
)
def test_what_is_missing_is_told_where_the_figure_is_declared(
    alone: None, name: str, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        figure(name, **(GOOD | given))(counted)


def test_a_whole_declaration_is_taken_with_its_sentence_and_heading(alone: None) -> None:
    figure("risk.prov", **GOOD)(counted)
    made = registry._FIGURES["risk.prov"]
    assert (made.sentence, made.source_note, made.area) == ("Antal.", "provet.", "Risker")


def test_a_module_without_a_place_in_the_order_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(registry, "ORDER", ())
    monkeypatch.setattr(registry, "import_module", read.append)
    registry.catalogue.__wrapped__()
    files = Path(registry.__file__).with_name("catalogue").glob("[a-z]*.py")
    assert {f"roder.figures.catalogue.{file.stem}" for file in files} == set(read)
