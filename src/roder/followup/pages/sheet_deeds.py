"""What a superior does with a sheet: approve it, give it back, open it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from roder.access.matrix import Resource
from roder.followup.models import Sheet
from roder.followup.pages import sheet_show
from roder.followup.pages.sheet_forms import ReasonForm
from roder.followup.pages.sheets import page, sheet_of
from roder.followup.services import sheets
from roder.web.scope import CommitteeRequest, committee_page


def onward(request: CommitteeRequest, sheet: Sheet) -> str:
    """Where to go when a sheet has been read: the next one of the round that waits for the person, else the sheet."""
    waiting = sheets.to_attest_for(request.user, round=sheet.round).exclude(pk=sheet.pk)
    left = sorted(waiting, key=lambda one: (one.part != sheet.part, one.unit.code, one.part))
    if left:
        messages.info(request, f"Nästa att läsa: {left[0]}. {len(left)} kvar.")
    return request.scope.url("followup:sheet", left[0].pk if left else sheet.pk)


@require_POST
@committee_page(Resource.FOLLOW_UP)
def attest(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Approve a sheet that is marked ready."""
    sheet = sheet_of(request, pk)
    try:
        sheets.attest(sheet, request.user)
    except ValidationError as fault:
        messages.warning(request, " ".join(fault.messages))
        return redirect(request.scope.url("followup:sheet", pk))
    messages.success(request, f"Godkänt: {sheet}.")
    return redirect(onward(request, sheet))


@require_POST
@committee_page(Resource.FOLLOW_UP)
def return_sheet(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Give a sheet back with what is to be added."""
    form = ReasonForm(request.POST, label="Vad behöver kompletteras?", auto_id="tillbaka_%s")

    def deed(sheet: Sheet, reason: str) -> Any:
        return sheets.return_sheet(sheet, request.user, reason)

    return _with_reason(
        request, pk, form, deed, "return_form", "Återlämnat: {}. Den som har skrivit får veta det."
    )


@require_POST
@committee_page(Resource.FOLLOW_UP)
def reopen(request: CommitteeRequest, pk: int) -> HttpResponseBase:
    """Open a sheet again that one has approved."""
    form = ReasonForm(request.POST, label="Varför öppnas bladet igen?", auto_id="oppna_%s")

    def deed(sheet: Sheet, reason: str) -> Any:
        return sheets.reopen(sheet, request.user, reason)

    return _with_reason(
        request, pk, form, deed, "reopen_form", "{} är öppet igen. Den som skriver får veta det."
    )


def _with_reason(
    request: CommitteeRequest, pk: int, form: ReasonForm, deed: Callable[[Sheet, str], Any], name: str, done: str
) -> HttpResponseBase:  # fmt: skip
    sheet = sheet_of(request, pk)

    def tried(said: dict[str, Any]) -> None:
        try:
            deed(sheet, said["reason"])
        except ValidationError as error:
            if hasattr(error, "error_dict") and "note" in error.error_dict:
                raise ValidationError({"reason": error.error_dict["note"]}) from error
            raise

    if form.try_to(tried):
        messages.success(request, done.format(sheet))
        here = request.scope.url("followup:sheet", pk)
        return redirect(here if name == "reopen_form" else onward(request, sheet))
    return page(request, sheet_show.Shown.of(sheet, request.user), **{name: form, "status": 400})
