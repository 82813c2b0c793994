"""Reads a meeting's file (``sammantrade-….yaml``) and carries it out through the same services as people do.

Everything happens once: what is there already is left. Letters come from locked reports, letters go to the agenda, the
meeting is summoned, opened, voted in and ended, its minutes are attested and locked, and assignments become watches.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone
from ruamel.yaml import YAML

from roder.core.models import Link
from roder.meetings.models import (
    AgendaItem,
    BodyMember,
    Case,
    DelegatedReport,
    Document,
    DocumentVersion,
    Meeting,
    MinuteItem,
    Watch,
)
from roder.meetings.papers import extract, locking
from roder.meetings.papers.letter_report import letter_from_report
from roder.meetings.rules.letters import empty
from roder.meetings.services import agenda, cases, documents, letters, members, minutes, session, watches
from roder.meetings.services.elections import elect
from roder.organisation.models import Body, Person, Role
from roder.reports.document import Document as Paper
from roder.reports.document import Paragraph
from roder.reports.models import Report
from roder.reports.render import pdf
from roder.tasks import rules
from roder.tasks.services import Condition

TERM = date(2019, 1, 1), date(2022, 12, 31)
LETTER_PARTS = tuple(empty())
Rows = Mapping[str, Any]


@dataclass
class Told:
    """A file as it is carried out: what the keys in it have become."""

    committee: Body
    people: Mapping[str, Person]
    data: Rows
    bodies: dict[str, Body] = field(default_factory=dict)
    seats: dict[str, BodyMember] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    letters: dict[str, Document] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    paragraphs: dict[str, MinuteItem] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    @property
    def secretary(self) -> Person:
        """Who does what secretaries do."""
        return self.people["secretary"]


def carry_out(path: Path, people: Mapping[str, Person]) -> Told:
    """Carry out a file with the people of the demonstration by role (``quality-strategist``). Gives what came of it."""
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    committee = Body.objects.select_related("municipality").get(slug=data["committee"])
    told = Told(committee, people, data)
    _bodies(told)
    meetings = {one["key"]: _meeting(told, one["key"]) for one in data["meetings"]}
    new = [one for one in data["meetings"] if meetings[one["key"]] is None]
    if not new:
        return told
    _cases(told)
    for one in data["meetings"]:
        if meetings[one["key"]] is None:
            _hold(told, one)
    return told


def _meeting(told: Told, key: str) -> Meeting | None:
    one = next(row for row in told.data["meetings"] if row["key"] == key)
    rows = Meeting.objects.filter(body=told.bodies[one["body"]], date=one["date"])
    return rows.filter(state=Meeting.State.ENDED).first()


def _bodies(told: Told) -> None:
    """The bodies, found by their code, and who sits in them."""
    for name, row in told.data["bodies"].items():
        near = Q(pk=told.committee.pk) | Q(parent=told.committee) | Q(parent=None)
        rows = Body.objects.filter(near, municipality=told.committee.municipality, short_name=row["code"])
        body = told.committee if row["code"] == told.committee.short_name else rows.get()
        told.bodies[name] = body
        there = {(one.name, one.party): one for one in BodyMember.objects.filter(body=body)}
        for order, seat in enumerate(told.data["seats"].get(name, ()), start=1):
            stands_in_for = told.seats.get(seat.get("stands_in_for", ""))
            first = date.fromisoformat(seat["from"]) if "from" in seat else TERM[0]
            told.seats[seat["key"]] = there.get((seat["name"], seat["party"])) or members.add_member(
                body, told.committee, told.secretary, from_day=_term(told, first), until=_term_end(told),
                name=seat["name"], party=seat["party"], post=seat["post"], order=order,
                person=told.people.get(seat.get("person", "")), stands_in_for=stands_in_for,
            )  # fmt: skip


def _term(told: Told, first: date) -> date:
    """The term of office that the file's year belongs to; seats begin with it."""
    return first if told.data["series"]["year"] <= TERM[1].year else date(2023, 1, 1)


def _term_end(told: Told) -> date:
    return TERM[1] if told.data["series"]["year"] <= TERM[1].year else date(2026, 12, 31)


