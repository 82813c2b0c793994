"""Municipality, bodies, the unit tree with its history, people and their mandates."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value

from roder.core.models import Record, full_history, removes_links
from roder.core.prepared import rows_of


class _Only(Func):
    """A range holding one id: the embedded server has no btree_gist, so the owner is compared as a range."""

    function = "int8range"
    arg_joiner = ", "

    def __init__(self, name: str) -> None:
        super().__init__(models.F(name), models.F(name), Value("[]"))


@pghistory.track(*full_history())
class Municipality(Record):
    """A municipality (kommun)."""

    code = models.CharField("kommunkod", max_length=4, unique=True)
    name = models.CharField("namn", max_length=80)
    slug = models.SlugField("adressnamn", unique=True)

    class Meta:
        verbose_name = "kommun"
        verbose_name_plural = "kommuner"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class Body(Record):
    """A political body: a committee, its subcommittee, the executive board or the council."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "nämnd"
        SUBCOMMITTEE = "subcommittee", "utskott"
        EXECUTIVE_BOARD = "executive_board", "kommunstyrelse"
        COUNCIL = "council", "kommunfullmäktige"

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="bodies", verbose_name="kommun"
    )
    kind = models.CharField("slag", max_length=20, choices=Kind)
    name = models.CharField("namn", max_length=120)
    short_name = models.CharField("förkortning", max_length=20)
    slug = models.SlugField("adressnamn", unique=True, help_text="till exempel alingsas-von")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subbodies")

    class Meta:
        verbose_name = "organ"
        verbose_name_plural = "organ"
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="subcommittee", parent__isnull=False)
                | ~Q(kind="subcommittee") & Q(parent=None),
                name="only_subcommittee_has_parent",
            )
        ]

    class Access:
        resource = "organisation"
        committee = "pk"

    def __str__(self) -> str:
        return f"{self.name}, {self.municipality.name}"


@pghistory.track(*full_history())
class Unit(Record):
    """A part of a committee's administration. Where it stands in the tree is its placement, which has dates."""

    class Kind(models.TextChoices):
        ADMINISTRATION = "administration", "förvaltning"
        DEPARTMENT = "department", "avdelning"
        UNIT = "unit", "enhet"

    committee = models.ForeignKey(Body, models.PROTECT, related_name="units", verbose_name="nämnd")
    code = models.CharField("kod", max_length=40)
    name = models.CharField("namn", max_length=120)
    kind = models.CharField("slag", max_length=20, choices=Kind)
    external = models.BooleanField("drivs av extern utförare", default=False)

    class Meta:
        verbose_name = "enhet"
        verbose_name_plural = "enheter"
        ordering: ClassVar = ["code"]
        triggers: ClassVar = [removes_links()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["committee", "code"], name="unit_code_once")]

    class Access:
        resource = "organisation"
        committee = "committee"

    def __str__(self) -> str:
        return self.name


@pghistory.track(*full_history())
class UnitPlacement(Record):
    """Under which unit (None: at the top) a unit stands, and when. A unit has one place at a time."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements", verbose_name="enhet")
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="child_placements", verbose_name="hör till"
    )
    valid = DateRangeField("gäller")

    class Meta:
        verbose_name = "placering"
        verbose_name_plural = "placeringar"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_place_at_a_time",
                expressions=[(_Only("unit"), RangeOperators.OVERLAPS), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message="Enheten har redan en placering under en del av tiden.",
            ),
            models.CheckConstraint(condition=~Q(unit=models.F("parent")), name="not_under_itself"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="placement_has_time"),
        ]

    class Access:
        resource = "organisation"
        committee = "unit__committee"

    def __str__(self) -> str:
        return f"{self.unit} under {self.parent or 'toppen'}"


class UnitPath(models.Model):
    """Every unit under every unit (itself included) today: a database view over the placements."""

    id = models.CharField(primary_key=True, max_length=50)
    ancestor = models.ForeignKey(Unit, models.DO_NOTHING, related_name="paths_down")
    descendant = models.ForeignKey(Unit, models.DO_NOTHING, related_name="paths_up")
    depth = models.IntegerField()

    class Meta:
        verbose_name = "plats i enhetsträdet"
        verbose_name_plural = "platser i enhetsträdet"
        managed = False
        db_table = "organisation_unit_path"

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class PersonManager(BaseUserManager["Person"]):
    """Makes people, with or without a login."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create a person. Without a password the person cannot log in."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get(self, *args: Any, **kwargs: Any) -> Person:
        """One person. By key, as every page asks who it is for, with a question whose plan is kept."""
        key = kwargs.get("pk")
        if args or len(kwargs) != 1 or not isinstance(key, int):
            return super().get(*args, **kwargs)
        fields = self.model._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        sql = f'SELECT {columns} FROM "{self.model._meta.db_table}" WHERE id = %s'  # noqa: S608 - own names only
        found = rows_of(sql, (key,), self.db)
        if not found:
            raise self.model.DoesNotExist("Personen finns inte.")
        return self.model.from_db(self.db, [field.attname for field in fields], found[0])


