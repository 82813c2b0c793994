"""The form of a register: two savers at once never overwrite each other unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.forms import modelform_factory
from django.forms.models import construct_instance

from roder import access
from roder.access.matrix import Action
from roder.core.dayfield import DayField
from roder.core.faults import constraint_of
from roder.core.models import Record, StaleRecordError
from roder.core.numbers import NumberError, parse_number
from roder.core.register.declaration import reach
from roder.core.register.filters import choosable

if TYPE_CHECKING:
    from roder.core.register.declaration import Register
    from roder.web.scope import Scope


@dataclass(frozen=True)
class Clash:
    """A field that two people have written different things in."""

    title: str
    theirs: str
    mine: str


class RecordForm(forms.ModelForm):  # not generic when it runs
    """A form whose record may hold what the form does not (the committee, the year): the model's constraints are tried
    with that too, and what they say stands at the field that it is about."""

    def _post_clean(self) -> None:
        """As Django's, but with the constraints tried apart."""
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]  # Django's own, as below
        try:
            self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
            self.instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]
        if self._validate_unique:  # type: ignore[attr-defined]
            self.validate_unique()
        self._try_constraints()

    def _try_constraints(self) -> None:
        """Each constraint with the record's own values; what is at fault already is not tried again."""
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                names = set(_fields_of(constraint))
                if names & set(self.errors):
                    continue
                try:
                    constraint.validate(model, self.instance)
                except ValidationError as error:
                    at = [name for name in self.fields if name in names]
                    self.add_error(at[-1] if at else None, error.messages)


def _fields_of(constraint: Any) -> Iterator[str]:
    """The names of the fields that a constraint is about."""
    yield from (name.split("__")[0] for name in getattr(constraint, "fields", ()) or ())

    def walk(node: Any) -> Iterator[str]:
        for child in getattr(node, "children", ()):
            if isinstance(child, Q):
                yield from walk(child)
            elif isinstance(child, tuple):
                yield child[0].split("__")[0]
                if isinstance(child[1], models.F):
                    yield str(getattr(child[1], "name", "")).split("__")[0]

    yield from walk(getattr(constraint, "condition", None))


class SwedishNumber(forms.DecimalField):
    """A number as people write it: ``30 000``, ``30000`` and ``30 000,50``."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # a DecimalField's is
        """The number. Raises ValidationError with what to write instead."""
        if isinstance(value, str) and value.strip():
            try:
                value = parse_number(value)
            except NumberError as error:
                raise ValidationError(f"{error}. Skriv till exempel 30 000 eller 30000,50.") from None
        found: Any = super().to_python(value)
        return found


def record_form(model: type[models.Model], fields: Sequence[str]) -> type[RecordForm]:
    """The form for some of a model's fields: dates with the browser's own picker, numbers as Swedes write them."""

    def made(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
        if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            options["form_class"] = DayField
        if isinstance(field, models.DecimalField):
            options |= {"form_class": SwedishNumber, "localize": True}
        return field.formfield(**options)

    cls: Any = modelform_factory(model, form=RecordForm, fields=list(fields), formfield_callback=made)
    return cls


def form_class(register: Register) -> type[RecordForm]:
    """The form for the register's fields."""
    return record_form(register.model, register.form)


def bound(register: Register, scope: Scope, data: Any, row: models.Model) -> RecordForm:
    """The register's form for a row; a relation offers what the person may see of the committee's own."""
    return narrowed(form_class(register)(data or None, instance=row), scope)


def narrowed(form: RecordForm, scope: Scope) -> RecordForm:
    """The form with its relations narrowed to the committee and to what the person may see."""
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            rows = choosable(field.queryset.model, scope)
            chosen = getattr(form.instance, f"{name}_id", None)
            if chosen:  # what stands there may be chosen again, whoever may see it
                every = field.queryset.model._default_manager
                rows = every.filter(Q(pk__in=rows.values("pk")) | Q(pk=chosen))
            field.queryset = rows
    return form


def revision_of(data: Any) -> int | None:
    """The revision that the form was filled in over; None when it is missing or not a number."""
    try:
        return int(data.get("revision", ""))
    except ValueError:
        return None


def save(register: Register, scope: Scope, record: Record, revision: int, values: dict[str, Any]) -> None:
    """Save over ``revision``.

    Raises StaleRecordError when somebody else was first, NotAllowedError without the right.
    """
    if not register.may_edit(scope, record):
        access.require(scope.user, Action.EDIT, record)
    with transaction.atomic():
        record.save_over(revision, **values)
        access.record(scope.user, "changed", record, fields=sorted(values))
        settle(register, scope, record)


def settle(register: Register, scope: Scope, record: models.Model) -> None:
    """What follows a row that has been added or changed, inside its transaction.

    Raises ValidationError when it was put where the person may not, or the register's own ``saved`` refuses it."""
    if not register.may_edit(scope, record):
        raise ValidationError("Dina mandat ger inte rätt att spara detta här. Välj en enhet som är din.")
    if register.saved is not None:
        register.saved(record, scope.user)


def clashes(form: forms.ModelForm[Any], stale: StaleRecordError) -> list[Clash]:
    """The fields where what stands in the database now differs from what was typed."""
    found = []
    for name in form.fields:
        theirs, mine = getattr(stale.current, name), form.cleaned_data.get(name)
        if theirs != mine:
            typed = form.data.get(form.add_prefix(name), "")
            found.append(
                Clash(str(form.fields[name].label), str(reach(stale.current, name) or ""), str(typed))
            )
    return found


def refused(error: DatabaseError, model: type[models.Model] | None = None) -> str:
    """What to say when the database refuses a row that the form let through: the constraint's own Swedish message
    where it has one, else the database's words, first line."""
    told = constraint_of(error)
    for constraint in model._meta.constraints if model is not None and told else ():
        if constraint.name == told:
            message = constraint.get_violation_error_message()
            return f"{message} Inget är ändrat."
    why = str(error).strip().splitlines()[0] if str(error).strip() else "okänt skäl"
    return f"Det går inte att spara: {why}. Inget är ändrat."
