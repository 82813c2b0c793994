"""Cases in different steps of the flow, so that the demonstration's people have something to do and see clocks run.

Made up, and marked so in their text. They go through the same services as everybody's, each as if it were its own day;
the latest was reported half an hour before the demonstration was loaded.
"""

# ruff: noqa: E501 - stories, a row each
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from roder import tasks
from roder.organisation.models import Body, Person
from roder.quality.models import Deviation
from roder.quality.services import deviations as flow
from roder.quality.services import moves
from roder.quality.services.report import Sent, report
from roder.steering.models import DeviationType

UNIT = "81132"
ROLES = ("care-staff", "unit-manager", "licensed", "mas", "sas")
SWEDEN = ZoneInfo("Europe/Stockholm")
MARK = "(Syntetiskt exempel.)"

#: How far a case has come: every step has those before it behind it.
STEPS = (
    "reported",
    "assessed",
    "facts",
    "classified",
    "investigated",
    "planned",
    "carried_out",
    "followed_up",
    "closed",
)


@dataclass(frozen=True)
class Story:
    """A case: when it was reported, what it was, how severe, and how far it has come."""

    reported: datetime
    kind: str
    cause: str
    what: str
    severity: int
    upto: str
    reference: str = ""
    place: str = "lägenheten"
    serious_upto: str = ""  # analysed or decided


#: When the stories below are told: their days and hours are moved so that this is now.
TOLD = datetime(2022, 12, 30, 14, 35, tzinfo=SWEDEN)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=SWEDEN)


STORIES = (
    Story(_at(30, 14, 5), "fall", "egen_aktivitet", "Hittades på golvet vid sängen efter kvällstillsynen.", 2, "reported", "B-07"),
    Story(_at(30, 8, 20), "lakemedel", "dos_ej_given", "Morgondosen låg kvar när lunchen serverades.", 1, "reported", "B-12"),
    Story(_at(29, 21, 52), "bemotande", "brukare", "Två boende blev osams i matsalen.", 1, "reported", place="matsalen"),
    Story(_at(28, 6, 40), "fall", "egen_aktivitet", "Snubblade på tröskeln till badrummet.", 2, "facts", "B-03"),
    Story(_at(27, 19, 30), "lakemedel", "ej_signerad", "Kvällsdosen är given men inte signerad.", 1, "classified", "B-12"),
    Story(_at(22, 7, 15), "omvardnad", "personalbrist", "Duschen blev inte av två dagar i rad.", 2, "investigated", "B-09"),
    Story(_at(19, 5, 50), "fall", "egen_aktivitet", "Gled ur fåtöljen på väg upp.", 2, "planned", "B-07"),
    Story(_at(14, 12, 10), "medicinteknik", "larm", "Larmmattan var inte påslagen på morgonen.", 2, "carried_out", "B-05"),
    Story(_at(8, 16, 25), "informationsoverforing", "mellan_arbetslag", "Ändrad tid för besöket nådde inte kvällen.", 1, "followed_up"),
    Story(_at(2, 9, 35), "lakemedel", "dosett_fel", "Dosetten saknade en tablett i tisdagsfacket.", 2, "closed", "B-02"),
    Story(_at(26, 23, 10), "fall", "egen_aktivitet", "Föll i badrummet och fick ont i höften, till sjukhus.", 3, "classified", "B-11"),
    Story(_at(16, 10, 45), "omvardnad", "glomts", "Omvårdnad uteblev under en natt och märktes först nästa kväll.", 3, "investigated", "B-04", serious_upto="analysed"),
)  # fmt: skip


def living_cases(committee: Body, people: dict[str, Person], now: datetime | None = None) -> int:
    """Make the cases that are not there; how many were made. ``people`` by role, such as ``unit-manager``."""
    made = 0
    moved = (now or timezone.now()) - TOLD
    kinds = {kind.code: kind for kind in DeviationType.objects.filter(committee=committee)}
    for number, story in enumerate(STORIES):
        key = uuid5(NAMESPACE_URL, f"roder-demo-{number}")
        if not Deviation.objects.filter(reporter=people["care-staff"], client_key=key).exists():
            with transaction.atomic():
                told = replace(story, reported=story.reported + moved)
                _Telling(committee, people, told, clinical=kinds[story.kind].clinical).tell(key)
            made += 1
    return made


