"""The file of casework events that can be read in: what happened in which case, and when (6-casework 6.4)."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.casework.models import CaseworkEvent
from roder.imports.cells import Choice
from roder.imports.declaration import Column, Import, Rule
from roder.imports.late_cases import after_import, after_undo
from roder.imports.lookups import UnitCell
from roder.imports.quality_cells import Moment, Reference

CASEWORK = Import(
    kind="handlaggning",
    title="Händelser i handläggningen",
    about="Vad som hände i ett ärende och när, ur ett verksamhetssystem. Ärendet står med sin referens.",
    example={
        "ref": "A-1001",
        "tidpunkt": "2026-03-31 08:15",
    },
    model=CaseworkEvent,
    rights=((Action.IMPORT, Resource.IMPORTS), (Action.IMPORT, Resource.CASEWORK)),
    owned_by_committee=True,
    columns=(
        Column(
            "ref",
            Reference(40),
            ("reference",),
            required=True,
            filled=True,
            key=True,
            help="ärendets referens",
        ),
        Column(
            "handelse",
            Choice(
                tuple((one.value, str(one.label)) for one in CaseworkEvent.Kind),
                also={
                    "ansökan": "received",
                    "ansokan": "received",
                    "bedomd": "assessed",
                    "inledd": "opened",
                    "oppnad": "opened",
                    "öppnad": "opened",
                },
            ),
            ("kind",),
            required=True,
            filled=True,
            key=True,
            help="inkommen, bedömd, utredning inledd, tilldelad, beslutad eller avslutad",
        ),
        Column("tidpunkt", Moment(), ("at",), required=True, filled=True, key=True, help="2022-03-31 09:15"),
        Column("enhet", UnitCell(), ("unit_id",), help="enhetens kod eller namn"),
    ),
    rules=(Rule('"at" > now()', "tidpunkt", "händelsen ligger i framtiden", "Rätta datumet."),),
    then=after_import,
    undone=after_undo,
)
