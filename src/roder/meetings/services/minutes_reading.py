"""Who may read minutes: by mandate, and those who are to attest from when they are checked."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from roder import access
from roder.access.rights import User
from roder.meetings.models import AgendaItem, BodyMember, MinuteItem, Minutes
from roder.meetings.rules import minutes as rules


def _to_attest(user: User) -> Q:
    """Minutes that are checked and wait for the user's own approval. Whoever signs must be able to read."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=())
    seats = BodyMember.objects.filter(person=user.pk)
    chosen = Minutes.objects.filter(attesters__in=seats).values("pk")
    return Q(state=rules.CHECKED) & (Q(chair__in=seats) | Q(pk__in=chosen))


def minutes_for(user: User) -> QuerySet[Minutes]:
    """The minutes that the user may read: drafts by right, attested ones as everybody who may see the meeting, and
    those that wait for the user to attest."""
    seen = access.visible(user, Minutes.objects.all()).values("pk")
    return Minutes.objects.filter(Q(pk__in=seen) | _to_attest(user))


def paragraphs_for(user: User, minutes: Minutes) -> QuerySet[MinuteItem]:
    """The paragraphs of minutes that the user may read; secret ones only with the right to secrets."""
    rows = MinuteItem.objects.filter(item__meeting=minutes.meeting_id)
    seen = Q(pk__in=access.visible(user, rows).values("pk"))
    if Minutes.objects.filter(_to_attest(user), pk=minutes.pk).exists():
        seen |= Q(
            item__in=access.visible(user, AgendaItem.objects.filter(meeting=minutes.meeting_id)).values("pk")
        )
    return (
        rows.filter(seen)
        .select_related("item__case", "item__parent", "body")
        .prefetch_related("points")
        .order_by("number", "pk")
    )


def attests(user: User, minutes: Minutes) -> list[BodyMember]:
    """The seats of the user that are to attest these minutes."""
    if not user.is_authenticated:
        return []
    signers = [minutes.chair, *minutes.attesters.all()]
    return [one for one in signers if one is not None and one.person_id == user.pk]
