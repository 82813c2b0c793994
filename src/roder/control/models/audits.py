"""Audits with questions and recommendations, evidence, inspections, and incidents told to an authority (5.4)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role, Unit
from roder.questionnaires.models import Answer


@pghistory.track(*full_history())
class Audit(Record):
    """Revision: the yearly basic audit with its questionnaire, a deeper review, or a pre-study."""

    class Kind(models.TextChoices):
        BASIC = "basic", "grundläggande granskning"
        DEEP = "deep", "fördjupad granskning"
        STUDY = "study", "förstudie"
        FOLLOW_UP = "follow_up", "uppföljande granskning"
        OWN = "own", "egen genomgång"

    class Judgement(models.TextChoices):
        YES = "yes", "Ja"
        LARGELY = "largely", "Ja, i stort"
        PARTLY = "partly", "Delvis"
        NO = "no", "Nej"

    class State(models.TextChoices):
        OPEN = "open", "pågår"
        ANSWERED = "answered", "besvarad"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="audits", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    kind = models.CharField("slag", max_length=12, choices=Kind, default=Kind.DEEP)
    title = models.CharField("granskning", max_length=250, validators=FREE_TEXT)
    question = models.TextField("revisionsfråga", blank=True, validators=FREE_TEXT)
    auditor = models.CharField("granskas av", max_length=160, validators=FREE_TEXT)
    number = models.CharField("diarienummer", max_length=40, blank=True, validators=FREE_TEXT)
    received_on = models.DateField("inkommen", null=True, blank=True)
    answer_by = models.DateField("svar senast", null=True, blank=True)
    answered_on = models.DateField("besvarad", null=True, blank=True)
    judgement = models.CharField("revisorernas bedömning", max_length=10, choices=Judgement, blank=True)
    judgement_text = models.TextField("bedömningen i ord", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)
    answer = models.OneToOneField(
        Answer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enkätens svar"
    )
    responsible = models.CharField("ansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    owner_role = models.CharField("ansvarig roll", max_length=30, choices=Role, blank=True)

    class Meta:
        verbose_name = "granskning"
        verbose_name_plural = "granskningar"
        ordering: ClassVar = ["-year", "-received_on", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year", "title"],
                name="audit_once_a_year",
                violation_error_message="Granskningen finns redan för året.",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_on__isnull=False) | Q(kind="own"),
                name="answered_audit_has_day",
                violation_error_message="Ange vilken dag svaret lämnades.",
            ),
        ]

    class Access:
        resource = Resource.AUDITS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


@pghistory.track(*full_history())
class AuditQuestion(Record):
    """A question of an audit with the auditors' assessment."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="questions", verbose_name="granskning")
    number = models.PositiveSmallIntegerField("nummer", default=1)
    text = models.TextField("fråga", validators=FREE_TEXT)
    judgement = models.CharField("bedömning", max_length=10, choices=Audit.Judgement, blank=True)
    comment = models.TextField("kommentar", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "revisionsfråga"
        verbose_name_plural = "revisionsfrågor"
        ordering: ClassVar = ["audit", "number"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["audit", "number"],
                name="audit_question_once",
                violation_error_message="Numret finns redan.",
            )
        ]

    class Access:
        resource = Resource.AUDITS
        committee = "audit__committee"

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track(*full_history())
class Recommendation(Record):
    """Rekommendation: what auditors or an authority recommend, and the committee's answer: what, when, who.

    What is done about it is an action (tasks); its effect is stated there.
    """

    class State(models.TextChoices):
        OPEN = "open", "ej besvarad"
        ACCEPTED = "accepted", "åtgärdas"
        DONE = "done", "åtgärdad"
        DECLINED = "declined", "åtgärdas inte"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    audit = models.ForeignKey(
        Audit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name="granskning",
    )
    inspection = models.ForeignKey(
        "control.Inspection",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name="tillsyn",
    )
    number = models.PositiveSmallIntegerField("nummer", default=1)
    text = models.TextField("rekommendation", validators=FREE_TEXT)
    answer = models.TextField("nämndens svar", blank=True, validators=FREE_TEXT)
    responsible = models.CharField("ansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    owner_role = models.CharField("ansvarig roll", max_length=30, choices=Role, blank=True)
    due_on = models.DateField("klar senast", null=True, blank=True)
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)
    done_on = models.DateField("åtgärdad", null=True, blank=True)
    effect = models.TextField("effekt", blank=True, validators=FREE_TEXT)
    registered_at = models.DateTimeField("registrerad", db_default=models.functions.Now())

    class Meta:
        verbose_name = "rekommendation"
        verbose_name_plural = "rekommendationer"
        ordering: ClassVar = ["audit", "number", "id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(audit__isnull=False, inspection=None) | Q(audit=None, inspection__isnull=False),
                name="recommendation_has_one_origin",
                violation_error_message="Ange granskningen eller tillsynen som rekommendationen kommer från.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "done"])
                | (~Q(answer="") & ~Q(responsible="") & Q(due_on__isnull=False)),
                name="accepted_recommendation_whole",
                violation_error_message="Ange vad som görs, vem som ansvarar och när det är klart.",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""),
                name="declined_recommendation_says_why",
                violation_error_message="Skriv varför rekommendationen inte åtgärdas.",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_on__isnull=False) & ~Q(effect="")),
                name="done_recommendation_has_effect",
                violation_error_message="Ange dagen och vilken effekt åtgärden fick.",
            ),
        ]

    class Access:
        resource = Resource.AUDITS
        committee = "committee"

    def __str__(self) -> str:
        return self.text[:80]