class _Telling:
    """A story told through the services, each step some hours after the one before."""

    def __init__(self, committee: Body, people: dict[str, Person], story: Story, *, clinical: bool) -> None:
        self.committee, self.people, self.story, self.clinical = committee, people, story, clinical
        self.now = story.reported
        self.case: Deviation

    def tell(self, key: object) -> None:
        """Report it, and take it as far as it has come."""
        story = self.story
        sent = Sent(
            unit=self.committee.units.get(code=UNIT), occurred_at=story.reported - timedelta(minutes=12),
            types=((story.kind, story.cause),), what=f"{story.what} {MARK}", place=story.place,
            reference=story.reference, immediate_action="Tillsyn och samtal direkt.", told="Ansvarig på passet",
            severity=story.severity if story.severity > 2 else None, client_key=key,  # type: ignore[arg-type]
        )  # fmt: skip
        self.case = report(self.committee, self.people["care-staff"], sent, now=self.now)
        deeds: dict[str, Callable[[], None]] = {
            "assessed": self._assessed,
            "facts": self._facts,
            "classified": self._classified,
            "investigated": self._investigated,
            "planned": self._planned,
            "carried_out": self._carried_out,
            "followed_up": self._followed_up,
            "closed": self._closed,
        }
        for step in STEPS[1 : STEPS.index(story.upto) + 1]:
            deeds[step]()
        if story.serious_upto:
            self._analysed()

    def _later(self, hours: float) -> datetime:
        self.now += timedelta(hours=hours)
        self.case.refresh_from_db()
        return self.now

    def _assessed(self) -> None:
        if not self.clinical:
            return
        flow.assess(
            self.case, self.people["licensed"], home_visit=self.story.kind == "fall", now=self._later(1.2),
            sbar=flow.Sbar(
                situation="Kontaktad av personal på enheten.", background="Känd sedan tidigare.",
                current="Opåverkad vid kontakten.", recommendation="Tillsyn varannan timme till i morgon.",
            ),
        )  # fmt: skip

    def _facts(self) -> None:
        flow.give_facts(
            self.case, self.people["unit-manager"], when="Under passet, strax före rapporten.", what=self.story.what,
            worked="Ordinarie personal och en vikarie.", talked=True, now=self._later(9),
        )  # fmt: skip

    def _classified(self) -> None:
        who = [self.people["unit-manager"]] + ([self.people["licensed"]] if self.clinical else [])
        for person in who:
            flow.classify(
                self.case, person, types=((self.story.kind, self.story.cause),), severity=self.story.severity,
                now=self._later(3),
            )  # fmt: skip

    def _investigated(self) -> None:
        flow.investigate(
            self.case, self.people["unit-manager"], cause="Rutinen var inte känd av alla på passet.",
            consequence="Oro, ingen bestående följd.", feedback="Tack för rapporten. Vi går igenom rutinen på mötet.",
            now=self._later(26),
        )  # fmt: skip

    def _groups(self) -> list[tuple[str, Person]]:
        found = [("unit", self.people["unit-manager"])]
        return [*found, ("profession", self.people["licensed"])] if self.clinical else found

    def _planned(self) -> None:
        for group, person in self._groups():
            what = (
                "Gå igenom rutinen på arbetsplatsträffen"
                if group == "unit"
                else "Se över hjälpmedel och läkemedel"
            )
            moves.plan_action(
                self.case, person, what=what, group=group, due=(self.now + timedelta(days=14)).date(),
                expected_effect="Färre händelser av samma slag.", now=self._later(2),
            )  # fmt: skip

    def _carried_out(self) -> None:
        people = dict(self._groups())
        for action in tasks.actions_of(self.case):
            moves.finish_action(
                self.case, people[action.group], action, note="Genomfört enligt plan.", now=self._later(30)
            )

    def _followed_up(self) -> None:
        people = dict(self._groups())
        for action in tasks.actions_of(self.case):
            moves.evaluate_action(
                self.case, people[action.group], action, effect="yes", text="Ingen ny händelse under perioden.",
                now=self._later(48),
            )  # fmt: skip
        flow.follow_up(
            self.case, self.people["unit-manager"], note="Åtgärden har haft effekt.", now=self._later(1)
        )
        if self.clinical:
            flow.profession_follow_up(
                self.case, self.people["licensed"], note="Åtgärden har haft effekt.", now=self._later(1)
            )

    def _closed(self) -> None:
        flow.close(self.case, self.people["unit-manager"], note="Klart.", now=self._later(1))

    def _analysed(self) -> None:
        flow.deep_analysis(
            self.case, self.people["sas"], course="Planeringen ändrades på eftermiddagen och natten fick inte veta det.",
            causes="Två listor i bruk samtidigt.", barriers="En gemensam lista med kvittens.", now=self._later(20),
        )  # fmt: skip
