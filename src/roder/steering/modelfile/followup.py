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

    kind: LevelKind = Field(title="slag", description="Vilket slags nivå det är.")
    parent: Code | None = Field(
        None, title="överordnad nivå", description="Koden för nivån ovanför. Utelämnas för den översta."
    )
    decided_by: Code | None = Field(
        None, title="beslutas av", description="Koden för organet som beslutar om målen på nivån."
    )


class FollowMark(Term):
    """A mark on a goal that says at which kinds of occasion it is followed up, such as D/B and B."""

    code: Text = Field(title="kod", description="Markeringen som den trycks, till exempel D/B.")
    occasion_kinds: tuple[OccasionKind, ...] = Field(
        title="följs upp vid",
        description="Slag av tillfällen då ett mål med markeringen följs upp.",
        min_length=1,
    )


class CompulsoryGoal(Term):
    """A kind of goal every committee must have, with the population it is measured on where stated."""

    population: Text | None = Field(
        None, title="avser", description="Vilka målet mäts på, om det är bestämt."
    )


class Goals(Sourced):
    """Goal levels and nesting rules. A rule that is absent is one the municipality has not stated."""

    levels: tuple[GoalLevel, ...] = Field(
        title="nivåer", description="Nivåerna uppifrån och ned.", min_length=1
    )
    council_goals_min: Whole | None = Field(
        None,
        title="minst antal fullmäktigemål",
        description="Minsta antal av fullmäktiges mål. Sidan varnar, stoppar inte.",
        ge=0,
    )
    council_goals_max: Whole | None = Field(
        None,
        title="högst antal fullmäktigemål",
        description="Högsta antal av fullmäktiges mål. Sidan varnar, stoppar inte.",
        ge=1,
    )
    committee_goals_max: Whole | None = Field(
        None,
        title="högst antal nämndmål",
        description="Högsta antal nämndmål. Sidan varnar, stoppar inte.",
        ge=1,
    )
    may_lack_indicator: YesNo | None = Field(
        None, title="får sakna indikator", description="Om ett mål får sakna indikator."
    )
    may_point_to_other_focus_area: YesNo | None = Field(
        None,
        title="får peka på annat måls fokusområde",
        description="Om ett nämndmål får höra till ett annat fokusområde än målet ovanför.",
    )
    may_come_from_risk: YesNo | None = Field(
        None, title="får komma ur riskanalysen", description="Om ett mål får komma ur riskanalysen."
    )
    measurable_within_year: YesNo | None = Field(
        None, title="ska kunna följas upp inom året", description="Om ett mål ska kunna följas upp samma år."
    )
    smart: YesNo | None = Field(
        None,
        title="ska vara SMART",
        description="Om målen ska vara specifika, mätbara, accepterade, realistiska och tidsatta.",
    )
    supporting_indicators_broken_down: YesNo | None = Field(
        None,
        title="stödjande indikatorer bryts ned",
        description="Om stödjande indikatorer bryts ned på enheter.",
    )
    agenda2030: Requirement | None = Field(
        None, title="koppling till Agenda 2030", description="Om målen ska kopplas till Agenda 2030."
    )
    judged_at: UnitKind | None = Field(
        None, title="bedöms på nivå", description="Nivån i organisationen där målen bedöms."
    )
    compulsory: tuple[CompulsoryGoal, ...] = Field(
        (), title="obligatoriska mål", description="Mål som alla nämnder måste ha."
    )
    follow_marks: tuple[FollowMark, ...] = Field(
        (),
        title="uppföljningsmarkeringar",
        description="Markeringar som säger vid vilka tillfällen ett mål följs upp.",
    )


class Status(Part):
    """One status of a scale. ``order`` is the place in print, lowest first; ``tone`` decides symbol and
    colour."""

    code: Code = Field(
        title="kod", description="Stegets kod. Den står i sparade bedömningar; byt inte den, byt label."
    )
    label: Text = Field(title="benämning", description="Ordet som visas och trycks.")
    order: Whole = Field(title="ordning", description="Platsen i skalan, lägst först.", ge=0)
    tone: Tone = Field(
        title="ton", description="Hur steget visas: symbol och färg. none betyder att inget kan sägas."
    )
    meaning: Long | None = Field(
        None, title="betydelse", description="Vad steget innebär, som stöd för den som bedömer."
    )


class StatusScale(Sourced):
    """The statuses of a subject at certain kinds of occasion. No ``occasion_kinds`` means at all of them, no
    ``level``
    that the scale is used both by the committee and by its units."""

    code: Code = Field(title="kod", description="Skalans kod. Bedömningsreglerna hänvisar till den.")
    label: Text | None = Field(None, title="benämning", description="Vad skalan heter.")
    subject: Subject = Field(title="avser", description="Vad som bedöms på skalan.")
    occasion_kinds: tuple[OccasionKind, ...] = Field(
        (),
        title="tillfällen",
        description="Slag av tillfällen där skalan används. Utelämnas den gäller den vid alla.",
    )
    level: ScaleLevel | None = Field(
        None,
        title="nivå",
        description="Om skalan bara används av nämnden eller bara av enheterna. Utelämnas den används den av båda.",
    )
    statuses: tuple[Status, ...] = Field(title="statusar", description="Skalans steg.", min_length=1)


