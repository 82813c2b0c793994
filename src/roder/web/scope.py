"""Where a page stands: which committee and year, and what may be done there.

A room's view is a plain function::

    @committee_page(Resource.GOALS)
    def chain(request: CommitteeRequest) -> HttpResponse:
        goals = access.visible(request.user, Goal.objects.filter(committee=request.scope.committee))
        return render(request, "steering/chain.html", {"goals": goals})

The address parts ``committee`` and ``year`` become ``request.scope`` and are not passed on to the view.
A room lists its pages in the menu with ``navigation = (Entry(…), …)`` in its ``urls.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from roder import access, tasks
from roder.access.matrix import Action, Resource
from roder.access.rights import User
from roder.core.prepared import rows_of
from roder.organisation.models import Body
from roder.steering.models import Occasion, SteeringModelVersion
from roder.web.addresses import address

YEARS = range(1990, 2101)
LAST = "roder_last_scope"  # session key: [slug, year] of the committee page shown last


@dataclass(frozen=True)
class Entry:
    """A line of the menu. ``block`` is the heading it stands under; shown to those with the right to see it."""

    block: str
    label: str
    url_name: str
    resource: Resource
    action: Action = Action.VIEW
    order: int = 50
    needs_committee: bool = True


@dataclass
class Scope:
    """The committee and the year that a page is about, as one person sees them."""

    user: User
    committee: Body
    year: int
    committees: list[Body] = field(default_factory=list, repr=False)  # all that the person has a mandate in
    _asked: dict[tuple[Action, Resource], bool] = field(default_factory=dict, repr=False)

    @cached_property
    def occasions(self) -> list[Occasion]:
        """The year's occasions that the person may see, in order of cut-off."""
        return _occasions(self.user, self.committee.pk, self.year)

    @cached_property
    def follow_ups(self) -> list[Occasion]:
        """The year's occasions at which goals and economy are followed up (those of quality are left out)."""
        return [one for one in self.occasions if one.kind not in Occasion.QUALITY_KINDS]

    @cached_property
    def model(self) -> SteeringModelVersion | None:
        """The latest version of the year's steering model, or None. The source text is not fetched."""
        return (
            SteeringModelVersion.objects.filter(committee=self.committee, year=self.year)
            .defer("source")
            .order_by("-version")
            .first()
        )

    @cached_property
    def years(self) -> list[int]:
        """Years with a steering model or occasions, and the year shown; latest first."""
        return sorted({*self.frame[0], self.year}, reverse=True)

    @cached_property
    def frame(self) -> tuple[list[int], int]:
        """What every page's frame asks the database, in one question: the committee's years with anything in them,
        and how many tasks wait for the person."""
        waiting, parameters = tasks.counting(self.user)
        asked = [self.committee.pk, self.committee.pk, *parameters]
        years, count = rows_of(f"SELECT ARRAY({_YEARS} ORDER BY 1), ({waiting})", asked)[0]
        return years, count

    def occasion(self, code: str) -> Occasion:
        """The year's occasion with this code. Raises Http404."""
        for occasion in self.occasions:
            if occasion.code == code:
                return occasion
        raise Http404(f"Tillfället {code} finns inte {self.year}.")

    def may(self, action: Action, resource: Resource) -> bool:
        """Whether the person may do this somewhere in the committee (asked once per page)."""
        key = (action, resource)
        if key not in self._asked:
            self._asked[key] = access.may(self.user, action, resource, self.committee)
        return self._asked[key]

    def roles(self) -> set[str]:
        """The person's roles in the committee."""
        return access.roles(self.user, self.committee)

    def url(self, name: str, *args: Any, **query: Any) -> str:
        """The address of a committee page: ``scope.url("steering:goal", goal.pk, tillfalle="2022-05")``."""
        from urllib.parse import urlencode  # noqa: PLC0415

        found = address(name, self.committee.slug, self.year, *args)
        return f"{found}?{urlencode(query)}" if query else found


@access.kept
def _bodies(user: User) -> QuerySet[Body]:
    return access.committees(user)


@access.kept
def _occasions(user: User, committee: int, year: int) -> QuerySet[Occasion]:
    rows = Occasion.objects.filter(committee=committee, year=year).order_by("cut_off", "pk")
    return access.visible(user, rows)


class CommitteeRequest(HttpRequest):
    """A request to a committee's page, with its scope."""

    scope: Scope
    user: Any


#: Asked on every page, so written out.
_YEARS = (
    "SELECT year FROM steering_steeringmodelversion WHERE committee_id = %s "
    "UNION SELECT year FROM steering_occasion WHERE committee_id = %s"
)


def known_years(committee: Body) -> list[int]:
    """Years in which the committee has a steering model or an occasion."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, [committee.pk, committee.pk])
        return sorted(year for (year,) in cursor.fetchall())


def default_year(committee: Body) -> int:
    """This year if the committee has anything in it, else the latest year before, else the first to come."""
    years, today = known_years(committee), date.today().year
    past = [year for year in years if year <= today]
    return max(past) if past else min(years, default=today)


def home_scope(request: HttpRequest) -> Scope | None:
    """The committee and year shown last, or the first committee of the person's; None without any mandate."""
    found = {body.slug: body for body in _bodies(request.user)}
    if not found:
        return None
    bodies = list(found.values())
    last = request.session.get(LAST)
    if last and last[0] in found:
        return Scope(request.user, found[last[0]], last[1], bodies)
    return Scope(request.user, bodies[0], default_year(bodies[0]), bodies)


View = Callable[..., HttpResponseBase]


def committee_page(resource: Resource | None = None, action: Action = Action.VIEW) -> Callable[[View], View]:
    """Make a view a committee page: login, the committee and year of the address, and the right to the resource.

    A committee that the person has no mandate in does not exist for them (404). One where the mandate does not give
    ``action`` on ``resource`` answers 403. ``resource`` None: any mandate in the committee is enough.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(
            request: HttpRequest, committee: str, year: int, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            bodies = _bodies(request.user)
            found = next((body for body in bodies if body.slug == committee), None)
            if found is None or year not in YEARS:
                raise Http404("Nämnden eller året finns inte.")
            if resource is not None:
                access.require(request.user, action, resource, found)
            request.scope = Scope(request.user, found, year, bodies)  # type: ignore[attr-defined]
            if request.session.get(LAST) != [found.slug, year]:
                request.session[LAST] = [found.slug, year]
            return view(request, *args, **kwargs)

        page.needs = (resource, action)  # type: ignore[attr-defined]  # read by the test that walks every address
        return login_required(page)

    return decorate


def page(resource: Resource | None = None, action: Action = Action.VIEW) -> Callable[[View], View]:
    """Make a view a page that stands outside the committees (search, access): login and the right somewhere."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if resource is not None:
                access.require(request.user, action, resource)
            request.scope = home_scope(request)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return login_required(shown)

    return decorate


def is_panel(request: HttpRequest) -> bool:
    """Whether the page is fetched into the side panel, and so is drawn without its frame."""
    return request.headers.get("HX-Target") == "panel-content"


def refuse(response: str) -> HttpResponse:
    """A plain 400 answer with a Swedish reason."""
    return HttpResponse(response, status=400, content_type="text/plain; charset=utf-8")
