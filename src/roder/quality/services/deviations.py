"""The deeds of the flow, one for each step: assess, give facts, classify, investigate, analyse, decide, follow up,
review and close. Each checks access, applies the rules, writes in one transaction and leaves a line in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access, tasks
from roder.access import NotAllowedError
from roder.core.persons import checked_texts
from roder.organisation.models import Person
from roder.quality.models import Classification, Deviation, DeviationMatter
from roder.quality.rules import deviations as rules
from roder.quality.rules.deviations import Code, Outcome
from roder.quality.services.handling import (
    Held,
    cancel_tasks,
    done,
    finish,
    hold,
    hold_for,
    note_event,
    require_open,
    require_role,
    undo_steps,
    write,
)
from roder.quality.services.report import TypeCodes, types_of
from roder.steering.models import DeviationCause, DeviationType

#: What the profession looks at when somebody has fallen, got the wrong drug or is worse. Codes are stored.
CHECKS = (
    ("medvetande", "Medvetande"),
    ("andning", "Andning"),
    ("puls", "Puls"),
    ("blodtryck", "Blodtryck"),
    ("temperatur", "Temperatur"),
    ("smarta", "Smärta"),
    ("blodsocker", "Blodsocker"),
    ("skador", "Synliga skador"),
)

Pairs = Sequence[tuple[DeviationType, DeviationCause | None]]


@dataclass(frozen=True)
class Sbar:
    """Situation, background, assessment of now, recommendation: what is said and judged when somebody rings."""

    situation: str
    background: str = ""
    current: str = ""
    recommendation: str = ""


@transaction.atomic
def assess(
    deviation: Deviation,
    by: Person,
    *,
    home_visit: bool,
    sbar: Sbar,
    checks: Sequence[str] = (),
    revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """Licensed staff say whether a home visit is needed, with the SBAR note and what was checked.

    Raises NotAllowedError for others, ValidationError by field, StaleRecordError when somebody else was first.
    """
    held = hold_for(Code.ASSESSMENT, deviation, by, now)
    texts = checked_texts(vars(sbar), required=("situation", "recommendation"))
    known = [code for code, _ in CHECKS if code in checks]
    finish(held, Code.ASSESSMENT, revision=revision, home_visit=home_visit, checks=known, **texts)
    return done(held, "deviation.assessed", home_visit=home_visit)


@transaction.atomic
def give_facts(
    deviation: Deviation,
    by: Person,
    *,
    when: str,
    what: str,
    worked: str,
    talked: bool = False,
    revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """The unit manager says when it happened, what happened and who worked (not who found out), and whether those who
    worked have been talked to. Raises as ``assess``."""
    held = hold_for(Code.FACTS, deviation, by, now)
    texts = checked_texts({"when": when, "what": what, "worked": worked}, required=("what",))
    finish(held, Code.FACTS, revision=revision, talked=talked, **texts)
    return done(held, "deviation.facts_given")


@transaction.atomic
def classify(
    deviation: Deviation,
    by: Person,
    *,
    types: TypeCodes,
    severity: int,
    law: str = "",
    note: str = "",
    expected_revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """Say of which types it is and how severe; again at any time while it is open, and both values are kept.

    ``types`` are (code of type, code of cause or ""). ``law`` is SoL or LSS where no type is clinical. Raises
    StaleRecordError with the deviation as it stands when somebody else has classified since ``expected_revision``;
    ValidationError when nothing is chosen, when a change has no reason, or when somebody other than SAS or MAS makes a
    serious case less; NotAllowedError for those who do not classify.
    """
    held = hold(deviation, by, now)
    code = rules.classifies(held.roles, held.case)
    if code is None:
        raise NotAllowedError("Dina mandat ger inte rätt att klassificera avvikelsen.")
    require_open(held)
    if reason := rules.refusal(code, held.case, held.roles):
        raise ValidationError(reason, code="refused")
    texts = checked_texts({"note": note})
    before = _as_classified(held.deviation)
    faults: dict[str, str] = {}
    if not types:
        faults["types"] = "Välj minst en typ."
    chosen = held.practice.severity(severity)
    if chosen is None:
        faults["severity"] = "Välj hur allvarlig händelsen är."
    first = not held.deviation.classifications.exists()
    pairs = types_of(held.deviation.committee, types)
    after = _codes(pairs)
    if not first and (before != (severity, after)) and not texts["note"]:
        faults["note"] = "Skriv varför klassificeringen ändras. Båda värdena sparas."
    if chosen and not rules.may_lower(held.roles, held.deviation.serious, chosen.serious):
        faults["severity"] = "Bara SAS eller MAS kan ändra en allvarlig händelse till mindre allvarlig."
    if faults or chosen is None:
        raise ValidationError(faults)
    new_law = _law(held.deviation, [kind.clinical for kind, _ in pairs], law)
    held.deviation.save_over(
        held.deviation.revision if expected_revision is None else expected_revision,
        severity=severity, serious=chosen.serious, law=new_law,
        classified_at=held.deviation.classified_at or held.now,
    )  # fmt: skip
    _change_matters(held.deviation, pairs)
    Classification.objects.create(
        deviation=held.deviation, at=held.now, by=by, role=_said_as(held, code), severity=severity,
        severity_before=before[0], types=after, types_before=before[1], note=texts["note"],
    )  # fmt: skip
    _reclassified(held, new_law)
    finish(held, code, note=texts["note"], severity=severity)
    return done(held, "deviation.classified", severity=severity, before=before[0])


def _as_classified(deviation: Deviation) -> tuple[int | None, list[list[str]]]:
    """The severity and the types as they stand."""
    matters = deviation.matters.select_related("type", "cause").order_by("pk")
    return deviation.severity, sorted([one.type.code, one.cause.code if one.cause else ""] for one in matters)


def _codes(pairs: Pairs) -> list[list[str]]:
    return sorted([kind.code, cause.code if cause else ""] for kind, cause in pairs)


def _law(deviation: Deviation, clinical: Sequence[bool], wanted: str) -> str:
    """HSL where a type is clinical; else what was chosen, or what it was, or the service area's."""
    if any(clinical):
        return "hsl"
    if wanted in ("sol", "lss", "hsl"):
        return wanted
    if deviation.law != "hsl":
        return deviation.law
    area = deviation.service_area
    return rules.law_of((), area.law if area else "")