class Trend(Term):
    """A trend label. Direction only: whether up is good belongs to the measure."""

    direction: TrendDirection = Field(
        title="riktning",
        description="Åt vilket håll. Säger inget om bra eller dåligt; det hör till nyckeltalet.",
    )
    meaning: Long | None = Field(None, title="betydelse", description="Vad ordet innebär.")


class Perspective(Term):
    """A perspective of critical factors and the report it is followed up in."""

    reported_in: tuple[Text, ...] = Field(
        (), title="redovisas i", description="Rapporterna där perspektivets faktorer redovisas."
    )


class CriticalFactors(Sourced):
    """Critical factors: perspectives, who decides them, how often a year they are followed up."""

    perspectives: tuple[Perspective, ...] = Field(
        title="perspektiv", description="Perspektiven som faktorerna ordnas efter.", min_length=1
    )
    decided_by: Role | None = Field(
        None, title="beslutas av", description="Rollen som beslutar om faktorerna."
    )
    times_a_year: Whole | None = Field(
        None, title="gånger per år", description="Hur många gånger per år de följs upp.", ge=1
    )


class Phase(Part):
    """A phase of an occasion. Phases stand in the order they happen; each starts when the one before has
    ended
    (the same day will do) unless ``parallel``. ``role`` or ``body`` says whose it is."""

    code: Code = Field(title="kod", description="Fasens kod, egen inom tillfället.")
    name: Text = Field(title="namn", description="Vad fasen heter på årshjulet och i uppgifterna.")
    step: PhaseStep = Field(title="steg", description="Vad som görs i fasen.")
    role: Role | None = Field(None, title="roll", description="Rollen vars tur det är. Ange den eller body.")
    body: Code | None = Field(
        None, title="organ", description="Koden för organet vars tur det är. Ange det eller role."
    )
    start: Day = Field(title="start", description="Första dagen.")
    start_time: Clock | None = Field(
        None, title="klockslag vid start", description='Klockslag första dagen, inom citattecken ("12:00").'
    )
    end: Day = Field(title="slut", description="Sista dagen.")
    end_time: Clock | None = Field(
        None, title="klockslag vid slut", description='Klockslag sista dagen, inom citattecken ("12:00").'
    )
    parallel: YesNo = Field(
        False, title="får pågå samtidigt", description="true när fasen får börja innan den förra har slutat."
    )


class Occasion(Sourced):
    """A follow-up occasion. ``cut_off`` is the day its figures are taken at; ``compares_with`` is the
    occasion
    whose forecast the change is counted from; ``decided_by`` and ``receives`` are codes of bodies. The code stands in
    addresses and file names, and so has no dots or letters beyond a to z."""

    code: AddressCode = Field(
        title="kod",
        description="Tillfällets kod. Den står i filer och adresser: a–z, siffror, bindestreck och understreck.",
    )
    kind: OccasionKind = Field(
        title="slag", description="Slag av tillfälle. Det avgör vilken rapport som görs."
    )
    name: Short = Field(title="namn", description="Namnet som visas och trycks.")
    cut_off: Day = Field(title="brytdatum", description="Brytdatum: dagen som siffrorna avser.")
    includes: tuple[Content, ...] = Field(
        (),
        title="innehåll",
        description="Avsnitten som ska med i rapporten. Utelämnas den kommer de vanliga med.",
    )
    decided_by: Code | None = Field(
        None, title="beslutas av", description="Koden för organet som beslutar om rapporten."
    )
    receives: tuple[Code, ...] = Field(
        (), title="mottagare", description="Koder för organen som rapporten skickas till."
    )
    compares_with: Code | None = Field(
        None, title="jämförs med", description="Koden för tillfället som prognosen ska jämföras med."
    )
    phases: tuple[Phase, ...] = Field(
        (),
        title="faser",
        description="Stegen i den ordning de sker, var och en med roll eller organ och datum.",
    )


class CalendarDate(Term):
    """Something that stands on the annual wheel beside the occasions: on a date (to ``end`` when it goes on), or in
    certain months. With a ``role`` it becomes a task for those who have it."""

    kind: CalendarKind = Field(title="slag", description="Vilket spår på årshjulet posten hör till.")
    date: Day | None = Field(
        None,
        title="datum",
        description="Dagen, eller första dagen om den pågår längre. Ange den eller months.",
    )
    end: Day | None = Field(
        None, title="till och med", description="Sista dagen, när posten pågår i flera dagar."
    )
    months: tuple[Whole, ...] = Field(
        (), title="månader", description="Månader (1–12) när posten inte har en bestämd dag."
    )
    role: Role | None = Field(None, title="roll", description="Rollen som får posten som en uppgift.")
    body: Code | None = Field(None, title="organ", description="Koden för organet som posten gäller.")
