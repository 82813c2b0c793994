"""Goals and their rules, status scales, trends, and the occasions of the year with their phases."""

from __future__ import annotations

from pydantic import Field

from roder.steering.modelfile.codes import (
    CalendarKind,
    Content,
    LevelKind,
    OccasionKind,
    PhaseStep,
    Requirement,
    Role,
    ScaleLevel,
    Subject,
    Tone,
    TrendDirection,
    UnitKind,
)
from roder.steering.modelfile.parts import (
    AddressCode,
    Clock,
    Code,
    Day,
    Long,
    Part,
    Short,
    Sourced,
    Term,
    Text,
    Whole,
    YesNo,
)


class GoalLevel(Term):
    """One level of the goal chain. ``parent`` is the code of the level above, absent for the top."""

    kind: LevelKind = Field(title="slag")
    parent: Code | None = Field(None, title="överordnad nivå")
    decided_by: Code | None = Field(None, title="beslutas av")


class FollowMark(Term):
    """A mark on a goal that says at which kinds of occasion it is followed up, such as D/B and B."""

    code: Text = Field(title="kod")
    occasion_kinds: tuple[OccasionKind, ...] = Field(title="följs upp vid", min_length=1)


class CompulsoryGoal(Term):
    """A kind of goal every committee must have, with the population it is measured on where stated."""

    population: Text | None = Field(None, title="avser")


class Goals(Sourced):
    """Goal levels and nesting rules. A rule that is absent is one the municipality has not stated."""

    levels: tuple[GoalLevel, ...] = Field(title="nivåer", min_length=1)
    council_goals_min: Whole | None = Field(None, title="minst antal fullmäktigemål", ge=0)
    council_goals_max: Whole | None = Field(None, title="högst antal fullmäktigemål", ge=1)
    committee_goals_max: Whole | None = Field(None, title="högst antal nämndmål", ge=1)
    may_lack_indicator: YesNo | None = Field(None, title="får sakna indikator")
    may_point_to_other_focus_area: YesNo | None = Field(None, title="får peka på annat måls fokusområde")
    may_come_from_risk: YesNo | None = Field(None, title="får komma ur riskanalysen")
    measurable_within_year: YesNo | None = Field(None, title="ska kunna följas upp inom året")
    smart: YesNo | None = Field(None, title="ska vara SMART")
    supporting_indicators_broken_down: YesNo | None = Field(None, title="stödjande indikatorer bryts ned")
    agenda2030: Requirement | None = Field(None, title="koppling till Agenda 2030")
    judged_at: UnitKind | None = Field(None, title="bedöms på nivå")
    compulsory: tuple[CompulsoryGoal, ...] = Field((), title="obligatoriska mål")
    follow_marks: tuple[FollowMark, ...] = Field((), title="uppföljningsmarkeringar")


class Status(Part):
    """One status of a scale. ``order`` is the place in print, lowest first; ``tone`` decides symbol and
    colour."""

    code: Code = Field(title="kod")
    label: Text = Field(title="benämning")
    order: Whole = Field(title="ordning", ge=0)
    tone: Tone = Field(title="ton")
    meaning: Long | None = Field(None, title="betydelse")


class StatusScale(Sourced):
    """The statuses of a subject at certain kinds of occasion. No ``occasion_kinds`` means at all of them, no
    ``level``
    that the scale is used both by the committee and by its units."""

    code: Code = Field(title="kod")
    label: Text | None = Field(None, title="benämning")
    subject: Subject = Field(title="avser")
    occasion_kinds: tuple[OccasionKind, ...] = Field((), title="tillfällen")
    level: ScaleLevel | None = Field(None, title="nivå")
    statuses: tuple[Status, ...] = Field(title="statusar", min_length=1)


class Trend(Term):
    """A trend label. Direction only: whether up is good belongs to the measure."""

    direction: TrendDirection = Field(title="riktning")
    meaning: Long | None = Field(None, title="betydelse")


class Perspective(Term):
    """A perspective of critical factors and the report it is followed up in."""

    reported_in: tuple[Text, ...] = Field((), title="redovisas i")


class CriticalFactors(Sourced):
    """Critical factors: perspectives, who decides them, how often a year they are followed up."""

    perspectives: tuple[Perspective, ...] = Field(title="perspektiv", min_length=1)
    decided_by: Role | None = Field(None, title="beslutas av")
    times_a_year: Whole | None = Field(None, title="gånger per år", ge=1)


class Phase(Part):
    """A phase of an occasion. Phases stand in the order they happen; each starts when the one before has
    ended
    (the same day will do) unless ``parallel``. ``role`` or ``body`` says whose it is."""

    code: Code = Field(title="kod")
    name: Text = Field(title="namn")
    step: PhaseStep = Field(title="steg")
    role: Role | None = Field(None, title="roll")
    body: Code | None = Field(None, title="organ")
    start: Day = Field(title="start")
    start_time: Clock | None = Field(None, title="klockslag vid start")
    end: Day = Field(title="slut")
    end_time: Clock | None = Field(None, title="klockslag vid slut")
    parallel: YesNo = Field(False, title="får pågå samtidigt")


class Occasion(Sourced):
    """A follow-up occasion. ``cut_off`` is the day its figures are taken at; ``compares_with`` is the
    occasion
    whose forecast the change is counted from; ``decided_by`` and ``receives`` are codes of bodies. The code stands in
    addresses and file names, and so has no dots or letters beyond a to z."""

    code: AddressCode = Field(title="kod")
    kind: OccasionKind = Field(title="slag")
    name: Short = Field(title="namn")
    cut_off: Day = Field(title="brytdatum")
    includes: tuple[Content, ...] = Field((), title="innehåll")
    decided_by: Code | None = Field(None, title="beslutas av")
    receives: tuple[Code, ...] = Field((), title="mottagare")
    compares_with: Code | None = Field(None, title="jämförs med")
    phases: tuple[Phase, ...] = Field((), title="faser")


class CalendarDate(Term):
    """Something that stands on the annual wheel beside the occasions: on a date (to ``end`` when it goes on), or in
    certain months. With a ``role`` it becomes a task for those who have it."""

    kind: CalendarKind = Field(title="slag")
    date: Day | None = Field(None, title="datum")
    end: Day | None = Field(None, title="till och med")
    months: tuple[Whole, ...] = Field((), title="månader")
    role: Role | None = Field(None, title="roll")
    body: Code | None = Field(None, title="organ")
