"""What happens in session: presence, conflicts of interest, proposals, votes, reservations, elections (7.4)."""

from __future__ import annotations

import re
from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from roder.access.matrix import Resource
from roder.core.models import Record, full_history
from roder.core.persons import FREE_TEXT
from roder.meetings.models.meetings import AgendaItem, BodyMember, Meeting, secret_item

SECRET_ITEM = secret_item("item__")


class OfItem:
    """Who may see what was said and decided at a point: who may see the point."""

    resource = Resource.MEETINGS
    committee = "item__meeting__committee"
    stricter: ClassVar = ((Resource.SECRETS, SECRET_ITEM),)


def minutes_are_open(item: str) -> pgtrigger.Trigger:
    """A trigger that refuses changes once the minutes are locked. ``item`` is SQL for the agenda item's id, with
    ``ROW.column`` for a column of the row that changes."""
    condition = re.sub(r"ROW\.(\w+)", r"COALESCE(NEW.\1, OLD.\1)", item)
    return pgtrigger.Trigger(
        name="locked_with_minutes",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (SELECT 1 FROM meetings_minutes minutes JOIN meetings_agendaitem item
                       ON item.meeting_id = minutes.meeting_id
                       WHERE minutes.state = 'locked' AND item.id = ({condition})) THEN
                RAISE EXCEPTION 'protokollet är låst' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,  # noqa: S608 - own words only
    )


@pghistory.track(*full_history())
class Presence(Record):
    """Who was there and who took part in the decisions. ``serves``: tjänstgör; a substitute that serves does so for
    an absent member. ``arrived`` and ``left`` are times of those who were not there the whole meeting."""

    class Status(models.TextChoices):
        PRESENT = "present", "närvarande"
        ABSENT = "absent", "frånvarande"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="presences", verbose_name="sammanträde")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="presences", verbose_name="ledamot")
    status = models.CharField("närvaro", max_length=10, choices=Status)
    serves = models.BooleanField("tjänstgör", default=False)
    serves_for = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="för"
    )
    remote = models.BooleanField("på distans", default=False)
    arrived = models.TimeField("kom", null=True, blank=True)
    left = models.TimeField("gick", null=True, blank=True)
    served_until = models.TimeField(
        "tjänstgjorde till",
        null=True,
        blank=True,
        help_text="när ersättaren lämnade plats åt ledamoten, men stannade kvar",
    )

    class Meta:
        verbose_name = "närvaro"
        verbose_name_plural = "närvaro"
        ordering: ClassVar = ["meeting", "member__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="presence_once"),
            models.UniqueConstraint(
                fields=["meeting", "serves_for"],
                condition=Q(serves_for__isnull=False, left=None),
                name="one_serves_for_a_member",
            ),
            models.CheckConstraint(
                condition=Q(status="present") | Q(serves=False), name="absent_does_not_serve"
            ),
            models.CheckConstraint(
                condition=Q(serves_for=None) | Q(serves=True), name="stands_in_means_serves"
            ),
        ]

    class Access:
        resource = Resource.MEETINGS
        committee = "meeting__committee"

    def __str__(self) -> str:
        return f"{self.member}: {self.get_status_display()}"


