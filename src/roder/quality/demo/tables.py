"""The synthetic material as tables, each in the columns of its import."""

# ruff: noqa: E501, PLR0912 - tables of made-up text, a row each
from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from roder.quality.demo.stream import SEED, Event, events

MARK = "syntetiska"  # in every file's name: nobody shall take these for real events


@dataclass(frozen=True)
class Table:
    """A table for an import: its kind, the file's name, the heading and the rows."""

    kind: str
    name: str
    heading: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def write(self, folder: Path) -> Path:
        """Write it as CSV with semicolons; returns where."""
        path = folder / self.name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(self.heading)
            writer.writerows(self.rows)
        return path


def tables(seed: int = SEED) -> list[Table]:
    """All synthetic tables, in the order they are read in."""
    chance = Random(seed + 1)  # noqa: S311 - the same every time is the point
    return [
        deviations(events(seed)),
        Table("lexsarah", f"lex-sarah-{MARK}.csv", LEX_HEADING, lex_sarah()),
        Table("klagomal", f"klagomal-{MARK}.csv", COMPLAINT_HEADING, list(complaints(chance))),
        Table("kvalitetsregister", f"kvalitetsregister-{MARK}.csv", REGISTER_HEADING, list(registers())),
        Table(
            "handlaggning",
            f"handlaggning-{MARK}.csv",
            ("ref", "handelse", "tidpunkt"),
            list(casework(chance)),
        ),
    ]


def clock(moment: datetime | None) -> str:
    """A moment as a file has it. The hour that summer time takes away becomes its end."""
    if moment is None:
        return ""
    last_sunday = 31 - (datetime(moment.year, 3, 31).weekday() + 1) % 7
    if (moment.month, moment.day, moment.hour) == (3, last_sunday, 2):
        moment = moment.replace(hour=3, minute=0, second=0)
    return moment.strftime("%Y-%m-%d %H:%M")


def deviations(found: Iterable[Event]) -> Table:
    """The stream of deviations."""
    heading = (
        "nummer", "handelsetid", "upptackt", "rapporterad", "enhet", "verksamhet", "lagrum", "riktning", "motpart",
        "typer", "orsaker", "allvarlighet", "status", "klassificerad", "avslutad", "rapportor", "referens", "plats",
        "beskrivning", "atgard",
    )  # fmt: skip
    rows = [
        (
            one.number, clock(one.occurred), clock(one.discovered), clock(one.reported), one.unit, one.area, one.law,
            one.direction, one.counterpart, "|".join(one.types), "|".join(cause for _, cause in one.matters if cause),
            str(one.severity or ""), "avslutad" if one.closed else ("klassificerad" if one.classified else "rapporterad"),
            clock(one.classified), clock(one.closed), one.reporter, one.reference, one.place, one.what, one.action,
        )
        for one in found
    ]  # fmt: skip
    return Table("avvikelser", f"avvikelser-{MARK}-2018-2022.csv", heading, rows)


LEX_HEADING = (
    "nummer", "rapporterad", "enhet", "verksamhet", "lagrum", "typ", "brist", "konsekvens", "beslut", "beslutsdatum",
    "ivo", "ivo_svar", "avslutad", "extern", "rad",
)  # fmt: skip
_NOT, _MIS, _SERIOUS, _NOT_OWN, _WORK = (
    "not_misconduct",
    "misconduct",
    "serious",
    "not_own",
    "work_environment",
)


