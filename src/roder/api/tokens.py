"""Making, revoking and recognising the API's tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from roder import access
from roder.access.mandates import committee_of, committees_where, of_committees
from roder.access.matrix import Action, Resource
from roder.access.rights import NotAllowedError, grants
from roder.api.models import ApiToken
from roder.api.scopes import Scope
from roder.organisation.models import Mandate, Person, Role

MARK = "rdr"
LONGEST = timedelta(days=366)
MOST_OF_A_PERSON = 50


@dataclass(frozen=True)
class Known:
    """A token that was recognised, and whether its calls this minute are too many (seconds left of the minute)."""

    token: ApiToken
    wait: int


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


def administered(by: Person) -> QuerySet[Person]:
    """The people that somebody administers: those with mandates today, all of them in committees where one is
    administrator. A token has all the rights of its owner, so one committee of several is not enough."""
    return _only_of(committees_where(by, Action.ADMINISTER))


def _only_of(committees: set[int]) -> QuerySet[Person]:
    today = Mandate.objects.filter(person=OuterRef("pk"), valid__contains=timezone.localdate())
    own = of_committees(committees)
    return Person.objects.filter(Exists(today.filter(own)), ~Exists(today.exclude(own)), is_active=True)


def _still_given(token: ApiToken) -> bool:
    """Whether a token that somebody else has made may still be used: not when its owner has since been given a mandate
    in a committee that its maker has never administered, for the maker may have kept the secret."""
    maker = token.made_by
    if maker is None or maker.pk == token.owner_id:
        return True
    held = maker.mandates.filter(role=Role.ADMINISTRATOR).select_related("body__parent", "unit__committee")
    return _only_of({committee_of(one).pk for one in held}).filter(pk=token.owner_id).exists()


def may_make_for(by: Person, owner: Person) -> bool:
    """A token is made by its owner, or by an administrator for those with a mandate in the committee."""
    if by.pk == owner.pk:
        return bool(grants(by))
    return (
        access.may(by, Action.ADMINISTER, Resource.ORGANISATION)
        and administered(by).filter(pk=owner.pk).exists()
    )


def seen_by(user: Person) -> QuerySet[ApiToken]:
    """The tokens that somebody may see and revoke: their own, and those of the people they administer."""
    theirs = Q(owner=user)
    if access.may(user, Action.ADMINISTER, Resource.ORGANISATION):
        theirs |= Q(owner__in=administered(user).values("pk"))
    return ApiToken.objects.filter(theirs).select_related("owner", "made_by", "use")


@transaction.atomic
def make(by: Person, owner: Person, name: str, scopes: Collection[str], until: date) -> tuple[ApiToken, str]:
    """Make a token: (token, its secret). The secret is shown once and cannot be found again.

    ``until`` is its last day. Raises NotAllowedError; ValidationError by field, in Swedish.
    """
    if not may_make_for(by, owner):
        raise NotAllowedError("Dina mandat ger inte rätt att göra en API-nyckel för den personen.")
    ends = timezone.make_aware(datetime.combine(until, time.max))
    faults = {}
    if not name.strip():
        faults["name"] = "Skriv vad nyckeln ska användas till."
    if not scopes or not set(scopes) <= set(Scope):
        faults["scopes"] = "Välj minst en sak som nyckeln får användas till."
    if not timezone.now() < ends <= timezone.now() + LONGEST:
        faults["until"] = "Välj en dag från i dag till och med ett år framåt."
    if (
        ApiToken.objects.filter(owner=owner, revoked_at=None, expires_at__gt=timezone.now()).count()
        >= MOST_OF_A_PERSON
    ):
        faults["name"] = f"Det finns redan {MOST_OF_A_PERSON} nycklar. Återkalla någon som inte används."
    if faults:
        raise ValidationError(faults)
    secret = f"{MARK}_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        owner=owner, name=name.strip(), prefix=secret[: len(MARK) + 8], digest=digest_of(secret),
        scopes=sorted(set(scopes)), made_by=by, expires_at=ends,
    )  # fmt: skip
    token.full_clean()
    token.save()
    access.record(by, "api_token.made", token, owner=owner.pk, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke(by: Person, token: ApiToken) -> None:
    """Revoke a token at once. Doing it again changes nothing. Raises NotAllowedError."""
    if not seen_by(by).filter(pk=token.pk).exists():
        raise NotAllowedError("Dina mandat ger inte rätt att återkalla den nyckeln.")
    now = ApiToken.objects.select_for_update().get(pk=token.pk)
    if now.revoked_at is None:
        now.save_over(now.revision, revoked_at=timezone.now(), revoked_by=by)
        access.record(by, "api_token.revoked", now)


_USE = """
    INSERT INTO api_tokenuse AS used (token_id, last_at, minute, calls)
    VALUES (%(token)s, %(now)s, date_trunc('minute', %(now)s::timestamptz), 1)
    ON CONFLICT (token_id) DO UPDATE SET
        last_at = greatest(used.last_at, excluded.last_at),
        minute = greatest(used.minute, excluded.minute),
        calls = CASE WHEN used.minute < excluded.minute THEN 1 ELSE used.calls + 1 END
    RETURNING calls
"""


def recognise(secret: str) -> Known | None:
    """The token of a secret, if it works and its owner may log in; its use is counted. Two queries, four for one
    that somebody else has made."""
    if not secret.startswith(f"{MARK}_") or len(secret) > 200:
        return None
    now = timezone.now()
    rows = ApiToken.objects.select_related("owner", "made_by").filter(revoked_at=None, expires_at__gt=now)
    token = rows.filter(digest=digest_of(secret), owner__is_active=True).first()
    if token is None or not _still_given(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"token": token.pk, "now": now})
        calls = cursor.fetchone()[0]
    return Known(token, 60 - now.second if calls > settings.API_CALLS_PER_MINUTE else 0)
