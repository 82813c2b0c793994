"""Taking a frame for a control that is under way: from a list of references, or from one of Roder's registers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from roder import access
from roder.access import Action, NotAllowedError, Resource
from roder.control.models import ControlRound, SampleFrame
from roder.control.registers_frames import REGISTERS
from roder.control.rules import frames as rules
from roder.control.rules.frames import FrameFault, Row
from roder.control.rules.sampling import fingerprint
from roder.control.services.plan_parts import PlanFault
from roder.control.services.rounds import may_perform
from roder.core import persons
from roder.organisation.models import Person

LONGEST_NAME = 160


def require_open(made: ControlRound) -> None:
    """Raises PlanFault unless the control is under way."""
    if made.state != ControlRound.State.OPEN:
        raise PlanFault(f"Kontrollen är {made.get_state_display()}. Den kan inte ändras.")


def may_sample(made: ControlRound, by: Person) -> bool:
    """Whether somebody may take frames, draw samples and check items for the round."""
    return may_perform(made, by) and access.may(by, Action.COMMENT, Resource.SAMPLES, made.committee)


def take_frame(
    made: ControlRound,
    by: Person | None,
    name: str,
    *,
    references: Iterable[str] = (),
    rows: Iterable[Row] = (),
    source: str = "",
    register: str = "",
    period: tuple[date, date] | None = None,
) -> SampleFrame:
    """Take a frame for a round, from one of: ``references``; ``rows`` of a file with their row numbers, ``source``
    being the file's name; or a ``register`` over a ``period`` (the round's own when not given; both days are in it).

    Every fault is told with its row, and nothing is saved then. ``by`` None is the operator. Raises NotAllowedError;
    PlanFault when the round is not open; FrameFault: blank or repeated references, personal identity numbers, too long,
    the name or the content is there already.
    """
    if by is not None and not may_sample(made, by):
        raise NotAllowedError("Dina mandat ger inte rätt att hämta en urvalsram för den här kontrollen.")
    require_open(made)
    named = " ".join(name.split())
    if not named:
        raise FrameFault("Skriv vad ramen är, till exempel ”Beslut om hemtjänst januari–maj”.")
    if len(named) > LONGEST_NAME:
        raise FrameFault(f"Ramens namn är {len(named)} tecken; högst {LONGEST_NAME} ryms.")
    if persons.find(named):
        raise FrameFault("Ramens namn innehåller ett personnummer. Ta bort det.")
    if register:
        given, source = _from_register(made, by, register, period)
    else:
        given = list(rows) or list(enumerate(references, start=1))
        source = source or "lista"
    return _keep(made, by, named, rules.check(given, lambda text: bool(persons.find(text))), source, register)


def _from_register(
    made: ControlRound, by: Person | None, register: str, period: tuple[date, date] | None
) -> tuple[list[Row], str]:
    declared = REGISTERS.get(register)
    if declared is None:
        raise FrameFault(f"Registret ”{register}” finns inte. Välj ett i listan.")
    first, last = period or (made.period_from, made.period_to)
    if first is None or last is None:
        raise FrameFault("Ange vilken period ramen gäller: från och till och med.")
    if last < first:
        raise FrameFault("Perioden kan inte sluta innan den börjar.")
    taken = declared.take(made.committee, first, last, by)
    if not taken.references:
        raise FrameFault(f"”{declared.label}”: ingenting mellan {first} och {last}. Välj en annan period.")
    source = f"Roder: {declared.label.lower()}, {first}–{last}"
    if not taken.whole:
        source += ", utom det som den som hämtade ramen inte får se"
    return list(enumerate(taken.references, start=1)), source


@transaction.atomic
def _keep(
    made: ControlRound, by: Person | None, name: str, references: tuple[str, ...], source: str, register: str
) -> SampleFrame:
    ControlRound.objects.select_for_update(of=("self",)).get(
        pk=made.pk
    )  # two that take the same frame at once
    found = fingerprint(references)
    there = list(made.frames.all())
    if same := next((one for one in there if one.sha256 == found), None):
        raise FrameFault(f"Samma referenser finns redan i ramen ”{same.name}”. Dra stickprovet ur den.")
    if any(one.name.casefold() == name.casefold() for one in there):
        raise FrameFault(f"Genomförandet har redan en ram som heter ”{name}”. Välj ett annat namn.")
    frame = SampleFrame(
        round=made, name=name, source=source[:300], register=register, refs=list(references), sha256=found,
        taken_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            frame.save(force_insert=True)
    except IntegrityError as error:
        raise FrameFault("Ramen är tom eller har samma referens två gånger. Rätta listan.") from error
    access.record(by, "frame.taken", made, frame=frame.pk, size=len(references), sha256=found)
    return frame
