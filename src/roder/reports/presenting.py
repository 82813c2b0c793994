"""A report as a web page: the document with its comment fields in place, and links to every figure."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from roder.reports import compiled, prose
from roder.reports.base import CommentKey, Slot
from roder.reports.build import Assembly, Finding
from roder.reports.document import Block, Document, FigureRef, Paragraph
from roder.reports.kinds import report_class
from roder.reports.models import Report, ReportComment
from roder.reports.render import html

_MARK = "\u2063"  # invisible separator
MOST_CHOICES = 300


@dataclass(frozen=True)
class Conflict:
    """What somebody else saved while a comment was being written, and what was being written."""

    current: ReportComment
    text: str


@dataclass(frozen=True)
class CommentField:
    """A comment where it stands: what is asked, what is written, what is wrong with it, what can be inserted."""

    slot: Slot
    anchor: str
    text: str
    revision: int | None
    findings: tuple[Finding, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    comment: ReportComment | None = None
    conflict: Conflict | None = None
    fault: str = ""

    @property
    def opened(self) -> bool:
        """Whether the field stands open: where something is expected, wrong, or in conflict."""
        empty = not self.text.strip()
        return bool(self.conflict or self.fault or self.findings or (empty and self.slot.required))


@dataclass(frozen=True)
class Piece:
    """A piece of the page: finished HTML, or a comment field."""

    markup: SafeString = field(default_factory=lambda: SafeString(""))
    field: CommentField | None = None


def anchor(key: CommentKey) -> str:
    """The anchor of a comment field."""
    return "falt-" + re.sub(r"[^A-Za-z0-9_-]+", "-", "-".join(part for part in key if part))


def figure_url(report: Report) -> Callable[[FigureRef], str]:
    """The address of a figure's page as the report shows it: at its occasion, and on its snapshot once it is locked."""
    code = report.snapshot.code if report.snapshot else ""
    homes = compiled.homes(report) if report_class(report.kind).compiles else {}

    def address(ref: FigureRef) -> str:
        named, key = dict(ref.key), list(ref.key)
        occasion, snapshot = report.occasion, code
        if homes and named.get(compiled.COMMITTEE) in homes:
            occasion, snapshot = homes[named[compiled.COMMITTEE]]
            key = [one for one in key if one[0] != compiled.COMMITTEE]
        page = reverse("figures:figure", args=[occasion.committee.slug, occasion.year, ref.name])
        chosen = [("tillfalle", occasion.code), *([("uttag", snapshot)] if snapshot else []), *key]
        return f"{page}?{urlencode(chosen)}"

    return address


def body(document: Document, url: Callable[[FigureRef], str]) -> SafeString:
    """The document as a part of a page, its numbers opening their figures in the side panel."""
    made = html.render(document, url, fragment=True)
    # Rendered and escaped by the renderer; the attribute asks the page's script for the side panel.
    return mark_safe(made.replace('<a class="figure" ', '<a class="figure" data-panel '))  # noqa: S308


def pieces(
    assembly: Assembly, fields: Mapping[CommentKey, CommentField], url: Callable[[FigureRef], str]
) -> Iterator[Piece]:
    """The draft cut at its comment fields. Rendered whole, so that tables are numbered through."""
    slots = list(assembly.slots)
    mark = f"{_MARK}{secrets.token_hex(8)}-"  # new each time: no comment that somebody has written is taken for one
    blocks: list[Block] = []
    at = 0
    for number, slot in enumerate(slots):
        blocks += assembly.document.blocks[at : slot.place]
        blocks.append(Paragraph((f"{mark}{number}{_MARK}",)))
        at = slot.place
    blocks += assembly.document.blocks[at:]
    cut = re.compile(rf"<p>{mark}(\d+){_MARK}</p>").split(
        body(replace(assembly.document, blocks=tuple(blocks)), url)
    )
    for place, part in enumerate(cut):
        if place % 2:
            yield Piece(field=fields.get(slots[int(part)].key))
        else:
            yield Piece(markup=mark_safe(part))  # noqa: S308 - cut out of what `body` gave


def fields_of(
    assembly: Assembly,
    comments: Mapping[CommentKey, ReportComment],
    found: Iterable[Finding],
    conflict: Conflict | None = None,
    fault: tuple[CommentKey, str, str] | None = None,
) -> dict[CommentKey, CommentField]:
    """Every comment field of a draft. ``fault`` is (key, text, why) of a text that was refused."""
    by_key: dict[CommentKey, list[Finding]] = {}
    for one in found:
        by_key.setdefault((one.section, one.subject), []).append(one)
    made = {}
    for slot in assembly.slots:
        comment = comments.get(slot.key)
        mine = (
            conflict
            if conflict and (conflict.current.section, conflict.current.subject) == slot.key
            else None
        )
        refused = fault if fault and fault[0] == slot.key else None
        made[slot.key] = CommentField(
            slot=slot,
            anchor=anchor(slot.key),
            text=mine.text if mine else refused[1] if refused else slot.text,
            revision=comment.revision if comment else None,
            findings=tuple(one for one in by_key.get(slot.key, ()) if one.excerpt),
            choices=tuple(choices(assembly, slot)),
            comment=comment,
            conflict=mine,
            fault=refused[2] if refused else "",
        )
    return made


def choices(assembly: Assembly, slot: Slot) -> list[tuple[str, str]]:
    """The figures that can be inserted in a comment: its subject's, its section's, or all that the report prints."""
    values = assembly.values
    if slot.about == "subject":
        names = dict.fromkeys(ref.name for ref in values.printed)
        known = [one for name in names if (one := values.known(name)) is not None]
        return [choice for code in slot.codes for choice in prose.choices(known, code)][:MOST_CHOICES]
    refs = assembly.by_chapter.get(slot.chapter, {}) if slot.about == "section" else values.printed
    offered = []
    for ref in refs or values.printed:
        one = values.known(ref.name)
        key = tuple(value for _, value in ref.key)
        if one is not None and key in one.rows:
            offered += prose.choices([replace(one, rows={key: one.rows[key]})])
    return offered[:MOST_CHOICES]
