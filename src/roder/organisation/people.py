"""Adding people and their mandates from the command line and in the demo."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.core.faults import UserFault
from roder.core.put import put
from roder.organisation.models import Body, Mandate, Person, Role, Unit


def add_person(email: str, name: str, password: str | None) -> tuple[Person, bool]:
    """The person with that e-mail, made now if there is none; and whether it was made.

    A person who is there keeps name and password. Without a password nobody can log in as the new person.
    Raises UserFault for a bad e-mail and for a password that is too weak.
    """
    person = Person.objects.filter(email__iexact=email).first()
    if person is not None:
        return person, False
    person = Person(email=Person.objects.normalize_email(email), name=name)
    try:
        validate_email(email)
        if password is not None:
            validate_password(password, person)
    except ValidationError as error:
        raise UserFault(f"{email}: {' '.join(error.messages)}") from error
    person.set_password(password)
    person.save()
    return person, True


def add_mandate(
    person: Person,
    role: str,
    *,
    body: Body | None = None,
    unit: Unit | None = None,
    since: date | None = None,
) -> Mandate:
    """A mandate in a body or for a unit from ``since`` (today); one that holds already is not made twice.

    Raises UserFault for an unknown role, and unless exactly one of body and unit is given.
    """
    if role not in Role.values:
        raise UserFault(f"rollen ”{role}” finns inte. Välj något av {', '.join(Role.values)}.")
    today = date.today()
    where = {"person": person, "role": role, "body": body, "unit": unit}
    existing = Mandate.objects.filter(**where, valid__contains=max(since or today, today)).first()
    if existing is not None:
        return existing
    return put(Mandate, {**where, "valid": DateRange(since or today, None)}, {}, person.email)[0]