def lex_sarah() -> list[tuple[str, ...]]:
    """Lex Sarah cases 2021–2022. None of the first half of 2022 was notified but one of an external provider, which the
    inspectorate closed (printed); the rest is made up."""
    given: dict[int, list[tuple[str, str, str, str, str, str, str, str, str]]] = {
        2021: [
            ("01-21", "demens-kvarnbacken", "sol", "bemotande", "ja", "nej", _MIS, "2021-02-26", "Brister i bemötande, rutin införd"),
            ("02-04", "haga-hemtjanst-1", "sol", "omvardnad", "nej", "nej", _NOT, "2021-03-10", "Uteblivet besök, ingen följd för den enskilde"),
            ("03-16", "grb-kavlasvagen", "lss", "omvardnad", "ja", "nej", _MIS, "2021-04-22", "Insats utebliven, schemat ändrat"),
            ("04-13", "81331", "sol", "omvardnad", "ja", "ja", _MIS, "2021-05-27", "Tillsyn natt uteblev, larm och rutin ändrade"),
            ("05-18", "hemtjanst-nord", "sol", "informationsoverforing", "nej", "nej", _NOT, "2021-06-24", "Ändrad tid nådde inte fram"),
            ("06-22", "81141", "sol", "bemotande", "nej", "nej", _WORK, "2021-08-12", "Händelse mellan medarbetare, förd till arbetsmiljö"),
            ("08-17", "daglig-verksamhet", "lss", "bemotande", "ja", "nej", _MIS, "2021-09-30", "Händelse mellan deltagare, gruppen omgjord"),
            ("09-14", "81160", "sol", "omvardnad", "ja", "ja", _SERIOUS, "2021-10-29", "Utebliven omvårdnad under flera dygn"),
            ("10-19", "hemtjanst-syd", "sol", "omvardnad", "ja", "nej", _MIS, "2021-12-02", "Glömda besök, planeringen dubbelkontrolleras"),
            ("11-23", "gruppbostad-vast", "lss", "bemotande", "nej", "nej", _NOT, "2022-01-13", "Ordväxling, inget missförhållande"),
            ("12-07", "81222", "sol", "omvardnad", "ja", "nej", _MIS, "2022-02-03", "Mat gavs inte efter behov, utbildning given"),
        ],
        2022: [
            ("01-18", "demens-kvarnbacken", "sol", "bemotande", "ja", "nej", _MIS, "2022-03-03", "Hårt tilltal, handledning i gruppen"),
            ("02-15", "hemtjanst-nord", "sol", "omvardnad", "nej", "nej", _NOT, "2022-03-24", "Försenat besök, ingen påtaglig risk"),
            ("03-22", "81132", "sol", "omvardnad", "ja", "nej", _MIS, "2022-05-05", "Dusch utebliven upprepade gånger, ny planering"),
            ("04-12", "personlig-assistans", "lss", "omvardnad", "ja", "nej", _MIS, "2022-05-31", "Pass utan vikarie, beredskap införd"),
            ("05-03", "81331", "sol", "informationsoverforing", "nej", "nej", _NOT, "2022-06-14", "Missad rapport, ingen följd"),
            ("05-24", "haga-hemtjanst-1", "sol", "omvardnad", "ja", "nej", _MIS, "2022-07-05", "Glömda kvällsbesök, kontroll vid passbyte"),
            ("06-08", "81470", "sol", "bemotande", "nej", "nej", _WORK, "2022-06-30", "Konflikt i arbetslaget, förd till arbetsmiljö"),
            ("06-21", "grb-kavlasvagen", "lss", "bemotande", "ja", "nej", _MIS, "2022-08-25", "Strategi följdes inte, samtliga utbildade"),
            ("07-19", "81370", "sol", "omvardnad", "nej", "nej", _NOT_OWN, "2022-08-18", "Gällde sjukhusets verksamhet, överlämnad"),
            ("08-09", "hemtjanst-natt", "sol", "omvardnad", "ja", "nej", _MIS, "2022-09-13", "Nattillsyn missad, larm kopplat om"),
            ("09-06", "81160", "sol", "omvardnad", "ja", "ja", _SERIOUS, "2022-11-17", "Omvårdnad eftersatt under en helg"),
            ("10-04", "daglig-verksamhet", "lss", "bemotande", "nej", "nej", _NOT, "2022-11-10", "Högljutt samtal, inget missförhållande"),
            ("11-15", "81141", "sol", "omvardnad", "", "", "", "", ""),
            ("12-06", "hemtjanst-syd", "sol", "bemotande", "", "", "", "", ""),
        ],
    }  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for year, cases in given.items():
        for number, (day, unit, law, kind, lack, follow, outcome, decided, line) in enumerate(cases, 1):
            told = "ja" if outcome == _SERIOUS else ""
            closed = (
                decided
                if outcome and outcome != _SERIOUS
                else ("2022-02-15" if decided == "2021-10-29" else "")
            )
            answer = closed if told and closed else ""
            rows.append((
                f"{year}-{number:03}", f"{year}-{day} 10:00", unit, "", law, kind, lack, follow, outcome, decided, told,
                answer, closed, "", line,
            ))  # fmt: skip
    rows.append((
        "2022-015", "2022-02-08 13:00", "privat-hemtjanst-a", "", "sol", "omvardnad", "ja", "ja", _SERIOUS, "2022-03-08",
        "2022-03-08", "2022-05-20", "2022-05-20", "ja", "Begränsning utan samtycke hos utförare, dörrlarm i stället",
    ))  # fmt: skip
    return sorted(rows)


