"""What is to stand in a pack: the agenda with its papers in order, what is left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from roder.meetings.models import AgendaItem, DocumentVersion, ItemPaper, Meeting
from roder.meetings.papers.pack_parts import Facts, PartError, facts_of
from roder.meetings.rules import agenda as numbering
from roder.meetings.services import agenda

NOT_READY = {
    DocumentVersion.PdfState.WAITING: "omvandlas till PDF just nu. Vänta en stund och gör handlingarna igen.",
    DocumentVersion.PdfState.FAILED: "kunde inte omvandlas till PDF.",
}


@dataclass(frozen=True)
class PlanPaper:
    """A document on a point: its PDF when it can come along, else why not (``fault``)."""

    gid: str
    title: str
    version: DocumentVersion
    sha256: str = ""
    facts: Facts | None = None
    fault: str = ""


@dataclass(frozen=True)
class PlanItem:
    """A point as the pack shows it. ``hidden``: only its number and that it is secret."""

    item: AgendaItem
    number: str
    title: str
    hidden: bool = False
    papers: tuple[PlanPaper, ...] = ()
    left_out: int = 0

    @property
    def sub(self) -> bool:
        """Whether it is a lettered point."""
        return self.item.parent_id is not None


@dataclass(frozen=True)
class Plan:
    """A pack before it is made."""

    meeting: Meeting
    public: bool
    items: tuple[PlanItem, ...] = ()
    told: tuple[str, ...] = field(default=())

    @property
    def papers(self) -> list[PlanPaper]:
        """What comes along, in order, each content once: a case that stands both as information and as decision has the
        same papers at both."""
        found: dict[str, PlanPaper] = {}
        for item in self.items:
            for paper in item.papers:
                if paper.facts is not None:
                    found.setdefault(paper.sha256, paper)
        return list(found.values())

    @property
    def pages(self) -> int:
        """How many pages the documents have, the front not counted."""
        return sum(paper.facts.pages for paper in self.papers if paper.facts)

    @property
    def faults(self) -> list[str]:
        """What could not come along although it should."""
        return [f"{item.number.replace(numbering.NB, ' ')}. {paper.title}: {paper.fault}"
                for item in self.items for paper in item.papers if paper.fault]  # fmt: skip


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The points in order, with their papers and cases: three queries, however many they are."""
    papers = ItemPaper.objects.select_related("version__document__case", "version__pdf")
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("case", "parent__case")
    rows = rows.prefetch_related(Prefetch("papers", papers.order_by("position", "pk")))
    by_id = {item.pk: item for item in rows}
    order = numbering.in_order(
        numbering.Line(item.pk, item.position, item.parent_id) for item in by_id.values()
    )
    return [by_id[line.id] for line in order]


def plan(meeting: Meeting, *, public: bool) -> Plan:
    """What a pack of the meeting is to hold. The public one has secret points as number and law only, and no secret
    papers; what could not be converted is told in both."""
    numbers = agenda.numbers(meeting)
    items = tuple(_item(one, numbers[one.pk], public) for one in items_of(meeting))
    told = [fault for one in items for fault in _faults(one)]
    hidden = sum(one.hidden for one in items)
    left = sum(one.left_out for one in items)
    if hidden:
        told.append(f"{_many(hidden, 'punkt', 'punkter')} omfattas av sekretess och visas bara med nummer.")
    if left:
        told.append(f"{_many(left, 'handling', 'handlingar')} omfattas av sekretess och är inte med.")
    return Plan(meeting, public, items, tuple(told))


def _faults(one: PlanItem) -> list[str]:
    number = one.number.replace(numbering.NB, " ")
    return [f"Punkt {number}, {paper.title}: {paper.fault}" for paper in one.papers if paper.fault]


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _item(item: AgendaItem, number: str, public: bool) -> PlanItem:
    papers: Sequence[ItemPaper] = list(item.papers.all())
    if public and agenda.secret(item):
        return PlanItem(item, number, secrecy_of(item, papers), hidden=True)
    if item.withdrawn:
        return PlanItem(item, number, item.title)
    shown = [one for one in papers if not (public and secret_paper(one))]
    return PlanItem(
        item,
        number,
        item.title,
        papers=tuple(_paper(one) for one in shown),
        left_out=len(papers) - len(shown),
    )


def secret_paper(paper: ItemPaper) -> bool:
    """Whether a paper is secret in itself or by its case."""
    document = paper.version.document
    return document.secret or document.case.secret


def secrecy_of(item: AgendaItem, papers: Sequence[ItemPaper]) -> str:
    """What is said of a secret point to those who may not see it: ``Sekretess enligt OSL 26:1``."""
    cases = [one.case for one in (item, item.parent) if one is not None and one.case is not None]
    sections = [case.secrecy_section for case in cases if case.secret]
    sections += [paper.version.document.secrecy_section for paper in papers if paper.version.document.secret]
    section = next((one for one in sections if one), "")
    return f"Sekretess enligt {section}" if section else "Sekretess"


def _paper(paper: ItemPaper) -> PlanPaper:
    version = paper.version
    gid, title = f"meetings.itempaper:{paper.pk}", str(paper)
    if version.pdf is None or version.pdf_state != DocumentVersion.PdfState.DONE:
        fault = NOT_READY.get(DocumentVersion.PdfState(version.pdf_state), "har ingen PDF.")
        if version.pdf_fault:
            fault = f"{fault} {version.pdf_fault}" if fault.endswith(".") else version.pdf_fault
        return PlanPaper(gid, title, version, fault=fault)
    try:
        return PlanPaper(gid, title, version, version.pdf.sha256, facts_of(version.pdf.sha256))
    except PartError as error:
        return PlanPaper(gid, title, version, fault=str(error))
