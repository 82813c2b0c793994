"""Charts: digits as in the tables, bars from zero, at most five colours, dark as light, drawn once."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import vl_convert

from roder.core.numbers import Unit
from roder.reports import charts, column_charts
from roder.reports.document import Chart, DocumentError, FigureRef, Number
from roder.reports.render.drawing import PALETTES, _config

from . import sample_document as sample


def bars() -> Chart:
    rows = [
        (name, sample.tkr(forecast - budget, "ekonomi.drift.prognosavvikelse", key))
        for key, (name, budget, forecast) in sample.MAY.items()
    ]
    return charts.bar_chart(
        "Intäkterna bär", "Staplar per kontogrupp.", [*rows, ("Okänt", None)], unit=Unit.TKR
    )


def words(svg: str) -> list[str]:
    return [text for node in ElementTree.fromstring(svg).iter() if (text := (node.text or "").strip())]  # noqa: S314


def test_labels_are_the_printed_digits() -> None:
    shown = words(charts.chart_svg(bars()))
    assert {"26\u00a0956", "3\u00a0323", "−822", "−8\u00a0655", "−10\u00a0802", "iu."} <= set(shown)
    assert "Övriga kostnader" in shown


def test_a_line_ends_with_name_and_value_and_has_target_and_mean() -> None:
    shown = words(charts.chart_svg(sample.line()))
    assert {"Kommunen 86,5", "Egen regi 86,1", "Mål 90,0", "Riket 86,0", "2019", "2022"} <= set(shown)


def test_axis_numbers_are_swedish() -> None:
    points = tuple((str(year), Number(Decimal(year * -1_000_000), Unit.TKR)) for year in (2020, 2021, 2022))
    svg = charts.chart_svg(charts.line_chart("T", "B", [charts.Series("A", points)], unit=Unit.TKR))
    ticks = [text for text in words(svg) if text.startswith("−2\u00a00")]
    assert ticks
    assert not re.search(r">-?\d+,\d{3}<", svg)


def test_bars_start_at_zero() -> None:
    for chart in (bars(), grouped()):
        axis = next(layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "bar")["encoding"]
        value = axis["x"] if "scale" in axis["x"] and axis["x"]["type"] == "quantitative" else axis["y"]
        low, high = value["scale"]["domain"]
        assert low <= 0 <= high
        assert {"datum": 0} in (axis.get("x2"), axis.get("y2"))


def test_a_chart_has_no_frame() -> None:
    """Vega-Lite draws the frame of every chart in the style that is named cell: none of ours may be."""
    assert "cell" not in _config("light")["style"]
    for chart in (bars(), grouped(), years()):
        assert PALETTES["light"]["rule"] not in charts.chart_svg(chart)


def test_the_line_under_few_columns_is_no_longer_than_they_reach() -> None:
    ends = [
        layer["encoding"]["x2"]["value"]
        for layer in years().spec["layer"]
        if layer["mark"].get("style") == "zero"
    ]
    assert ends == [2 * column_charts.APART]
    assert ends[0] < charts.WIDTH / 2


def years() -> Chart:
    points = [("2021", Number(Decimal(30), Unit.COUNT)), ("2022", Number(Decimal(44), Unit.COUNT))]
    return column_charts.year_chart("Fler", "Staplar.", points, unit=Unit.COUNT, what="Utrustning")


def grouped() -> Chart:
    periods = ("2021", "2022")
    series = [
        charts.Series(
            "Fall",
            tuple(
                zip(
                    periods,
                    (Number(Decimal(1210), Unit.COUNT), Number(Decimal(1137), Unit.COUNT)),
                    strict=True,
                )
            ),
        ),
        charts.Series("Läkemedel", (("2021", Number(Decimal(640), Unit.COUNT)), ("2022", None))),
    ]
    return charts.grouped_bar_chart("Fallen minskade", "Staplar.", series, unit=Unit.COUNT)


def test_grouped_bars_name_their_colours_and_missing_values() -> None:
    shown = words(charts.chart_svg(grouped()))
    assert {"1\u00a0210", "1\u00a0137", "640", "iu.", "■ 2021", "■ 2022", "Fall"} <= set(shown)


def test_the_table_holds_every_number_with_its_reference() -> None:
    table = bars().table
    assert [row.cells["varde"].text for row in table.rows[:2]] == ["26\u00a0956", "3\u00a0323"]  # type: ignore[union-attr]
    first = table.rows[0].cells["varde"]
    assert isinstance(first, Number)
    assert first.ref == FigureRef("ekonomi.drift.prognosavvikelse", (("rad", "intakter"),))
    line = sample.line().table
    assert [column.title for column in line.columns][1:] == ["2019", "2020", "2021", "2022"]
    assert [row.key for row in line.rows] == ["Kommunen", "Egen regi", "Riket", "Mål"]
    assert line.rows[0].cells["2021"] is None


def test_more_than_five_series_are_refused() -> None:
    series = [charts.Series(str(number), (("2022", None),)) for number in range(6)]
    with pytest.raises(DocumentError, match="fler än 5"):
        charts.line_chart("T", "B", series, unit=Unit.COUNT)


def test_charts_without_values_and_with_one_value_can_be_drawn() -> None:
    empty = charts.line_chart("T", "B", [charts.Series("A", (("2022", None),))], unit=Unit.COUNT)
    one = charts.bar_chart("T", "B", [("A", Number(Decimal(0), Unit.COUNT))], unit=Unit.COUNT)
    none = charts.bar_chart("T", "B", [], unit=Unit.COUNT)
    for chart in (empty, one, none, charts.grouped_bar_chart("T", "B", [], unit=Unit.COUNT)):
        assert charts.chart_svg(chart).startswith("<svg ")


def test_text_is_data_and_never_markup_or_an_expression() -> None:
    name = "<script>alert('x')</script> & datum['v']"
    svg = charts.chart_svg(
        charts.bar_chart("T", "B", [(name, Number(Decimal(3), Unit.COUNT))], unit=Unit.COUNT)
    )
    assert "<script" not in svg
    assert name.replace(" ", "") in "".join(words(svg)).replace(" ", "")


def test_svg_stands_under_a_strict_content_policy_and_in_our_font() -> None:
    for chart in (bars(), sample.line(), grouped()):
        svg = charts.chart_svg(chart)
        assert " style=" not in svg
        assert "<style" not in svg
        assert "aria-" not in svg
        assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"'Source Sans 3', sans-serif"}


def test_every_chart_has_the_width_of_the_page() -> None:
    for chart in (bars(), sample.line(), grouped()):
        assert f'width="{charts.WIDTH}"' in charts.chart_svg(chart)


def test_dark_has_the_same_words_in_other_colours_and_css_knows_them_all() -> None:
    light, dark = (charts.chart_svg(sample.line(), theme) for theme in ("light", "dark"))  # type: ignore[arg-type]
    assert words(light) == words(dark)
    assert light != dark
    css = charts.palette_css(".x")
    for colour in set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', light)):
        assert f'="{colour}"]' in css


def test_colours_can_be_read() -> None:
    """Text on the page's background: contrast at least 4.5 (WCAG 1.4.3)."""
    for theme, paper in (("light", "#ffffff"), ("dark", "#14191c")):
        colours = PALETTES[theme]  # type: ignore[index]
        for colour in (
            *colours["series"],
            colours["ink"],
            colours["muted"],
            colours["target"],
            colours["benchmark"],
        ):
            assert contrast(colour, paper) >= 4.5, (theme, colour)


def contrast(one: str, other: str) -> float:
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_png_shows_the_letters() -> None:
    """Without the shipped font the picture has no text: it must be larger than one without labels."""
    svg = re.sub(r"<text.*?</text>", "", charts.chart_svg(bars()), flags=re.S)
    silent = vl_convert.svg_to_png(svg, scale=3)
    assert len(charts.chart_png(bars())) > len(silent) + 15_000
    assert charts.chart_png(bars(), scale=1)[16:20] == charts.WIDTH.to_bytes(
        4, "big"
    )  # the width in the PNG's header


def test_the_same_chart_again_comes_from_memory() -> None:
    chart = sample.line()
    first = charts.chart_svg(chart)
    start = time.perf_counter()
    for _ in range(100):
        assert charts.chart_svg(sample.line()) == first
    assert time.perf_counter() - start < 1
