"""Cases: what a committee handles, from registration to closing (7-meetings 7.1)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.core.models import ImportBatch, Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.meetings.models.words import words
from roder.organisation.models import Body, Unit

#: Rows whose existence itself is secret, or that stand in such a case, need the right to secrets besides.
SECRET_CASE = Q(secret=True)


class CaseSeries(models.Model):
    """How a committee writes its registration numbers, and the last number given in a year.

    ``pattern`` holds the words of ``rules.numbers``: ``{year}.{number:03d} VON``, ``SN {year}/{number}``.
    """

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    pattern = models.CharField("form", max_length=60)
    last = models.PositiveIntegerField("senaste nummer", default=0)

    class Meta:
        verbose_name = "diarieserie"
        verbose_name_plural = "diarieserier"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "year"], name="case_series_once")
        ]

    class Access:
        resource = Resource.CASES
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.pattern} {self.year}"

    def next_number(self) -> int:
        """The next number. The row is locked to the end of the transaction: what is undone leaves no gap."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE meetings_caseseries SET last = last + 1 WHERE id = %s RETURNING last", [self.pk]
            )
            self.last = cursor.fetchone()[0]
        return self.last


@pghistory.track(*full_history(), exclude=["search"])
class Case(Record):
    """Ärende. ``number`` is the registration number as it is written; ``number_key`` the same for every spelling
    (``rules.numbers.key``), unique in the committee."""

    class Kind(models.TextChoices):
        OWN = "own", "eget ärende"
        MOTION = "motion", "motion"
        CITIZEN_PROPOSAL = "citizen_proposal", "medborgarförslag"
        MEMBER_INITIATIVE = "member_initiative", "ledamotsinitiativ"
        REFERRAL = "referral", "remiss"
        AUDIT = "audit", "revision"
        REPORT = "report", "rapport"
        GRANT = "grant", "bidrag"
        CONSULTATION = "consultation", "samråd"

    class Phase(models.TextChoices):
        REGISTERED = "registered", "registrerat"
        PREPARED = "prepared", "berett"
        SUBCOMMITTEE = "subcommittee", "i utskottet"
        COMMITTEE = "committee", "i nämnden"
        EXECUTIVE_BOARD = "executive_board", "i kommunstyrelsen"
        COUNCIL = "council", "i kommunfullmäktige"
        CARRIED_OUT = "carried_out", "verkställt"
        CLOSED = "closed", "avslutat"

    class Course(models.TextChoices):
        ACTIVE = "active", "pågår"
        RETURNED = "returned", "återremitterat"
        DEFERRED = "deferred", "bordlagt"
        WITHDRAWN = "withdrawn", "återkallat"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="cases", verbose_name="nämnd")
    number = models.CharField("diarienummer", max_length=40)
    number_key = models.CharField(max_length=40, editable=False)
    year = models.PositiveSmallIntegerField("år")
    title = models.CharField("ärendemening", max_length=300, validators=FREE_TEXT)
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.OWN)
    phase = models.CharField("läge", max_length=20, choices=Phase, default=Phase.REGISTERED)
    course = models.CharField("gång", max_length=10, choices=Course, default=Course.ACTIVE)
    opened_on = models.DateField("registrerat")
    closed_on = models.DateField("avslutat", null=True, blank=True)
    origin = models.CharField("från", max_length=200, blank=True, validators=FREE_TEXT)
    answer_by = models.DateField("svar senast", null=True, blank=True)
    answered_on = models.DateField("besvarat", null=True, blank=True)
    summary = models.TextField("kort om ärendet", blank=True, validators=FREE_TEXT)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="handläggare",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name="fortsätter"
    )
    secret = models.BooleanField("sekretess", default=False)
    secrecy_section = models.CharField("lagrum", max_length=60, blank=True, help_text="till exempel OSL 26:1")
    union_due = models.BooleanField("facklig samverkan krävs", default=False)
    union_on = models.DateField("samverkat", null=True, blank=True)
    union_note = models.CharField("vad som framfördes", max_length=1000, blank=True, validators=FREE_TEXT)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")
    search = words("number", "title", "origin", "summary")

    class Meta:
        verbose_name = "ärende"
        verbose_name_plural = "ärenden"
        ordering: ClassVar = ["-opened_on", "-id"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "number_key"],
                name="case_number_once",
                violation_error_message="Det finns redan ett ärende med diarienumret, kanske skrivet på annat sätt.",
            ),
            models.CheckConstraint(
                condition=Q(phase="closed", closed_on__isnull=False) | (~Q(phase="closed") & Q(closed_on=None)),
                name="case_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="case_closed_after_opened",
                violation_error_message="Ett ärende kan inte avslutas före dagen det registrerades.",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(secrecy_section=""),
                name="case_secret_by_law",
                violation_error_message="Ange lagrummet för sekretessen.",
            ),
            models.CheckConstraint(condition=~Q(continues=F("id")), name="case_not_its_own_past"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "own", "motion", "citizen_proposal", "member_initiative", "referral", "audit", "report",
                        "grant", "consultation",
                    ]
                ),
                name="known_case_kind",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["committee", "-opened_on", "-id"], name="case_latest"),
            models.Index(fields=["committee", "answer_by"], name="case_to_answer", condition=Q(answered_on=None)),
            models.Index(fields=["number_key"], name="case_by_number"),
            GinIndex(fields=["search"], name="case_words"),
            models.Index(fields=["batch"], name="case_by_batch", condition=Q(batch__isnull=False)),
        ]  # fmt: skip

    class Access:
        resource = Resource.CASES
        committee = "committee"
        own = "responsible"
        stricter: ClassVar = ((Resource.SECRETS, SECRET_CASE),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@pghistory.track(*full_history())
class CaseStep(Record):
    """Something that happened to a case: a phase reached, withdrawn, returned, deferred; where, when and why.

    ``item`` is the agenda item it was decided at, when it was at a meeting."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", verbose_name="ärende")
    on = models.DateField("dag")
    phase = models.CharField("läge", max_length=20, choices=Case.Phase, blank=True)
    course = models.CharField("gång", max_length=10, choices=Case.Course, blank=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organ"
    )
    item = models.ForeignKey(
        "meetings.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="punkt"
    )
    note = models.CharField("anteckning", max_length=500, blank=True, validators=FREE_TEXT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="av"
    )

    class Meta:
        verbose_name = "steg i ärendet"
        verbose_name_plural = "steg i ärendet"
        ordering: ClassVar = ["on", "id"]
        indexes: ClassVar = [models.Index(fields=["case", "on", "id"], name="case_step_order")]

    class Access:
        resource = Resource.CASES
        committee = "case__committee"
        own = "case__responsible"
        stricter: ClassVar = ((Resource.SECRETS, Q(case__secret=True)),)

    def __str__(self) -> str:
        return f"{self.get_phase_display() or self.get_course_display()} {self.on}"


@pghistory.track(*full_history())
class CaseDependency(Record):
    """A case that cannot be decided before another has come to ``until``. No circles: the database refuses them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="waits_for", verbose_name="ärende")
    on = models.ForeignKey(Case, models.PROTECT, related_name="waited_for_by", verbose_name="väntar på")
    until = models.CharField("till", max_length=20, choices=Case.Phase, default=Case.Phase.CARRIED_OUT)
    note = models.CharField("anteckning", max_length=500, blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "beroende"
        verbose_name_plural = "beroenden"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "on"], name="case_dependency_once"),
            models.CheckConstraint(condition=~Q(case=F("on")), name="case_waits_for_another"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_circle",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                # One lock for all dependencies: two that together make a circle cannot be added at once.
                func="""
                    PERFORM pg_advisory_xact_lock(7203320);
                    IF EXISTS (
                        WITH RECURSIVE on_from(id) AS (
                            SELECT NEW.on_id
                            UNION
                            SELECT d.on_id FROM on_from JOIN meetings_casedependency d ON d.case_id = on_from.id
                        ) SELECT 1 FROM on_from WHERE id = NEW.case_id
                    ) THEN
                        RAISE EXCEPTION 'ärendena väntar på varandra i en ring' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    class Access:
        resource = Resource.CASES
        committee = "case__committee"
        stricter: ClassVar = ((Resource.SECRETS, Q(case__secret=True) | Q(on__secret=True)),)

    def __str__(self) -> str:
        return f"{self.case.number} väntar på {self.on.number}"


@pghistory.track(*full_history())
class CasePreparation(Record):
    """Parallel preparation: another body or unit that is asked, and what it answered."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="preparations", verbose_name="ärende")
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organ"
    )
    name = models.CharField("organ utanför Roder", max_length=200, blank=True, validators=FREE_TEXT)
    asked_on = models.DateField("tillfrågat")
    answer_by = models.DateField("svar senast", null=True, blank=True)
    answered_on = models.DateField("svarat", null=True, blank=True)
    answer = models.TextField("svar", blank=True, validators=FREE_TEXT)

    class Meta:
        verbose_name = "beredning"
        verbose_name_plural = "beredningar"
        ordering: ClassVar = ["asked_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(body__isnull=False) | ~Q(name=""), name="preparation_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("asked_on")),
                name="preparation_answered_after_asked",
            ),
        ]

    class Access:
        resource = Resource.CASES
        committee = "case__committee"
        stricter: ClassVar = ((Resource.SECRETS, Q(case__secret=True)),)

    def __str__(self) -> str:
        return f"{self.body or self.name}"
