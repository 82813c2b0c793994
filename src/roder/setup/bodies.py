"""Deeds on the municipality and its bodies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.addresses import address_name
from roder.organisation.models import Body, Municipality, Person, Role
from roder.organisation.people import add_mandate


def rename(actor: Person, committee: Body, name: str) -> Municipality:
    """Change what the committee's municipality is called. Raises NotAllowedError."""
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee)
    own = committee.municipality
    if name != own.name:
        with transaction.atomic():
            own.save_over(own.revision, name=name)
            access.record(actor, "setup.municipality_renamed", own)
    return own


def add(actor: Person, committee: Body, kind: str, name: str, short_name: str) -> Body:
    """Add a body to the municipality. A subcommittee is the committee's; of another committee, who adds it becomes the
    administrator, so that it can be set up.

    Raises NotAllowedError; ValidationError when the municipality has one with that short name.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee)
    own = committee.municipality
    parent = committee if kind == Body.Kind.SUBCOMMITTEE else None
    start = parent.slug if parent else own.slug
    body = Body(
        municipality=own, kind=kind, name=name, short_name=short_name, parent=parent,
        slug=f"{start}-{address_name(short_name, 'namnd')}",
    )  # fmt: skip
    with transaction.atomic():
        Municipality.objects.select_for_update().get(pk=own.pk)  # two who add the same: the second is told
        if Body.objects.filter(slug=body.slug).exists():
            raise ValidationError({"short_name": f"{short_name} finns redan. Välj en annan förkortning."})
        body.full_clean()
        body.save(force_insert=True)
        access.record(actor, "setup.body_added", body)
        if kind == Body.Kind.COMMITTEE:
            mandate = add_mandate(actor, Role.ADMINISTRATOR, body=body)
            access.record(actor, "mandate given", mandate, role=Role.ADMINISTRATOR.value)
    return body
