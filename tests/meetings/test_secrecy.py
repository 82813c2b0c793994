"""What is secret is nowhere for those without the right to it: their pages are the same as before it came to be.

Every page is drawn for every role before and after a secret document, a secret case and secret items are added. For
those without the right to secrets no letter may differ: no title, no count, no link. For those with it, it is there.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdfium2 import PdfDocument

from roder import access
from roder.access.matrix import RIGHTS, Action, Resource
from roder.core.models import Link
from roder.files.models import Blob
from roder.meetings.models import (
    AgendaItem,
    Ballot,
    Case,
    Dispatch,
    Document,
    ItemPaper,
    MinuteItem,
    Minutes,
    Watch,
    WatchReport,
)
from roder.meetings.papers.pack import make_pack
from tests.meetings.world import Chain

TOKEN = "Hemligheten"
WITH = sorted(role for role, rights in RIGHTS.items() if Action.VIEW in rights.get(Resource.SECRETS, set()))
WITHOUT = sorted(set(RIGHTS) - set(WITH))
#: Roles whose every page is drawn; of the others', the pages where most could show.
EVERY_PAGE = ("auditor", "sas", "secretary")
MOST_TELLING = ("case", "meeting", "decisions", "watches", "search")
#: What differs between any two drawings of a page.
CHANGING = re.compile(r'(csrfmiddlewaretoken" value="|nonce=")[^"]*|"X-CSRFToken": "[^"]*"')


def words(version: Any, text: str) -> None:
    """Give a document words to be found by."""
    Document.objects.filter(pk=version.document_id).update(text=text)


@pytest.fixture
def open_part(chain: Chain) -> Chain:
    """The open case with its decision, dispatch and watch, as everybody sees it."""
    Case.objects.update(responsible=None)
    words(chain.paper, "Delegationsordningen gäller fullmakten.")
    item = chain.new_item(chain.meeting, "Delegationsordning", chain.case)
    ItemPaper.objects.create(item=item, version=chain.paper, position=1)
    Minutes.objects.create(meeting=chain.meeting, state="attested")
    paragraph = MinuteItem.objects.create(
        item=item, body=chain.committee, year=2022, number=71, heading="Delegationsordning", outcome="approved",
        decided="Fullmakten antas.",
    )  # fmt: skip
    Dispatch.objects.create(paragraph=paragraph, recipient="Förvaltningen", purpose="FÅ")
    watch = Watch.objects.create(
        committee=chain.committee, title="Följ upp fullmakten", paragraph=paragraph, case=chain.case,
        opened_on=date(2022, 9, 27),
    )  # fmt: skip
    WatchReport.objects.create(watch=watch, on=date(2022, 10, 25), note="Gick bra.")
    return chain


def add_secrets(chain: Chain) -> None:
    """A secret document in the open case, a secret case, secret items, and everything that hangs on them."""
    paragraph = MinuteItem.objects.get()
    document = chain.new_document(chain.case, f"{TOKEN} bilaga", secret=True)
    words(document, f"{TOKEN} fullmakten")
    ItemPaper.objects.create(item=paragraph.item, version=document, position=2)
    case = chain.new_case(f"{TOKEN} ärende fullmakten", secret=True, continues=chain.case)
    words(chain.new_document(case, f"{TOKEN} handling"), f"{TOKEN} fullmakten")
    chain.new_letter(case, f"{TOKEN} skrivelse")
    Link.objects.create(
        source_kind="meetings.case", source_id=chain.case.pk, target_kind="meetings.case", target_id=case.pk,
        kind="led_to",
    )  # fmt: skip
    hidden = chain.new_item(chain.meeting, f"{TOKEN} punkt", secret=True)
    of_case = chain.new_item(chain.meeting, f"{TOKEN} om ärendet", case)
    AgendaItem.objects.create(meeting=chain.meeting, parent=hidden, position=1, title=f"{TOKEN} underpunkt")
    WatchReport.objects.update(item=hidden)
    for number, item in ((72, hidden), (73, of_case)):
        secret = MinuteItem.objects.create(
            item=item, body=chain.committee, year=2022, number=number, heading=f"{TOKEN} beslut fullmakten",
            decided=f"{TOKEN} fullmakten antas.",
        )  # fmt: skip
        secret.points.create(position=1, text=f"{TOKEN} beslutspunkt")
        Dispatch.objects.create(paragraph=secret, recipient=f"{TOKEN} mottagare", purpose="FÅ")
        watch = Watch.objects.create(
            committee=chain.committee, title=f"{TOKEN} fullmakten", paragraph=secret, case=item.case,
            opened_on=date(2022, 9, 27),
        )  # fmt: skip
        WatchReport.objects.create(watch=watch, on=date(2022, 11, 1), note=f"{TOKEN} redovisning")


def address(chain: Chain, name: str, pk: int) -> str:
    """The address of a page of the room."""
    return reverse(f"meetings:{name}", args=[chain.committee.slug, 2022, pk])


def pages(chain: Chain) -> dict[str, str]:
    """The pages where something of it could show: name and address."""
    root, case, meeting = chain.root, chain.case.pk, chain.meeting.pk
    first = MinuteItem.objects.order_by("pk")[0]
    watch, document = Watch.objects.order_by("pk")[0].pk, chain.paper.document_id
    return {
        "start": root, "cases": f"{root}arenden/", "cases found": f"{root}arenden/?q=fullmakten",
        "case": f"{root}arenden/{case}/", "case history": f"{root}arenden/{case}/historik/",
        "document": address(chain, "document", document), "meetings": f"{root}sammantraden/",
        "meeting": f"{root}sammantraden/{meeting}/", "item": f"{root}punkt/{first.item_id}/",
        "summons": f"{root}sammantraden/{meeting}/kallelse/", "session": f"{root}sammantraden/{meeting}/session/",
        "minutes": f"{root}sammantraden/{meeting}/protokoll/", "paragraph": f"{root}paragraf/{first.pk}/",
        "decisions": f"{root}beslut/", "decisions found": f"{root}beslut/?q=fullmakten",
        "watches": f"{root}balanslista/", "watch": f"{root}balanslista/{watch}/",
        "trail": f"{root}beslut/{first.pk}/folj/", "trail of case": f"{root}arenden/{case}/folj/",
        "trail of watch": f"{root}balanslista/{watch}/folj/", "search": "/sok/?q=fullmakten",
        **{f"search {kind}": f"/sok/?q=fullmakten&slag={kind}" for kind in ("arenden", "handlingar", "beslut")},
    }  # fmt: skip


def drawn(client: Client, addresses: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Every page: its status and its text."""
    found = {}
    for name, address in addresses.items():
        answer = client.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[name] = (answer.status_code, CHANGING.sub("", body.decode(errors="replace")))
    return found