def _change_matters(deviation: Deviation, pairs: Pairs) -> None:
    """Make the rows of types those of ``pairs``; what stays is left alone."""
    wanted = {(kind.pk, cause.pk if cause else None): (kind, cause) for kind, cause in pairs}
    for row in deviation.matters.all():
        if wanted.pop((row.type_id, row.cause_id), None) is None:
            row.delete()
    DeviationMatter.objects.bulk_create(
        DeviationMatter(deviation=deviation, type=kind, cause=cause) for kind, cause in wanted.values()
    )


def _said_as(held: Held, code: Code) -> str:
    """The role that somebody classifies in."""
    return next((role for role in rules.RULES[code].by if role in held.roles), "")


def _reclassified(held: Held, new_law: str) -> None:
    """The rules see the case as it now is; tasks of those who no longer decide are taken away."""
    from dataclasses import replace  # noqa: PLC0415

    law_before = held.case.law
    held.case = replace(held.case, law=new_law, clinical=new_law == "hsl", serious=held.deviation.serious)
    if new_law != law_before:
        for code in (Code.DEEP_ANALYSIS, Code.DECISION):
            tasks.cancel(f"quality.{code}", held.deviation, "Lagrummet är ändrat.", by=held.by)


@transaction.atomic
def investigate(
    deviation: Deviation,
    by: Person,
    *,
    cause: str,
    consequence: str = "",
    feedback: str = "",
    note: str = "",
    revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """The unit manager writes why it happened, what it led to, and what those concerned are told. Raises as ``assess``.

    ``feedback`` is shown to the reporter, who is told that it is there.
    """
    held = hold_for(Code.INVESTIGATION, deviation, by, now)
    texts = checked_texts(
        {"cause": cause, "consequence": consequence, "feedback": feedback, "note": note}, required=("cause",)
    )
    finish(held, Code.INVESTIGATION, note=texts.pop("note"), revision=revision)
    told_before = held.deviation.feedback
    write(held, **texts)
    if texts["feedback"] and texts["feedback"] != told_before and held.deviation.reporter:
        tasks.notify(
            held.deviation.reporter, f"Avvikelse {held.deviation.number} är utredd",
            "Du har fått återkoppling på det du rapporterade.", about=held.deviation,
        )  # fmt: skip
    return done(held, "deviation.investigated")


@transaction.atomic
def deep_analysis(
    deviation: Deviation,
    by: Person,
    *,
    course: str,
    causes: str,
    barriers: str = "",
    revision: int | None = None,
    now: datetime | None = None,
) -> Deviation:
    """MAS (HSL) or SAS analyses a serious case: what happened step by step, why, and what could have stopped it."""
    held = hold_for(Code.DEEP_ANALYSIS, deviation, by, now)
    texts = checked_texts(
        {"course": course, "causes": causes, "barriers": barriers}, required=("course", "causes")
    )
    finish(held, Code.DEEP_ANALYSIS, revision=revision, **texts)
    return done(held, "deviation.analysed")


@transaction.atomic
def decide_serious(
    deviation: Deviation, by: Person, *, outcome: str, motive: str, now: datetime | None = None
) -> Deviation:
    """MAS (HSL) or SAS decides what a serious case leads to: a lex Maria or a lex Sarah case, which is opened, or
    neither, with the reason. Raises NotAllowedError for others, ValidationError without motive or analysis."""
    held = hold_for(Code.DECISION, deviation, by, now)
    texts = checked_texts({"motive": motive}, required=("motive",))
    if outcome not in rules.outcomes(held.case.law):
        raise ValidationError({"outcome": "Välj vad händelsen leder till."})
    finish(held, Code.DECISION, note=texts["motive"], outcome=outcome)
    note_event(held, "decision", texts["motive"], outcome=outcome)
    _open_lex(held, outcome)
    return done(held, "deviation.decided", outcome=outcome)


def _open_lex(held: Held, outcome: str) -> None:
    from roder.quality.services import lex, lex_maria  # noqa: PLC0415 - they use this room's services themselves

    if outcome == Outcome.LEX_SARAH:
        lex.open_lex_sarah(held.deviation, held.by)
    if outcome == Outcome.LEX_MARIA:
        lex_maria.open_lex_maria(held.deviation, held.by)


@transaction.atomic
def follow_up(
    deviation: Deviation, by: Person, *, note: str, revision: int | None = None, now: datetime | None = None
) -> Deviation:
    """The unit manager follows up the unit's own actions: each has an effect, or a new action after it."""
    return _followed(Code.FOLLOW_UP, deviation, by, note, revision, now)


@transaction.atomic
def profession_follow_up(
    deviation: Deviation, by: Person, *, note: str, revision: int | None = None, now: datetime | None = None
) -> Deviation:
    """Licensed staff follow up their own actions. Both follow-ups must be done before the case is closed."""
    return _followed(Code.PROFESSION_FOLLOW_UP, deviation, by, note, revision, now)


def _followed(
    code: Code, deviation: Deviation, by: Person, note: str, revision: int | None, now: datetime | None
) -> Deviation:
    held = hold_for(code, deviation, by, now)
    texts = checked_texts({"note": note}, required=("note",))
    finish(held, code, note=texts["note"], revision=revision)
    return done(held, "deviation.followed_up", step=code.value)


@transaction.atomic
def review(
    deviation: Deviation, by: Person, *, note: str, revision: int | None = None, now: datetime | None = None
) -> Deviation:
    """MAS looks through a case of health care before it is archived, open or closed. Optional."""
    held = hold_for(Code.REVIEW, deviation, by, now)
    texts = checked_texts({"note": note}, required=("note",))
    finish(held, Code.REVIEW, note=texts["note"], revision=revision)
    return done(held, "deviation.reviewed")


@transaction.atomic
def close(deviation: Deviation, by: Person, *, note: str = "", now: datetime | None = None) -> Deviation:
    """End the case. Raises ValidationError with everything that stands in the way: a step that is not done, a serious
    case without decision, an action without effect."""
    held = hold(deviation, by, now)
    require_role(held, rules.CLOSES, "avsluta avvikelsen")
    texts = checked_texts({"note": note})
    if obstacles := rules.obstacles(held.case):
        raise ValidationError(obstacles, code="refused")
    cancel_tasks(held.deviation, "Avvikelsen är avslutad.", by)
    write(held, state="closed", closed_at=held.now)
    note_event(held, "closed", texts["note"])
    if held.deviation.reporter:
        tasks.notify(
            held.deviation.reporter, f"Avvikelse {held.deviation.number} är avslutad",
            "Det du rapporterade är utrett och uppföljt.", about=held.deviation,
        )  # fmt: skip
    access.record(by, "deviation.closed", held.deviation)
    return held.deviation


@transaction.atomic
def reopen(deviation: Deviation, by: Person, *, reason: str, now: datetime | None = None) -> Deviation:
    """Open a closed or merged case again, with the reason; what was followed up is followed up once more."""
    held = hold(deviation, by, now)
    require_role(held, rules.CLOSES, "öppna avvikelsen igen")
    texts = checked_texts({"reason": reason}, required=("reason",))
    if held.case.open:
        raise ValidationError("Avvikelsen är redan öppen.", code="refused")
    write(held, state="reported", closed_at=None, merged_into=None)
    undo_steps(held, rules.undone_by_reopening())
    note_event(held, "reopened", texts["reason"])
    return done(held, "deviation.reopened")
