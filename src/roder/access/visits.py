"""Somebody comes from an identity provider: who they are in Roder, and which mandates their groups give.

A person is known by the provider's lasting subject, never by the e-mail address alone. Everything about one visit is
one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from roder import access
from roder.access.claims import NO_GROUPS, Said
from roder.access.mandates import committee_of, committees_where, seen_people
from roder.access.matrix import Action, Resource
from roder.access.models import ProviderVisit
from roder.access.rules import Held, Outcome, Rule, Wanted, compute
from roder.core.identity import Provider
from roder.organisation.models import Body, Mandate, Person, Role, Unit

KEPT = timedelta(days=90)  # somebody who came, but has no person in Roder


@dataclass
class Visit:
    """What became of a visit. ``person`` None: nobody may be logged in."""

    outcome: ProviderVisit.Outcome
    person: Person | None = None
    account: SocialAccount | None = None
    faults: list[str] = field(default_factory=list)


def rules_of(provider: Provider) -> list[Rule]:
    """The provider's rules as the file says them."""
    return [Rule(one.group, one.role, one.committee, one.unit) for one in provider.groups]


def receive(provider: Provider, subject: str, said: Said) -> Visit:
    """Find or make the person, give and end mandates, and keep what came of it for the administrator."""
    try:
        return _received(provider, subject, said)
    except (
        IntegrityError
    ):  # somebody else made the same person or account at the same moment: it is there now
        return _received(provider, subject, said)


@transaction.atomic
def _received(provider: Provider, subject: str, said: Said) -> Visit:
    account = SocialAccount.objects.filter(provider=provider.code, uid=subject).first()
    person = None
    if account is not None:
        person = Person.objects.select_for_update(of=("self",)).get(pk=account.user_id)
    result = _computed(provider, person, said)
    visit = _decided(provider, subject, said, account, person, result)
    if visit.person is not None and visit.outcome != ProviderVisit.Outcome.INACTIVE:
        if person is not None:
            visit.faults += _described(visit.person, provider, said)
        if said.groups is not None:
            known = person is not None  # else the mandates are those of whoever was found or made now
            _apply(visit.person, provider, result if known else _computed(provider, visit.person, said))
        access.record(visit.person, "provider.logged_in", visit.person, provider=provider.code)
    _remember(provider, subject, said, visit, result, visit.person or person)
    return visit


def _decided(
    provider: Provider,
    subject: str,
    said: Said,
    account: SocialAccount | None,
    person: Person | None,
    result: Outcome,
) -> Visit:
    outcome = ProviderVisit.Outcome
    if said.groups is None:
        return Visit(outcome.NO_GROUPS, faults=[NO_GROUPS])
    if person is not None:
        if not person.is_active:
            return Visit(outcome.INACTIVE, person, account)
        return Visit(_standing(person, result), person, account)
    email = valid_email_or_none(said.email)
    if not email:
        return Visit(outcome.NO_EMAIL, faults=["Leverantören skickade ingen e-postadress."])
    same = Person.objects.select_for_update(of=("self",)).filter(email__iexact=email).first()
    if same is not None:
        return _same_email(provider, subject, same, result)
    if provider.people == "never" or (provider.people == "with_mandate" and not result.given_by):
        return Visit(outcome.NO_MANDATE)
    made = Person.objects.create_user(email, name=(said.name or email)[:120])
    access.record(None, "provider.person_made", made, provider=provider.code)
    return Visit(_standing(made, result), made, _connect(provider, subject, made))


def _standing(person: Person, result: Outcome) -> ProviderVisit.Outcome:
    gone = [one.key for one in result.end]
    kept = person.mandates.filter(valid__contains=timezone.localdate()).exclude(pk__in=gone).exists()
    has = bool(result.given_by) or kept
    return ProviderVisit.Outcome.ADMITTED if has else ProviderVisit.Outcome.NO_MANDATE


def _same_email(provider: Provider, subject: str, same: Person, result: Outcome) -> Visit:
    """Somebody in Roder has the e-mail address already: two people are never taken for one without a decision."""
    outcome = ProviderVisit.Outcome
    taken = SocialAccount.objects.filter(provider=provider.code, user=same).exists()
    if taken:
        return Visit(
            outcome.WAITING,
            faults=[f"{same.email} hör till {same.name}, som redan är kopplad till en annan identitet."],
        )
    if not provider.link_by_email:
        return Visit(outcome.WAITING, faults=[f"{same.email} finns redan i Roder: {same.name}."])
    if not same.is_active:
        return Visit(outcome.INACTIVE, same)
    access.record(None, "provider.linked", same, provider=provider.code, by="e-post")
    return Visit(_standing(same, result), same, _connect(provider, subject, same))


