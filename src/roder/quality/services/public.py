"""The public form: a post from anybody, without login and without cookies, protected against flooding by ourselves.

Nothing that tells who sent is kept: the sender's address is hashed with a secret of the day that is thrown away the
next day, and only to count.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from roder.organisation.models import Body
from roder.quality.models import Complaint, FormSalt, FormWindow
from roder.quality.rules.complaints import PER_ADDRESS, PER_COMMITTEE, Limit, sender
from roder.quality.services.complaint_supplement import supplement
from roder.quality.services.complaints import Received, register

_SALT = "roder.quality.synpunkter"
_RECEIPT = "roder.quality.kvitto"
FASTEST = timedelta(seconds=3)  # nobody reads and fills in the form in less
OLDEST = timedelta(hours=24)  # a form may stand open for a day
RECEIPT_DAYS = 30


class FloodedError(Exception):
    """Too many posts came; ``seconds`` until the next can be taken in, ``mine``: they came from the same sender."""

    def __init__(self, seconds: int, mine: bool) -> None:
        super().__init__(f"för många inskick, nästa om {seconds} s")
        self.seconds, self.mine = seconds, mine


def new_token(committee: Body) -> str:
    """A signed token for a form that is opened now: for which committee, and when."""
    return signing.dumps([committee.pk, secrets.token_hex(8)], salt=_SALT)


def age_of(token: str, committee: Body) -> timedelta | None:
    """How long ago the form with the token was opened; None for a token that we have not made for the committee."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        data = signing.loads(token, salt=_SALT)
        if not isinstance(data, list) or data[:1] != [committee.pk]:
            return None
        moment = signing.b62_decode(token.rsplit(signer.sep, 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    return timezone.now() - datetime.fromtimestamp(moment, timezone.get_default_timezone())


def digest(token: str) -> str:
    """What is kept of a form's token, to know it again."""
    return hashlib.sha256(token.encode()).hexdigest()


def already_sent(token: str) -> Complaint | None:
    """What was registered from the same form before: somebody pressed the button twice."""
    return Complaint.objects.filter(form_token=digest(token)).first()


def take_in(
    committee: Body, what: Received, *, token: str, address: str, now: datetime | None = None
) -> Complaint:
    """Register a post from the public form, once for each form: what is changed when the same form is sent again is
    kept as a supplement. Raises FloodedError; ValidationError per field."""
    at = now or timezone.now()
    if (before := already_sent(token)) is not None:
        return _again(before, what, address, at)
    try:
        with transaction.atomic():
            _count_in(committee, address, at)
            return register(committee, None, what, form_token=digest(token), now=at)
    except IntegrityError as error:  # the same form, at the same moment
        if "complaint_form_sent_once" in str(error) and (before := already_sent(token)) is not None:
            return _again(before, what, address, at)
        raise


def _again(before: Complaint, what: Received, address: str, at: datetime) -> Complaint:
    """What was registered, with what is new in it. Only that takes a place among those that may be sent."""
    with transaction.atomic():
        if supplement(before, what, now=at):
            _count_in(before.committee, address, at)
    return before


def _count_in(committee: Body, address: str, at: datetime) -> None:
    _count(f"a:{hashed(address, at)}", PER_ADDRESS, at, mine=True)
    _count(f"c:{committee.pk}", PER_COMMITTEE, at, mine=False)


_TAKE = """
    INSERT INTO quality_formwindow AS counted (key, starts_at, count) VALUES (%s, %s, 1)
    ON CONFLICT (key, starts_at) DO UPDATE SET count = counted.count + 1 WHERE counted.count < %s
    RETURNING count
"""


def _count(key: str, limit: Limit, at: datetime, *, mine: bool) -> None:
    """Take a place in the window, for as long as the transaction holds: what is refused later gives it back."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, limit.window(at), limit.count])
        taken = cursor.fetchone()
    if taken is None:
        raise FloodedError(limit.left(at), mine)
    if taken[0] == 1:  # the first of a new window clears what is old
        FormWindow.objects.filter(starts_at__lt=at - timedelta(days=1)).delete()


def hashed(address: str, at: datetime) -> str:
    """The sender's address with the day's secret: the same for the day, and meaningless when the secret is gone."""
    day = timezone.localdate(at)
    salt = FormSalt.objects.filter(day=day).values_list("salt", flat=True).first()
    if salt is None:
        FormSalt.objects.bulk_create([FormSalt(day=day, salt=secrets.token_bytes(32))], ignore_conflicts=True)
        FormSalt.objects.filter(day__lt=day).delete()
        salt = FormSalt.objects.values_list("salt", flat=True).get(day=day)
    return hmac.new(bytes(salt), sender(address).encode(), "sha256").hexdigest()


def receipt(complaint: Complaint) -> str:
    """What the receipt's address holds, so that only who sent it can open it."""
    return signing.dumps(complaint.pk, salt=_RECEIPT)


def by_receipt(committee: Body, text: str) -> Complaint | None:
    """The complaint of a receipt that is not too old."""
    try:
        pk = signing.loads(text, salt=_RECEIPT, max_age=timedelta(days=RECEIPT_DAYS))
    except signing.BadSignature:
        return None
    return Complaint.objects.filter(pk=pk, committee=committee).first()
