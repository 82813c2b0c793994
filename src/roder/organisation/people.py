"""Adding people and their first mandate from the command line."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from roder.core.faults import UserFault
from roder.core.put import put
from roder.organisation.models import Body, Mandate, Person, Role


@transaction.atomic
def add_person(
    email: str, name: str, password: str | None, role: str, body: Body, *, since: date | None = None
) -> tuple[Person, bool]:
    """The person with that e-mail, made now if there is none, with a mandate in a body from ``since`` (today).

    A person who is there keeps name and password; a mandate that holds already is not made twice. Gives the person
    and whether it was made. Raises UserFault for a bad e-mail, a password that is too weak, an unknown role.
    """
    if role not in Role.values:
        raise UserFault(f"rollen ”{role}” finns inte. Välj något av {', '.join(Role.values)}.")
    person = Person.objects.filter(email__iexact=email).first()
    made = person is None
    if person is None:
        person = Person(email=Person.objects.normalize_email(email), name=name)
        try:
            validate_email(email)
            if password is not None:
                validate_password(password, person)
        except ValidationError as error:
            raise UserFault(f"{email}: {' '.join(error.messages)}") from error
        person.set_password(password)
        person.save()
    today = date.today()
    holds = Mandate.objects.filter(person=person, role=role, body=body, valid__contains=max(since or today, today))
    if not holds.exists():
        put(Mandate, {"person": person, "role": role, "body": body, "valid": DateRange(since or today, None)}, {}, email)
    return person, made
