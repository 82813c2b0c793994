"""Minutes as a document: front page, contents, and paragraph by paragraph (7-meetings 7.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from roder.meetings.models import MinuteItem, Minutes, Presence, Vote
from roder.meetings.papers import minutes_words as words
from roder.meetings.services.dispatch import is_secret
from roder.meetings.services.minutes import signers_of
from roder.reports.document import (
    Block,
    Bullets,
    Column,
    Contents,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Particulars,
    PlainTable,
    Reference,
    Row,
    Signatures,
    Strong,
)

KIND = "Sammanträdesprotokoll"
WITHHELD = "Paragrafen omfattas av sekretess. Begär du ut den prövar nämnden om den kan lämnas ut."
#: how much of a paragraph's papers is asked for at once
_PARTS = (
    "points",
    "item__proposals__members",
    "item__votes__ballots__member",
    "item__reservations__members",
    "item__conflicts__member",
    "item__conflicts__replaced_by",
    "item__elections__body",
    "item__elections__replaces",
    "item__elections__stands_in_for",
    "item__delegated",
    "item__papers__version__document__case",
)


def paragraphs(minutes: Minutes) -> QuerySet[MinuteItem]:
    """The paragraphs with everything that is printed of them, in order."""
    return (
        MinuteItem.objects.filter(item__meeting=minutes.meeting_id)
        .select_related(
            "item__case",
            "item__parent__case",
            "item__meeting",
            "body",
            "repeals__item__meeting",
            "repeals__item__case",
            "repeals__item__parent__case",
        )
        .prefetch_related(*_PARTS)
        .order_by("number", "pk")
    )


def document_of(minutes: Minutes, *, public: bool = False) -> Document:
    """The whole minutes. ``public`` leaves out what is secret. Marked as a draft until everybody has attested."""
    meeting, body = minutes.meeting, minutes.meeting.body
    rows = list(paragraphs(minutes))
    blocks: list[Block] = [*_front(minutes, rows), PageBreak(), Contents(depth=1)]
    for row in rows:
        blocks += paragraph_blocks(row, public=public)
    return Document(
        title=f"Protokoll {body.name.lower() if body.name.isupper() else body.name}",
        kind=KIND,
        municipality=body.municipality.name,
        committee=body.name,
        date=meeting.date,
        draft=minutes.state in (Minutes.State.DRAFT, Minutes.State.CHECKED),
        facts=(
            ("Sammanträdesdatum", words.long_day(meeting.date)),
            ("Paragrafer", span(rows)),
            ("Version", "offentlig, utan sekretessbelagda delar" if public else ""),
        ),
        blocks=tuple(blocks),
    )


def withheld(minutes: Minutes) -> list[str]:
    """What the public version leaves out as things stand now: secret paragraphs, papers, and decisions repealed."""
    found: list[str] = []
    for row in paragraphs(minutes):
        papers = [one for one in row.item.papers.all() if _secret_paper(one)]
        repealed = [row.repeals] if row.repeals and is_secret(row.repeals) else []
        found += [one.gid for one in (*([row] if is_secret(row) else []), *papers, *repealed)]
    return sorted(set(found))


def has_secrets(minutes: Minutes) -> bool:
    """Whether anything in the minutes is secret, so that a public version is needed."""
    return bool(withheld(minutes))


def span(rows: Sequence[MinuteItem]) -> str:
    """``§§ 67–76``."""
    numbers = [one.number for one in rows if one.number]
    if not numbers:
        return ""
    return f"§ {numbers[0]}" if len(numbers) == 1 else f"§§ {numbers[0]}–{numbers[-1]}"


# --- the front page -------------------------------------------------------------------------------------------------


def _front(minutes: Minutes, rows: Sequence[MinuteItem]) -> list[Block]:
    meeting = minutes.meeting
    presences = list(
        Presence.objects.filter(meeting=meeting, status=Presence.Status.PRESENT)
        .select_related("member", "serves_for")
        .order_by("member__order", "pk")
    )
    serving = tuple(words.present_line(one) for one in presences if one.serves)
    others = tuple(words.present_line(one) for one in presences if not one.serves)
    signers = signers_of(minutes)
    attesters = [one for one in signers if one.pk != minutes.chair_id]
    facts: list[tuple[str, tuple[str, ...]]] = [
        ("Plats och tid", (", ".join(part for part in (meeting.place, _times(minutes)) if part),)),
        ("Ajourneringar", _lines(meeting.adjournments)),
        ("Beslutande", serving),
        ("Ersättare som inte tjänstgör", others),
        ("Övriga närvarande", _lines(meeting.others)),
        ("Paragrafer", (span(rows),)),
        ("Justerare", (words.names(attesters),)),
        ("Justeringens plats och tid", (_attesting(minutes),)),
    ]
    return [
        Particulars(tuple((name, lines) for name, lines in facts if any(lines))),
        Signatures(_signatures(minutes)),
        Paragraph((Strong("Bevis om anslag"),)),
        Particulars(notice_facts(minutes)),
    ]


def _times(minutes: Minutes) -> str:
    meeting = minutes.meeting
    start, end = words.clock(meeting.opened_at), words.clock(meeting.ended_at)
    if not start:
        start = f"{meeting.starts:%H.%M}"
    if not end and meeting.ends:
        end = f"{meeting.ends:%H.%M}"
    day = words.long_day(meeting.date)
    return f"{day}, kl. {start}–{end}" if end else f"{day}, kl. {start}"


def _attesting(minutes: Minutes) -> str:
    day = words.long_day(minutes.attest_on) if minutes.attest_on else ""
    return ", ".join(part for part in (minutes.attest_place, day) if part)


def _signatures(minutes: Minutes) -> tuple[tuple[str, str], ...]:
    """Who signs: the secretary, the chair and those who attest, with what is known of each."""
    done = {one.member_id: one for one in minutes.attestations.filter(paragraph=None)}
    found: list[tuple[str, str]] = []
    if minutes.secretary:
        found.append((str(minutes.secretary), "sekreterare"))
    for member in signers_of(minutes):
        role = "ordförande" if member.pk == minutes.chair_id else "justerare"
        signed = done.get(member.pk)
        if signed:
            on_paper = signed.by_id != member.person_id
            how = "undertecknat på papper" if on_paper else "justerat i Roder"
            role = f"{role} – {how} {words.long_day(signed.at)}"
        found.append((str(member), role))
    return tuple(found)


def notice_facts(minutes: Minutes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the notice says: whose minutes, of when, up and down, and where they are kept."""
    meeting = minutes.meeting
    empty = "____________________"
    rows = (
        ("Organ", meeting.body.name),
        ("Sammanträdesdatum", words.long_day(meeting.date)),
        ("Anslaget sätts upp", words.long_day(minutes.posted_on) if minutes.posted_on else empty),
        ("Anslaget tas ned", words.long_day(minutes.down_on) if minutes.down_on else empty),
        ("Protokollet förvaras hos", minutes.kept_at or meeting.body.municipality.name),
    )
    return tuple((name, (value,)) for name, value in rows)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- a paragraph ----------------------------------------------------------------------------------------------------