COMPLAINT_HEADING = (
    "dnr", "inkommen", "slag", "typ", "enhet", "verksamhet", "lamnad_av", "kanal", "bekraftad", "besvarad", "text",
)  # fmt: skip
#: First and second half of each year; the first half of 2022 is printed, and that it was fewer than before.
COMPLAINT_COUNTS = {2018: (38, 33), 2019: (41, 36), 2020: (36, 28), 2021: (31, 29), 2022: (24, 27)}
_OTHERS = ("bemotande", "insatser", "information", "bilkorning", "utforande", "tillganglighet")
_PRINTED = ("traffpunkter",) * 3 + ("mat",) * 2 + ("vaxelvard",)
_SAID = {
    "traffpunkter": "Vill veta varför träffpunkten inte längre är öppen för alla.",
    "mat": "Matlådorna är torra och kommer sent.",
    "vaxelvard": "Flera brister under vistelsen, vill ha ett möte.",
    "bemotande": "Kände sig inte lyssnad på vid besöket.",
    "insatser": "Hjälpen blev inte gjord som det var överenskommet.",
    "information": "Fick inte veta att tiden hade ändrats.",
    "bilkorning": "En av bilarna körde för fort i området.",
    "utforande": "Städningen var slarvigt gjord.",
    "tillganglighet": "Svårt att få tag i rätt person på telefon.",
}


def complaints(chance: Random) -> Iterable[tuple[str, ...]]:
    """Complaints and suggestions: 24 in the first half of 2022, of which 3, 2 and 1 about what was printed."""
    units = (
        "81132",
        "81160",
        "demens-kvarnbacken",
        "haga-hemtjanst-1",
        "hemtjanst-nord",
        "grb-kavlasvagen",
        "",
    )
    for year, halves in COMPLAINT_COUNTS.items():
        subjects = [_of(half, year, chance) for half in range(2) for _ in range(halves[half])]
        if year == 2022:
            subjects[: halves[0]] = list(_PRINTED) + [
                _OTHERS[n % len(_OTHERS)] for n in range(halves[0] - len(_PRINTED))
            ]
        days = (
            [chance.randrange(181) for _ in range(halves[0])],
            [chance.randrange(183) for _ in range(halves[1])],
        )
        starts = datetime(year, 1, 1), datetime(year, 7, 1)
        came = [
            starts[half] + timedelta(days=day, hours=9 + day % 7) for half in range(2) for day in days[half]
        ]
        listed = sorted(zip(came, subjects, strict=True))
        for place, (moment, subject) in enumerate(listed):
            anonymous = chance.random() < 0.12
            channel = chance.choices(
                ("formular", "epost", "telefon", "post", "personal"), (34, 28, 20, 8, 10)
            )[0]
            told = moment + timedelta(hours=chance.randrange(1, 60))
            answered = told + timedelta(days=chance.randrange(2, 26))
            silent = anonymous or chance.random() < 0.06 or answered.year > 2022
            yield (
                f"{year}.{20 + place * 5:03} VON", clock(moment), chance.choices(("klagomal", "synpunkt"), (70, 30))[0],
                subject, chance.choice(units), "",
                "anonym" if anonymous else chance.choices(("anhorig", "brukare", "allmanhet", "personal"), (46, 30, 16, 8))[0],
                channel, "" if anonymous else clock(told), "" if silent else clock(answered), _SAID[subject],
            )  # fmt: skip


def _of(half: int, year: int, chance: Random) -> str:
    return chance.choice(_OTHERS + (("mat",) if year > 2019 else ()))


REGISTER_HEADING = (
    "matt", "period", "vardform", "jamforelse", "varde", "taljare", "namnare", "kalla",
)  # fmt: skip
_PRINTED_SOURCE = "Redovisning av avvikelser, första halvåret 2022, kvalitetsregister"
_MADE_UP = "Syntetiskt exempel"


