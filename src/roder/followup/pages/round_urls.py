"""Addresses of follow-up rounds: my sheets, the overview, side by side, who reports what, and the steps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.followup.pages import compare, overview, shares, sheet_deeds, sheets, steps
from roder.web.scope import Entry

navigation = (
    Entry("Uppföljning", "Mina uppföljningar", "followup:my", Resource.FOLLOW_UP, order=5),
    Entry("Uppföljning", "Uppföljningsomgångar", "followup:rounds", Resource.FOLLOW_UP, order=10),
)

patterns: list[URLPattern | URLResolver] = [
    path("uppfoljning/mina/", sheets.mine, name="my"),
    path("uppfoljning/blad/<int:pk>/", sheets.sheet_page, name="sheet"),
    path("uppfoljning/blad/<int:pk>/sammanfattning/", sheets.summary_saved, name="sheet_summary"),
    path("uppfoljning/rad/<int:pk>/", sheets.line_saved, name="line"),
    path("uppfoljning/blad/<int:pk>/godkann/", sheet_deeds.attest, name="sheet_attest"),
    path("uppfoljning/blad/<int:pk>/lamna-tillbaka/", sheet_deeds.return_sheet, name="sheet_return"),
    path("uppfoljning/blad/<int:pk>/oppna-igen/", sheet_deeds.reopen, name="sheet_reopen"),
    path("uppfoljning/omgangar/", overview.rounds_page, name="rounds"),
    path("uppfoljning/omgangar/<slug:occasion>/", overview.round_page, name="round"),
    path("uppfoljning/omgangar/<slug:occasion>/oppna/", overview.open_page, name="round_open"),
    path("uppfoljning/omgangar/<slug:occasion>/dialoger/", steps.steps_page, name="steps"),
    path(
        "uppfoljning/omgangar/<slug:occasion>/dialoger/<slug:phase>/ta-bort/",
        steps.remove,
        name="step_remove",
    ),
    path("uppfoljning/omgangar/<slug:occasion>/<slug:part>/", compare.compare_page, name="compare"),
    path(
        "uppfoljning/omgangar/<slug:occasion>/<slug:part>/godkann/", compare.attest_all, name="compare_attest"
    ),
    path("uppfoljning/delningar/", shares.shares_page, name="shares"),
    path("uppfoljning/delningar/<int:pk>/ta-bort/", shares.unshare, name="unshare"),
]
