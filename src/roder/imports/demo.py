"""The demonstration's quality data: synthetic events read in through the same imports as a person's files."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from roder.core.models import ImportBatch
from roder.imports.cells import Context
from roder.imports.kinds import KINDS
from roder.imports.late_cases import create_deviations
from roder.imports.services import commit
from roder.organisation.models import Body
from roder.quality.demo.tables import MARK, tables
from roder.quality.models import ProviderCount, ProviderReport
from roder.steering.models import DeviationType

#: provider -> quarter -> counts per type; nothing at all is a nil report. Made up.
PROVIDERS: dict[str, dict[tuple[int, int], dict[str, int]]] = {
    "privat-hemtjanst-a": {
        (2021, 1): {"omvardnad": 6, "bemotande": 1},
        (2021, 2): {"omvardnad": 8, "informationsoverforing": 2},
        (2021, 3): {"omvardnad": 9, "bemotande": 1},
        (2021, 4): {"omvardnad": 7},
        (2022, 1): {"omvardnad": 10, "informationsoverforing": 3},
        (2022, 2): {"omvardnad": 12, "bemotande": 2},
        (2022, 3): {"omvardnad": 11, "bemotande": 1},
        (2022, 4): {"omvardnad": 9},
    },
    "privat-hemtjanst-b": {
        (2021, 1): {"omvardnad": 3},
        (2021, 2): {"omvardnad": 4},
        (2021, 3): {},
        (2021, 4): {"omvardnad": 5, "bemotande": 1},
        (2022, 1): {"omvardnad": 4},
        (2022, 2): {"omvardnad": 6, "informationsoverforing": 1},
        (2022, 3): {"omvardnad": 5},
    },
    "ginstgarden": {
        (2021, 1): {"omvardnad": 2},
        (2021, 2): {"bemotande": 1},
        (2021, 3): {},
        (2021, 4): {"omvardnad": 3},
        (2022, 1): {"omvardnad": 2, "bemotande": 1},
        (2022, 2): {"omvardnad": 3},
        (2022, 3): {},
        (2022, 4): {"omvardnad": 2},
    },
}
#: Handed in after its day; the one that is not in the table above (provider B, last quarter) has not come at all.
LATE = {("privat-hemtjanst-b", 2022, 2): 18}
#: The lex Sarah case of an external provider that the inspectorate closed.
NOTIFIED = ("privat-hemtjanst-a", 2022, 1)


#: When the rule of late assignments found the one that is late.
RULE_RAN = datetime(2022, 7, 4, 3, 40, tzinfo=ZoneInfo("Europe/Stockholm"))


def load_quality(committee: Body) -> list[str]:
    """Read in the synthetic material of the example committee; says what came. A second time nothing is done."""
    if ImportBatch.objects.filter(committee=committee, file_name__contains=MARK, undone_at=None).exists():
        return ["syntetiska händelser: inlästa sedan tidigare"]
    lines = []
    with tempfile.TemporaryDirectory(prefix="roder-demo-") as folder, transaction.atomic():
        for table in tables():
            path = table.write(Path(folder))
            what = replace(KINDS[table.kind], then=None)  # the rule is run below, at a day of the story
            done = commit(what, Context(committee, 2022), path, path.name)
            lines.append(f"{KINDS[table.kind].title.lower()}: {done.rows} syntetiska rader")
            lines += [f"  {warning}" for warning in done.warnings]
        lines.append(f"utförarnas kvartalsrapporter: {_provider_reports(committee)}")
        number_series(committee)
        late = create_deviations(committee, RULE_RAN)
        lines.append(f"avvikelser skapade av regeln om tilldelning: {len(late)}")
    return lines


def number_series(committee: Body) -> None:
    """Numbers given from now on follow those that were read in."""
    with connection.cursor() as cursor:
        for kind, table in (("deviation", "quality_deviation"), ("lex_sarah", "quality_lexsarahcase")):
            cursor.execute(
                "INSERT INTO quality_numberseries (municipality_id, kind, year, last) "  # noqa: S608 - own tables
                "SELECT municipality_id, %s, split_part(number, '-', 1)::int, max(split_part(number, '-', 2)::int) "
                f"FROM {table} WHERE municipality_id = %s AND number ~ '^[0-9]{{4}}-[0-9]+$' GROUP BY 1, 3 "
                "ON CONFLICT (municipality_id, kind, year) DO UPDATE "
                "SET last = greatest(quality_numberseries.last, excluded.last)",
                [kind, committee.municipality_id],
            )


def _provider_reports(committee: Body) -> int:
    kinds = {kind.code: kind for kind in DeviationType.objects.filter(committee=committee)}
    zone = ZoneInfo(settings.TIME_ZONE)
    made = 0
    for code, quarters in PROVIDERS.items():
        unit = committee.units.get(code=code)
        for (year, quarter), counts in quarters.items():
            ends = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
            due = ends + timedelta(days=14)
            late = LATE.get((code, year, quarter), -4)
            handed_in = due + timedelta(days=late)
            told = (code, year, quarter) == NOTIFIED
            report = ProviderReport.objects.create(
                committee=committee,
                unit=unit,
                year=year,
                quarter=quarter,
                due_on=due,
                nil=not counts,
                lex_sarah_reported=int(told),
                lex_sarah_notified=int(told),
                lex_sarah_outcome="Anmäld till IVO, som har avslutat ärendet (syntetiskt exempel)."
                if told
                else "",
                submitted_at=datetime(handed_in.year, handed_in.month, handed_in.day, 14, 20, tzinfo=zone),
            )
            ProviderCount.objects.bulk_create(
                ProviderCount(report=report, type=kinds[kind], count=count) for kind, count in counts.items()
            )
            made += 1
    return made
