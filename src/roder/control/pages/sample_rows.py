"""A sample's items as a file: one row for each, with a column for each question of the checklist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase

from roder.control.models import ControlSample, SampleItem
from roder.control.services.sample_answers import Answered, answered, outcome
from roder.core.register import Column, Register
from roder.core.register.export import as_csv, as_xlsx


def _said(found: Answered, code: str) -> Callable[[Any], str]:
    def read(item: SampleItem) -> str:
        return found.said(item, code)

    return read


def _outcome(item: SampleItem) -> str:
    return outcome(item)[0]


def _checker(item: SampleItem) -> str:
    return str(item.checked_by or "")


def exported(sample: ControlSample, form: str) -> HttpResponseBase:
    """The items as ``csv`` or ``xlsx``, in drawn order."""
    found = answered(sample)
    columns = [
        Column("position"),
        Column("reference"),
        Column("deviates", title="Utfall", kind="text", value=_outcome),
        *(
            Column(f"q{at}", title=one.text, kind="text", value=_said(found, code))
            for at, (code, one) in enumerate(found.questions.items())
        ),
        Column("note"),
        Column("checked_at"),
        Column("checked_by", title="Granskad av", kind="text", value=_checker),
    ]
    title = f"Stickprov {sample.frame}"
    ready = Register(SampleItem, name="stickprov", title=title, lead="", columns=columns, empty="").ready
    rows = SampleItem.objects.filter(sample=sample).select_related("checked_by").order_by("position")
    name = f"stickprov-{sample.pk}"
    if form == "csv":
        return as_csv(name, ready, rows)
    return as_xlsx(name, title, ready, rows, about_of(sample))


def about_of(sample: ControlSample) -> list[tuple[str, str]]:
    """What the sample is, as names and values: for the page, the export and the protocol."""
    frame, made = sample.frame, sample.frame.round
    return [
        ("Kontroll", f"{made.control.point.number}. {made.control.what}"),
        ("Urvalsram", frame.name),
        ("Hämtad ur", frame.source),
        ("Ramens antal", str(frame.size)),
        ("Ramens SHA-256", frame.sha256),
        ("Stickprov", f"{sample.size} ({sample.rule.get('words', '')})"),
        ("Metod", str(sample.rule.get("method", ""))),
        ("Frö", sample.seed),
    ]