def _cases(told: Told) -> None:
    series = told.data["series"]
    last = max(series["last"], cases.series_of(told.committee, series["year"]).last)
    cases.set_series(told.committee, series["year"], told.secretary, pattern=series["pattern"], last=last)
    for key, row in told.data["cases"].items():
        more = {name: row[name] for name in ("origin", "summary") if name in row}
        if "answer_by" in row:
            more["answer_by"] = date.fromisoformat(row["answer_by"])
        opened = date.fromisoformat(row["opened_on"])
        told.cases[key] = cases.find_case(told.committee, row["number"]) or cases.register_case(
            told.committee, row["title"], kind=row.get("kind", "own"), by=told.secretary, opened_on=opened,
            number=row["number"], responsible=told.people[row["responsible"]], **more,
        )  # fmt: skip
    for key, row in told.data.get("documents", {}).items():
        case = told.cases[row["case"]]
        told.documents[key] = case.documents.filter(title=row["title"]).first() or _add(
            told,
            case,
            row["kind"],
            row["title"],
            _printed(told, row),
            date.fromisoformat(row["dated_on"]),
            row,
        )
    for key, row in told.data.get("letters", {}).items():
        told.letters[key] = _letter(told, row)


def _add(
    told: Told, case: Case, kind: str, title: str, content: bytes, day: date, row: Rows | None = None
) -> Document:
    """A finished PDF among the documents of a case."""
    return documents.add_document(
        case, kind, title, told.secretary, upload=io.BytesIO(content), name=f"{kind}-{day.isoformat()}.pdf",
        dated_on=day, sender=(row or {}).get("sender", ""),
    )  # fmt: skip


def _printed(told: Told, row: Rows) -> bytes:
    """A short document in one paragraph."""
    committee = told.committee
    return pdf.render(
        Paper(
            row["title"], "Handling", committee.municipality.name, committee.name,
            told.cases[row["case"]].number, date.fromisoformat(row["dated_on"]), blocks=(Paragraph((row["text"],)),),
        )
    )  # fmt: skip


def _letter(told: Told, row: Rows) -> Document:
    """The letter of a case: from a locked report where the file says so, then filled in, and its later versions."""
    case, by = told.cases[row["case"]], told.people[row["by"]]
    if there := case.documents.filter(kind=Document.Kind.LETTER).first():
        return there
    content = {name: row[name] for name in LETTER_PARTS if name in row}
    report = _report(told, row.get("from_report"))
    if report is None:
        letter = letters.new_letter(case, by, content={**content, "to": told.committee.name})
    else:
        letter = letter_from_report(report, case, by, dated_on=date.fromisoformat(row["date"]))
        version = documents.current(letter)
        letters.save_letter(
            version, by, {**(version.letter or {}), **content}, expected_revision=version.revision
        )
    return Document.objects.get(pk=letter.pk)


def _report(told: Told, wanted: Rows | None) -> Report | None:
    """The locked report that a letter is made from, or None where it has not been made."""
    if not wanted:
        return None
    rows = Report.objects.filter(
        committee=told.committee,
        kind=wanted["kind"],
        occasion__code=wanted["occasion"],
        state=Report.State.LOCKED,
    )
    return rows.select_related("committee__municipality", "occasion").order_by("-number").first()


# --- a meeting ------------------------------------------------------------------------------------------------------


def _hold(told: Told, row: Rows) -> None:
    """Take a meeting from calendar to locked minutes."""
    by, body = told.secretary, told.bodies[row["body"]]
    day = date.fromisoformat(row["date"])
    for key, letter in told.letters.items():
        _later_versions(told, key, letter, day)
    meeting = Meeting.objects.filter(body=body, date=day).first() or agenda.plan_meeting(
        body, told.committee, day, time.fromisoformat(row["starts"]), by, place=row["place"]
    )
    items = _agenda(told, meeting, row)
    agenda.summon(meeting, by)
    _present(told, meeting, row)
    meeting = session.open_meeting(meeting, by, at=_at(day, row["starts"]))
    if row.get("others"):
        Meeting.objects.filter(pk=meeting.pk).update(others="\n".join(row["others"]))
    for one, item in items:
        _deal_with(told, one, item)
    meeting = session.end_meeting(meeting, by, at=_at(day, row["ends"]))
    record = minutes.open_minutes(
        meeting, by, chair=_chair(told, row), attesters=[told.seats[key] for key in row["attesters"]],
        attest_on=date.fromisoformat(row["attest_on"]), attest_place=row.get("attest_place", ""),
        kept_at=row.get("kept_at", ""), first=row.get("first"),
    )  # fmt: skip
    record = minutes.check(record, by)
    signed = date.fromisoformat(row["attest_on"])
    for key in (_chair_key(told, row), *row["attesters"]):
        minutes.attest(record, told.seats[key], by, on_paper=signed)
    record.refresh_from_db()
    record = locking.lock(record, by)
    minutes.post_notice(record, by, signed)
    for one, item in items:
        _followed_up(told, one, item)
    count = MinuteItem.objects.filter(item__meeting=meeting).count()
    word = "paragraf" if count == 1 else "paragrafer"
    told.done.append(f"{body.name} {day.isoformat()}: {count} {word} i låst protokoll")


