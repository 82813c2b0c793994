"""Goals, status scales, occasions, phases and the annual wheel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import pairwise

from roder.steering.modelfile.checks.look import Look, Remark
from roder.steering.modelfile.codes import OccasionKind, ScaleLevel
from roder.steering.modelfile.view import View

_ALL_KINDS = [kind.value for kind in OccasionKind]


def bodies_known(look: Look) -> Iterator[Remark]:
    """Whoever decides, receives or owns a phase is a body of the file (or the committee itself)."""
    root = look.root
    known = [
        *root["bodies"].codes(),
        *([root["committee"]["code"].text] if root["committee"]["code"].text else []),
    ]
    references = [level["decided_by"] for level in root["goals"]["levels"]]
    references += [item["body"] for item in root["calendar"]]
    for occasion in root["occasions"]:
        references += [occasion["decided_by"], *occasion["receives"]]
        references += [phase["body"] for phase in occasion["phases"]]
    for reference in references:
        yield from look.unknown(reference, known, "bodies", "organet")


def goal_levels(look: Look) -> Iterator[Remark]:
    """A level's parent exists and stands above it; the least number of goals is not above the greatest."""
    goals = look.root["goals"]
    above: list[str] = []
    for level in goals["levels"]:
        parent = level["parent"]
        if parent.text is not None and parent.text in goals["levels"].codes() and parent.text not in above:
            yield Remark(parent.path, f"Nivån ”{parent.text}” ska stå ovanför den här; flytta upp den.")
        else:
            yield from look.unknown(parent, above, "goals", "nivån")
        above += [code for code in [level["code"].text] if code]
    least, most = goals["council_goals_min"].number, goals["council_goals_max"].number
    if least is not None and most is not None and least > most:
        yield Remark(
            goals["council_goals_min"].path,
            f"Minst {least} mål men högst {most} går inte ihop; rätta det ena talet.",
        )


def status_orders(look: Look) -> Iterator[Remark]:
    """No two statuses of a scale share a place in the order."""
    for scale in look.root["status_scales"]:
        seen: dict[int, str] = {}
        for status in scale["statuses"]:
            order = status["order"].number
            if order is None:
                continue
            if order in seen:
                yield Remark(
                    status["order"].path,
                    f"Ordningen {order} har redan statusen ”{seen[order]}”; ge varje status ett eget "
                    "ordningstal.",
                )
            else:
                seen[order] = status["label"].text or status["code"].text or "utan namn"


def one_scale_each(look: Look) -> Iterator[Remark]:
    """A subject has one scale per kind of occasion and level, so that it is never unclear which one holds."""
    taken: dict[tuple[str, str, str], str] = {}
    for scale in look.root["status_scales"]:
        subject, code = scale["subject"].text, scale["code"].text or "utan kod"
        if subject is None:
            continue
        levels = [scale["level"].text] if scale["level"].text else [level.value for level in ScaleLevel]
        kinds = [kind.text for kind in scale["occasion_kinds"] if kind.text] or _ALL_KINDS
        uses = [(subject, kind, level) for kind in kinds for level in levels]
        clashes = [use for use in uses if use in taken]
        if clashes:
            _, kind, level = clashes[0]
            yield Remark(
                scale.path,
                f"Skalan ”{taken[clashes[0]]}” gäller redan för {subject} vid {kind} på nivån {level}; "
                "skilj dem åt med occasion_kinds eller level.",
            )
        for use in uses:
            taken.setdefault(use, code)


def cut_offs(look: Look) -> Iterator[Remark]:
    """The cut-off lies in the model's year; that of a plan or a half-year may also lie in the year before."""
    year = look.root["year"].number
    for occasion in look.root["occasions"]:
        day = occasion["cut_off"].day
        if year is None or day is None:
            continue
        earlier = occasion["kind"].text in (OccasionKind.PLAN, OccasionKind.HALF_YEAR)
        years = (year - 1, year) if earlier else (year,)
        if day.year not in years:
            allowed = " eller ".join(str(one) for one in years)
            yield Remark(
                occasion["cut_off"].path,
                f"Brytdatumet {day} ligger utanför {allowed}; rätta datumet eller modellens år.",
            )


