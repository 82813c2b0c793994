"""Supervision, IT systems, digital needs, criminal-record checks and agreements."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Unit
from roder.registers.models.grants import kronor


@pghistory.track(*full_history())
class SupervisionPlan(Record):
    """Tillsynsplan for a year under a law, such as the alcohol act: what is prioritised and how many visits."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    law = models.CharField("lag", max_length=120, validators=FREE_TEXT)
    priorities = models.TextField("prioriteringar", blank=True, validators=FREE_TEXT)
    visits_planned = models.PositiveIntegerField("planerade besök", null=True, blank=True)
    carried_out_by = models.CharField("utförs av", max_length=200, blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("fastställd", null=True, blank=True)
    section = models.CharField("§", max_length=20, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "tillsynsplan"
        verbose_name_plural = "tillsynsplaner"
        ordering: ClassVar = ["-year", "law"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "law"],
                name="supervision_plan_once",
                violation_error_message="Det finns redan en plan för lagen det året.",
            )
        ]

    class Access:
        resource = Resource.REGISTERS
        committee = "committee"

    def __str__(self) -> str:
        return f"Tillsynsplan {self.year}, {self.law}"


@pghistory.track(*full_history())
class SupervisionVisit(Record):
    """Ett tillsynsbesök, planerat eller gjort."""

    class Result(models.TextChoices):
        NONE = "", "–"
        OK = "ok", "utan anmärkning"
        REMARK = "remark", "anmärkning"
        ORDER = "order", "föreläggande"
        REVOKED = "revoked", "tillstånd återkallat"

    plan = models.ForeignKey(SupervisionPlan, models.CASCADE, related_name="visits", verbose_name="plan")
    place = models.CharField("objekt", max_length=200, validators=FREE_TEXT)
    theme = models.CharField("inriktning", max_length=200, blank=True, validators=FREE_TEXT)
    planned_on = models.DateField("planerat", null=True, blank=True)
    done_on = models.DateField("gjort", null=True, blank=True)
    result = models.CharField("resultat", max_length=10, choices=Result, blank=True, default="")
    note = models.TextField("anteckning", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "tillsynsbesök"
        verbose_name_plural = "tillsynsbesök"
        ordering: ClassVar = ["plan", "planned_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result="") | Q(done_on__isnull=False),
                name="visit_result_after_visit",
                violation_error_message="Ange dagen för besöket innan resultatet.",
            )
        ]

    class Access:
        resource = Resource.REGISTERS
        committee = "plan__committee"

    def __str__(self) -> str:
        return self.place


