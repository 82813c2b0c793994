"""Quality and casework: deviations, complaints, delegation, deadlines, and laws with the time they are in
force."""

from __future__ import annotations

from pydantic import Field

from roder.steering.modelfile.codes import Role, TimeUnit
from roder.steering.modelfile.parts import Code, Day, Long, Part, Sourced, Term, Text, Whole, YesNo


class DeviationCategory(Term):
    """A group of deviation types. ``clinical`` ones are assessed at once by licensed staff (HSL)."""

    clinical: YesNo = Field(False, title="bedöms av legitimerad personal")


class DeviationType(Term):
    """A type of deviation with the causes or sub-types that are counted under it. ``category`` is the code of its
    group; ``icon`` the picture on the phone."""

    category: Code | None = Field(None, title="kategori")
    icon: Code | None = Field(None, title="bild")
    causes: tuple[Term, ...] = Field((), title="orsaker")


class Severity(Part):
    """A step of severity. ``serious`` ones are analysed in depth and may be lex Sarah or lex Maria."""

    value: Whole = Field(title="värde", ge=0)
    label: Text | None = Field(None, title="benämning")
    serious: YesNo = Field(title="allvarlig")


class Deviations(Sourced):
    """Deviation types, severities and ways a deviation can go (internal, with the region, external
    provider)."""

    categories: tuple[DeviationCategory, ...] = Field((), title="kategorier")
    types: tuple[DeviationType, ...] = Field(title="typer", min_length=1)
    severities: tuple[Severity, ...] = Field((), title="allvarlighetsgrader")
    directions: tuple[Term, ...] = Field((), title="riktningar")
    closed_target: Whole | None = Field(None, title="mål, andel avslutade i procent", ge=0, le=100)
    classified_target: Whole | None = Field(None, title="mål, andel klassificerade i procent", ge=0, le=100)
    similar_days: Whole = Field(30, title="dagar då liknande händelser visas tillsammans", ge=1, le=366)
    suppress_below: Whole = Field(5, title="minsta antal som visas utan mandat", ge=0, le=20)


class ServiceArea(Term):
    """A service area (verksamhetsområde): it cuts across the units. ``units`` are the codes of units and departments
    that belong to it unless a case says otherwise, with everything under them; ``law`` is the law they work under."""

    law: Code | None = Field(None, title="lag")
    units: tuple[Code, ...] = Field((), title="enheter")
    external: YesNo = Field(False, title="drivs av extern utförare")


class Complaints(Sourced):
    """Complaints and suggestions: kinds, subjects and who they come from."""

    kinds: tuple[Term, ...] = Field(title="slag", min_length=1)
    subjects: tuple[Term, ...] = Field((), title="ämnen")
    complainants: tuple[Term, ...] = Field((), title="från vem")
    acknowledge_days: Whole | None = Field(None, title="arbetsdagar till bekräftelse", ge=1, le=366)
    unanswered_days: Whole | None = Field(None, title="dagar utan svar efter bekräftelse", ge=1, le=366)


class DelegationCategory(Term):
    """A chapter of the delegation order, with its law where it has one."""

    law: Code | None = Field(None, title="lag")


class Delegation(Sourced):
    """The delegation order's chapters."""

    categories: tuple[DelegationCategory, ...] = Field(title="kategorier", min_length=1)


class Deadline(Term):
    """A period within which something must be done, counted from an event. ``law`` and ``section`` where
    known."""

    amount: Whole = Field(title="antal", ge=1)
    unit: TimeUnit = Field(title="enhet")
    from_event: Text = Field(title="räknas från")
    role: Role | None = Field(None, title="roll")
    law: Code | None = Field(None, title="lag")
    section: Text | None = Field(None, title="lagrum")
    consequence: Long | None = Field(None, title="följd")


class Law(Sourced):
    """A law or regulation with the time it is in force. ``short`` is what it is called in references
    (SoL)."""

    code: Code = Field(title="kod")
    short: Text = Field(title="förkortning")
    name: Text = Field(title="namn")
    number: Text | None = Field(None, title="nummer")
    valid_from: Day | None = Field(None, title="gäller från")
    valid_to: Day | None = Field(None, title="gäller till")
    replaced_by: Code | None = Field(None, title="ersätts av")


class SectionInTime(Part):
    """Where a rule stands in a law. The section is left empty where it is not known, never guessed."""

    law: Code = Field(title="lag")
    section: Text | None = Field(None, title="lagrum")


class LegalReference(Term):
    """A rule by name and where it stands, in the older law and in the newer: the laws' periods decide
    which."""

    sections: tuple[SectionInTime, ...] = Field(title="lagrum", min_length=1)