def compared_occasions(look: Look) -> Iterator[Remark]:
    """An occasion compares its forecast with an earlier occasion of the file."""
    occasions = look.root["occasions"]
    days = {one["code"].text: one["cut_off"].day for one in occasions}
    for occasion in occasions:
        earlier = occasion["compares_with"]
        yield from look.unknown(earlier, occasions.codes(), "occasions", "tillfället")
        then, now = days.get(earlier.text), occasion["cut_off"].day
        if earlier.text is not None and then is not None and now is not None and then >= now:
            yield Remark(
                earlier.path,
                f"Tillfället ”{earlier.text}” har brytdatum {then}, inte före {now}; jämför med ett "
                "tidigare tillfälle.",
            )


def phases(look: Look) -> Iterator[Remark]:
    """Every phase ends after it starts, belongs to somebody, and starts when the one before has ended."""
    for occasion in look.root["occasions"]:
        for phase in occasion["phases"]:
            yield from _one_phase(phase)
        in_row = [phase for phase in occasion["phases"] if phase["parallel"].value is not True]
        for before, after in pairwise(in_row):
            yield from _order(before, after)


def _one_phase(phase: View) -> Iterator[Remark]:
    start, end = phase["start"].day, phase["end"].day
    if (
        start
        and end
        and _moment(start, phase["start_time"].clock, time.min)
        > _moment(end, phase["end_time"].clock, time.max)
    ):
        where = phase["end"] if start > end else phase["end_time"]
        yield Remark(
            where.path,
            f"Fasen slutar ({_said(phase, 'end')}) innan den börjar ({_said(phase, 'start')}); rätta.",
        )
    if isinstance(phase.value, dict) and phase["role"].missing and phase["body"].missing:
        yield Remark(phase.path, "Fasen saknar både role och body; ange vem den gäller.")


def _order(before: View, after: View) -> Iterator[Remark]:
    end, start = before["end"].day, after["start"].day
    if end is None or start is None or (before["start"].day or end) > end:
        return  # a fault of its own, already said
    name = before["name"].text or before["code"].text or "före"
    both = before["end_time"].clock, after["start_time"].clock
    late = start == end and both[0] is not None and both[1] is not None and both[1] < both[0]
    if start < end or late:
        yield Remark(
            after["start"].path,
            f"Fasen börjar ({_said(after, 'start')}) innan fasen ”{name}” har slutat "
            f"({_said(before, 'end')}); "
            "rätta datumen, byt ordning eller skriv parallel: true.",
        )


def _moment(day: date, clock: time | None, otherwise: time) -> datetime:
    return datetime.combine(day, clock or otherwise)


def _said(phase: View, which: str) -> str:
    clock = phase[f"{which}_time"].clock
    return f"{phase[which].day}" + (f" kl. {clock:%H:%M}" if clock else "")


def calendar_dates(look: Look) -> Iterator[Remark]:
    """Something on the annual wheel has a date or months, and the months exist."""
    for item in look.root["calendar"]:
        if isinstance(item.value, dict) and item["date"].missing and not list(item["months"]):
            yield Remark(item.path, "Posten saknar både date och months; ange när den infaller.")
        if item["end"].day and item["date"].missing:
            yield Remark(item["end"].path, "Posten har end men inte date; ange vilken dag den börjar.")
        elif item["end"].day and item["date"].day and item["end"].day < item["date"].day:
            yield Remark(
                item["end"].path, f"Posten slutar {item['end'].day}, före {item['date'].day} då den börjar."
            )
        for month in item["months"]:
            if month.number is not None and not 1 <= month.number <= 12:
                yield Remark(month.path, f"Månad {month.number} finns inte; skriv 1–12.")


def follow_marks_known(look: Look) -> Iterator[Remark]:
    """A goal's follow-up mark (D/B, B) is one of the marks of the file."""
    known = look.root["goals"]["follow_marks"].codes()
    for group in look.root["good_economy"]["groups"]:
        for goal in group["goals"]:
            yield from look.unknown(goal["followed"], known, "goals", "markeringen")


CHECKS = (
    bodies_known, goal_levels, status_orders, one_scale_each, cut_offs, compared_occasions, phases,
    calendar_dates,
    follow_marks_known,
)  # fmt: skip
