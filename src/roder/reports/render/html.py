"""HTML: a page of its own with everything inlined, or a body to set into a web page.

No scripts and no inline styles in the body, so it stands under a strict content security policy; a page
that takes the fragment links `stylesheet()`. Charts are light SVG turned dark by the same stylesheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from html import escape

from roder.reports.document import (
    Bullets,
    Cell,
    Chart,
    Column,
    Contents,
    Document,
    FigureRef,
    Heading,
    Inline,
    Note,
    Number,
    PageBreak,
    Paragraph,
    Particulars,
    Reference,
    Row,
    Signatures,
    Status,
    Strong,
    Table,
    contents_of,
)
from roder.reports.render import drawing, layout


class Markup(str):
    """Text that is HTML already; everything else is escaped on its way in."""

    __slots__ = ()


FigureUrl = Callable[[FigureRef], str]
# Tables this wide may scroll sideways on a small screen and must then be reachable by keyboard.
WIDE = 3
CONTENTS_FROM = 4


def render(document: Document, figure_url: FigureUrl | None = None, fragment: bool = False) -> str:
    """The document as HTML.

    ``figure_url`` gives the address of a figure: every number with a reference then becomes ``<a
    class="figure" href=… data-figure=…>``. ``fragment`` leaves out the page around, the title block and the
    footer; headings start at ``h2`` either way, since the page's only ``h1`` is the title.
    """
    placed = layout.place(document)
    body = _lines(
        _contents(placed, one.block.depth) if isinstance(one.block, Contents) else _block(one, figure_url)
        for one in placed
    )
    if fragment:
        return str(_tag("div", body, class_="report", lang=document.lang))
    top = Markup("") if contents_of(document) else _contents(placed)
    parts = [_title_block(document), top, body]
    if footer := layout.footer_line(document):
        parts.append(_tag("footer", footer))
    article = _tag("article", _lines(parts), class_="report")
    return (
        f'<!doctype html>\n<html lang="{escape(document.lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{_page_css()}{stylesheet()}</style>\n</head>\n"
        f"<body>\n<main>\n{article}\n</main>\n</body>\n</html>\n"
    )


@cache
def stylesheet() -> str:
    """The style of a report body, dark charts included; the web serves it beside fragments."""
    rules = (layout.ASSETS / "document.css").read_text(encoding="utf-8")
    dark = drawing.palette_css(".report .report-chart svg")
    return f"{rules}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


@cache
def _page_css() -> str:
    return (layout.ASSETS / "page.css").read_text(encoding="utf-8")


def _tag(name: str, *children: str, **attributes: str | None) -> Markup:
    """An element; children that are not Markup are escaped, and so are all attribute values."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{_join(children)}</{name}>")


def _join(children: Iterable[str], between: str = "") -> Markup:
    return Markup(
        between.join(one if isinstance(one, Markup) else escape(one, quote=False) for one in children)
    )


def _lines(children: Iterable[str]) -> Markup:
    return _join(children, "\n")


def _title_block(document: Document) -> Markup:
    who, _ = layout.header_lines(document)
    draft = _tag("p", layout.DRAFT, class_="report-draft") if document.draft else ""
    pairs = (_tag("div", _tag("dt", name), _tag("dd", value)) for name, value in layout.facts(document))
    head = _tag(
        "header", _tag("p", who, class_="report-who"), _tag("h1", document.title), class_="report-head"
    )
    return _lines((head, draft, _tag("dl", *pairs, class_="report-facts")))


def _contents(placed: Iterable[layout.Placed], depth: int = 2) -> Markup:
    entries = [
        _tag("li", _tag("a", one.block.text, href=f"#{one.anchor}"), class_=f"level-{one.block.level}")
        for one in placed
        if isinstance(one.block, Heading) and one.block.level <= depth
    ]
    if len(entries) < CONTENTS_FROM:
        return Markup("")
    return _tag("nav", _tag("ol", *entries), aria_label="Innehåll")


def _block(placed: layout.Placed, url: FigureUrl | None) -> Markup:
    block = placed.block
    if isinstance(block, Heading):
        return _tag(f"h{block.level + 1}", block.text, id=placed.anchor)
    if isinstance(block, Paragraph):
        return _tag("p", *_inlines(block.inlines, url))
    if isinstance(block, Bullets):
        return _tag(
            "ol" if block.numbered else "ul", *(_tag("li", *_inlines(item, url)) for item in block.items)
        )
    if isinstance(block, Signatures):
        people = (
            _tag("li", _tag("strong", name), *([Markup("<br>"), title] if title else []))
            for name, title in block.people
        )
        return _tag("ul", *people, class_="report-signatures")
    if isinstance(block, (Reference, Particulars, PageBreak, Contents)):
        return _furniture(block)
    if isinstance(block, Note):
        label = _tag("strong", layout.NOTE_LABELS[block.kind], class_="kind")
        return _tag("p", label, " ", *_inlines(block.inlines, url), class_=f"report-note {block.kind}")
    if isinstance(block, Chart):
        return _chart(block, placed, url)
    return _table(block, placed.label, placed.anchor, url)


