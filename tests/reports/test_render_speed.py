"""All four formats of a report of some twelve pages, warm: under three seconds."""

from __future__ import annotations

import time

from roder.reports.document import Block, Heading, Paragraph
from roder.reports.render import docx, html, pdf, xlsx

from . import sample_document as sample


def test_four_formats_of_an_interim_report_take_less_than_three_seconds() -> None:
    extra: list[Block] = []
    for number in range(10):
        extra += [
            Heading(2, f"Del {number}"),
            Paragraph(("Texten beskriver läget. " * 25,)),
            sample.may_table(),
        ]
    extra += [sample.line(), sample.line()]
    document = sample.document(*extra)
    html.render(document)  # the drawing engine and the fonts are loaded once in a process
    pdf.render(sample.document())
    start = time.perf_counter()
    for render in (html.render, pdf.render, docx.render, xlsx.render):
        assert render(document)
    assert time.perf_counter() - start < 3