@pghistory.track(*full_history())
class Evidence(Record):
    """Revisionsbevis: where an answer can be verified: a record or page in Roder, or a document, with the page.

    ``subject_…`` is what it proves (an audit's answer, a recommendation, a control's round) and ``question`` the code
    of the question it belongs to. ``target_…`` points at a record in Roder; ``document`` names what is not there.
    """

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    subject_kind = models.CharField("styrker", max_length=60)
    subject_id = models.BigIntegerField()
    question = models.CharField("fråga", max_length=60, blank=True)
    number = models.PositiveSmallIntegerField("nummer", default=1)
    target_kind = models.CharField("finns i Roder som", max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    document = models.CharField("handling", max_length=300, blank=True, validators=FREE_TEXT)
    page = models.CharField("sida eller avsnitt", max_length=80, blank=True, validators=FREE_TEXT)
    note = models.CharField("vad det visar", max_length=500, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "bevis"
        verbose_name_plural = "bevis"
        ordering: ClassVar = ["question", "number", "id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="evidence_by_subject"),
            models.Index(fields=["target_kind", "target_id"], name="evidence_by_target"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(~Q(target_kind="") & Q(target_id__isnull=False))
                | (Q(target_kind="", target_id=None) & ~Q(document="")),
                name="evidence_points_somewhere",
                violation_error_message="Välj något i Roder eller skriv vilken handling beviset är.",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ends_exist",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    PERFORM roder_require_record(NEW.subject_kind, NEW.subject_id);
                    IF NEW.target_id IS NOT NULL THEN
                        PERFORM roder_require_record(NEW.target_kind, NEW.target_id);
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    class Access:
        resource = Resource.AUDITS
        committee = "committee"

    def __str__(self) -> str:
        return self.document or f"{self.target_kind}:{self.target_id}"


@pghistory.track(*full_history())
class Inspection(Record):
    """Tillsyn by an authority: of what, when, what it decided and found, the answer and the follow-up."""

    class Authority(models.TextChoices):
        IVO = "ivo", "IVO"
        WORK = "work", "Arbetsmiljöverket"
        PRIVACY = "privacy", "IMY"
        RESCUE = "rescue", "räddningstjänsten"
        HEALTH = "health", "miljö- och hälsoskydd"
        OTHER = "other", "annan myndighet"

    class State(models.TextChoices):
        OPEN = "open", "pågår"
        ANSWER = "answer", "svar ska lämnas"
        ANSWERED = "answered", "besvarad"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="inspections", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    authority = models.CharField("myndighet", max_length=10, choices=Authority, default=Authority.IVO)
    kind = models.CharField("slag av tillsyn", max_length=120, blank=True, validators=FREE_TEXT)
    title = models.CharField("tillsyn", max_length=250, validators=FREE_TEXT)
    held_on = models.DateField("dag", null=True, blank=True)
    number = models.CharField("myndighetens diarienummer", max_length=60, blank=True, validators=FREE_TEXT)
    decided_on = models.DateField("beslut", null=True, blank=True)
    decision = models.TextField("beslutet", blank=True, validators=FREE_TEXT)
    findings = models.TextField("brister", blank=True, validators=FREE_TEXT)
    answer_by = models.DateField("svar senast", null=True, blank=True)
    answered_on = models.DateField("svar lämnat", null=True, blank=True)
    answer = models.TextField("svaret", blank=True, validators=FREE_TEXT)
    follow_up = models.TextField("uppföljning", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = "tillsyn"
        verbose_name_plural = "tillsyner"
        ordering: ClassVar = ["-held_on", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="answer") | Q(answer_by__isnull=False),
                name="inspection_answer_has_day",
                violation_error_message="Ange när svaret ska lämnas.",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_on__isnull=False),
                name="answered_inspection_has_day",
                violation_error_message="Ange vilken dag svaret lämnades.",
            ),
        ]

    class Access:
        resource = Resource.AUDITS
        committee = "committee"
        unit = "unit"

    def __str__(self) -> str:
        return self.title


@pghistory.track(*full_history())
class Incident(Record):
    """Incident that an authority may have to be told of: personal data to IMY within 72 hours of its discovery
    (GDPR article 33). Described without naming anybody."""

    class Kind(models.TextChoices):
        PERSONAL_DATA = "personal_data", "personuppgiftsincident"
        SECURITY = "security", "it-säkerhetsincident"
        OTHER = "other", "annan incident"

    class Risk(models.TextChoices):
        UNLIKELY = "unlikely", "osannolik risk"
        RISK = "risk", "risk"
        HIGH = "high", "hög risk"

    class State(models.TextChoices):
        OPEN = "open", "bedöms"
        REPORTED = "reported", "anmäld"
        NOT_REPORTED = "not_reported", "anmäls inte"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="incidents", verbose_name="nämnd")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    kind = models.CharField("slag", max_length=14, choices=Kind, default=Kind.PERSONAL_DATA)
    title = models.CharField("incident", max_length=250, validators=FREE_TEXT)
    happened_at = models.DateTimeField("inträffade", null=True, blank=True)
    discovered_at = models.DateTimeField("upptäcktes")
    what = models.TextField("vad som hände", validators=FREE_TEXT)
    affected = models.PositiveIntegerField("antal berörda", null=True, blank=True)
    data_kinds = models.CharField("slags uppgifter", max_length=300, blank=True, validators=FREE_TEXT)
    risk = models.CharField("risk för de berörda", max_length=10, choices=Risk, blank=True)
    assessment = models.TextField("bedömning", blank=True, validators=FREE_TEXT)
    report_by = models.DateTimeField("anmäl senast", null=True, blank=True)
    reported_at = models.DateTimeField("anmäld", null=True, blank=True)
    late_reason = models.CharField("varför anmälan är sen", max_length=300, blank=True, validators=FREE_TEXT)
    authority_number = models.CharField(
        "myndighetens diarienummer", max_length=60, blank=True, validators=FREE_TEXT
    )
    informed_on = models.DateField("de berörda informerade", null=True, blank=True)
    measures = models.TextField("åtgärder", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=14, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = "incident"
        verbose_name_plural = "incidenter"
        ordering: ClassVar = ["-discovered_at"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(happened_at=None) | Q(discovered_at__gte=F("happened_at")),
                name="incident_discovered_after",
                violation_error_message="Incidenten kan inte upptäckas innan den inträffade.",
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False),
                name="reported_incident_has_moment",
                violation_error_message="Ange när incidenten anmäldes.",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_reported") | ~Q(assessment=""),
                name="unreported_incident_says_why",
                violation_error_message="Skriv varför incidenten inte anmäls.",
            ),
        ]

    class Access:
        resource = Resource.INCIDENTS
        committee = "committee"
        unit = "unit"
        common = False

    def __str__(self) -> str:
        return self.title
