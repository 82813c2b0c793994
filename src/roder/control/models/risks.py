# ruff: noqa: S608 - the SQL of the triggers is put together from names written in this module only
"""Risk analyses: the scale as it was, the register of risks, and workshops where several people score (5.1)."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roder.access.matrix import Resource
from roder.control.rules.cells import cells
from roder.control.rules.scales import HANDLINGS, Scale
from roder.core.models import ImportBatch, Record, full_history, removes_links
from roder.core.persons import FREE_TEXT
from roder.organisation.models import Body, Role, Unit
from roder.steering.models import SteeringModelVersion


class Handling(models.TextChoices):
    """What a risk leads to. The codes are the steering model's."""

    NONE = "none", HANDLINGS["none"]
    GOAL = "goal", HANDLINGS["goal"]
    CONTROL_POINT = "control_point", HANDLINGS["control_point"]
    CRITICAL_FACTOR = "critical_factor", HANDLINGS["critical_factor"]
    ASSIGNMENT = "assignment", HANDLINGS["assignment"]
    IMMEDIATE_ACTION = "immediate_action", HANDLINGS["immediate_action"]


def within_scale(*, through: str) -> pgtrigger.Trigger:
    """A trigger that refuses scores outside the scale; ``through`` is SQL that gives the scale's id for NEW."""
    return pgtrigger.Trigger(
        name="within_scale",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("likelihood", "impact"),
        when=pgtrigger.Before,
        declare=[("scale", "control_scaleversion")],
        func=f"""
            IF NEW.likelihood IS NULL AND NEW.impact IS NULL THEN RETURN NEW; END IF;
            SELECT * INTO scale FROM control_scaleversion WHERE id = ({through});
            IF NEW.likelihood NOT BETWEEN scale.likelihood_lowest AND scale.likelihood_highest
               OR NEW.impact NOT BETWEEN scale.impact_lowest AND scale.impact_highest THEN
                RAISE EXCEPTION 'score outside the scale: % and %', NEW.likelihood, NEW.impact
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_score_within_scale';
            END IF;
            RETURN NEW;
        """,
    )


def gives_code() -> pgtrigger.Trigger:
    """A trigger that gives a new risk its code, the committee's next: R-0001, R-0002 … One is given at a time, so that
    two never get the same; a risk carried from last year brings its own."""
    return pgtrigger.Trigger(
        name="gives_code",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("next", "text")],
        func="""
            IF NEW.code = '' THEN
                PERFORM pg_advisory_xact_lock(7203321, NEW.committee_id::int);
                SELECT (COALESCE(max(substr(code, 3)::int), 0) + 1)::text INTO next FROM control_risk
                    WHERE committee_id = NEW.committee_id AND code ~ '^R-[0-9]+$';
                NEW.code := 'R-' || lpad(next, greatest(4, length(next)), '0');
            END IF;
            RETURN NEW;
        """,
    )


class CellsField(models.JSONField):
    """What the rules say of each cell of the scale, written with it: figures read it where no rule can be asked."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The cells of the row's own content."""
        made = cells(Scale.read(getattr(model_instance, "content")))  # noqa: B009 - the field knows no class of its own
        setattr(model_instance, self.attname, made)
        return made


class ScaleVersion(models.Model):
    """A risk scale as a steering model had it when risks were scored. Never changed: old scores stay readable.

    ``content`` is the steering model's RiskScale as JSON, ``cells`` what the rules say of each pair of scores. Made by
    ``services.scales`` only.
    """

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    model = models.ForeignKey(
        SteeringModelVersion, models.PROTECT, related_name="+", verbose_name="styrmodell"
    )
    code = models.CharField("kod", max_length=60)
    label = models.CharField("benämning", max_length=200)
    content = models.JSONField("skala")
    cells = CellsField("ruta för ruta", default=dict, editable=False)
    sha256 = models.CharField(max_length=64)
    likelihood_lowest = models.PositiveSmallIntegerField()
    likelihood_highest = models.PositiveSmallIntegerField()
    impact_lowest = models.PositiveSmallIntegerField()
    impact_highest = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "riskskala"
        verbose_name_plural = "riskskalor"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "code", "sha256"], name="scale_version_once")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    class Access:
        resource = Resource.RISKS
        committee = "committee"

    def __str__(self) -> str:
        return self.label