def _connect(provider: Provider, subject: str, person: Person) -> SocialAccount:
    return SocialAccount.objects.create(provider=provider.code, uid=subject, user=person, extra_data={})


def _described(person: Person, provider: Provider, said: Said) -> list[str]:
    """Take over a new e-mail address and name. An address that somebody else has is left, and said."""
    faults: list[str] = []
    changed: dict[str, Any] = {}
    email = valid_email_or_none(said.email)
    if email and email.casefold() != person.email.casefold():
        if Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
            faults.append(f"Den nya adressen {email} har någon annan i Roder; {person.email} är kvar.")
        else:
            changed["email"] = email
    if said.name and said.name[:120] != person.name:
        changed["name"] = said.name[:120]
    if changed:
        person.save_over(person.revision, **changed)
        access.record(
            None, "provider.person_changed", person, provider=provider.code, fields=", ".join(sorted(changed))
        )
    return faults


def _units(rules: list[Rule]) -> dict[str, list[str]]:
    """The unit codes of the committees that the rules speak of and that exist."""
    slugs = {rule.committee for rule in rules}
    found: dict[str, list[str]] = {
        slug: [] for slug in Body.objects.filter(slug__in=slugs).values_list("slug", flat=True)
    }
    for slug, code in Unit.objects.filter(committee__slug__in=slugs).values_list("committee__slug", "code"):
        found[slug].append(code)
    return found


def _held(person: Person | None) -> list[Held]:
    if person is None:
        return []
    today = timezone.localdate()
    rows = person.mandates.filter(valid__contains=today).select_related("body", "unit__committee")
    return [Held(row.pk, _place(row), row.source) for row in rows]


def _place(mandate: Mandate) -> Wanted:
    if mandate.unit is not None:
        return Wanted(mandate.role, mandate.unit.committee.slug, mandate.unit.code)
    body = mandate.body
    return Wanted(mandate.role, body.slug if body else "", None)


def _computed(provider: Provider, person: Person | None, said: Said) -> Outcome:
    rules = rules_of(provider)
    return compute(rules, said.groups or (), _units(rules), _held(person), provider.code)


def _apply(person: Person, provider: Provider, result: Outcome) -> None:
    """Give what is missing from today, and end what the groups no longer give: it does not hold today either."""
    today = timezone.localdate()
    _end([one.key for one in result.end], today)
    for place in result.give:
        group = result.given_by[place]
        mandate = Mandate(
            person=person,
            role=place.role,
            valid=DateRange(today, None),
            source=provider.code,
            source_group=group[:255],
            **_where(place),
        )
        mandate.full_clean()
        mandate.save()
        detail = {"role": place.role, "provider": provider.code, "group": group}
        access.record(None, "provider.mandate_given", mandate, **detail)


def _end(keys: list[int], today: date) -> None:
    """End mandates that came from a provider, so that they do not hold today."""
    for gone in Mandate.objects.select_for_update(of=("self",)).filter(pk__in=keys):
        detail = {"role": gone.role, "provider": gone.source, "group": gone.source_group}
        access.record(None, "provider.mandate_ended", gone, **detail)
        if gone.valid.lower is not None and gone.valid.lower >= today:
            gone.delete()  # given today: it has held no day. Its history and the trail are kept.
        else:
            gone.save_over(gone.revision, valid=DateRange(gone.valid.lower, today))


def _where(place: Wanted) -> dict[str, Any]:
    if place.unit is not None:
        return {"unit": Unit.objects.get(committee__slug=place.committee, code=place.unit)}
    return {"body": Body.objects.get(slug=place.committee)}