def _at(day: date, clock: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _chair_key(told: Told, row: Rows) -> str:
    return next(key for key in row["serving"] if told.seats[key].post == BodyMember.Post.CHAIR)


def _chair(told: Told, row: Rows) -> BodyMember:
    return told.seats[_chair_key(told, row)]


def _later_versions(told: Told, key: str, letter: Document, day: date) -> None:
    """New versions of a letter that were written before the day."""
    row = told.data["letters"][key]
    by = told.people[row["by"]]
    for one in row.get("versions", ()):
        dated = date.fromisoformat(one["date"])
        if dated > day or letter.versions.filter(dated_on=dated).exists():
            continue
        made = letters.new_version(letter, by, dated_on=dated, note=one["note"])
        changed = {name: one[name] for name in LETTER_PARTS if name in one and name != "date"}
        letters.save_letter(made, by, {**(made.letter or {}), **changed}, expected_revision=made.revision)


def _agenda(told: Told, meeting: Meeting, row: Rows) -> list[tuple[Rows, AgendaItem]]:
    """Put the points on the agenda with their papers."""
    made: list[tuple[Rows, AgendaItem]] = []
    for one in row["items"]:
        item = _item(told, meeting, one, None)
        made.append((one, item))
        for child in one.get("children", ()):
            _item(told, meeting, child, item)
    return made


def _item(told: Told, meeting: Meeting, row: Rows, parent: AgendaItem | None) -> AgendaItem:
    by = told.secretary
    case = told.cases.get(row.get("case", ""))
    item = agenda.add_item(
        meeting, by, kind=row["kind"], title=row["title"], case=case, parent=parent, presenter=row.get("presenter", ""),
    )  # fmt: skip
    if "letter" in row:
        agenda.add_paper(item, documents.current(told.letters[row["letter"]]), by)
    if "extract_of" in row:
        agenda.add_paper(item, _extract(told, told.paragraphs[row["extract_of"]], case), by)
    wanted = row.get("papers", ())
    if wanted == "case":
        agenda.add_case_papers(item, by)
    else:
        for key in wanted:
            agenda.add_paper(item, documents.current(told.documents[key]), by)
    return item


def _extract(told: Told, paragraph: MinuteItem, case: Case | None) -> DocumentVersion:
    """The extract of a paragraph as a document in the case it is about."""
    meeting = paragraph.item.meeting
    title = f"Protokollsutdrag {meeting.body.name} {meeting.date.isoformat()} § {paragraph.number}"
    assert case is not None  # noqa: S101 - the file gives a case with every extract
    content = extract.extract_of(paragraph)
    return documents.current(_add(told, case, Document.Kind.EXTRACT, title, content, meeting.date))


def _present(told: Told, meeting: Meeting, row: Rows) -> None:
    """Who was there: those who serve, substitutes called in and only present, and those who were not."""
    rows = [session.Row(told.seats[key]) for key in row["serving"]]
    rows += [session.Row(told.seats[key], "absent") for key in row.get("absent", ())]
    rows += [
        session.Row(told.seats[key], serves_for=told.seats[of])
        for key, of in row.get("called_in", {}).items()
    ]
    rows += [session.Row(told.seats[key]) for key in row.get("present", ())]
    session.set_presences(meeting, rows, told.secretary)


def _deal_with(told: Told, row: Rows, item: AgendaItem) -> None:
    """Proposals, vote, election, decision, reservations and assignments of one point."""
    by = told.secretary
    for one in row.get("proposals", ()):
        session.propose(item, one["kind"], _members(told, one), one.get("text", ""), by)
    if "vote" in row:
        _vote(told, row["vote"], item)
    if "election" in row:
        _elect(told, row["election"], item)
    for place, one in enumerate(row.get("delegated", ()), start=1):
        DelegatedReport.objects.create(item=item, position=place, **one)
    if "points" not in row:
        return
    paragraph = session.decide(
        item, by, points=row["points"], outcome=row["outcome"],
        procedure=row.get("procedure") or session.proposed_procedure(item, row["outcome"]),
        recipients=row.get("recipients", ()), repeals=told.paragraphs.get(row.get("repeals", "")),
        summary=row.get("summary"),
    )  # fmt: skip
    told.paragraphs[row["key"]] = paragraph
    for one in row.get("reservations", ()):
        session.reserve(item, _members(told, one), one["text"], by)
    for one in row.get("assignments", ()):
        session.catch_assignment(
            paragraph, by, title=one["title"], what=one["what"], role=one["role"],
            rhythms=[_rhythm(rhythm) for rhythm in one["rhythms"]],
            responsible=str(Role(one["role"]).label).capitalize(),
        )  # fmt: skip


def _members(told: Told, row: Rows) -> list[BodyMember]:
    return [told.seats[key] for key in row["members"]]


def _vote(told: Told, row: Rows, item: AgendaItem) -> None:
    """A vote, name by name."""
    by = told.secretary
    vote = session.start_vote(item, row["yes_means"], row["no_means"], by)
    choices = {told.seats[key]: choice for choice in ("yes", "no", "abstains") for key in row.get(choice, ())}
    vote = session.cast_all(vote, choices, by)
    session.end_vote(vote, by, at=_at(item.meeting.date, "18:00"))


def _elect(told: Told, row: Rows, item: AgendaItem) -> None:
    elect(
        item, told.secretary, body=told.bodies[row["body"]], post=row["post"], name=row["name"], party=row["party"],
        stands_in_for=told.seats.get(row.get("stands_in_for", "")), until=date.fromisoformat(row["until"]),
    )  # fmt: skip


def _rhythm(row: Rows) -> tuple[str, str, rules.DueRule | None, Condition | None]:
    """When an assignment comes back, as the balance list takes it."""
    rule: rules.DueRule | None = None
    if "on" in row:
        rule = rules.OnDay(date.fromisoformat(row["on"]))
    elif "months" in row:
        rule = rules.InMonths(tuple(row["months"]))
    return row["kind"], row["printed"], rule, Condition(text=row["condition"]) if "condition" in row else None


def _followed_up(told: Told, row: Rows, item: AgendaItem) -> None:
    """What became of the point's assignments afterwards."""
    if "points" not in row:
        paragraph = MinuteItem.objects.filter(item=item).first()
        if paragraph is not None:
            told.paragraphs[row["key"]] = paragraph
        return
    told.paragraphs[row["key"]] = MinuteItem.objects.select_related("item__meeting__body").get(item=item)
    for one in row.get("assignments", ()):
        watch = Watch.objects.get(paragraph=told.paragraphs[row["key"]], title=one["title"])
        for report in one.get("reports", ()):
            watches.report_watch(
                watch, told.secretary, on=date.fromisoformat(report["on"]), note=report["note"]
            )
            _evidence(told, watch, report.get("evidence"))
        if done := one.get("done"):
            watch.refresh_from_db()
            watches.finish_watch(watch, told.secretary, done["why"], on=date.fromisoformat(done["on"]))


def _evidence(told: Told, watch: Watch, wanted: Rows | None) -> None:
    """The locked report in which the watch was reported, linked to it."""
    if not wanted:
        return
    found = Report.objects.filter(
        committee=told.committee, kind=wanted["kind"], occasion__year=wanted["year"], state=Report.State.LOCKED
    ).order_by("-number").first()  # fmt: skip
    if found is not None:
        Link.objects.get_or_create(
            source_kind=watch.record_kind(), source_id=watch.pk, kind=Link.Kind.EVIDENCE,
            target_kind=found.record_kind(), target_id=found.pk,
        )  # fmt: skip