def paragraph_blocks(row: MinuteItem, *, public: bool = False) -> list[Block]:
    """A paragraph: number, heading, decision, and how it came about. ``public``: nothing secret of it."""
    number = f"§\u00a0{row.number}" if row.number else "§"
    if public and is_secret(row):
        return [Heading(1, f"{number} Sekretess"), Paragraph((WITHHELD,))]
    item = row.item
    section = _secrecy_section(row)
    reference = " · ".join(
        part
        for part in (
            item.case.number if item.case else "",
            f"omedelbart justerad {words.long_day(row.attested_at)}" if row.attested_at else "",
            f"sekretess, {section}" if section else "sekretess" if is_secret(row) else "",
        )
        if part
    )  # fmt: skip
    blocks: list[Block] = [Heading(1, f"{number} {row.heading}")]
    if reference:
        blocks.append(Reference(reference))
    blocks += _decision(row, public)
    blocks += _part("Ärendebeskrivning", row.summary)
    blocks += _part("Beredning", row.preparation)
    blocks += _papers(row, public)
    blocks += _listed("Jäv", (words.conflict_line(one) for one in item.conflicts.all()))
    proposals = (one for one in item.proposals.all() if not one.withdrawn)
    blocks += _listed("Förslag till beslut på sammanträdet", (words.proposal_line(one) for one in proposals))
    blocks += _procedure(row)
    blocks += _listed("Val", (words.election_line(one) for one in item.elections.all()))
    blocks += _delegated(row)
    blocks += _reservations(row)
    blocks += _listed("Beslutet skickas till", (words.purpose_words(one) for one in row.recipients))
    return blocks


def _secrecy_section(row: MinuteItem) -> str:
    """The law that a secret paragraph is secret by: its case's, else that of the point it stands under."""
    if not is_secret(row):
        return ""
    cases = [one.case for one in (row.item, row.item.parent) if one is not None and one.case is not None]
    return next((one.secrecy_section for one in cases if one.secrecy_section), "")


