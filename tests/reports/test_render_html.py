"""HTML: the printed digits, links to the figures, nothing that runs, one body for page and fragment."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

from roder.reports.document import Column, FigureRef, Heading, Paragraph, Row, Table
from roder.reports.render import html

from . import sample_document as sample


def url(ref: FigureRef) -> str:
    return f"/figur/{ref.address}&x=<1>"


class Reader(HTMLParser):
    """Collects elements, their attributes and the text; checks that elements close in order."""

    void = frozenset({"meta", "br", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_printed_digits() -> None:
    page = html.render(sample.document())
    for digits in (
        "−1\u00a0065\u00a0656",
        "−16\u00a0956",
        "10\u00a0000",
        "10,0\u00a0mkr",
        "−822\u00a0tkr",
        ">iu.<",
    ):
        assert digits in page


def test_every_number_with_a_figure_is_a_link_to_it() -> None:
    document = sample.document()
    page = html.render(document, url)
    links = [one for one in Reader(page).all("a") if one.get("class") == "figure"]
    assert len(links) == 27  # nine rows of the May table, three numbers each
    assert {"ekonomi.drift.prognosavvikelse?rad=ovriga"} <= {one["data-figure"] for one in links}
    address = r"/figur/[^\"]*prognosavvikelse\?rad=ovriga&amp;x=&lt;1&gt;"
    assert re.search(rf'<a class="figure" href="{address}"[^>]*>−10\u00a0802</a>', page)
    assert not [one for one in Reader(html.render(document)).all("a") if one.get("class") == "figure"]


def test_what_people_typed_is_escaped_everywhere() -> None:
    evil = "<script>alert('x')</script>\"&"
    table = Table(evil, (Column("a", evil, "text"),), (Row("1", {"a": evil}),), evil, (evil,), evil)
    chart = replace(sample.line(), title=evil, description=evil)
    document = replace(
        sample.document(Heading(1, evil, evil), Paragraph((evil,)), table, chart), title=evil, committee=evil
    )
    for page in (html.render(document), html.render(document, fragment=True)):
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        Reader(page)


def test_a_page_of_its_own_is_whole_and_swedish_and_fetches_nothing() -> None:
    page = html.render(sample.document(draft=True), url)
    reader = Reader(page)
    assert page.startswith("<!doctype html>")
    assert reader.all("html") == [{"lang": "sv"}]
    assert len(reader.all("h1")) == 1
    assert "UTKAST" in page
    assert "Uttag 2022-05-31-a1b2c3" in page
    assert "@media print" in page
    assert not re.search(r'src=|<link|@import|url\((?!#)|<script|href="http', page)


def test_a_fragment_is_only_the_body_and_stands_under_a_strict_policy() -> None:
    body = html.render(sample.document(), url, fragment=True)
    reader = Reader(body)
    assert body.startswith('<div class="report"')
    assert not {"html", "head", "h1", "style", "script", "title"} & {tag for tag, _ in reader.tags}
    assert all("style" not in attributes for _, attributes in reader.tags)
    assert not [name for _, attributes in reader.tags for name in attributes if name.startswith("on")]


def test_tables_can_be_read_aloud() -> None:
    reader = Reader(html.render(sample.document(), fragment=True))
    tables = len(reader.all("table"))
    assert tables == 5
    assert len(reader.all("caption")) == tables
    assert {one["scope"] for one in reader.all("th")} == {"col", "row", "rowgroup"}
    pictures = [one for one in reader.all("svg") if one.get("role") == "img"]
    assert [one["aria-label"] for one in pictures] == [sample.line().description]


def test_identifiers_are_unique_and_contents_lead_to_them() -> None:
    reader = Reader(
        html.render(sample.document(Heading(1, "Ekonomi"), Heading(1, "2023"), Heading(1, "!!!")))
    )
    names = [attributes["id"] for _, attributes in reader.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    inside = [one["href"] for one in reader.all("a") if (one.get("href") or "").startswith("#")]
    assert inside
    assert {str(one)[1:] for one in inside} <= set(names)


def test_headings_do_not_skip_a_level() -> None:
    levels = [
        int(tag[1]) for tag, _ in Reader(html.render(sample.document())).tags if re.fullmatch(r"h[1-6]", tag)
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_empty_table_says_so_and_status_has_symbol_and_word() -> None:
    page = html.render(sample.document())
    assert "Inga uppgifter för perioden." in page
    assert '<span class="symbol" aria-hidden="true">▲</span>\u00a0Nära' in page


def test_commas_are_brought_under_each_other() -> None:
    page = html.render(sample.document(), fragment=True)
    assert re.search(r'<td class="number" data-lacks=",0">41</td>', page)
    assert 'data-lacks=",0"' in html.stylesheet()


def test_sum_and_sub_rows_are_marked() -> None:
    page = html.render(sample.document(), fragment=True)
    assert page.count('<tr class="sum">') == 3
    assert '<tr class="label"><th scope="rowgroup" colspan="3">Äldreomsorg</th></tr>' in page
    assert '<tr class="sub">' in page
