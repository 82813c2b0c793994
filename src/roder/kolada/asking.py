"""What is to be fetched: key figures, years and places, worked out from what a person asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from roder.core.faults import UserFault
from roder.kolada import rules
from roder.kolada.answers import Kpi, Municipality, MunicipalityGroup
from roder.kolada.client import Client
from roder.measures.models import Measure
from roder.organisation.models import Body
from roder.organisation.models import Municipality as OwnMunicipality

#: How many years back are fetched when nobody says.
YEARS_BACK = 5


@dataclass(frozen=True)
class Ask:
    """A municipality's committees, and what they want. No key figures: those of the committees' measures. ``group``:
    a group's id instead of the one that suits each key figure. ``everybody``: every municipality's values."""

    municipality: OwnMunicipality
    committees: tuple[Body, ...]
    years: tuple[int, ...]
    kpis: tuple[str, ...] = ()
    group: str = ""
    everybody: bool = False


@dataclass
class Plan:
    """What Kolada has been found to have of what is wanted."""

    kpis: list[Kpi]
    places: list[Municipality]
    groups: list[MunicipalityGroup]
    own: str
    unknown: list[str] = field(default_factory=list)  # ids that Kolada does not have
    similar: dict[str, MunicipalityGroup] = field(default_factory=dict)  # key figure -> group

    def places_for(self, kpi: str) -> list[str]:
        """The country, the municipality, its group and the group's members."""
        group = self.similar.get(kpi)
        members = [member.code for member in group.members] if group else []
        return list(dict.fromkeys([rules.COUNTRY, self.own, *([group.id] if group else []), *members]))


def measures_of(committees: Sequence[Body], kpis: Sequence[str] = ()) -> list[Measure]:
    """The committees' measures with a Kolada id (all of them, or those of the key figures), in order."""
    found = Measure.objects.filter(committee__in=committees).exclude(kolada_id="")
    if kpis:
        found = found.filter(kolada_id__in=kpis)
    return list(found.order_by("committee_id", "position", "code"))


def wanted_kpis(ask: Ask) -> list[str]:
    """The key figures to fetch. Raises UserFault when there are none."""
    found = list(dict.fromkeys(ask.kpis or [one.kolada_id for one in measures_of(ask.committees)]))
    if not found:
        raise UserFault(
            "inget nyckeltal har ett Kolada-id. Skriv id:t på nyckeltalet (till exempel U21468) och hämta igen."
        )
    return found


def plan(ask: Ask, client: Client) -> Plan:
    """Ask Kolada for what the key figures, the municipality and its groups are. Raises KoladaFault for unknown ones."""
    wanted = wanted_kpis(ask)
    # One withdrawn id among the measures must not keep the others from being fetched.
    kpis = client.kpis(wanted, all_known=bool(ask.kpis))
    own = client.municipalities([ask.municipality.code])[0]
    places = client.municipalities()
    groups = client.municipality_groups(own.title)
    made = Plan(kpis, places, groups, own.id, [one for one in wanted if one not in {kpi.id for kpi in kpis}])
    by_id = {group.id: group for group in groups}
    if ask.group:
        if ask.group not in by_id:
            raise UserFault(
                f"gruppen {ask.group} finns inte för {own.title}. Välj någon av "
                f"{', '.join(f'{group.id} ({group.title})' for group in groups) or 'inga'}, eller utelämna --group."
            )
        made.similar = {kpi.id: by_id[ask.group] for kpi in kpis}
        return made
    read = [found for group in groups if (found := rules.read_group(group.id, group.title))]
    for kpi in kpis:
        chosen = rules.choose_group(read, own.title, kpi.operating_area, max(ask.years))
        if chosen is not None:
            made.similar[kpi.id] = by_id[chosen.code]
    return made