@pghistory.track(*full_history())
class ItSystem(Record):
    """IT-system: owner, administrator, supplier, agreement, classification, and the record of processing (art. 30)."""

    class Level(models.IntegerChoices):
        NONE = 0, "0 ingen"
        SLIGHT = 1, "1 måttlig"
        CONSIDERABLE = 2, "2 betydande"
        SERIOUS = 3, "3 allvarlig"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    name = models.CharField("system", max_length=120, validators=FREE_TEXT)
    used_for = models.CharField("används till", max_length=300, blank=True, validators=FREE_TEXT)
    owner = models.CharField("systemägare", max_length=120, blank=True, validators=FREE_TEXT)
    administrator = models.CharField("systemförvaltare", max_length=120, blank=True, validators=FREE_TEXT)
    supplier = models.CharField("leverantör", max_length=120, blank=True, validators=FREE_TEXT)
    agreement = models.ForeignKey(
        "Agreement", models.PROTECT, null=True, blank=True, related_name="systems", verbose_name="avtal"
    )
    confidentiality = models.PositiveSmallIntegerField(
        "konfidentialitet", choices=Level, null=True, blank=True
    )
    integrity = models.PositiveSmallIntegerField("riktighet", choices=Level, null=True, blank=True)
    availability = models.PositiveSmallIntegerField("tillgänglighet", choices=Level, null=True, blank=True)
    classified_on = models.DateField("klassad", null=True, blank=True)
    personal_data = models.BooleanField("personuppgifter", default=False)
    purpose = models.TextField("ändamål med behandlingen", blank=True, validators=FREE_TEXT)
    legal_basis = models.CharField("rättslig grund", max_length=200, blank=True, validators=FREE_TEXT)
    persons_concerned = models.CharField("registrerade", max_length=200, blank=True, validators=FREE_TEXT)
    data_categories = models.TextField("slag av uppgifter", blank=True, validators=FREE_TEXT)
    shared_with = models.CharField("lämnas till", max_length=300, blank=True, validators=FREE_TEXT)
    retention = models.CharField("gallras", max_length=200, blank=True, validators=FREE_TEXT)
    protection = models.TextField("skydd", blank=True, validators=FREE_TEXT)
    ended_on = models.DateField("avvecklat", null=True, blank=True)

    class Meta:
        verbose_name = "it-system"
        verbose_name_plural = "it-system"
        ordering: ClassVar = ["name"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="it_system_once",
                violation_error_message="Systemet finns redan.",
            ),
            models.CheckConstraint(
                condition=Q(personal_data=False) | ~Q(purpose=""),
                name="processing_has_purpose",
                violation_error_message="Ange ändamålet när systemet har personuppgifter (GDPR art. 30).",
            ),
        ]

    class Access:
        resource = Resource.REGISTERS
        committee = "committee"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class DigitalNeed(Record):
    """Behov och nytta: a need, the council's stand, the decision, the introduction, and the benefit that came."""

    class State(models.TextChoices):
        NEED = "need", "behov"
        COUNCIL = "council", "i digitaliseringsrådet"
        DECIDED = "decided", "beslutat"
        INTRODUCED = "introduced", "infört"
        EVALUATED = "evaluated", "nyttan mätt"
        DECLINED = "declined", "avstått"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    title = models.CharField("behov", max_length=200, validators=FREE_TEXT)
    need = models.TextField("beskrivning", blank=True, validators=FREE_TEXT)
    raised_on = models.DateField("anmält")
    state = models.CharField("läge", max_length=20, choices=State, default=State.NEED)
    stand = models.TextField("rådets ställningstagande", blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("beslutat", null=True, blank=True)
    cost = kronor("kostnad, kronor")
    introduced_on = models.DateField("infört", null=True, blank=True)
    expected_benefit = models.TextField("väntad nytta", blank=True, validators=FREE_TEXT)
    benefit = models.TextField("nytta som kom", blank=True, validators=FREE_TEXT)
    evaluated_on = models.DateField("nyttan mätt", null=True, blank=True)

    class Meta:
        verbose_name = "behov av digital lösning"
        verbose_name_plural = "behov och nyttor"
        ordering: ClassVar = ["-raised_on", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="evaluated") | (Q(evaluated_on__isnull=False) & ~Q(benefit="")),
                name="benefit_is_told",
                violation_error_message="Skriv vilken nytta som kom och när den mättes.",
            )
        ]

    class Access:
        resource = Resource.REGISTERS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class RecordCheck(Record):
    """Utdrag ur belastningsregistret vid anställning: only that it was shown, when and to whom. Never its content:
    there is no field for it. ``reference`` is the recruitment's or the employment's, never an identity number."""

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="enhet")
    reference = models.CharField(
        "anställningens referens", max_length=40, validators=FREE_TEXT,
        help_text="till exempel rekryteringens nummer; aldrig personnummer eller namn",
    )  # fmt: skip
    law = models.CharField("lag", max_length=120, validators=FREE_TEXT)
    shown_on = models.DateField("uppvisat")
    issued_on = models.DateField("utdragets datum")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="uppvisat för"
    )

    class Meta:
        verbose_name = "uppvisat registerutdrag"
        verbose_name_plural = "uppvisade registerutdrag"
        ordering: ClassVar = ["-shown_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "reference"],
                name="record_check_once",
                violation_error_message="Referensen är redan antecknad.",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__lte=F("shown_on")),
                name="shown_after_issued",
                violation_error_message="Utdraget kan inte vara yngre än dagen det visades.",
            ),
        ]

    class Access:
        resource = Resource.RECORD_CHECKS
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return self.reference


@pghistory.track(*full_history())
class Agreement(Record):
    """Samverkansavtal eller annat avtal: parties, what, from, to, notice, and who watches it."""

    class Kind(models.TextChoices):
        COOPERATION = "cooperation", "samverkansavtal"
        SUPPLIER = "supplier", "leverantörsavtal"
        PROVIDER = "provider", "utföraravtal"
        ASSOCIATION = "association", "överenskommelse med förening"
        DATA = "data", "personuppgiftsbiträdesavtal"
        OTHER = "other", "övrigt"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    kind = models.CharField("slag", max_length=20, choices=Kind)
    title = models.CharField("avtal", max_length=200, validators=FREE_TEXT)
    party = models.CharField("part", max_length=200, validators=FREE_TEXT)
    number = models.CharField("diarienummer", max_length=40, blank=True, validators=FREE_TEXT)
    signed_on = models.DateField("tecknat", null=True, blank=True)
    valid_from = models.DateField("gäller från", null=True, blank=True)
    valid_to = models.DateField("gäller till och med", null=True, blank=True)
    notice_by = models.DateField("säg upp senast", null=True, blank=True)
    renews = models.BooleanField("förlängs utan uppsägning", default=False)
    amount = kronor("belopp, kronor")
    responsible = models.CharField("ansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    follow_up = models.TextField("uppföljning", blank=True, validators=FREE_TEXT)
    ended_on = models.DateField("avslutat", null=True, blank=True)

    class Meta:
        verbose_name = "avtal"
        verbose_name_plural = "avtal"
        ordering: ClassVar = ["title", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="agreement_forwards",
                violation_error_message="Avtalet kan inte sluta gälla innan det börjar.",
            ),
            models.CheckConstraint(
                condition=Q(notice_by=None) | Q(valid_to=None) | Q(notice_by__lte=F("valid_to")),
                name="notice_before_end",
                violation_error_message="Uppsägningen måste ligga före avtalets slut.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["committee", "notice_by"], name="agreement_notice")]

    class Access:
        resource = Resource.REGISTERS
        committee = "committee"

    def __str__(self) -> str:
        return self.title
