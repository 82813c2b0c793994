"""The file of goals, with their place in the chain and their measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.text import slugify

from roder.core.models import Link
from roder.core.put import put
from roder.imports.cells import Context, close_to
from roder.imports.declaration import Import
from roder.imports.goal_columns import GOAL_COLUMNS, RIGHTS, YEARS, check_years, goals_of, said_years, visions
from roder.imports.goal_files import link_measures, put_goal
from roder.imports.record_deeds import Book, Key, RecordDeeds, Row, Said, own_fields, said_of_fields
from roder.imports.staging import Staging
from roder.measures.models import Measure
from roder.organisation.models import Body
from roder.steering.models import FocusArea, Goal, Vision

GOAL, MEASURE = Goal.record_kind(), Measure.record_kind()


class GoalBook(Book[Goal]):
    """The committee's goals and the council's, with the measures of the committee's that they have."""

    model = Goal
    fields: ClassVar = own_fields(GOAL_COLUMNS, Goal)
    kinds: ClassVar = {"nyckeltal": Link.Kind.MEASURED_BY, "indikatorer": Link.Kind.INDICATOR}

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.measures = dict(Measure.objects.filter(committee=self.committee).values_list("code", "pk"))
        codes = {pk: code for code, pk in self.measures.items()}
        self.links: dict[tuple[str, int], list[list[str]]] = {}
        for link in Link.objects.filter(self.own_links()).order_by("position", "pk"):
            self.links.setdefault((link.kind, link.source_id), []).append([codes[link.target_id], link.note])
        self.areas: dict[str, dict[str, FocusArea]] = {}  # by the vision, the latest first
        for title in visions(self.committee):
            self.areas.setdefault(title, {})
        found = FocusArea.objects.filter(vision__municipality=self.committee.municipality)
        for area in found.select_related("vision"):
            self.areas[area.vision.title][area.code] = area
        self.new_areas: dict[tuple[str, str], str] = {}
        self.made: dict[str, list[int]] = {"areas": [], "visions": []}

    def standing(self) -> Iterable[Goal]:
        """In the order they are listed."""
        rows = goals_of(self.committee).select_related("parent", "focus_area__vision")
        return list(rows.order_by("level", "position", "pk"))

    def key(self, record: Goal) -> Key:
        """The council's goals and the committee's have codes of their own."""
        return record.level, record.code.casefold()

    def key_of(self, values: Said) -> Key:
        """The same, of a row of the file."""
        return str(values["level"]), str(values["code"]).casefold()

    def own_links(self) -> Q:
        """To the committee's measures; a goal of the council may have those of other committees too."""
        mine = list(self.measures.values())
        return Q(
            source_kind=GOAL, target_kind=MEASURE, target_id__in=mine, kind__in=list(self.kinds.values())
        )

    def stands(self, record: Goal) -> Said:
        """With its place in the chain and its measures."""
        area = record.focus_area
        return {
            **super().stands(record),
            "bidrar_till": record.parent.code if record.parent else "",
            "fokusomrade": [area.vision.title, area.code] if area else [],
            **{name: self.links.get((kind.value, record.pk), []) for name, kind in self.kinds.items()},
        }

    def cells(self, record: Goal) -> dict[str, str]:
        """With its level, its place in the chain and the codes of its measures."""
        stands = self.stands(record)
        area = stands["fokusomrade"]
        return {
            **super().cells(record),
            "kod": record.code,
            "niva": record.get_level_display(),
            "bidrar_till": stands["bidrar_till"],
            "fokusomrade": self.areas[area[0]][area[1]].name if area else "",
            "vision": area[0] if area else "",
            **{name: " | ".join(code for code, _ in stands[name]) for name in self.kinds},
        }

    def said(self, values: Said, stands: Said | None, present: set[str]) -> Said:
        """Notes on measures stand; only which measures there are is said."""
        found = said_of_fields(self, values, stands, present)
        said_years(self, found, stands)
        if stands is None or "bidrar_till" in present:
            word = values["parent_code"] or ""
            parent = self.records.get((Goal.Level.COUNCIL.value, word.casefold()))
            found["bidrar_till"] = parent.code if parent else word
        if stands is None or "fokusomrade" in present:
            found["fokusomrade"] = self._area(values, (stands or {}).get("fokusomrade", []))
        for name, into in (("nyckeltal", "measures"), ("indikatorer", "indicators")):
            if stands is None or name in present:
                codes = (values[into] or "").split("|") if values[into] else []
                notes = {code: note for code, note in (stands or {}).get(name, []) if note}
                noted = [[code, note] for code, note in notes.items() if code not in codes]
                found[name] = [*([code, notes.get(code, "")] for code in codes), *noted]
        return found

    def _area(self, values: Said, stands: list[str]) -> list[str]:
        """The vision and code of the focus area; a new one gets a code of its name."""
        word, title = values["area"] or "", values["vision"] or ""
        if not word:
            return []
        own = next((one for one in self.areas if one.casefold() == title.casefold()), title)
        vision = own or next(iter(self.areas), "")
        for place in ([stands[0]] if stands and not title else []) + [vision]:
            for code, area in self.areas.get(place, {}).items():
                if word.casefold() in (code.casefold(), area.name.casefold()):
                    return [place, code]
        code = slugify(word)[:40] or "omrade"
        self.new_areas[vision, code] = word
        return [vision, code]

    def check(self, staging: Staging, rows: list[Row]) -> None:
        """Goals contribute to goals of the council that stand or are in the file, and areas have a vision."""
        check_years(staging, rows)
        council = [
            code for level, code in (*self.records, *(row.key for row in rows)) if level == Goal.Level.COUNCIL
        ]
        for row in rows:
            parent = row.said.get("bidrar_till")
            if parent and row.key[0] == Goal.Level.COUNCIL:
                what = "fullmäktiges mål bidrar inte till andra mål"
                staging.note_cell(row.n, "bidrar_till", what, "Lämna cellen tom, eller rätta kolumnen niva.")
            elif parent and parent.casefold() not in council:
                what = f"fullmäktiges mål ”{parent}” finns varken i filen eller sedan tidigare"
                do = "Skriv målets kod, eller lägg till det i filen med nivån kommunfullmäktiges mål."
                staging.note_cell(row.n, "bidrar_till", what, f"{do}{close_to(parent, council)}")
            if row.said.get("fokusomrade", ["?"])[:1] == [""]:
                what = "fokusområdet hör till ingen vision: kommunen har ingen"
                staging.note_cell(row.n, "fokusomrade", what, "Skriv visionens rubrik i kolumnen vision.")
        self._remark(staging, rows)

    def _remark(self, staging: Staging, rows: list[Row]) -> None:
        """What is new for the whole municipality, which is easily a word spelled wrong."""
        for (vision, _), name in self.new_areas.items():
            if vision:
                known = [area.name for area in self.areas.get(vision, {}).values()]
                staging.warnings.append(
                    f"Fokusområdet ”{name}” är nytt och läggs upp.{close_to(name, known)}"
                )
        for vision in dict.fromkeys(one for one, _ in self.new_areas if one and one not in self.areas):
            staging.warnings.append(
                f"Visionen ”{vision}” är ny och blir hela kommunens.{close_to(vision, self.areas)}"
            )
        others = Body.objects.filter(
            municipality=self.committee.municipality, kind=Body.Kind.COMMITTEE
        ).exclude(pk=self.committee.pk)
        changed = [row for row in rows if row.stands and row.changed and row.key[0] == Goal.Level.COUNCIL]
        if changed and others.exists():
            staging.warnings.append(
                "Fullmäktiges mål är gemensamma: det som ändras gäller alla kommunens nämnder."
            )

    def in_order(self, rows: list[Row]) -> list[Row]:
        """The council's goals first: the others contribute to them."""
        return sorted(rows, key=lambda row: row.key[0] != Goal.Level.COUNCIL)

    def write(self, key: Key, said: Said, code: str, *, new: bool) -> Goal:
        """The goal with what it belongs to, then its measures."""
        what, values = f"målet {code}", self.values_of(said)
        if new:
            values["position"] = self.next_position()
        if "bidrar_till" in said:
            values["parent"] = self.records.get((Goal.Level.COUNCIL.value, said["bidrar_till"].casefold()))
        if "fokusomrade" in said:
            values["focus_area"] = self._put_area(*said["fokusomrade"]) if said["fokusomrade"] else None
        goal = put_goal(self.committee, Goal.Level(key[0]), code, values, what)
        self.records[key] = goal
        for name, kind in self.kinds.items():
            if name in said:
                link_measures(goal, [(one, note) for one, note in said[name]], kind, self.measures, what)
        return goal

    def _put_area(self, title: str, code: str) -> FocusArea:
        areas = self.areas.setdefault(title, {})
        if code not in areas:
            vision, made = put(
                Vision, {"municipality": self.committee.municipality, "title": title}, {}, f"visionen {title}"
            )
            if made:
                self.made["visions"].append(vision.pk)
            name = self.new_areas.get((title, code), code)
            areas[code], _ = put(
                FocusArea,
                {"vision": vision, "code": code},
                {"name": name, "position": len(areas)},
                f"fokusområdet {name}",
            )
            self.made["areas"].append(areas[code].pk)
        return areas[code]

    def beside(self) -> dict[str, list[int]]:
        """Visions and focus areas that were new."""
        return self.made

    def clear(self, beside: Mapping[str, list[int]]) -> None:
        """New focus areas and visions go with the goals, unless others have come to use them."""
        FocusArea.objects.filter(pk__in=beside["areas"], goals=None).delete()
        Vision.objects.filter(pk__in=beside["visions"], focus_areas=None).delete()

    def show(self, name: str, value: Any) -> str:
        """Focus areas by name, measures by code."""
        if name == "fokusomrade" and value:
            area = self.areas.get(value[0], {}).get(value[1])
            return area.name if area else self.new_areas.get((value[0], value[1]), value[1])
        if name in self.kinds and value:
            return ", ".join(f"{code} ({note})" if note else code for code, note in value)
        return super().show(name, value)


GOALS = Import(
    kind="mal",
    title="Mål",
    about="Kommunfullmäktiges och nämndens mål: år, vad de bidrar till och vilka nyckeltal de mäts med. "
    "Läs in nyckeltalen först.",
    example={
        "kod": "M1",
        "mal": "Den som ringer får svar direkt",
        "niva": "nämndens mål",
        "beskrivning": "Enkla frågor besvaras vid första kontakten.",
        "fran_ar": "2026",
        "till_ar": "2028",
        "nyckeltal": "direkt_svar",
        "slag": "mål",
        "foljs_upp": "delår och år (D/B)",
        "motiv": "Många ringer flera gånger om samma sak.",
        "ansvarig": "Förvaltningschef",
    },
    model=Goal,
    rights=RIGHTS,
    columns=GOAL_COLUMNS,
    rules=YEARS,
    deeds=RecordDeeds(GoalBook),
    rows_on_page=True,
)