def _remember(
    provider: Provider, subject: str, said: Said, visit: Visit, result: Outcome, person: Person | None
) -> None:
    now = timezone.now()
    given = [
        {"group": group, "role": str(Role(place.role).label), "place": _named(place)}
        for place, group in result.given_by.items()
    ]
    missing = [f"Gruppen ”{one.group}”: {_missing(one.rule, one.committee_exists)}" for one in result.nowhere]
    ProviderVisit.objects.update_or_create(
        provider=provider.code,
        subject=subject,
        defaults={
            "person": person,
            "email": said.email[:254],
            "name": said.name[:120],
            "at": now,
            "groups": sorted(said.groups or ()),
            "unmatched": list(result.unmatched),
            "given": given,
            "faults": visit.faults + missing,
            "outcome": visit.outcome,
        },
    )
    ProviderVisit.objects.filter(person=None, at__lt=now - KEPT).delete()


def _named(place: Wanted) -> str:
    where = _where(place)
    return f"{where['unit']} ({place.unit})" if place.unit else str(where["body"])


def _missing(rule: Rule, committee_exists: bool) -> str:
    if not committee_exists:
        return f"nämnden ”{rule.committee}” finns inte i Roder."
    return f"nämnden ”{rule.committee}” har ingen enhet med den koden."


def waiting_for(row: ProviderVisit) -> Person | None:
    """The person with the same e-mail address, whom a waiting visitor may be."""
    return Person.objects.filter(email__iexact=row.email).first() if row.email else None


@transaction.atomic
def link(actor: Person, row: ProviderVisit) -> Person:
    """The administrator says that the visitor is the person with the same e-mail address.

    Raises NotAllowedError without the right to administer that person's mandates, ValidationError when there is no
    such person, or the person is linked to another identity already.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION)
    row = ProviderVisit.objects.select_for_update(of=("self",)).get(pk=row.pk)
    person = waiting_for(row)
    if row.outcome != ProviderVisit.Outcome.WAITING or row.person_id or person is None:
        raise ValidationError("Det finns inget att koppla längre. Läs in sidan igen.")
    if not administers(actor, person):
        raise access.NotAllowedError("Personen hör till en nämnd som du inte förvaltar.")
    if SocialAccount.objects.filter(provider=row.provider, user=person).exists():
        raise ValidationError(
            f"{person.name} är redan kopplad till en annan identitet. Ge personen som väntar en egen e-postadress, "
            "eller koppla bort den gamla identiteten först."
        )
    SocialAccount.objects.create(provider=row.provider, uid=row.subject, user=person, extra_data={})
    row.person, row.faults = person, []
    row.outcome = ProviderVisit.Outcome.NO_MANDATE
    row.save(update_fields=["person", "faults", "outcome"])
    access.record(actor, "provider.linked", person, provider=row.provider, by="systemförvaltare")
    return person


@transaction.atomic
def unlink(actor: Person, row: ProviderVisit) -> None:
    """The identity no longer leads to the person: for one who has got a new account at the provider.

    The provider's mandates end. Raises NotAllowedError without the right to administer the person's mandates.
    """
    access.require(actor, Action.ADMINISTER, Resource.ORGANISATION)
    person = row.person
    if person is None:
        raise ValidationError("Identiteten är inte kopplad till någon.")
    if not administers(actor, person):
        raise access.NotAllowedError("Personen hör till en nämnd som du inte förvaltar.")
    SocialAccount.objects.filter(provider=row.provider, uid=row.subject, user=person).delete()
    _end([one.key for one in _held(person) if one.source == row.provider], timezone.localdate())
    access.record(actor, "provider.unlinked", person, provider=row.provider)
    row.delete()


def administers(actor: Person, person: Person) -> bool:
    """Whether every committee that the person has a mandate in today is one that the actor administers."""
    today = timezone.localdate()
    mine = committees_where(actor, Action.ADMINISTER)
    held = person.mandates.filter(valid__contains=today).select_related("body__parent", "unit__committee")
    return all(committee_of(one).pk in mine for one in held)


def listed(actor: Person) -> Mapping[str, Any]:
    """What the administrator sees: the last visits of people in their committees and of those without a person, and
    the groups that no rule speaks of with how many came with them."""
    known = seen_people(actor, Person.objects.all()).values("pk")
    rows = list(
        ProviderVisit.objects.filter(person__in=known).select_related("person")
        | ProviderVisit.objects.filter(person=None).select_related("person")
    )
    counted: dict[str, int] = {}
    for row in rows:
        for group in row.unmatched:
            counted[group] = counted.get(group, 0) + 1
    unmatched = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return {"rows": rows, "unmatched": unmatched}
