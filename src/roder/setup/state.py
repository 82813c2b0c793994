"""How far a committee's setting up has come: each step's state is read from what stands, never kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from roder.access.mandates import of_committees
from roder.access.matrix import Action, Resource, allows
from roder.access.passwords import waiting
from roder.core.models import ImportBatch
from roder.core.words import joined
from roder.imports.kinds import KINDS
from roder.imports.services import may_import
from roder.measures.models import Measure
from roder.meetings.models import CaseSeries
from roder.organisation import tree
from roder.organisation.models import Body, Mandate, Role, Unit
from roder.steering.models import Activity, Assignment, Goal, Occasion

DONE, LEFT, FAULTY = "done", "left", "faulty"
WORDS = {DONE: ("Klart", "good"), LEFT: ("Återstår", "none"), FAULTY: ("Har fel", "bad")}


@dataclass(frozen=True)
class Way:
    """A link of a step: what it says and where it leads. The first is what one usually does."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """A step as it stands: what it is for, and what there is."""

    code: str
    title: str
    about: str
    state: str
    says: str
    ways: tuple[Way, ...] = field(default=())

    @property
    def word(self) -> str:
        """The state in a word."""
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        """The state as a tone."""
        return WORDS[self.state][1]


def steps(scope: Any) -> list[Step]:
    """The committee's steps in the order that makes most sense; ``scope`` is the page's (roder.web.scope.Scope)."""
    return [
        _bodies(scope), _units(scope), _people(scope), _model(scope), _numbers(scope), _calendar(scope), _goals(scope),
        _files(scope),
    ]  # fmt: skip


@dataclass(frozen=True)
class FileKind:
    """A kind of file that a committee may read in: who does, whether anybody has that role today, when it was last
    done, and where, for somebody who may."""

    title: str
    about: str
    roles: str
    somebody: bool
    read: datetime | None
    url: str


#: Files that are steps of their own. Goals stand among the others too: those files need them.
_STEPS = ("enheter", "personer")
_GOALS = ("nyckeltal", "mal", "uppdrag", "aktiviteter", "handlingsplaner")


def file_kinds(scope: Any) -> list[FileKind]:
    """What figures and registers there are files for, in the order they need each other. Two queries."""
    committee = scope.committee
    batches = ImportBatch.objects.filter(committee=committee, undone_at=None)
    read = dict(batches.order_by().values_list("kind").annotate(Max("imported_at")))
    today = Mandate.objects.filter(of_committees({committee.pk}), valid__contains=timezone.localdate())
    held = set(today.values_list("role", flat=True))
    found = []
    for kind, what in KINDS.items():
        if kind in _STEPS:
            continue
        roles = [
            role for role in Role.values if all(allows(role, place, deed) for deed, place in what.rights)
        ]
        words = joined([str(Role(role).label).lower() for role in roles], "eller")
        url = scope.url("imports:upload", kind) if may_import(what, committee, scope.user) else ""
        found.append(FileKind(what.title, what.about, words, bool(held & set(roles)), read.get(kind), url))
    return found


def _bodies(scope: Any) -> Step:
    own = scope.committee.municipality
    rows = Body.objects.filter(municipality=own).aggregate(
        committees=Count("pk", filter=Q(kind=Body.Kind.COMMITTEE)),
        others=Count("pk", filter=~Q(kind=Body.Kind.COMMITTEE)),
        councils=Count("pk", filter=Q(kind=Body.Kind.COUNCIL)),
    )
    council = rows["councils"] > 0
    return Step(
        "namnder", "Kommun, nämnder och organ", "Vilka som beslutar, bereder och tar emot.",
        DONE if council else LEFT,
        f"{own.name} ({own.code}): nämnder {rows['committees']}, andra organ {rows['others']}."
        + ("" if council else " Fullmäktige är inte upplagt."),
        (Way("Nämnder och organ", scope.url("setup:bodies")),),
    )  # fmt: skip


def _units(scope: Any) -> Step:
    units = Unit.objects.filter(committee=scope.committee).count()
    _, homeless = tree.on(scope.committee, timezone.localdate())
    state = FAULTY if homeless else DONE if units else LEFT
    named = ", ".join(unit.name for unit in homeless[:3])
    says = f"Enheter: {units}." if units else "Inga enheter än."
    if homeless:
        says += f" Utan plats i trädet i dag: {named}{' med flera' if len(homeless) > 3 else ''}."
    return Step(
        "enheter", "Enheter", "Förvaltning, avdelningar och enheter som ett träd.", state, says,
        (
            Way("Läs in från fil", scope.url("imports:upload", "enheter")),
            Way("Lägg till för hand", scope.url("organisation:enheter-new")),
            Way("Visa trädet", scope.url("organisation:tree")),
        ),
    )  # fmt: skip


def _people(scope: Any) -> Step:
    held = Mandate.objects.filter(of_committees({scope.committee.pk}), valid__contains=timezone.localdate())
    people = held.values("person").distinct().count()
    left = len(waiting(scope.committee))
    says = f"Personer med mandat i dag: {people}."
    if left:
        says += f" Har ingen väg in än: {left}."
    ways = [
        Way("Läs in från fil", scope.url("imports:upload", "personer")),
        Way("Ge ett mandat", scope.url("organisation:mandate-new")),
        Way("Länkar för lösenord", scope.url("setup:people")),
    ]
    if settings.IDENTITY.providers:
        names = joined([one.name for one in settings.IDENTITY.providers])
        says += f" De som loggar in genom {names} får mandat efter sina grupper där."
        ways.append(Way("Inloggningar och grupper", reverse("access:visits")))
    return Step(
        "personer", "Personer och mandat", "Vem som har vilken roll, var och när. Rättigheterna följer med rollen.",
        DONE if people > 1 else LEFT, says,
        tuple(ways),
    )  # fmt: skip


def _model(scope: Any) -> Step:
    version = scope.model
    ways = [Way("Redigera" if version else "Börja med en styrmodell", scope.url("steering:edit"))]
    if version:
        ways.append(Way("Visa", scope.url("steering:model")))
    return Step(
        "styrmodell", "Styrmodell", "Tillfällen, skalor, kontorader och regler: det som skiljer er från andra.",
        DONE if version else LEFT,
        f"{version.year}, version {version.version}." if version else f"Ingen styrmodell för {scope.year}.",
        tuple(ways),
    )  # fmt: skip


def _numbers(scope: Any) -> Step:
    series = CaseSeries.objects.filter(committee=scope.committee, year=scope.year).first()
    if series is None:
        says = f"Ingen form är vald för {scope.year}."
    else:
        says = f"Nästa nummer är {series.pattern.format(year=scope.year, number=series.last + 1)}."
    return Step(
        "diarienummer", "Diarienummer", "Hur nämndens ärenden numreras.", DONE if series else LEFT, says,
        (Way("Välj form", scope.url("setup:numbers")),),
    )  # fmt: skip


def _calendar(scope: Any) -> Step:
    count = Occasion.objects.filter(committee=scope.committee, year=scope.year).count()
    state = DONE if count else LEFT
    says = f"Tillfällen {scope.year}: {count}." if count else "Kommer med styrmodellen."
    return Step(
        "kalender", "Årets kalender", "När det följs upp, vem som rapporterar och vem som beslutar.", state, says,
        (Way("Visa tillfällena", scope.url("steering:occasions")), Way("Visa årshjulet", scope.url("followup:wheel"))),
    )  # fmt: skip


def _goals(scope: Any) -> Step:
    year = {"from_year__lte": scope.year, "to_year__gte": scope.year}
    measures = Measure.objects.filter(committee=scope.committee).count()
    goals = Goal.objects.filter(committee=scope.committee, **year).count()
    told = Assignment.objects.filter(committee=scope.committee, **year).count()
    ways = [
        Way(f"Läs in {KINDS[kind].title.lower()}", scope.url("imports:upload", kind))
        for kind in _GOALS
        if may_import(KINDS[kind], scope.committee, scope.user)
    ]
    if may_import(KINDS["mal"], scope.committee, scope.user):
        ways.append(Way("Lägg till ett mål", scope.url("imports:row", "mal")))
    if scope.may(Action.VIEW, Resource.GOALS):
        ways.append(Way("Visa målkedjan", scope.url("steering:chain")))
    does = Activity.objects.filter(committee=scope.committee, year=scope.year).count()
    says = f"Nyckeltal: {measures}. Mål {scope.year}: {goals}. Uppdrag {scope.year}: {told}. Aktiviteter: {does}."
    if not ways:
        says += " Läses in av den som har rollen, se filerna nedan."
    return Step(
        "mal", "Nyckeltal, mål och uppdrag", "Vad ni vill nå och vad det mäts med. Värdena kommer sedan, ur filer.",
        DONE if measures and goals else LEFT, says, tuple(ways),
    )  # fmt: skip


def _files(scope: Any) -> Step:
    rows = ImportBatch.objects.filter(committee=scope.committee, undone_at=None).exclude(
        kind__in=_STEPS + _GOALS
    )
    kinds = sorted(
        {KINDS[kind].title.lower() for kind in rows.values_list("kind", flat=True) if kind in KINDS}
    )
    ways = []
    if any(may_import(what, scope.committee, scope.user) for what in KINDS.values()):
        ways = [Way("Läs in en fil", scope.url("imports:choose"))]
    if scope.may(Action.VIEW, Resource.IMPORTS):
        ways.append(Way("Det som är inläst", scope.url("imports:inlasning")))
    says = f"Inläst: {', '.join(kinds)}." if kinds else "Inga siffror är inlästa än."
    return Step(
        "filer", "Siffror och register", "Budget, utfall, nyckeltalens värden och avvikelser, ur filer.",
        DONE if kinds else LEFT, says, tuple(ways),
    )  # fmt: skip