def _furniture(block: Reference | Particulars | PageBreak | Contents) -> Markup:
    """What minutes are made of besides running text."""
    if isinstance(block, Reference):
        return _tag("p", block.text, class_="report-reference")
    if isinstance(block, Particulars):
        pairs = (
            _tag("div", _tag("dt", name), *(_tag("dd", line) for line in lines)) for name, lines in block.rows
        )
        return _tag("dl", *pairs, class_="report-particulars")
    return _tag("div", class_="report-break") if isinstance(block, PageBreak) else Markup("")


def _chart(chart: Chart, placed: layout.Placed, url: FigureUrl | None) -> Markup:
    # vl-convert's SVG with every text escaped by its serializer; only the wrapper is ours.
    picture = Markup(
        drawing.chart_svg(chart).replace(
            "<svg ", f'<svg role="img" aria-label="{escape(chart.description)}" ', 1
        )
    )
    caption = _tag("figcaption", _tag("span", placed.label, class_="report-label"), chart.title)
    numbers = _table(chart.table, "", f"{placed.anchor}-siffror", url)
    details = _tag("details", _tag("summary", "Visa siffrorna som tabell"), numbers)
    return _tag("figure", caption, picture, details, class_="report-chart", id=placed.anchor)


def _table(table: Table, label: str, anchor: str, url: FigureUrl | None) -> Markup:
    words = [_tag("span", label, class_="report-label")] if label else []
    notes = [_tag("p", note, class_="report-notes") for note in table.notes]
    if not table.rows:
        title = _tag("strong", *words, table.title)
        empty = _tag("p", title, Markup("<br>"), layout.EMPTY_TABLE, class_="report-empty")
        return _tag("div", empty, *notes, id=anchor, class_="report-after")
    lacks = layout.missing_places(table)
    head = _tag("tr", *(_tag("th", one.title, scope="col", class_=_class(one)) for one in table.columns))
    rows = (_row(row, table, lacks, url) for row in table.rows)
    caption = _tag("caption", *words, table.title, id=f"{anchor}-rubrik")
    inner = _tag("table", caption, _tag("thead", head), Markup("\n"), _tag("tbody", _lines(rows)))
    scroll = len(table.columns) > WIDE
    box = _tag(
        "div", inner, class_="report-table", id=anchor,
        role="region" if scroll else None, tabindex="0" if scroll else None,
        aria_labelledby=f"{anchor}-rubrik" if scroll else None,
    )  # fmt: skip
    return _tag("div", box, *notes, class_="report-after")


def _row(row: Row, table: Table, lacks: dict[tuple[str, str], int], url: FigureUrl | None) -> Markup:
    first = table.columns[0]
    if layout.is_label_row(row, table):
        words = _cell(layout.printed_cell(row, first), url)
        return _tag(
            "tr", _tag("th", *words, scope="rowgroup", colspan=str(len(table.columns))), class_="label"
        )
    cells = []
    for column in table.columns:
        cell = layout.printed_cell(row, column)
        lack = layout.padding_digits(cell, lacks.get((row.key, column.key), 0)) or None
        if column is first and cell:  # without words it is no heading: the row goes on with the one above
            cells.append(_tag("th", *_cell(cell, url), scope="row", class_=_class(column)))
        else:
            cells.append(_tag("td", *_cell(cell, url), class_=_class(column), data_lacks=lack))
    return _tag("tr", *cells, class_=None if row.kind == "normal" else row.kind)


def _class(column: Column) -> str | None:
    return {"number": "number", "status": "status-cell"}.get(column.kind)


def _cell(cell: Cell, url: FigureUrl | None) -> list[Markup]:
    if cell is None:
        return []
    return _inlines(cell if isinstance(cell, tuple) else (cell,), url)


def _inlines(inlines: tuple[Inline, ...], url: FigureUrl | None) -> list[Markup]:
    return [_inline(part, url) for part in inlines]


def _inline(part: Inline, url: FigureUrl | None) -> Markup:
    if isinstance(part, Status):
        symbol = _tag("span", part.symbol, class_="symbol", aria_hidden="true")
        return _tag("span", symbol, f"\u00a0{part.label}", class_=f"status status-{part.tone}")
    if isinstance(part, Strong):
        return _tag("strong", part.text)
    if isinstance(part, Number):
        if part.ref is not None and url is not None:
            return _tag("a", part.text, class_="figure", href=url(part.ref), data_figure=part.ref.address)
        return Markup(escape(part.text, quote=False))
    return Markup(escape(part, quote=False))