@pghistory.track(*full_history())
class Conflict(Record):
    """Jäv: a member who takes no part in an item, and who serves instead (KL 6:28–32)."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="conflicts", verbose_name="punkt")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+", verbose_name="ledamot")
    reason = models.CharField("skäl", max_length=300, blank=True, validators=FREE_TEXT)
    replaced_by = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ersätts av"
    )

    class Meta:
        verbose_name = "jäv"
        verbose_name_plural = "jäv"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "member"], name="conflict_once"),
        ]
        triggers: ClassVar = [
            minutes_are_open("ROW.item_id"),
            pgtrigger.Trigger(
                name="has_not_voted",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM meetings_ballot ballot JOIN meetings_vote vote ON vote.id = ballot.vote_id
                               WHERE vote.item_id = NEW.item_id AND ballot.member_id = NEW.member_id
                                 AND ballot.choice IN ('yes', 'no', 'abstains')) THEN
                        RAISE EXCEPTION 'ledamoten har röstat i ärendet' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    Access = OfItem

    def __str__(self) -> str:
        return f"{self.member}"


@pghistory.track(*full_history())
class Proposal(Record):
    """Yrkande: what somebody proposes that the body decides."""

    class Kind(models.TextChoices):
        APPROVE = "approve", "bifall"
        REJECT = "reject", "avslag"
        RETURN = "return", "återremiss"
        DEFER = "defer", "bordläggning"
        CHANGE = "change", "ändring"
        ADD = "add", "tillägg"

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="proposals", verbose_name="punkt")
    position = models.PositiveSmallIntegerField("ordning")
    kind = models.CharField("slag", max_length=10, choices=Kind)
    text = models.TextField("lydelse", blank=True, validators=FREE_TEXT)
    members: models.ManyToManyField[BodyMember, models.Model] = models.ManyToManyField(
        BodyMember, related_name="proposals", verbose_name="av"
    )
    withdrawn = models.BooleanField("återtaget", default=False)
    carried = models.BooleanField("bifallet", null=True, blank=True)

    class Meta:
        verbose_name = "yrkande"
        verbose_name_plural = "yrkanden"
        ordering: ClassVar = ["item", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="proposal_place_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["approve", "reject", "return", "defer"]) | ~Q(text=""),
                name="proposal_says_what",
                violation_error_message="Skriv hur ändringen eller tillägget lyder.",
            ),
        ]
        triggers: ClassVar = [minutes_are_open("ROW.item_id")]

    Access = OfItem

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


@pghistory.track(*full_history())
class Vote(Record):
    """Votering. Open votes are name by name (ballots); of a closed one only the sums are kept.

    ``outcome`` is what decided it, ``won`` the side: at a tie the chair's vote, in elections the lot.
    """

    class Side(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nej"

    class Outcome(models.TextChoices):
        YES = "yes", "ja-sidan"
        NO = "no", "nej-sidan"
        CHAIR = "chair", "ordförandens utslagsröst"
        LOT = "lot", "lottning"

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votes", verbose_name="punkt")
    position = models.PositiveSmallIntegerField("ordning")
    yes_means = models.CharField("ja betyder", max_length=300, validators=FREE_TEXT)
    no_means = models.CharField("nej betyder", max_length=300, validators=FREE_TEXT)
    closed_ballot = models.BooleanField("sluten omröstning", default=False)
    yes = models.PositiveSmallIntegerField("ja", default=0)
    no = models.PositiveSmallIntegerField("nej", default=0)
    abstained = models.PositiveSmallIntegerField("avstår", default=0)
    outcome = models.CharField("utfall", max_length=10, choices=Outcome, blank=True)
    won = models.CharField("vann", max_length=3, choices=Side, blank=True)
    ended_at = models.DateTimeField("avslutad", null=True, blank=True)

    class Meta:
        verbose_name = "votering"
        verbose_name_plural = "voteringar"
        ordering: ClassVar = ["item", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="vote_place_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="ended_vote_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", won="")
                | Q(outcome="yes", won="yes")
                | Q(outcome="no", won="no")
                | Q(outcome__in=["chair", "lot"], won__in=["yes", "no"], yes=models.F("no")),
                name="vote_outcome_has_winner",
            ),
        ]
        triggers: ClassVar = [minutes_are_open("ROW.item_id")]

    Access = OfItem

    def __str__(self) -> str:
        return f"{self.yes}–{self.no}"


@pghistory.track(*full_history())
class Ballot(Record):
    """One member's vote in an open voting. The database refuses those who do not serve or have a conflict of
    interest, and a second vote."""

    class Choice(models.TextChoices):
        YES = "yes", "ja"
        NO = "no", "nej"
        ABSTAINS = "abstains", "avstår"
        AWAY = "away", "frånvarande"

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="ballots", verbose_name="votering")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="ballots", verbose_name="ledamot")
    choice = models.CharField("röst", max_length=10, choices=Choice)

    class Meta:
        verbose_name = "röst"
        verbose_name_plural = "röster"
        ordering: ClassVar = ["vote", "member__order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "member"],
                name="votes_once",
                violation_error_message="Ledamoten har redan röstat.",
            )
        ]
        triggers: ClassVar = [
            minutes_are_open("SELECT item_id FROM meetings_vote WHERE id = ROW.vote_id"),
            pgtrigger.Trigger(
                name="may_vote",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.choice = 'away' THEN RETURN NEW; END IF;
                    IF EXISTS (SELECT 1 FROM meetings_conflict conflict JOIN meetings_vote vote
                               ON vote.item_id = conflict.item_id
                               WHERE vote.id = NEW.vote_id AND conflict.member_id = NEW.member_id) THEN
                        RAISE EXCEPTION 'ledamoten är jävig i ärendet' USING ERRCODE = 'restrict_violation';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM meetings_vote vote JOIN meetings_agendaitem item ON item.id = vote.item_id
                        LEFT JOIN meetings_presence presence ON presence.meeting_id = item.meeting_id
                          AND presence.member_id = NEW.member_id AND presence.serves
                        LEFT JOIN meetings_conflict stood ON stood.item_id = item.id
                          AND stood.replaced_by_id = NEW.member_id
                        WHERE vote.id = NEW.vote_id AND (presence.id IS NOT NULL OR stood.id IS NOT NULL)
                    ) THEN
                        RAISE EXCEPTION 'ledamoten tjänstgör inte' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    class Access:
        resource = Resource.MEETINGS
        committee = "vote__item__meeting__committee"
        stricter: ClassVar = ((Resource.SECRETS, secret_item("vote__item__")),)

    def __str__(self) -> str:
        return f"{self.member}: {self.get_choice_display()}"


@pghistory.track(*full_history())
class Reservation(Record):
    """Reservation mot ett beslut, eller ett särskilt yttrande."""

    class Kind(models.TextChoices):
        RESERVATION = "reservation", "reservation"
        STATEMENT = "statement", "särskilt yttrande"

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="reservations", verbose_name="punkt")
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.RESERVATION)
    members: models.ManyToManyField[BodyMember, models.Model] = models.ManyToManyField(
        BodyMember, related_name="reservations", verbose_name="av"
    )
    text = models.TextField("text", blank=True, validators=FREE_TEXT)
    written = models.BooleanField("skriftlig", default=False)

    class Meta:
        verbose_name = "reservation"
        verbose_name_plural = "reservationer"
        ordering: ClassVar = ["item", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(written=False) | ~Q(text=""), name="written_reservation_has_text"
            )
        ]
        triggers: ClassVar = [minutes_are_open("ROW.item_id")]

    Access = OfItem

    def __str__(self) -> str:
        return self.get_kind_display()


@pghistory.track(*full_history())
class Election(Record):
    """Val: who is elected to what post, in whose place, and until when (for the rest of the term)."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="elections", verbose_name="punkt")
    body = models.ForeignKey("organisation.Body", models.PROTECT, related_name="+", verbose_name="till")
    post = models.CharField("post", max_length=20, choices=BodyMember.Post)
    name = models.CharField("vald", max_length=120, validators=FREE_TEXT)
    party = models.CharField("parti", max_length=10)
    elected = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="nytt uppdrag"
    )
    replaces = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="efter"
    )
    stands_in_for = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="personlig ersättare för"
    )  # fmt: skip
    from_day = models.DateField("från")
    until = models.DateField("till och med", null=True, blank=True)

    class Meta:
        verbose_name = "val"
        verbose_name_plural = "val"
        ordering: ClassVar = ["item", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("from_day")), name="elected_forwards"
            )
        ]
        triggers: ClassVar = [minutes_are_open("ROW.item_id")]

    Access = OfItem

    def __str__(self) -> str:
        return f"{self.name} ({self.party}), {self.get_post_display()}"


@pghistory.track(*full_history())
class DelegatedReport(Record):
    """A line of the reported delegated decisions: who has used the delegation, in what period, about what."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="delegated", verbose_name="punkt")
    position = models.PositiveSmallIntegerField("ordning")
    delegate = models.CharField("delegat", max_length=200, validators=FREE_TEXT)
    period = models.CharField("period", max_length=60, validators=FREE_TEXT)
    content = models.CharField("vad", max_length=500, validators=FREE_TEXT)
    count = models.PositiveIntegerField("antal", null=True, blank=True)

    class Meta:
        verbose_name = "anmälda delegationsbeslut"
        verbose_name_plural = "anmälda delegationsbeslut"
        ordering: ClassVar = ["item", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="delegated_place_once")
        ]
        triggers: ClassVar = [minutes_are_open("ROW.item_id")]

    Access = OfItem

    def __str__(self) -> str:
        return f"{self.delegate}, {self.period}"
