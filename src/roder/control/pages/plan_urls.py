"""Addresses of the plan of internal control, its follow-up, and the executive board's compilation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from roder.access.matrix import Resource
from roder.control.pages import board, plan, plan_follow_up, plan_points
from roder.web.scope import Entry

navigation = (
    Entry("Risk och kontroll", "Internkontrollplan", "control:plan", Resource.CONTROLS, order=20),
    Entry("Risk och kontroll", "Alla nämnder", "control:board", Resource.CONTROLS, order=25),
)

patterns: list[URLPattern | URLResolver] = [
    path("internkontroll/", plan.plan_page, name="plan"),
    path("internkontroll/borja/", plan.begin, name="plan_begin"),
    path("internkontroll/andra/", plan.edit, name="plan_edit"),
    path("internkontroll/hamta/", plan.fill, name="plan_fill"),
    path("internkontroll/for-over/", plan.carry, name="plan_carry"),
    path("internkontroll/anta/", plan.adopt, name="plan_adopt"),
    path("internkontroll/oppna/", plan.open_without, name="plan_open_without"),
    path("internkontroll/oppna/<slug:occasion>/", plan.open_occasion, name="plan_open"),
    path("internkontroll/punkt/ny/", plan_points.point_new, name="point_new"),
    path("internkontroll/punkt/<int:pk>/", plan_points.point_page, name="point"),
    path("internkontroll/punkt/<int:pk>/andra/", plan_points.point_edit, name="point_edit"),
    path("internkontroll/punkt/<int:pk>/ta-bort/", plan_points.point_remove, name="point_remove"),
    path("internkontroll/punkt/<int:pk>/ny-kontroll/", plan_points.control_new, name="control_new"),
    path("internkontroll/kontroll/<int:pk>/", plan_points.control_page, name="control"),
    path("internkontroll/kontroll/<int:pk>/andra/", plan_points.control_edit, name="control_edit"),
    path("internkontroll/kontroll/<int:pk>/ta-bort/", plan_points.control_remove, name="control_remove"),
    path("internkontroll/uppfoljning/<slug:occasion>/", plan_follow_up.follow_up_page, name="follow_up"),
    path("internkontroll/uppfoljning/<slug:occasion>/slutsats/", plan_follow_up.conclude, name="conclude"),
    path("internkontroll/uppfoljning/<slug:occasion>/<int:pk>/", plan_follow_up.review, name="review"),
    path(
        "internkontroll/uppfoljning/<slug:occasion>/<int:pk>/ta-tillbaka/",
        plan_follow_up.review_withdraw,
        name="review_withdraw",
    ),
    path("internkontroll/alla-namnder/", board.board_page, name="board"),
    path("internkontroll/alla-namnder/<slug:form>/", board.board_file, name="board_file"),
]