@pghistory.track(*full_history())
class RiskAnalysis(Record):
    """Riskanalys: the risks of a committee for the year they are planned for, by one scale.

    ``year`` is the year that the plan which follows from it is about: the workshops are held the autumn before.
    """

    class State(models.TextChoices):
        OPEN = "open", "pågår"
        DECIDED = "decided", "beslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="risk_analyses", verbose_name="nämnd")
    year = models.PositiveSmallIntegerField("år")
    title = models.CharField("benämning", max_length=200, validators=FREE_TEXT)
    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="analyses", verbose_name="skala")
    state = models.CharField("läge", max_length=10, choices=State, default=State.OPEN)
    decided_on = models.DateField("beslutad", null=True, blank=True)
    decision = models.CharField("beslut", max_length=120, blank=True, validators=FREE_TEXT)
    introduction = models.TextField("inledning", blank=True, validators=FREE_TEXT)
    source = models.CharField("källa", max_length=200, blank=True)

    class Meta:
        verbose_name = "riskanalys"
        verbose_name_plural = "riskanalyser"
        ordering: ClassVar = ["-year"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                name="risk_analysis_once_a_year",
                violation_error_message="Nämnden har redan en riskanalys för året.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_on=None) | Q(state="decided", decided_on__isnull=False),
                name="decided_analysis_has_day",
                violation_error_message="Ange vilken dag riskanalysen beslutades.",
            ),
        ]

    class Access:
        resource = Resource.RISKS
        committee = "committee"

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


@pghistory.track(*full_history())
class Risk(Record):
    """A risk in a year's analysis. ``code`` is the same through the years (R-0007); ``number`` is what is printed.

    A retired risk keeps its row without scores. ``scale`` is the one its scores were given by, which an older risk
    keeps when the analysis gets a new scale. ``previous_value`` is last year's value as a source prints it, where last
    year's analysis is not in Roder. ``in_plan`` is None until somebody has decided.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", "föreslagen"
        ACTIVE = "active", "aktuell"
        RETIRED = "retired", "utgången"

    class Origin(models.TextChoices):
        WORKSHOP = "workshop", "riskworkshop"
        FACTOR = "factor", "kritisk verksamhetsfaktor"
        SCAN = "scan", "omvärldsanalys"
        DEVIATION = "deviation", "avvikelser"
        AUDIT = "audit", "revision eller tillsyn"
        CARRIED = "carried", "tidigare år"
        OTHER = "other", "annat"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    analysis = models.ForeignKey(
        RiskAnalysis, models.PROTECT, related_name="risks", verbose_name="riskanalys"
    )
    code = models.CharField("id", max_length=20, editable=False, blank=True)  # the database gives it
    number = models.CharField("nummer", max_length=20, blank=True, validators=FREE_TEXT)
    text = models.CharField("risk", max_length=400, validators=FREE_TEXT)
    category = models.CharField("område", max_length=120, blank=True, validators=FREE_TEXT)
    process = models.CharField("process", max_length=160, blank=True, validators=FREE_TEXT)
    activity = models.CharField("aktivitet", max_length=160, blank=True, validators=FREE_TEXT)
    cause = models.TextField("orsak", blank=True, validators=FREE_TEXT)
    consequence = models.TextField("vad det leder till", blank=True, validators=FREE_TEXT)
    existing_controls = models.TextField("vad som redan görs", blank=True, validators=FREE_TEXT)
    state = models.CharField("läge", max_length=10, choices=State, default=State.ACTIVE)
    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+", verbose_name="skala")
    likelihood = models.PositiveSmallIntegerField("sannolikhet", null=True, blank=True)
    impact = models.PositiveSmallIntegerField("konsekvens", null=True, blank=True)
    value = models.GeneratedField(
        expression=F("likelihood") * F("impact"),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
        verbose_name="riskvärde",
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried", verbose_name="förra årets risk"
    )
    previous_value = models.PositiveSmallIntegerField("förra årets riskvärde", null=True, blank=True)
    handling = models.CharField("hantering", max_length=20, choices=Handling, blank=True)
    handling_reason = models.TextField("skäl att avvika från regeln", blank=True, validators=FREE_TEXT)
    in_plan = models.BooleanField("med i planen", null=True, blank=True)
    plan_reason = models.TextField("varför med eller inte", blank=True, validators=FREE_TEXT)
    obligatory = models.BooleanField("obligatorisk", default=False)
    common = models.BooleanField("gemensam för kommunen", default=False)
    owner_role = models.CharField("ansvarig roll", max_length=30, choices=Role, blank=True)
    responsible = models.CharField("ansvarig", max_length=120, blank=True, validators=FREE_TEXT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enhet"
    )
    origin = models.CharField("kommer från", max_length=12, choices=Origin, default=Origin.OTHER)
    origin_note = models.CharField("var den kommer från", max_length=200, blank=True, validators=FREE_TEXT)
    retired_reason = models.CharField("varför den utgick", max_length=300, blank=True, validators=FREE_TEXT)
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="föreslagen av",
    )
    position = models.PositiveSmallIntegerField("ordning", default=0)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "risk"
        verbose_name_plural = "risker"
        ordering: ClassVar = ["position", "id"]
        triggers: ClassVar = [removes_links(), within_scale(through="NEW.scale_id"), gives_code()]
        indexes: ClassVar = [
            models.Index(fields=["committee", "code"], name="risk_through_years"),
            models.Index(fields=["batch"], name="risk_by_batch", condition=Q(batch__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["analysis", "code"], name="risk_once_in_analysis"),
            models.UniqueConstraint(
                fields=["analysis", "number"],
                name="risk_number_once",
                condition=~Q(number=""),
                violation_error_message="Numret finns redan i riskanalysen. Välj ett annat.",
            ),
            models.CheckConstraint(
                condition=Q(likelihood=None, impact=None) | Q(likelihood__isnull=False, impact__isnull=False),
                name="risk_scored_whole",
                violation_error_message="Ange både sannolikhet och konsekvens, eller ingen av dem.",
            ),
            models.CheckConstraint(
                condition=~Q(state="retired") | Q(likelihood=None),
                name="retired_risk_has_no_score",
                violation_error_message="En utgången risk har ingen bedömning.",
            ),
            models.CheckConstraint(
                condition=~Q(state="retired") | ~Q(retired_reason=""),
                name="retired_risk_says_why",
                violation_error_message="Skriv varför risken utgår.",
            ),
        ]

    class Access:
        resource = Resource.RISKS
        committee = "committee"

    def __str__(self) -> str:
        return self.text


#: A workshop scores by the scale of its analysis, also a risk that was scored by an older one.
_ANALYSIS_SCALE = """
    SELECT a.scale_id FROM control_workshop w JOIN control_riskanalysis a ON a.id = w.analysis_id
    WHERE w.id = NEW.workshop_id
