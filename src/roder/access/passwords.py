"""A link by which somebody sets their own password: once, for three days (PASSWORD_RESET_TIMEOUT)."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from roder import access
from roder.access.mandates import of_committees
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.organisation.models import Body, Person


def link_for(person: Person, base: str | None = None) -> str:
    """The address where the person chooses a password. For the operator, who may help anybody.

    It stops working when it has been used, when the person has logged in, and after three days.
    """
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}).replace(
        "UID-KEY", key
    )
    return f"{(base or settings.BASE_URL).rstrip('/')}{path}"


def invite(actor: Person, committee: Body, person: Person, base: str | None = None) -> str:
    """The same made by the committee's administrator, for somebody of the committee who has no password yet.

    Raises NotAllowedError; UserFault for somebody who is of another committee, or has a password: nobody takes over
    another's account.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee)
    if not person.mandates.filter(of_committees({committee.pk})).exists():
        raise UserFault(f"{person} har inget mandat i {committee.name}.")
    if person.has_usable_password() or not person.is_active:
        raise UserFault(
            f"{person} har redan ett lösenord eller är avstängd. Den som har glömt sitt lösenord får hjälp med "
            "”Glömt lösenordet?” eller av driften (roder person link E-POST)."
        )
    access.record(actor, "person.link_made", person)
    return link_for(person, base)