def test_pages_without_the_right_are_as_before_and_with_it_tell(open_part: Chain) -> None:
    addresses = pages(open_part)
    few = {name: addresses[name] for name in MOST_TELLING}
    wanted = {role: addresses if role in EVERY_PAGE else few for role in RIGHTS}
    before = {role: drawn(open_part.client(role), wanted[role]) for role in WITHOUT}
    add_secrets(open_part)
    for role in WITHOUT:
        after = drawn(open_part.client(role), wanted[role])
        told = [name for name, (_, text) in after.items() if TOKEN in text]
        assert told == [], role
        for name, (status, text) in after.items():
            was, old = before[role][name]
            new = [one for one in text.splitlines() if one not in old.splitlines()]
            # The agenda keeps its numbers: a secret point stands there as "Sekretess" only.
            if name != "meeting":
                assert (status, new) == (was, []), (role, name)
    for role in WITH:
        after = drawn(open_part.client(role), wanted[role])
        silent = {name for name, (status, text) in after.items() if status == 200 and TOKEN not in text}
        # Before the summons the agenda itself is only for those who write it.
        assert silent <= {"start", "meetings", "meeting", "document", "summons", "item", "session"}, role


def own_pages(chain: Chain) -> list[str]:
    """The pages of what is secret itself, and its files."""
    root = chain.root
    found = [
        f"{root}arenden/{one.pk}/{tail}"
        for one in Case.objects.filter(secret=True)
        for tail in ("", "folj/", "historik/")
    ]
    for document in Document.objects.filter(title__startswith=TOKEN):
        found.append(address(chain, "document", document.pk))
        for version in document.versions.exclude(file_version=None):
            found.append(address(chain, "document_file", version.pk))
            found.append(reverse("files:file", args=[version.file_version.file_id]))  # type: ignore[union-attr]
    for letter in Document.objects.filter(kind="letter", case__secret=True):
        found += [f"{root}skrivelser/{letter.pk}/", f"{root}skrivelser/fil/{letter.versions.get().pk}/pdf/"]
    for item in AgendaItem.objects.filter(title__startswith=TOKEN):
        found += [f"{root}punkt/{item.pk}/", f"{root}session/punkt/{item.pk}/"]
    for paragraph in MinuteItem.objects.filter(heading__startswith=TOKEN):
        found += [
            f"{root}paragraf/{paragraph.pk}/",
            f"{root}beslut/{paragraph.pk}/folj/",
            f"{root}paragraf/{paragraph.pk}/utdrag.pdf",
        ]
    for watch in Watch.objects.filter(title__startswith=TOKEN):
        found += [f"{root}balanslista/{watch.pk}/", f"{root}balanslista/{watch.pk}/folj/"]
    return found


def test_what_is_secret_has_no_page_without_the_right(open_part: Chain) -> None:
    add_secrets(open_part)
    addresses = {one: one for one in own_pages(open_part)}
    assert len(addresses) > 20
    for role in ("auditor", "sas"):
        found = drawn(open_part.client(role), addresses)
        assert {name: status for name, (status, _) in found.items() if status not in (403, 404)} == {}, role
    open_to = drawn(open_part.client("secretary"), addresses)
    assert {name: status for name, (status, _) in open_to.items() if status >= 400} == {}


def text_of(blob: Blob) -> str:
    """What stands in a PDF."""
    from roder.files import disk

    made = PdfDocument(disk.path_of(blob.sha256))
    return " ".join(page.get_textpage().get_text_range() for page in made)


def test_the_public_pack_is_without_it_and_the_other_has_it(open_part: Chain) -> None:
    by = open_part.by("secretary")
    before = text_of(make_pack(open_part.meeting, by, public=True).blob)
    add_secrets(open_part)
    after = make_pack(open_part.meeting, by, public=True)
    assert TOKEN not in text_of(after.blob)
    assert TOKEN not in str(after.manifest)
    assert "Delegationsordning" in before
    assert TOKEN in text_of(make_pack(open_part.meeting, by).blob)


def test_votes_at_a_secret_point_are_as_secret_as_the_point(open_part: Chain) -> None:
    open_part.all_present(open_part.meeting)
    item = open_part.new_item(open_part.meeting, "En punkt", secret=True)
    vote = item.votes.create(position=1, yes_means="bifall", no_means="avslag")
    vote.ballots.create(member=open_part.seats["M1"], choice="yes")
    assert access.visible(open_part.by("member"), Ballot.objects.all()).count() == 1
    assert access.visible(open_part.by("auditor"), Ballot.objects.all()).count() == 0
