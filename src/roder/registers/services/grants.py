"""A year's grants laid out as a table with its checks, and applications taken in from the public form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from roder import access, questionnaires
from roder.access import Action
from roder.core.models import Link
from roder.organisation.models import Body, Person
from roder.questionnaires.models import Answer
from roder.registers.models import Association, GrantApplication, GrantCall
from roder.registers.rules import grants
from roder.registers.services import deadlines

#: The question set that associations apply with.
FORM = "foreningsbidrag"


@dataclass(frozen=True)
class Line:
    """An association's amount in a year. ``share`` is of what the year's rows add up to."""

    association: str
    amount: Decimal | None
    share: int | None
    printed_share: int | None = None
    other_form: str = ""
    application: GrantApplication | None = None


@dataclass(frozen=True)
class Year:
    """A call's table. ``proposal`` while nothing is decided: then the amounts are the proposed ones."""

    call: GrantCall
    lines: tuple[Line, ...]
    check: grants.SumCheck
    proposal: bool
    wrong_shares: tuple[grants.WrongShare, ...]

    @property
    def label(self) -> str:
        """The column's heading: ``Bidrag 2022`` or ``Förslag 2024``."""
        return f"{'Förslag' if self.proposal else 'Bidrag'} {self.call.year}"

    @property
    def left(self) -> Decimal | None:
        """What is left of the frame (negative: the rows are over it); None without a frame."""
        return None if self.call.frame is None else self.call.frame - self.check.added

    @property
    def over(self) -> Decimal | None:
        """How much the rows are over the frame; None when they are within it."""
        return -self.left if self.left is not None and self.left < 0 else None

    @property
    def shares_sum(self) -> int:
        """What the rounded shares add up to: not always 100."""
        return sum(line.share or 0 for line in self.lines)


def amount_of(row: GrantApplication) -> Decimal | None:
    """What was granted, else what is proposed."""
    return row.granted if row.granted is not None else row.proposed


def year_of(call: GrantCall, applications: Sequence[GrantApplication]) -> Year:
    """The table of a call, from its applications with their associations."""
    amounts = [amount_of(row) for row in applications]
    check = grants.check_sum(amounts, call.printed_total)
    lines = tuple(
        Line(
            str(row.association),
            amount,
            grants.share(amount, check.added),
            row.printed_share,
            row.other_form,
            row,
        )
        for row, amount in zip(applications, amounts, strict=True)
    )
    proposal = bool(applications) and all(row.granted is None for row in applications)
    wrong = grants.wrong_shares([(line.association, line.amount, line.printed_share) for line in lines])
    return Year(call, lines, check, proposal, tuple(wrong))


@dataclass(frozen=True)
class OverYears:
    """The table over years: a row for each association, a column for each call, oldest first."""

    years: tuple[Year, ...]
    rows: tuple[tuple[str, tuple[Line | None, ...]], ...]

    @property
    def findings(self) -> list[str]:
        """What the checks found, in words: totals that the rows do not reach, and shares that were printed wrong."""
        found = []
        for year in self.years:
            if told := year.check.text(year.call.year):
                found.append(told)
            found += [
                f"{year.call.year}: {one.name} har {one.right}\u00a0% av det som raderna blir. "
                f"Tryckt andel är {one.printed}\u00a0%."
                for one in year.wrong_shares
            ]
        return found


def over_years(user: Any, committee: Body, last: int | None = None, most: int = 5) -> OverYears:
    """The committee's latest calls (up to ``last``), as far as the person may see them."""
    calls = access.visible(user, GrantCall.objects.filter(committee=committee))
    if last is not None:
        calls = calls.filter(year__lte=last)
    return _laid_out(list(calls.order_by("-year")[:most])[::-1])


def over_years_of(committee: Body, last: int, most: int = 5) -> OverYears:
    """The same without asking who reads: for the paper that the committee itself gets."""
    calls = GrantCall.objects.filter(committee=committee, year__lte=last).order_by("-year")[:most]
    return _laid_out(list(calls)[::-1])


def _laid_out(calls: list[GrantCall]) -> OverYears:
    rows = GrantApplication.objects.filter(call__in=calls).select_related("association", "call")
    by_call: dict[int, list[GrantApplication]] = {}
    for row in rows.order_by("association__position", "association__name"):
        by_call.setdefault(row.call_id, []).append(row)
    years = tuple(year_of(call, by_call.get(call.pk, [])) for call in calls)
    order: dict[int, Association] = {}
    for row in sorted(
        (one for several in by_call.values() for one in several),
        key=lambda one: (one.association.position, one.association.name),
    ):
        order.setdefault(row.association_id, row.association)
    found = []
    for pk, association in order.items():
        cells = tuple(
            next(
                (line for line in year.lines if line.application and line.application.association_id == pk),
                None,
            )
            for year in years
        )
        found.append((str(association), cells))
    return OverYears(years, tuple(found))


