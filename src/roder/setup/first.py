"""The first start: while nobody is there, whoever has started Roder gets an address to make the first administrator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import connection, transaction
from django.urls import reverse

from roder import access
from roder.core.addresses import address_name
from roder.core.faults import UserFault
from roder.core.locks import Lock
from roder.organisation.models import Body, Municipality, Person, Role
from roder.organisation.people import add_mandate

HOURS = 24
_SALT = "roder.setup.first"


@dataclass(frozen=True)
class First:
    """What the first administrator says of the municipality, the first committee and themselves."""

    code: str
    municipality: str
    slug: str
    committee: str
    short_name: str
    name: str
    email: str
    password: str


def nobody_yet() -> bool:
    """Whether no person exists."""
    return not Person.objects.exists()


def address(base: str | None = None) -> str:
    """A new address for the first start. The secret in it is signed with the installation's key."""
    token = TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(16))
    return f"{(base or settings.BASE_URL).rstrip('/')}{reverse('first:start', args=[token])}"


def holds(token: str) -> bool:
    """Whether the address's secret was made here within the last day, and nobody has come in yet."""
    try:
        TimestampSigner(salt=_SALT).unsign(token, max_age=HOURS * 3600)
    except BadSignature:
        return False
    return nobody_yet()


def begin(said: First) -> tuple[Person, Body]:
    """Make the municipality, its first committee and its first administrator, all or nothing.

    Raises UserFault when somebody is there already; ValidationError by field.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.FIRST_START])
        if not nobody_yet():
            raise UserFault("någon är redan upplagd. Logga in, eller be systemförvaltaren om ett mandat.")
        person = Person(email=Person.objects.normalize_email(said.email), name=said.name)
        try:
            validate_password(said.password, person)
        except ValidationError as error:
            raise ValidationError({"password": error.messages}) from error
        municipality = Municipality.objects.filter(code=said.code).first() or Municipality(code=said.code)
        municipality.name, municipality.slug = said.municipality, said.slug
        _saved(municipality, {"slug": "slug", "code": "code", "name": "municipality"})
        slug = f"{said.slug}-{address_name(said.short_name, 'namnd')}"
        committee = Body.objects.filter(slug=slug, kind=Body.Kind.COMMITTEE).first() or Body(
            municipality=municipality, kind=Body.Kind.COMMITTEE, name=said.committee,
            short_name=said.short_name, slug=slug,
        )  # fmt: skip
        _saved(committee, {"name": "committee", "short_name": "short_name", "slug": "short_name"})
        person.set_password(said.password)
        _saved(person, {"email": "email", "name": "name"})
        add_mandate(person, Role.ADMINISTRATOR, body=committee)
        access.record(person, "setup.first_start", municipality)
    return person, committee


def _saved(record: Municipality | Body | Person, fields: dict[str, str]) -> None:
    """Save what validates; its faults stand at the form's fields."""
    try:
        record.full_clean()
    except ValidationError as error:
        faults: dict[str, list[str]] = {}
        for name, messages in error.message_dict.items():
            faults.setdefault(fields.get(name, "__all__"), []).extend(messages)
        raise ValidationError(faults) from error
    record.save()