def _decision(row: MinuteItem, public: bool) -> list[Block]:
    points = [one.text for one in row.points.all()]
    blocks: list[Block] = []
    if points:
        blocks.append(Heading(2, "Beslut"))
        if len(points) == 1:
            blocks += _texts(points[0])
        else:
            blocks.append(Bullets(tuple((one,) for one in points), numbered=True))
    if row.repeals:
        old = row.repeals
        day = old.item.meeting.date.isoformat()
        heading = "" if public and is_secret(old) else f", {old.heading}"
        blocks.append(Paragraph((f"Beslutet upphäver § {old.number} den {day}{heading}.",)))
    return blocks


def _texts(text: str) -> list[Block]:
    """Running text, a block for every line."""
    return [Paragraph((one.strip(),)) for one in text.splitlines() if one.strip()]


def _part(title: str, text: str) -> list[Block]:
    found = _texts(text)
    return [Heading(2, title), *found] if found else []


def _listed(title: str, lines: Iterable[str]) -> list[Block]:
    found = [line for line in lines if line]
    if not found:
        return []
    if len(found) == 1 and title not in ("Beslutet skickas till", "Beslutsunderlag"):
        return [Heading(2, title), Paragraph((found[0],))]
    return [Heading(2, title), Bullets(tuple((one,) for one in found))]


def _secret_paper(paper: object) -> bool:
    document = paper.version.document  # type: ignore[attr-defined]
    return bool(document.secret or document.case.secret)


def _papers(row: MinuteItem, public: bool) -> list[Block]:
    shown = [
        one for one in row.item.papers.all() if one.version.number and not (public and _secret_paper(one))
    ]
    return _listed(
        "Beslutsunderlag",
        (
            f"{one.own_heading or one.version.document.title}, {one.version.dated_on.isoformat()}"
            for one in shown
        ),
    )


def _procedure(row: MinuteItem) -> list[Block]:
    blocks = _part("Beslutsgång", row.procedure)
    votes = [one for one in row.item.votes.all() if one.ended_at]
    for vote in votes:
        if not blocks:
            blocks.append(Heading(2, "Beslutsgång"))
        number = f" {vote.position}" if len(votes) > 1 else ""
        blocks.append(Paragraph((f"Ja-röst: {vote.yes_means}. Nej-röst: {vote.no_means}.",)))
        if vote.closed_ballot:
            blocks.append(Paragraph((f"Omröstningen är sluten. {words.vote_result(vote)}",)))
            continue
        blocks.append(vote_table(vote, f"Omröstning{number}, § {row.number}"))
        blocks.append(Paragraph((words.vote_result(vote),)))
    return blocks


def vote_table(vote: Vote, caption: str) -> PlainTable:
    """How each voted, name by name, with the sums."""
    columns = (
        Column("name", "Namn", "text"),
        Column("party", "Parti", "text"),
        Column("yes", "Ja", "text"),
        Column("no", "Nej", "text"),
        Column("abstains", "Avstår", "text"),
    )
    ballots = sorted(vote.ballots.all(), key=lambda one: (one.member.order, one.pk))
    rows = [
        Row(
            str(one.pk),
            {"name": one.member.name, "party": one.member.party}
            | ({one.choice: "x"} if one.choice != "away" else {"abstains": "frånvarande"}),
        )
        for one in ballots
    ]
    sums = {"yes": str(vote.yes), "no": str(vote.no), "abstains": str(vote.abstained)}
    rows.append(Row("sum", {"name": "SUMMA", "party": "", **sums}, kind="sum"))
    return PlainTable(caption, columns, tuple(rows), unit_note="")


def _delegated(row: MinuteItem) -> list[Block]:
    lines = list(row.item.delegated.all())
    if not lines:
        return []
    columns = (
        Column("delegate", "Delegat", "text"),
        Column("period", "Period", "text"),
        Column("content", "Beslut om", "text"),
        Column("count", "Antal", "text"),
    )
    rows = tuple(
        Row(
            str(one.pk),
            {"delegate": one.delegate, "period": one.period, "content": one.content,
             "count": "" if one.count is None else str(one.count)},
        )
        for one in lines
    )  # fmt: skip
    return [PlainTable("Anmälda delegationsbeslut", columns, rows, unit_note="")]


def _reservations(row: MinuteItem) -> list[Block]:
    rows = list(row.item.reservations.all())
    if not rows:
        return []
    blocks: list[Block] = [Heading(2, "Reservationer och särskilda yttranden")]
    for one in rows:
        blocks.append(Paragraph((words.reservation_line(one),)))
        blocks += _texts(one.text)
    return blocks