def registers() -> Iterable[tuple[str, ...]]:
    """Values of the quality registers: printed ones with their source, others made up and marked so."""
    for code, period, value in (
        ("bpsd_personer", "2021-h1", 29),
        ("bpsd_personer", "2022-h1", 36),
        ("bpsd_registreringar", "2021-h1", 42),
        ("bpsd_registreringar", "2022-h1", 45),
        ("senior_alert_munhalsa_risk", "2022-h1", 38),
        ("senior_alert_atgardsplaner", "2022-h1", 34),
    ):
        yield code, period, "", "", str(value), "", "", _PRINTED_SOURCE
    for code, period, value in (
        ("senior_alert_munhalsa_risk", "2021-h1", 12),
        ("senior_alert_atgardsplaner", "2021-h1", 6),
        ("bpsd_personer", "2022", 58),
        ("bpsd_registreringar", "2022", 81),
        ("senior_alert_personer", "2022", 318),
    ):
        yield code, period, "", "", str(value), "", "", _MADE_UP
    by_setting = {
        "senior_alert_personer": {"sabo_korttid": (96, 141), "eget_hem": (35, 33)},
        "senior_alert_munhalsa": {"sabo_korttid": (13, 41), "eget_hem": (2, 11)},
    }
    for code, settings in by_setting.items():
        for setting, values in settings.items():
            for period, value in zip(("2021-h1", "2022-h1"), values, strict=True):
                yield code, period, setting, "", str(value), "", "", _MADE_UP
    shares = {
        "smartskattning": {
            "eget_hem": ((11, 34), (21, 36)),
            "sabo_korttid": (((29, 62)), (34, 64)),
            "riket": (57, 59),
        },
        "brytpunktssamtal": {
            "eget_hem": ((22, 34), (28, 36)),
            "sabo_korttid": ((48, 62), (49, 64)),
            "riket": (72, 73),
        },
        "munhalsobedomning": {
            "eget_hem": ((13, 34), (20, 36)),
            "sabo_korttid": ((35, 62), (36, 64)),
            "riket": (61, 62),
        },
    }
    for code, parts in shares.items():
        for setting, pair in parts.items():
            for period, found in zip(("2021-h1", "2022-h1"), pair, strict=True):
                if isinstance(found, tuple):
                    share = f"{100 * found[0] / found[1]:.1f}".replace(".", ",")
                    yield code, period, setting, "", share, str(found[0]), str(found[1]), _MADE_UP
                else:
                    for part in ("eget_hem", "sabo_korttid"):
                        yield code, period, part, "riket", str(found), "", "", _MADE_UP
    for code, values in {
        "basal_hygien": (68, 71),
        "kladregler": (86, 88),
        "trycksar_ppm": (6, 5),
        "halt_infektioner": (3, 2),
        "lakemedelsgenomgangar": (61, 66),
    }.items():
        for period, value in zip(("2021", "2022"), values, strict=True):
            yield code, period, "", "", str(value), "", "", _MADE_UP


#: The one application that waited too long, so that the rule has something to find.
LATE_REFERENCE = "AN-2022-017"


def casework(chance: Random) -> Iterable[tuple[str, str, str]]:
    """Events of 60 cases 2021–2022. One application was assigned more than four months after it came in."""
    for number in range(1, 61):
        year, place = (2021, number) if number <= 30 else (2022, number - 30)
        reference = f"AN-{year}-{place:03}"
        received = datetime(year, 1, 3, 9, 15) + timedelta(days=11 * place, minutes=chance.randrange(400))
        if reference == LATE_REFERENCE:
            received = datetime(2022, 2, 10, 9, 30)
        waits = 131 if reference == LATE_REFERENCE else chance.randrange(1, 21)
        assigned = received + timedelta(days=waits, hours=2)
        decided = assigned + timedelta(days=chance.randrange(7, 60))
        steps = (
            ("received", received),
            ("assessed", received + timedelta(hours=chance.randrange(2, 30))),
            ("assigned", assigned),
            ("decided", decided),
        )
        for kind, moment in steps:
            if kind == "assigned" or moment <= datetime(2022, 12, 31):
                yield reference, kind, clock(moment)