"""


@pghistory.track(*full_history())
class Workshop(Record):
    """A risk workshop: people collect risks, each scores, the spread is shown, the group decides."""

    class State(models.TextChoices):
        COLLECTING = "collecting", "samlar risker"
        SCORING = "scoring", "alla bedömer"
        DECIDING = "deciding", "gruppen beslutar"
        CLOSED = "closed", "avslutad"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="nämnd")
    analysis = models.ForeignKey(
        RiskAnalysis, models.PROTECT, related_name="workshops", verbose_name="riskanalys"
    )
    title = models.CharField("workshop", max_length=200, validators=FREE_TEXT)
    held_on = models.DateField("dag")
    state = models.CharField("läge", max_length=12, choices=State, default=State.COLLECTING)
    names_shown = models.BooleanField("visa vem som satt vad", default=False)
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="leds av"
    )
    closed_at = models.DateTimeField("avslutad", null=True, blank=True)
    current = models.ForeignKey(
        Risk,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="risken som gruppen talar om",
    )

    class Meta:
        verbose_name = "riskworkshop"
        verbose_name_plural = "riskworkshoppar"
        ordering: ClassVar = ["-held_on", "-id"]
        triggers: ClassVar = [removes_links()]

    class Access:
        resource = Resource.RISKS
        committee = "committee"

    def __str__(self) -> str:
        return self.title


class WorkshopScore(models.Model):
    """What one participant scored a risk in a workshop. Changed until the group decides."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="scores", verbose_name="workshop")
    risk = models.ForeignKey(Risk, models.CASCADE, related_name="workshop_scores", verbose_name="risk")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="deltagare"
    )
    likelihood = models.PositiveSmallIntegerField("sannolikhet")
    impact = models.PositiveSmallIntegerField("konsekvens")
    note = models.CharField("kommentar", max_length=300, blank=True, validators=FREE_TEXT)
    scored_at = models.DateTimeField("bedömd", auto_now=True)

    class Meta:
        verbose_name = "deltagares bedömning"
        verbose_name_plural = "deltagares bedömningar"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "risk", "person"], name="one_score_each")
        ]
        triggers: ClassVar = [
            within_scale(through=_ANALYSIS_SCALE),
            pgtrigger.Trigger(
                name="only_while_scoring",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF (SELECT state FROM control_workshop WHERE id = NEW.workshop_id FOR SHARE) <> 'scoring' THEN
                        RAISE EXCEPTION 'the workshop does not take scores now'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshop_takes_scores';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    class Access:
        resource = Resource.RISKS
        committee = "workshop__committee"
        own = "person"

    def __str__(self) -> str:
        return f"{self.likelihood} × {self.impact}"


@pghistory.track(*full_history())
class WorkshopDecision(models.Model):
    """What the group of a workshop decided about a risk. The risk's own scores may be changed later; this stays."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="decisions", verbose_name="workshop")
    risk = models.ForeignKey(Risk, models.CASCADE, related_name="workshop_decisions", verbose_name="risk")
    likelihood = models.PositiveSmallIntegerField("sannolikhet")
    impact = models.PositiveSmallIntegerField("konsekvens")
    reason = models.CharField("varför", max_length=300, blank=True, validators=FREE_TEXT)
    decided_at = models.DateTimeField("beslutad", auto_now=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="antecknad av"
    )

    class Meta:
        verbose_name = "gruppens bedömning"
        verbose_name_plural = "gruppens bedömningar"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "risk"], name="one_workshop_decision")
        ]
        triggers: ClassVar = [within_scale(through=_ANALYSIS_SCALE)]

    class Access:
        resource = Resource.RISKS
        committee = "workshop__committee"

    def __str__(self) -> str:
        return f"{self.likelihood} × {self.impact}"
