"""An agenda as one person may see it: every number for all, what is secret only for those with the right to it."""

from __future__ import annotations

from dataclasses import dataclass

from roder import access
from roder.access import Action, Resource
from roder.meetings.models import AgendaItem, DocumentVersion, ItemNote, ItemPaper, Meeting
from roder.meetings.papers.pack_plan import items_of, secrecy_of
from roder.meetings.services import agenda
from roder.organisation.models import Person


@dataclass(frozen=True)
class PaperLine:
    """A paper of a point, with the newer version when there is one."""

    paper: ItemPaper
    newer: DocumentVersion | None

    @property
    def ready(self) -> bool:
        """Whether it can come along in the pack, as far as its conversion is concerned."""
        return self.paper.version.pdf_state == DocumentVersion.PdfState.DONE


@dataclass(frozen=True)
class ItemLine:
    """A point as it is shown to somebody. ``hidden``: only its number and the law."""

    item: AgendaItem
    number: str
    title: str
    hidden: bool
    papers: tuple[PaperLine, ...] = ()
    note: str = ""

    @property
    def sub(self) -> bool:
        """Whether it is a lettered point."""
        return self.item.parent_id is not None


def lines_for(meeting: Meeting, user: Person) -> list[ItemLine]:
    """The agenda, in order. The number of queries does not depend on how long it is."""
    items = items_of(meeting)
    seen = set(access.visible(user, AgendaItem.objects.filter(meeting=meeting)).values_list("pk", flat=True))
    allowed = set(
        access.visible(user, ItemPaper.objects.filter(item__meeting=meeting)).values_list("pk", flat=True)
    )
    numbers = agenda.numbers(meeting)
    newer = agenda.newer([paper for item in items for paper in item.papers.all() if paper.pk in allowed])
    rows = ItemNote.objects.filter(item__meeting=meeting, person=user)
    notes = dict(rows.values_list("item", "text"))
    secrets = access.may(user, Action.VIEW, Resource.SECRETS, meeting.committee_id)
    found = []
    for item in items:
        papers = list(item.papers.all())
        if item.pk not in seen or (agenda.secret(item) and not secrets):
            found.append(ItemLine(item, numbers[item.pk], secrecy_of(item, papers), True))
            continue
        shown = tuple(PaperLine(one, newer.get(one.pk)) for one in papers if one.pk in allowed)
        found.append(ItemLine(item, numbers[item.pk], item.title, False, shown, notes.get(item.pk, "")))
    return found
