"""A client for Kolada's API v3: metadata and values, page by page, checked.

Asks again after 429 and 5xx (as Retry-After says, else longer and longer), at most some questions a second, and not
at all for what was asked the same day. Every fault is a ``KoladaFault`` in Swedish.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies

import urllib3
from pydantic import BaseModel, ValidationError

from roder.kolada import faults
from roder.kolada.answers import (
    Datum,
    Kpi,
    Municipality,
    MunicipalityGroup,
    OrganisationalUnit,
    Page,
)
from roder.kolada.cache import Cache

BASE = "https://api.kolada.se/v3"
#: Ids and years in one address. The server refuses long ones (422): 25 years are let through, 33 municipalities not.
MOST = 20
PER_PAGE = 5000  # the server's own largest
PAGES = 5000  # more pages than any answer has: an answer whose pages never end is a fault
EACH_SECOND = 5.0
TRIES = 5
RETRIED = (429, 500, 502, 503, 504)

Item = TypeVar("Item", bound=BaseModel)


def base_url() -> str:
    """The address of the API: RODER_KOLADA_URL, else Kolada's own."""
    return os.environ.get("RODER_KOLADA_URL", BASE).rstrip("/")


class Client:
    """Questions to Kolada. ``requests`` counts those that went over the network."""

    def __init__(
        self,
        base: str | None = None,
        *,
        cache: Cache | None = None,
        each_second: float = EACH_SECOND,
        tries: int = TRIES,
        backoff: float = 1.0,
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base = (base or base_url()).rstrip("/")
        self.requests = 0
        self._cache, self._sleep, self._clock = cache, sleep, clock
        self._gap, self._next = 1 / each_second, 0.0
        retry = urllib3.Retry(
            total=tries,
            status_forcelist=RETRIED,
            backoff_factor=backoff,
            backoff_max=60,
            backoff_jitter=backoff / 4,
            retry_after_max=90,
            raise_on_status=False,
            redirect=0,
        )
        given = {"retries": retry, "timeout": urllib3.Timeout(connect=10, read=timeout), "maxsize": 1}
        parts = urlsplit(self.base)
        proxy = getproxies().get(parts.scheme) if parts.hostname not in ("localhost", "127.0.0.1") else None
        self._pool: urllib3.PoolManager = (
            urllib3.ProxyManager(proxy, **given) if proxy else urllib3.PoolManager(**given)  # type: ignore[arg-type]
        )

    # --- metadata ---------------------------------------------------------------------------------------------------

    def kpis(self, codes: Sequence[str], *, all_known: bool = True) -> list[Kpi]:
        """Key figures by id. Raises KoladaFault that lists those that Kolada does not have; with ``all_known`` false
        they are left out instead, as long as there is any that it has."""
        found = [one for part in batches(codes) for one in self._all(f"kpi/{_joined(part)}", Kpi, lacks=True)]
        return found if found and not all_known else _checked("nyckeltalet", codes, found)

    def municipalities(self, codes: Sequence[str] = ()) -> list[Municipality]:
        """Municipalities, regions and the country: all, or those with the codes (unknown ones raise KoladaFault)."""
        found = self._all("municipality", Municipality)
        wanted = set(codes)
        return _checked("kommunen", codes, [one for one in found if not codes or one.id in wanted])

    def municipality_groups(self, title: str = "") -> list[MunicipalityGroup]:
        """Groups whose title contains the text, or all (several thousand), with their members."""
        query = {"title": title} if title else {}
        return self._all("municipality_groups", MunicipalityGroup, query)

    def units(self, municipality: str) -> list[OrganisationalUnit]:
        """The units of operations in a municipality."""
        return self._all("ou", OrganisationalUnit, {"municipality": municipality})

    # --- values -----------------------------------------------------------------------------------------------------

    def values(
        self, kpis: Sequence[str], places: Sequence[str], years: Sequence[int]
    ) -> Iterator[list[Datum]]:
        """Values of key figures for municipalities or groups and years, a page at a time. No places: everybody's."""
        yield from self._data("data", "municipality", kpis, places, years)

    def unit_values(
        self, kpis: Sequence[str], units: Sequence[str], years: Sequence[int]
    ) -> Iterator[list[Datum]]:
        """Values of key figures for units of operations and years, a page at a time. No units: everybody's."""
        yield from self._data("oudata", "ou", kpis, units, years)

    def _data(
        self, root: str, of: str, kpis: Sequence[str], places: Sequence[str], years: Sequence[int]
    ) -> Iterator[list[Datum]]:
        for codes in batches(kpis):
            for where in batches(places) if places else [()]:
                for when in batches(years):
                    place = f"/{of}/{_joined(where)}" if where else ""
                    path = f"{root}/kpi/{_joined(codes)}{place}/year/{_joined([str(year) for year in when])}"
                    yield from self._pages(path, Datum)

    # --- pages ------------------------------------------------------------------------------------------------------

    def _all(
        self, path: str, kind: type[Item], query: dict[str, str] | None = None, *, lacks: bool = False
    ) -> list[Item]:
        try:
            return [one for page in self._pages(path, kind, query) for one in page]
        except faults.KoladaFault as fault:
            if lacks and fault.absent:
                return []
            raise

    def _pages(
        self, path: str, kind: type[Item], query: dict[str, str] | None = None
    ) -> Iterator[list[Item]]:
        """The pages of an answer, by next_url. What ``count`` says must have come: on each page, or in all."""
        url: str | None = f"{self.base}/{path}?{urlencode({**(query or {}), 'per_page': str(PER_PAGE)})}"
        seen: set[str] = set()
        got, said, short = 0, None, False
        while url:
            if url in seen or len(seen) >= PAGES:
                raise faults.changed(url, "next_url", "sidorna tar aldrig slut")
            seen.add(url)
            page = self._page(url, kind)
            got += len(page.values)
            said, short = page.count, short or (page.count is not None and page.count != len(page.values))
            yield page.values
            url = self._inside(page.next_url)
        if short and said != got:
            raise faults.cut_off(f"{self.base}/{path}")

    def _page(self, url: str, kind: type[Item]) -> Page[Item]:
        """A page, checked. It is kept only when it is whole and of the known shape."""
        kept = self._cache.find(url) if self._cache else None
        if kept and self._cache and self._cache.is_fresh(kept):
            return _read(url, kept.body, kind)
        answer = self._ask(url, kept.etag if kept else "")
        unchanged = kept is not None and answer.status == 304
        if not unchanged and answer.status != 200:
            raise faults.refused(answer.status, url)
        body = kept.body if unchanged and kept else answer.data
        page = _read(url, body, kind)
        if self._cache:
            self._cache.keep(url, body, kept.etag if unchanged and kept else answer.headers.get("ETag", ""))
        return page

    def _inside(self, url: str | None) -> str | None:
        """The address of the next page, on the same server: another one is never asked."""
        if not url:
            return None
        own, other = urlsplit(self.base), urlsplit(url)
        if other.hostname != own.hostname or not other.path.startswith(own.path):
            raise faults.changed(url, "next_url", "adressen leder till en annan server")
        return other._replace(scheme=own.scheme, netloc=own.netloc).geturl()

    def _ask(self, url: str, etag: str) -> urllib3.BaseHTTPResponse:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "roder"}
        if etag:
            headers["If-None-Match"] = etag
        wait = self._next - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next = self._clock() + self._gap
        self.requests += 1
        try:
            return self._pool.request("GET", url, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, urllib3.exceptions.ProtocolError):
                raise faults.cut_off(url) from error
            raise faults.unreachable(urlsplit(self.base).netloc, _why(reason)) from error


def batches(items: Sequence[str] | Sequence[int]) -> Iterator[tuple[str, ...]]:
    """As many at a time as an address takes."""
    for start in range(0, len(items), MOST):
        yield tuple(str(one) for one in items[start : start + MOST])


def _joined(codes: Sequence[str]) -> str:
    return ",".join(quote(code, safe="") for code in codes)


Coded = TypeVar("Coded", Kpi, Municipality)


def _checked(what: str, codes: Sequence[str], found: list[Coded]) -> list[Coded]:
    lacking = [code for code in codes if code not in {one.id for one in found}]
    if lacking:
        raise faults.unknown(what, lacking)
    return found


def _why(error: object) -> str:
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "namnet hittas inte"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "ingen förbindelse"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "inget svar i tid"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "certifikatet godtas inte"
    return "ingen förbindelse"


def _read(url: str, body: bytes, kind: type[Item]) -> Page[Item]:
    try:
        return Page[kind].model_validate_json(body)  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise (faults.a_page if body.lstrip().startswith(b"<") else faults.cut_off)(url) from error
        field = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
        why = "saknas" if first["type"] == "missing" else "är av annat slag än väntat"
        raise faults.changed(url, field or "svaret", why) from error
