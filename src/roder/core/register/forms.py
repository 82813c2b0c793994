"""The form of a register: two savers at once never overwrite each other unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import DatabaseError, models, transaction
from django.forms import modelform_factory

from roder import access
from roder.access.matrix import Action
from roder.core.models import Record, StaleRecordError
from roder.core.register.declaration import reach

if TYPE_CHECKING:
    from roder.core.register.declaration import Register
    from roder.web.scope import Scope


@dataclass(frozen=True)
class Clash:
    """A field that two people have written different things in."""

    title: str
    theirs: str
    mine: str


def form_class(register: Register) -> type[forms.ModelForm[Any]]:
    """The form for the register's fields: dates with the browser's own picker, numbers as Swedes write them."""

    def made(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
        if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return field.formfield(localize=isinstance(field, models.DecimalField), **options)

    return modelform_factory(register.model, fields=list(register.form), formfield_callback=made)


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


def refused(error: DatabaseError) -> str:
    """What to say when the database refuses a row that the form let through. Its own words, first line."""
    why = str(error).strip().splitlines()[0] if str(error).strip() else "okänt skäl"
    return f"Det går inte att spara: {why}. Inget är ändrat."
