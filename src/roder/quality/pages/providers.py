"""The providers' corner: their own quarters, and for the municipality all units against all quarters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from roder import access
from roder.access.matrix import Action, Resource
from roder.core.numbers import whole_number
from roder.quality.models import ProviderReport
from roder.quality.rules.providers import Quarter, is_late, last_ended
from roder.quality.services import providers as services
from roder.steering.models import DeviationType
from roder.web.forms import DeedForm, long_text
from roder.web.scope import CommitteeRequest, committee_page


class QuarterForm(DeedForm):
    """Counts per type, or that there were none, and what lex Sarah led to."""

    nil = forms.BooleanField(label="Det fanns inga avvikelser i kvartalet", required=False)
    lex_sarah_reported = forms.IntegerField(
        label="Rapporter enligt lex Sarah", min_value=0, max_value=999, initial=0
    )
    lex_sarah_notified = forms.IntegerField(
        label="Varav anmälda till IVO", min_value=0, max_value=999, initial=0
    )
    lex_sarah_outcome = long_text(
        "Vad utredningarna kom fram till", 4, "Utan namn. Behövs bara om det finns rapporter."
    )
    comment = long_text("Kommentar", 4, "Vad ni ser, och vad ni gör åt det.")

    def __init__(self, *args: Any, report: ProviderReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types = list(
            DeviationType.objects.filter(committee=report.committee_id).order_by("position", "pk")
        )
        known = dict(report.counts.values_list("type_id", "count"))
        for kind in self.types:
            self.fields[f"count_{kind.pk}"] = forms.IntegerField(
                label=kind.label,
                required=False,
                min_value=0,
                max_value=services.MOST,
                initial=known.get(kind.pk),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def count_fields(self) -> list[Any]:
        """The fields for the counts, in the model's order."""
        return [self[f"count_{kind.pk}"] for kind in self.types]

    @property
    def other_fields(self) -> list[Any]:
        """The fields after the counts."""
        return [
            self[name]
            for name in ("lex_sarah_reported", "lex_sarah_notified", "lex_sarah_outcome", "comment")
        ]

    def quarterly(self) -> services.Quarterly:
        """What was filled in. An empty count was not counted."""
        said = {
            name: self.cleaned_data[name]
            for name in services.Quarterly.__dataclass_fields__
            if name != "counts"
        }
        counts = {
            kind: self.cleaned_data[f"count_{kind.pk}"]
            for kind in self.types
            if self.cleaned_data.get(f"count_{kind.pk}") is not None
        }
        return services.Quarterly(counts=counts, **said)


@committee_page(Resource.PROVIDER_REPORTS)
def overview(request: CommitteeRequest) -> HttpResponse:
    """A provider's own quarters, what waits first; for those who follow up, every unit against the year's quarters."""
    scope, today = request.scope, timezone.localdate()
    quarters = [Quarter(scope.year, number) for number in range(1, 5)]
    lines = services.overview(request.user, scope.committee, quarters, today)
    rows = access.visible(
        request.user, ProviderReport.objects.filter(committee=scope.committee)
    ).select_related("unit")
    follows = services.overview_for(request.user, scope.committee)
    mine = [] if follows else list(
        access.visible(request.user, rows, Action.EDIT).filter(submitted_at=None).order_by("due_on")
    )  # fmt: skip
    earlier = rows.exclude(submitted_at=None).exclude(year=scope.year).order_by("-year", "-quarter")[:40]
    ended = last_ended(today)
    context = {
        "quarters": quarters,
        "lines": lines,
        "waiting": [(one, is_late(one.due_on, None, today)) for one in mine],
        "earlier": [] if follows else earlier,
        "follows": follows,
        "has_checks": not follows and scope.may(Action.VIEW, Resource.SELF_CHECKS),
        "openable": ended if follows and any(one.cells for one in lines) else None,
    }
    return render(request, "quality/provider_overview.html", context)


@committee_page(Resource.PROVIDER_REPORTS, Action.EDIT)
def open_quarter(request: CommitteeRequest) -> HttpResponse:
    """Open a quarter that is over for all providers (the clockwork does it by itself)."""
    back = redirect(request.scope.url("quality:providers"))
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    try:
        year, number = (whole_number(request.POST.get(one), 4) or 0 for one in ("year", "quarter"))
        opened = services.open_quarter(request.scope.committee, year, number, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except ValueError:
        messages.error(request, "Välj ett kvartal, 1–4.")
    else:
        nothing = "Inget att öppna: kvartalet är redan öppnat för dem som fanns då."
        messages.success(request, f"Öppnat för {len(opened)} utförare." if opened else nothing)
    return back


@committee_page(Resource.PROVIDER_REPORTS)
def quarter(request: CommitteeRequest, pk: int) -> HttpResponse:
    """A quarter's report: a form for who may write it, and to read for the others. A second saver sees both."""
    rows = ProviderReport.objects.filter(committee=request.scope.committee).select_related(
        "unit", "committee", "submitted_by"
    )
    report = get_object_or_404(access.visible(request.user, rows), pk=pk)
    names = ("nil", "lex_sarah_reported", "lex_sarah_notified", "lex_sarah_outcome", "comment", "revision")
    initial = {name: getattr(report, name) for name in names}
    form = QuarterForm(request.POST or None, report=report, initial=initial)
    edits = access.may(request.user, Action.EDIT, report)
    if request.method == "POST":
        access.require(request.user, Action.EDIT, report)
        submit = request.POST.get("deed") == "lamna"

        def save(said: dict[str, Any]) -> None:
            services.save_quarter(
                report, request.user, form.quarterly(), expected_revision=said["revision"] or 0, submit=submit
            )

        if form.try_to(save):
            messages.success(request, "Kvartalet är lämnat. Tack." if submit else "Sparat.")
            return redirect(request.scope.url("quality:providers") if submit else request.path)
    counts = report.counts.select_related("type").order_by("type__position", "pk")
    other = form.other
    context = {
        "report": report,
        "quarter": Quarter(report.year, report.quarter),
        "form": form,
        "edits": edits,
        "counts": counts,
        "late": is_late(report.due_on, _local(report.submitted_at), timezone.localdate()),
        "other": other,
        "other_counts": counts if other else [],
    }
    return render(request, "quality/provider_quarter.html", context, status=form.status)


def _local(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None