@pghistory.track(*full_history(), exclude=["password", "last_login"])
class Person(AbstractBaseUser, Record):
    """Somebody who works with or sits in a committee. Rights come from mandates, never from the person."""

    email = models.EmailField("e-post", unique=True)
    name = models.CharField("namn", max_length=120)
    title = models.CharField("titel", max_length=120, blank=True)
    is_active = models.BooleanField("aktiv", default=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "personer"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name to show."""
        return self.name


class Role(models.TextChoices):
    """What a mandate lets somebody be (the table "Who uses it" of the product description)."""

    MEMBER = "member", "ledamot"
    CHAIR = "chair", "ordförande"
    HEAD_ADMINISTRATION = "head_administration", "förvaltningschef"
    HEAD_DEPARTMENT = "head_department", "avdelningschef"
    UNIT_MANAGER = "unit_manager", "enhetschef"
    CARE_STAFF = "care_staff", "omsorgspersonal"
    SAS = "sas", "socialt ansvarig samordnare"
    MAS = "mas", "medicinskt ansvarig sjuksköterska"
    LICENSED = "licensed", "legitimerad personal"
    CONTROLLER = "controller", "controller"
    QUALITY_STRATEGIST = "quality_strategist", "kvalitetsstrateg"
    CASEWORK_MANAGER = "casework_manager", "chef för handläggare"
    SECRETARY = "secretary", "nämndsekreterare"
    AUDITOR = "auditor", "revisor"
    PROVIDER = "provider", "extern utförare"
    CENTRAL_OFFICE = "central_office", "kommunledningskontoret"
    ADMINISTRATOR = "administrator", "systemförvaltare"


@pghistory.track(*full_history())
class Mandate(Record):
    """A role for a committee, or for a unit with everything under it, between two dates."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="mandates", verbose_name="person")
    role = models.CharField("roll", max_length=30, choices=Role)
    body = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name="nämnd eller annat organ",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name="enhet"
    )
    valid = DateRangeField("gäller")
    #: The identity provider that it came from, and the group that gave it. Empty: given by hand.
    source = models.CharField("källa", max_length=40, blank=True, db_default="", default="", editable=False)
    source_group = models.CharField(
        "grupp", max_length=255, blank=True, db_default="", default="", editable=False
    )

    class Meta:
        verbose_name = "mandat"
        verbose_name_plural = "mandat"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, unit=None) | Q(body=None, unit__isnull=False),
                name="body_or_unit",
                violation_error_message="Ett mandat gäller antingen ett organ eller en enhet.",
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="mandate_has_time"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="known_role"),
            models.CheckConstraint(
                condition=Q(source="", source_group="") | ~Q(source="") & ~Q(source_group=""),
                name="source_with_group",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "role"], name="mandate_by_person")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.body or self.unit}"


@pghistory.track(*full_history())
class Deputy(Record):
    """Ersättare: who stands in for a person (all their mandates) or for one mandate, between two dates."""

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="deputies", verbose_name="för"
    )
    mandate = models.ForeignKey(
        Mandate, models.CASCADE, null=True, blank=True, related_name="deputies", verbose_name="för mandatet"
    )
    stand_in = models.ForeignKey(Person, models.CASCADE, related_name="stands_in", verbose_name="ersättare")
    valid = DateRangeField("gäller")
    given_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="utsedd av"
    )

    class Meta:
        verbose_name = "ersättare"
        verbose_name_plural = "ersättare"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, mandate=None) | Q(person=None, mandate__isnull=False),
                name="deputy_for_person_or_mandate",
                violation_error_message="En ersättare går in för en person eller för ett av personens mandat.",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | ~Q(person=models.F("stand_in")),
                name="deputy_not_for_oneself",
                violation_error_message="Välj någon annan: ingen är sin egen ersättare.",
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & Q(valid__endswith__isnull=False), name="deputy_has_end"
            ),
            ExclusionConstraint(
                name="one_deputy_of_a_person_once",
                expressions=[
                    (_Only("person"), RangeOperators.OVERLAPS),
                    (_Only("stand_in"), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(person__isnull=False),
                violation_error_message="Samma ersättare är redan utsedd för en del av tiden.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["stand_in"], name="deputy_by_stand_in")]

    class Access:
        resource = "organisation"
        committee = "mandate__unit__committee"

    def __str__(self) -> str:
        return f"{self.stand_in} för {self.person or self.mandate}"
