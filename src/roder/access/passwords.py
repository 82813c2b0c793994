"""A link by which somebody sets their own password: once, for three days (PASSWORD_RESET_TIMEOUT)."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from roder import access
from roder.access.mandates import committees_where, of_committees
from roder.access.matrix import Action, Resource
from roder.core.faults import UserFault
from roder.organisation.models import Body, Mandate, Person


def link_for(person: Person, base: str | None = None) -> str:
    """The address where the person chooses a password. For the operator, who may help anybody.

    It stops working when it has been used, when the person has logged in, and after three days.
    """
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}).replace(
        "UID-KEY", key
    )
    return f"{(base or settings.BASE_URL).rstrip('/')}{path}"


def waiting(committee: Body) -> list[Person]:
    """Those with a mandate in the committee, today or to come, who have no way in yet: no password chosen, never logged
    in, and not known by an identity provider. Not those who may only come through a provider."""
    over = DateRange(timezone.localdate(), None)
    held = Mandate.objects.filter(of_committees({committee.pk})).exclude(valid__fully_lt=over)
    rows = Person.objects.filter(
        pk__in=held.values("person"),
        is_active=True,
        last_login=None,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
    ).exclude(pk__in=SocialAccount.objects.values("user"))
    return [one for one in rows.order_by("name") if settings.IDENTITY.may_use_password(one.email)]


def invite(actor: Person, committee: Body, person: Person, base: str | None = None) -> str:
    """The same made by the committee's administrator, for somebody of the committee who has no way in yet.

    Raises NotAllowedError; UserFault for somebody who is not waiting for one, or who has a mandate that the actor does
    not administer: nobody takes over another's account.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION, committee)
    if not person.mandates.filter(of_committees({committee.pk})).exists():
        raise UserFault(f"{person} har inget mandat i {committee.name}.")
    if person not in waiting(committee):
        raise UserFault(
            f"{person} har redan en väg in, eller är avstängd. Den som har glömt sitt lösenord får hjälp med "
            "”Glömt lösenordet?” eller av driften (roder person link E-POST)."
        )
    own = committees_where(actor, Action.ADMINISTER)
    if person.mandates.exclude(of_committees(own)).exists():
        raise UserFault(
            f"{person} har också mandat i en annan nämnd, som du inte administrerar. Länken görs då av driften "
            "(roder person link E-POST)."
        )
    access.record(actor, "person.link_made", person)
    return link_for(person, base)
