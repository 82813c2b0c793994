"""Quality and casework: deviations, complaints, delegation, deadlines, and laws with the time they are in
force."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from roder.steering.modelfile.codes import Role, TimeUnit
from roder.steering.modelfile.parts import Code, Day, Long, Part, Sourced, Term, Text, Whole, Word, YesNo

UnitCode = Annotated[Code, StringConstraints(max_length=40)]


class DeviationCategory(Word):
    """A group of deviation types. ``clinical`` ones are assessed at once by licensed staff (HSL)."""

    clinical: YesNo = Field(
        False,
        title="bedöms av legitimerad personal",
        description="true när legitimerad personal ska bedöma händelsen genast.",
    )


class DeviationType(Word):
    """A type of deviation with the causes or sub-types that are counted under it. ``category`` is the code of its
    group; ``icon`` the picture on the phone."""

    category: Code | None = Field(
        None, title="kategori", description="Koden för kategorin som typen hör till."
    )
    icon: Code | None = Field(None, title="bild", description="Bilden på typens ruta i formuläret.")
    causes: tuple[Word, ...] = Field(
        (), title="orsaker", description="Orsaker eller undertyper som räknas för sig."
    )


class Severity(Part):
    """A step of severity. ``serious`` ones are analysed in depth and may be lex Sarah or lex Maria."""

    value: Whole = Field(title="värde", description="Gradens tal, lägst först.", ge=0)
    label: Text | None = Field(None, title="benämning", description="Gradens ord.")
    serious: YesNo = Field(
        title="allvarlig",
        description="true när händelsen utreds djupare och kan bli lex Sarah eller lex Maria.",
    )


class Deviations(Sourced):
    """Deviation types, severities and ways a deviation can go (internal, with the region, external
    provider)."""

    categories: tuple[DeviationCategory, ...] = Field((), title="kategorier", description="Grupper av typer.")
    types: tuple[DeviationType, ...] = Field(
        title="typer", description="Typerna som rutor i formuläret, i den ordning de visas.", min_length=1
    )
    severities: tuple[Severity, ...] = Field(
        (), title="allvarlighetsgrader", description="Allvarlighetsgraderna, lägst först."
    )
    action_kinds: tuple[Word, ...] = Field(
        (),
        title="slag av åtgärd",
        description="Slagen som en åtgärd kan vara, till exempel rutin eller utbildning. Utan dem frågas inte.",
    )
    directions: tuple[Term, ...] = Field(
        (),
        title="riktningar",
        description="Vägar en avvikelse kan gå: inom nämnden, till eller från regionen, extern utförare.",
    )
    closed_target: Whole | None = Field(
        None,
        title="mål, andel avslutade i procent",
        description="Målet för hur många procent av avvikelserna som ska vara avslutade.",
        ge=0,
        le=100,
    )
    classified_target: Whole | None = Field(
        None,
        title="mål, andel klassificerade i procent",
        description="Målet för hur många procent av avvikelserna som ska vara klassificerade.",
        ge=0,
        le=100,
    )
    similar_days: Whole = Field(
        30,
        title="dagar då liknande händelser visas tillsammans",
        description="Hur många dagar bakåt liknande händelser visas tillsammans.",
        ge=1,
        le=366,
    )
    suppress_below: Whole = Field(
        5,
        title="minsta antal som visas utan mandat",
        description="Antal under detta döljs för den som inte får se ärendena.",
        ge=0,
        le=20,
    )


class ServiceArea(Word):
    """A service area (verksamhetsområde): it cuts across the units. ``units`` are the codes of units and departments
    that belong to it unless a case says otherwise, with everything under them; ``law`` is the law they work under."""

    law: Code | None = Field(None, title="lag", description="Koden för lagen som området arbetar efter.")
    units: tuple[UnitCode, ...] = Field(
        (), title="enheter", description="Koder för enheter och avdelningar som hör hit, med allt under dem."
    )
    external: YesNo = Field(
        False, title="drivs av extern utförare", description="true när en extern utförare driver området."
    )


class Complaints(Sourced):
    """Complaints and suggestions: kinds, subjects and who they come from."""

    kinds: tuple[Term, ...] = Field(
        title="slag", description="Slag, till exempel klagomål, synpunkt och beröm.", min_length=1
    )
    subjects: tuple[Word, ...] = Field((), title="ämnen", description="Ämnen att ordna klagomålen efter.")
    complainants: tuple[Term, ...] = Field(
        (), title="från vem", description="Vem som lämnar klagomålet, till exempel brukare eller anhörig."
    )
    acknowledge_days: Whole | None = Field(
        None,
        title="arbetsdagar till bekräftelse",
        description="Arbetsdagar inom vilka klagomålet ska bekräftas.",
        ge=1,
        le=366,
    )
    unanswered_days: Whole | None = Field(
        None,
        title="dagar utan svar efter bekräftelse",
        description="Efter så många dagar räknas ett bekräftat klagomål som obesvarat.",
        ge=1,
        le=366,
    )


class DelegationCategory(Term):
    """A chapter of the delegation order, with its law where it has one."""

    law: Code | None = Field(None, title="lag", description="Koden för lagen som kapitlet gäller.")


class Delegation(Sourced):
    """The delegation order's chapters."""

    categories: tuple[DelegationCategory, ...] = Field(
        title="kategorier", description="Kapitlen i den ordning de står.", min_length=1
    )


class Deadline(Term):
    """A period within which something must be done, counted from an event. ``law`` and ``section`` where
    known."""

    amount: Whole = Field(title="antal", description="Fristens längd.", ge=1)
    unit: TimeUnit = Field(title="enhet", description="Vad längden räknas i.")
    from_event: Text = Field(title="räknas från", description="Vad fristen räknas från, med era ord.")
    role: Role | None = Field(None, title="roll", description="Rollen som ska hålla fristen.")
    law: Code | None = Field(None, title="lag", description="Koden för lagen som fristen står i.")
    section: Text | None = Field(None, title="lagrum", description="Kapitel och paragraf.")
    consequence: Long | None = Field(
        None, title="följd", description="Vad som händer om fristen inte hålls, med era ord."
    )


class Law(Sourced):
    """A law or regulation with the time it is in force. ``short`` is what it is called in references
    (SoL)."""

    code: Code = Field(title="kod", description="Lagens kod.")
    short: Text = Field(title="förkortning", description="Förkortningen som trycks, till exempel SoL.")
    name: Text = Field(title="namn", description="Lagens hela namn.")
    number: Text | None = Field(None, title="nummer", description="Lagens nummer, till exempel 2001:453.")
    valid_from: Day | None = Field(None, title="gäller från", description="Första dagen lagen gäller.")
    valid_to: Day | None = Field(None, title="gäller till", description="Sista dagen lagen gäller.")
    replaced_by: Code | None = Field(
        None,
        title="ersätts av",
        description="Koden för lagen som ersätter den. Den nya ska börja gälla dagen efter.",
    )


class SectionInTime(Part):
    """Where a rule stands in a law. The section is left empty where it is not known, never guessed."""

    law: Code = Field(title="lag", description="Koden för lagen.")
    section: Text | None = Field(
        None, title="lagrum", description="Kapitel och paragraf. Utelämnas när den inte är känd."
    )


class LegalReference(Term):
    """A rule by name and where it stands, in the older law and in the newer: the laws' periods decide
    which."""

    sections: tuple[SectionInTime, ...] = Field(
        title="lagrum", description="Var regeln står, en rad för varje lag.", min_length=1
    )