# --- the form that associations send --------------------------------------------------------------------------------


def sent_in(user: Any, call: GrantCall) -> QuerySet[Answer]:
    """Answers to the public form that may be about this call and that no application has been made of."""
    answers = Answer.objects.filter(
        committee=call.committee_id, question_set__code=FORM, public=True, state=Answer.State.FINAL
    )
    if call.opens_on:
        answers = answers.filter(answered_at__date__gte=call.opens_on)
        if call.closes_on:  # late ones are shown too, until the year is over: somebody must answer them
            answers = answers.filter(answered_at__year__lte=max(call.year, call.closes_on.year))
    else:
        answers = answers.filter(year__in=(call.year - 1, call.year))
    taken = Link.objects.filter(
        source_kind=GrantApplication.record_kind(), target_kind=Answer.record_kind()
    ).values("target_id")
    return questionnaires.visible_answers(user, answers).exclude(pk__in=taken).order_by("answered_at")


@transaction.atomic
def take_in(call: GrantCall, answer: Answer, by: Person) -> tuple[GrantApplication, bool]:
    """Make an application of an answer to the public form, and its association if it is new. Gives the application
    and whether it was made now: a second answer from the same association is laid beside the first.

    Raises NotAllowedError; ValidationError when the answer is not one of ``sent_in``.
    """
    access.require(by, Action.EDIT, call)
    if not sent_in(by, call).filter(pk=answer.pk).exists():
        raise ValidationError(
            "Svaret är redan taget till en ansökan, eller hör till ett annat år. Ladda om sidan."
        )
    association = _association(call.committee, answer.content, by)
    found = GrantApplication.objects.filter(call=call, association=association).first()
    made = found is None
    if found is None:
        sought = answer.content.get("sokt")
        found = GrantApplication(
            call=call,
            association=association,
            sought=Decimal(str(sought)) if sought not in (None, "") else None,
            received_on=timezone.localtime(answer.answered_at).date()
            if answer.answered_at
            else timezone.localdate(),
        )
        found.full_clean()
        found.save()
        deadlines.keep(found, by)
        access.record(by, "grant.received", found)
    Link.objects.get_or_create(
        source_kind=found.record_kind(), source_id=found.pk, kind=Link.Kind.MADE_FROM,
        target_kind=answer.record_kind(), target_id=answer.pk,
    )  # fmt: skip
    return found, made


def _association(committee: Body, content: dict[str, Any], by: Person) -> Association:
    """The association that an answer is from: by its number, else by its name, else a new one."""
    name = str(content.get("namn", "")).strip()
    number = str(content.get("orgnr", "")).strip()
    number = "" if grants.organisation_number_fault(number) else _with_hyphen(number)
    known = Association.objects.filter(committee=committee)
    found = (known.filter(organisation_number=number).first() if number else None) or known.filter(
        name__iexact=name
    ).first()
    if found is None:
        last = known.order_by("-position").values_list("position", flat=True).first() or 0
        found = Association(committee=committee, name=name, organisation_number=number, position=last + 1)
        found.full_clean()
        found.save()
        access.record(by, "added", found)
    return found


def _with_hyphen(number: str) -> str:
    digits = number.replace("-", "")
    return f"{digits[:6]}-{digits[6:]}" if digits else ""


def answers_of(user: Any, application: GrantApplication) -> list[Answer]:
    """The forms of an application: those it was made from, and those filled in about it. Who may see the application
    may see what it says."""
    access.require(user, Action.VIEW, application)
    made_from = Link.objects.filter(
        source_kind=application.record_kind(), source_id=application.pk, target_kind=Answer.record_kind()
    ).values("target_id")
    own = questionnaires.of(application, FORM).values("pk")
    rows = Answer.objects.filter(pk__in=made_from) | Answer.objects.filter(pk__in=own)
    return list(rows.select_related("question_set", "version", "answered_by").order_by("pk"))


def fill_in(application: GrantApplication, by: Person) -> Answer:
    """The form about an application that came on paper, to be filled in by the administration.

    Raises NotAllowedError; LookupError when the committee has not loaded the form."""
    access.require(by, Action.EDIT, application)
    version = questionnaires.current(application.call.committee_id, FORM)
    return questionnaires.open_answer(version, by, subject=application, year=application.call.year)


def days_late(call: GrantCall, received: date | None) -> int:
    """How many days after the last day an application came; 0 when in time or unknown."""
    if grants.in_time(received, call.closes_on) is not False or received is None or call.closes_on is None:
        return 0
    return (received - call.closes_on).days
