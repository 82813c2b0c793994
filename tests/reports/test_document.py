"""The document model: what is printed, what is refused, and that nothing is lost as JSON."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roder.core.numbers import Unit
from roder.reports import document as model
from roder.reports.document import (
    Bullets,
    Chart,
    Column,
    Document,
    DocumentError,
    FigureRef,
    Heading,
    Note,
    Number,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
    cell_text,
    from_json,
    to_json,
)

from . import sample_document as sample

texts = st.text(max_size=30)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
refs = st.builds(FigureRef, texts, st.lists(st.tuples(texts, texts), max_size=2).map(tuple))
numbers = st.builds(
    Number,
    st.none() | decimals,
    st.sampled_from(Unit),
    st.none() | st.integers(0, 3),
    st.booleans(),
    st.none() | refs,
    st.booleans(),
)
statuses = st.builds(Status, texts, st.sampled_from(["good", "near", "bad", "none"]))
inlines = st.lists(texts | numbers | statuses | st.builds(Strong, texts), max_size=4).map(tuple)
cells = st.none() | texts | numbers | statuses | inlines


@st.composite
def tables(draw: st.DrawFn) -> Table:
    keys = draw(st.lists(texts, min_size=1, max_size=4, unique=True))
    columns = tuple(
        Column(
            key,
            draw(texts),
            draw(st.sampled_from(["text", "number", "status"])),
            draw(st.none() | st.sampled_from(Unit)),
        )
        for key in keys
    )
    names = draw(st.lists(texts, max_size=4, unique=True))
    rows = tuple(
        Row(
            name,
            {key: draw(cells) for key in keys},
            draw(st.sampled_from(["normal", "sum", "sub"])),
            tuple(names[:position]),
        )
        for position, name in enumerate(names)
    )
    return Table(
        draw(texts), columns, rows, draw(texts), draw(st.lists(texts, max_size=2).map(tuple)), draw(texts)
    )


blocks = (
    st.builds(Heading, st.integers(1, 3), texts, texts)
    | st.builds(Paragraph, inlines)
    | st.builds(Bullets, st.lists(inlines, max_size=3).map(tuple))
    | st.builds(Note, st.sampled_from(["info", "warning"]), inlines)
    | tables()
    | st.builds(
        Chart,
        texts,
        st.just("Text"),
        st.just({"mark": "bar", "$schema": "x", "layer": [{"a": [1, 2.5]}]}),
        tables(),
    )
)
documents = st.builds(
    Document,
    st.text(min_size=1, max_size=20).filter(str.strip),
    texts,
    texts,
    texts,
    texts,
    st.none() | st.dates(),
    texts,
    st.none() | st.dates(),
    texts,
    st.booleans(),
    st.lists(blocks, max_size=5).map(tuple),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents)
def test_json_gives_the_same_document_back(document: Document) -> None:
    stored = to_json(document)
    again = from_json(stored)
    assert again == document
    assert to_json(again) == stored


def test_json_of_the_sample_keeps_types_and_prints_the_same() -> None:
    document = sample.document()
    again = from_json(to_json(document))
    assert again == document
    assert [number.text for number in model.numbers(again)] == [
        number.text for number in model.numbers(document)
    ]
    assert isinstance(again.cut_off, dt.date)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 1, "document": {"$": "Okänd"}}',
        '{"format": 1, "document": 3}',
        '{"format": 99, "document": {}}',
    ],
)
def test_what_is_not_a_document_is_refused_in_swedish(text: str) -> None:
    with pytest.raises(DocumentError, match="okument"):
        from_json(text)


def test_a_number_that_is_broken_in_the_file_is_refused() -> None:
    stored = json.loads(to_json(sample.document()))
    stored["document"]["blocks"][2]["rows"][0]["cells"]["budget"]["value"] = "tolv"
    with pytest.raises(DocumentError):
        from_json(json.dumps(stored))


def test_numbers_print_as_the_municipalities_do() -> None:
    assert Number(Decimal(-1_065_656_000), Unit.TKR).text == "−1\u00a0065\u00a0656"
    assert Number(Decimal(10_000_000), Unit.MKR, suffix=True).text == "10,0\u00a0mkr"
    assert Number(Decimal(-16_956_000), Unit.TKR, sign=True).text == "−16\u00a0956"
    assert Number(Decimal(499), Unit.TKR, sign=True).text == "0"
    assert Number(None, Unit.TKR).text == "iu."


def test_none_is_iu_only_where_a_value_is_expected() -> None:
    assert cell_text(None, Column("a", "A", "number")) == "iu."
    assert cell_text(None, Column("a", "A", "status")) == "iu."
    assert cell_text(None, Column("a", "A", "text")) == ""


def test_status_has_shape_and_word() -> None:
    shapes = {tone: Status("Ord", tone).text for tone in ("good", "near", "bad", "none")}  # type: ignore[arg-type]
    assert len(set(shapes.values())) == 4
    assert all(text.endswith("Ord") for text in shapes.values())


def test_figure_reference_as_address() -> None:
    assert (
        FigureRef("ekonomi.drift", (("rad", "övriga & fler"),)).address
        == "ekonomi.drift?rad=%C3%B6vriga+%26+fler"
    )


COLUMNS = (Column("a", "A", "text"), Column("b", "B"))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Table("T", (), ()), "saknar kolumner"),
        (lambda: Table("T", COLUMNS, (Row("1", {"c": "x"}),)), "okänd kolumn"),
        (lambda: Table("T", COLUMNS, (Row("1", {}, "sum", ("2",)),)), "summerar okänd rad"),
        (lambda: Table("T", COLUMNS, (Row("1", {}, "sum", ("1",)),)), "summerar okänd rad"),
        (lambda: Table("T", COLUMNS, (Row("1", {}), Row("1", {}))), "två gånger"),
        (lambda: Table("T", (Column("a", "A", formula=("x", "-", "y")),), ()), "okänd kolumn"),
        (lambda: Column("a", "A", formula=("x", "^", "y")), "formel"),
        (lambda: Heading(4, "För djupt"), "nivå 4"),
        (lambda: Number(Decimal("NaN"), Unit.TKR), "ändligt"),
        (lambda: Chart("C", " ", {}, Table("T", COLUMNS, ())), "textalternativ"),
        (lambda: Document(" ", "k", "m", "c"), "titel"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(build: object, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        build()  # type: ignore[operator]
