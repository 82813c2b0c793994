"""Renderers: one document model in, web page, PDF, Word file or workbook out.

Each module has one function ``render(document, …)``: `html`, `pdf`, `docx`, `xlsx`. They need neither
Django nor a database, so a locked report can be rendered again anywhere.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roder.reports.document import Document

#: format -> media type
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def draw(document: Document, format: str) -> bytes:
    """The document in one of the formats of ``MEDIA_TYPES``. The renderer is read in when it is first asked for: the
    libraries of the office formats are large."""
    made: str | bytes = import_module(f"{__name__}.{format}").render(document)
    return made.encode() if isinstance(made, str) else made
