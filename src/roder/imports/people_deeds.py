"""What the rows of a file with people do: people are added, and get the mandates that the file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import access
from roder.core.faults import UserFault
from roder.core.models import ImportBatch
from roder.core.uses import pointing_at
from roder.imports.comparing import SHOWN_CHANGES, Change, Counts
from roder.imports.staging import Staging
from roder.imports.worked_on import refuse_work, stored, time_of, touched_since
from roder.organisation.models import Mandate, Person
from roder.organisation.rules import Term, terms

Where = dict[str, Any]


@dataclass
class _Row:
    """A row of the file: whose mandate, which one stands already, and its time afterwards."""

    n: int
    email: str
    name: str
    person: Person | None
    role: str
    where: Where
    mandate: Mandate | None
    time: Term

    @property
    def is_new(self) -> bool:
        """Whether the mandate is made by the row."""
        return self.mandate is None

    @property
    def is_changed(self) -> bool:
        """Whether the mandate that stands gets another time."""
        now = self.mandate.valid if self.mandate else None
        return now is not None and (now.lower, now.upper) != (self.time.start, self.time.end)


class PeopleDeeds:
    """Adds people and gives mandates. Nobody is removed: who is not in the file stays as they were."""

    def check(self, staging: Staging) -> None:
        """A new person needs a name, and one name."""
        known = {email.lower() for email in Person.objects.values_list("email", flat=True)}
        names: dict[str, str] = {}
        rows = staging.values("epost", "namn")
        for _, email, name in rows:
            if email and name:
                names.setdefault(email, name)
        for n, email, name in rows:
            if not email or email in known:
                continue
            if email not in names:
                staging.note_cell(n, "namn", f"{email} är ny och har inget namn", "Skriv personens namn.")
            elif name and name != names[email]:
                what = f"{email} heter ”{names[email]}” på en annan rad"
                staging.note_cell(n, "namn", what, "Skriv samma namn på alla personens rader.")

    def compare(self, staging: Staging) -> tuple[Counts, list[Change]]:
        """New mandates, and those that get other dates."""
        rows = _rows(staging)
        new = sum(row.is_new for row in rows)
        changed = [row for row in rows if row.is_changed]
        return Counts(new, len(changed), len(rows) - new - len(changed)), _shown(changed)

    def write(self, staging: Staging, batch: ImportBatch) -> dict[str, Any]:
        """People first, without password; then their mandates, each with a line in the trail."""
        by = batch.imported_by
        done: dict[str, Any] = {"people": [], "made": [], "changed": {}}
        people: dict[str, Person] = {}
        for row in _rows(staging):
            person = row.person or people.get(row.email)
            if person is None:
                person = people[row.email] = Person.objects.create_user(row.email, name=row.name)
                done["people"].append(person.pk)
                access.record(by, "person added", person)
            valid = DateRange(row.time.start, row.time.end)
            if row.mandate is None:
                mandate = Mandate(person=person, role=row.role, valid=valid, **row.where)
                mandate.full_clean()
                mandate.save(force_insert=True)
                done["made"].append(mandate.pk)
                access.record(by, "mandate given", mandate, role=row.role, start=row.time.start.isoformat())
            elif row.is_changed:
                before = [stored(row.mandate.valid.lower), stored(row.mandate.valid.upper)]
                row.mandate.save_over(row.mandate.revision, valid=valid)
                done["changed"][str(row.mandate.pk)] = {"before": before, "revision": row.mandate.revision}
                last = row.time.end - timedelta(days=1) if row.time.end else None
                access.record(
                    by, "mandate ended" if last else "mandate given", row.mandate, last=stored(last)
                )
        return done

    def take_back(self, batch: ImportBatch) -> int:
        """The mandates go or get their dates back. People who came with the file go too, unless they have begun to use
        the system."""
        done = batch.done
        _refuse_changes(done)
        refuse_work(Mandate, done["made"], set())
        for pk, one in done["changed"].items():
            mandate = Mandate.objects.get(pk=int(pk))
            mandate.save_over(mandate.revision, valid=time_of(*one["before"]))
        Mandate.objects.filter(pk__in=done["made"]).delete()
        for person in Person.objects.filter(pk__in=done["people"], last_login=None):
            if not person.has_usable_password() and not _used(person):
                person.delete()
        return len(done["made"]) + len(done["changed"])


def _rows(staging: Staging) -> list[_Row]:
    """The rows beside what stands."""
    read = staging.values("epost", "namn", "roll", "plats", "fran", "till", faultless=True)
    emails = {row[1] for row in read}
    people = {one.email.lower(): one for one in Person.objects.all() if one.email.lower() in emails}
    held: dict[tuple[Any, ...], list[Mandate]] = {}
    for mandate in Mandate.objects.filter(person__in=people.values()).order_by("valid"):
        held.setdefault((mandate.person_id, mandate.role, mandate.body_id, mandate.unit_id), []).append(
            mandate
        )
    names: dict[str, str] = {}
    for _, email, name, *_rest in read:
        names.setdefault(email, name or "")
        names[email] = names[email] or name or ""
    alike: dict[tuple[Any, ...], list[int]] = {}  # rows that are about the same person, role and place
    places = [_where(row[4], staging.context.committee.pk) for row in read]
    for at, (_, email, _, role, *_rest) in enumerate(read):
        where = places[at]
        alike.setdefault((email, role, where.get("body_id"), where.get("unit_id")), []).append(at)
    rows: dict[int, _Row] = {}
    for (email, role, body_id, unit_id), those in alike.items():
        person = people.get(email)
        stands = held.get((person.pk, role, body_id, unit_id), []) if person else []
        for at, time in zip(those, _times(stands, [read[at][5:7] for at in those]), strict=True):
            stood = stands[time.number] if time.number is not None else None
            rows[at] = _Row(read[at][0], email, names[email], person, role, places[at], stood, time)
    for _, email, name, *_rest in read:
        _remark(staging, people.get(email), name)
    return [rows[at] for at in range(len(read))]


def _times(stands: list[Mandate], said: list[tuple[date | None, date | None]]) -> list[Term]:
    open_ends = [(start, last + timedelta(days=1) if last else None) for start, last in said]
    return terms([(one.valid.lower, one.valid.upper) for one in stands], open_ends, timezone.localdate())


def _where(place: str, committee: int) -> Where:
    kind, _, pk = place.partition(":")
    return {"unit_id": int(pk)} if kind == "unit" else {"body_id": int(pk) if pk else committee}


def _remark(staging: Staging, person: Person | None, name: str | None) -> None:
    """What the file says of a person who is there already and that an import does not change."""
    remark = ""
    if person is not None and not person.is_active:
        remark = f"{person.email} är avstängd och kan inte logga in; mandatet läses in ändå."
    elif person is not None and name and name != person.name:
        remark = f"{person.email} heter redan ”{person.name}”; namnet i filen läses inte in."
    if remark and remark not in staging.warnings:
        staging.warnings.append(remark)


def _shown(rows: list[_Row]) -> list[Change]:
    found = []
    for row in rows[:SHOWN_CHANGES]:
        assert row.mandate is not None  # noqa: S101 - only mandates that stand are changed
        low, high = row.mandate.valid.lower, row.mandate.valid.upper
        if low != row.time.start:
            found.append(Change(row.n, "fran", str(low), str(row.time.start)))
        if high != row.time.end:
            found.append(Change(row.n, "till", _last(high), _last(row.time.end)))
    return found


def _last(end: date | None) -> str:
    return str(end - timedelta(days=1)) if end else "tills vidare"


def _refuse_changes(done: dict[str, Any]) -> None:
    """Raise UserFault when any of the mandates has been changed or removed since the file was read in."""
    touched = touched_since(Mandate, done)
    if touched:
        raise UserFault(
            f"inläsningen kan inte ångras: {len(touched)} av mandaten har ändrats efter inläsningen. "
            "Avsluta mandaten på sidan Mandat, eller läs in en rättad fil."
        )


def _used(person: Person) -> bool:
    """Whether anything in the system is the person's."""
    return any(
        table._default_manager.filter(**{field: person.pk}).exists() for table, field in pointing_at(Person)
    )
