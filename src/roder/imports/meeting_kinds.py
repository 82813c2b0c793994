"""The file of cases out of the registry that can be read in (7-meetings 7.1)."""

from __future__ import annotations

from roder import tasks
from roder.access.matrix import Action, Resource
from roder.core.models import ImportBatch
from roder.core.numbers import format_number
from roder.imports.cells import Choice, Day, YesNo
from roder.imports.declaration import Column, Derived, Import, Rule
from roder.imports.lookups import UnitCell
from roder.imports.meeting_cells import CaseKey, CaseYear, Handler
from roder.imports.quality_cells import FreeText, Reference
from roder.imports.refusals import events_of
from roder.meetings.models import Case
from roder.meetings.rules.numbers import MOST
from roder.meetings.services.case_tasks import follow_up
from roder.organisation.models import Person

_CLOSED = Case.Phase.CLOSED.value


def _tasks_of(batch: ImportBatch, by: Person | None) -> list[str]:
    """Cases that wait for an answer or have a handler give their tasks, as if they had been registered by hand."""
    kind = Case._meta.label_lower
    cases = Case.objects.filter(batch=batch).exclude(phase=_CLOSED)
    for case in cases.select_related("committee", "responsible").iterator(chunk_size=500):
        follow_up(case, by)
    opened = tasks.Task.objects.filter(subject_kind=kind, subject_id__in=cases.values("pk"), closed_at=None)
    waiting = opened.values("subject_id").distinct().count()
    if not waiting:
        return []
    word = "ärende väntar" if waiting == 1 else "ärenden väntar"
    return [f"{format_number(waiting)} {word} på svar eller beredning. Uppgifterna finns under Att göra."]


def _tasks_taken_back(batch: ImportBatch) -> list[str]:
    """Tasks of cases that are gone are struck; those of cases that stand again as they were are set right."""
    log = events_of(Case)._base_manager.filter(batch_id=batch.pk)
    for case in Case.objects.filter(pk__in=log.values("pgh_obj_id")).select_related(
        "committee", "responsible"
    ):
        follow_up(case, None)
    tasks.strike_gone(Case._meta.label_lower)
    return []


CASES = Import(
    kind="arenden",
    title="Ärenden",
    about="Ärenden ur diariet. Diarienumret känns igen hur det än är skrivet. Personnummer ska inte finnas i filen.",
    example={
        "dnr": "VON 2026/41",
        "rubrik": "Remiss om färdtjänst på landsbygden",
        "slag": "remiss",
        "lage": "registrerat",
        "sekretess": "nej",
    },
    model=Case,
    # A number may be that of a secret case: whoever reads the file in must be allowed to see that it is there.
    rights=(
        (Action.IMPORT, Resource.IMPORTS),
        (Action.EDIT, Resource.CASES),
        (Action.EDIT, Resource.SECRETS),
    ),
    owned_by_committee=True,
    columns=(
        Column(
            "dnr", CaseKey(), ("number_key",), required=True, filled=True, key=True, help="ärendets diarienummer"
        ),
        Column("skrivet", Reference(MOST), ("number",), reads=("dnr",)),
        Column("rubrik", FreeText(300), ("title",), required=True, filled=True, help="ärendemeningen, utan namn"),
        Column(
            "slag",
            Choice(
                tuple((one.value, str(one.label)) for one in Case.Kind),
                also={
                    "initiativ": "member_initiative", "e-förslag": "citizen_proposal", "yttrande": "referral",
                    "granskning": "audit", "revisionsrapport": "audit", "ärende": "own", "bidragsansökan": "grant",
                },
            ),
            ("kind",),
            empty=(Case.Kind.OWN.value,),
            help="eget ärende (tom), motion, medborgarförslag, ledamotsinitiativ, remiss, revision, rapport, bidrag "
            "eller samråd",
        ),
        Column("registrerat", Day(), ("opened_on",), required=True, filled=True, help="dagen det registrerades"),
        Column("arets", CaseYear(), ("year",), reads=("dnr", "registrerat")),
        Column(
            "lage",
            Choice(
                tuple((one.value, str(one.label)) for one in Case.Phase),
                also={
                    "öppet": "registered", "pågår": "registered", "pågående": "registered", "öppen": "registered",
                    "avslutad": "closed", "stängt": "closed", "arkiverat": "closed", "kf": "council",
                    "ks": "executive_board", "au": "subcommittee",
                },
            ),
            ("said_phase",),
            held=True,
            help="registrerat (tom), berett, i utskottet, i nämnden, i kommunstyrelsen, i kommunfullmäktige, "
            "verkställt eller avslutat",
        ),
        Column("avslutat", Day(), ("closed_on",), help="dagen det avslutades; läget ska då vara avslutat"),
        Column("fran", FreeText(200), ("origin",), empty=("",), help="vem det kom från: en myndighet, ett organ"),
        Column("svar_senast", Day(), ("answer_by",), help="dagen då svaret ska vara lämnat"),
        Column("besvarat", Day(), ("answered_on",), help="dagen då svaret lämnades"),
        Column("enhet", UnitCell(), ("unit_id",), help="enhetens kod eller namn; tom för hela nämnden"),
        Column("handlaggare", Handler(), ("responsible_id",), help="handläggarens e-postadress"),
        Column("om", FreeText(), ("summary",), empty=("",), help="kort om ärendet, utan namn"),
        Column("sekretess", YesNo(), ("secret",), empty=(False,), help="ja om ärendet är hemligt"),
        Column("lagrum", FreeText(60), ("secrecy_section",), empty=("",), help="sekretessens lagrum: OSL 26:1"),
    ),
    derived=(Derived("phase", "VARCHAR", "coalesce(p.said_phase, 'registered')", ("lage",)),),
    rules=(
        Rule(
            f"said_phase = '{_CLOSED}' AND closed_on IS NULL",
            "lage",
            "ärendet är avslutat men dagen saknas",
            "Skriv dagen i kolumnen avslutat.",
        ),
        Rule(
            f"closed_on IS NOT NULL AND said_phase IS DISTINCT FROM '{_CLOSED}'",
            "avslutat",
            "ärendet har en dag då det avslutades, men läget säger något annat",
            "Skriv avslutat i kolumnen lage, eller ta bort dagen.",
        ),
        Rule("closed_on < opened_on", "avslutat", "det är avslutat innan det registrerades", "Rätta datumet."),
        Rule("answer_by < opened_on", "svar_senast", "svaret behövs innan det registrerades", "Rätta datumet."),
        Rule("answered_on < opened_on", "besvarat", "det är besvarat innan det registrerades", "Rätta datumet."),
        Rule(
            "secret AND secrecy_section = ''",
            "sekretess",
            "sekretessens lagrum saknas",
            "Skriv lagrummet i kolumnen lagrum, till exempel OSL 26:1.",
        ),
    ),
    constraints={
        "case_number_once": "Två ärenden får inte ha samma nummer (dnr)",
        "case_closed_has_day": "Ett ärende som är avslutat i Roder har fått ett annat läge: ta med kolumnen avslutat "
        "(lage)",
    },
    then=_tasks_of,
    undone=_tasks_taken_back,
)  # fmt: skip
