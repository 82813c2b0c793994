"""What a figure is, and the catalogue of all of them."""

from __future__ import annotations

import difflib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roder.core.faults import UserFault
from roder.core.numbers import Unit, format_value
from roder.figures.schema import TABLES
from roder.figures.source import Source

if TYPE_CHECKING:
    from decimal import Decimal

    from ibis.expr.types import Table

    from roder.organisation.models import Body
    from roder.steering.models import Occasion

#: The modules that declare figures, in the order of the catalogue; one that is not named comes last.
ORDER = (
    "drift", "verksamhet", "investeringar", "volymer", "personal", "matt", "mal", "aktiviteter", "avvikelser",
    "jamforelse", "samverkan", "ledtider", "lex", "klagomal", "utforare", "egenkontroll", "atgarder", "handlaggning",
    "kvalitetsregister", "bevakningar", "risk", "kontroll", "kvf", "revision", "prognossakerhet", "god_hushallning",
    "medel", "personalrorelser",
)  # fmt: skip

#: What a figure is about: the first parts of its name, and the heading that it stands under in the catalogue.
AREAS = {
    "ekonomi": "Ekonomi", "ekonomi.drift": "Drift", "ekonomi.verksamhet": "Verksamheter",
    "ekonomi.investeringar": "Investeringar", "ekonomi.prognossakerhet": "Prognossäkerhet",
    "ekonomi.god_hushallning": "God ekonomisk hushållning", "ekonomi.forutbetalda": "Förutbetalda intäkter",
    "ekonomi.statsbidrag": "Statsbidrag", "ekonomi.resursfordelning": "Resursfördelning",
    "volymer": "Volymer", "personal": "Personal", "matt": "Nyckeltal", "mal": "Mål", "uppdrag": "Uppdrag",
    "aktiviteter": "Aktiviteter i handlingsplaner",
    "quality.avvikelser": "Avvikelser", "quality.lex_sarah": "Lex Sarah", "quality.lex_maria": "Lex Maria",
    "quality.klagomal": "Klagomål och synpunkter", "quality.externa": "Externa utförare",
    "quality.register": "Kvalitetsregister", "quality.egenkontroll": "Egenkontroll",
    "quality.atgarder": "Åtgärder i kvalitetsarbetet", "handlaggning": "Handläggning",
    "moten.uppdrag": "Uppdrag på balanslistan", "risk": "Risker", "kontroll": "Intern kontroll",
    "kvf": "Kritiska faktorer", "revision": "Revision och tillsyn",
}  # fmt: skip


def committee_of(occasion: Occasion) -> Body:
    """The committee that an occasion belongs to."""
    return occasion.committee


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; the day after the 29th of February where that year has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _months_before(day: date, months: int) -> date:
    """The day some months earlier, or the first of the next month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)


@lru_cache(maxsize=256)
def _compared(model_id: int) -> dict[str, str]:
    """The occasion that each occasion of a steering model is compared with, by code. A loaded model never changes."""
    from roder.steering.models import SteeringModelVersion  # noqa: PLC0415

    rows = SteeringModelVersion.objects.filter(pk=model_id).values_list("content__occasions", flat=True)
    return {one["code"]: one.get("compares_with") or "" for one in rows.first() or ()}


def _period_start(occasion: Occasion) -> date:
    """The first day of the time that an occasion is about. See At.period_start."""
    kind, after = str(occasion.kind), occasion.cut_off + timedelta(days=1)
    if kind == "half_year":
        return _months_before(after, 6)
    if kind == "quarter":
        return _months_before(after, 3)
    if kind == "meeting":
        meetings = type(occasion)._base_manager.filter(committee=occasion.committee_id, kind=kind)
        earlier = meetings.filter(cut_off__lt=occasion.cut_off).order_by("-cut_off")
        before = earlier.values_list("cut_off", flat=True).first()
        if before is not None:
            return max(before + timedelta(days=1), years_before(after, 1))
    return date(min(occasion.year, occasion.cut_off.year), 1, 1)


@dataclass(frozen=True)
class At:
    """The occasion that a figure is computed for: what it may look at is decided by its year and cut-off.

    ``period_start`` is the first day of the time that the occasion is about: six months for a half-year, three for a
    quarter, since the previous meeting for a meeting, else since the 1st of January of its year. ``compares_with`` is
    the code of the occasion that the steering model has its forecast compared with; empty when it names none.
    """

    committee_id: int
    committee_slug: str
    occasion_id: int
    code: str
    kind: str
    year: int
    cut_off: date
    period_start: date
    compares_with: str = ""

    @classmethod
    def of(cls, occasion: Occasion) -> At:
        """The occasion's own time and place."""
        return cls(
            committee_id=occasion.committee_id,
            committee_slug=committee_of(occasion).slug,
            occasion_id=occasion.pk,
            code=occasion.code,
            kind=str(occasion.kind),
            year=occasion.year,
            cut_off=occasion.cut_off,
            period_start=_period_start(occasion),
            compares_with=_compared(occasion.model_id).get(occasion.code, ""),
        )

    @property
    def is_plan(self) -> bool:
        """True for the occasion where the year is planned, not followed up."""
        return self.kind == "plan"

    @property
    def period_end(self) -> date:
        """The day after the period: after the cut-off, but never more than a year after ``period_start``."""
        return min(self.cut_off + timedelta(days=1), years_before(self.period_start, -1))

    @property
    def reference(self) -> date:
        """The day whose organisation counts: the cut-off, but never before the year that the occasion is about."""
        return max(self.cut_off, date(self.year, 1, 1))


Expression = Callable[[Source, At], "Table"]


@dataclass(frozen=True)
class Figure:
    """A declared figure: its name, how it is counted and printed, the sentence that defines it, and its expression.

    ``per`` are its key columns. ``reads`` are the tables of the snapshot schema, ``dates`` the date columns that decide
    what counts at the cut-off. ``ratio``: the value is numerator / denominator times this, where both are known.
    ``behind`` gives the rows that a number is made of, with the key columns they count in. ``guarded`` ones have
    numbers so small that their page is for those who may see the deviations.
    """

    name: str
    label: str
    unit: Unit
    show: Unit
    digits: int
    sign: bool
    per: tuple[str, ...]
    reads: tuple[str, ...]
    dates: tuple[str, ...]
    ratio: int | None
    sentence: str
    source_note: str
    function: Expression = field(repr=False)
    behind: Expression = field(repr=False)
    guarded: bool = False

    @property
    def area(self) -> str:
        """The heading that the figure stands under in the catalogue."""
        return AREAS[self.name.rpartition(".")[0]]

    def print(self, value: Decimal | None, *, suffix: bool = False) -> str:
        """A value as this figure is printed (``iu.`` when missing)."""
        return format_value(value, self.show, self.digits, sign=self.sign, suffix=suffix)


class UnknownFigureError(UserFault):
    """No figure has this name. ``suggestions`` are the nearest names."""

    def __init__(self, name: str, suggestions: list[str]) -> None:
        hint = f" Menade du {' eller '.join(suggestions)}?" if suggestions else " Se roder figure --list."
        super().__init__(f"Siffran ”{name}” finns inte.{hint}")
        self.suggestions = suggestions


_FIGURES: dict[str, Figure] = {}


def _read_docstring(function: Expression) -> tuple[str, str]:
    """The defining sentence (first paragraph) and the source note (what follows ``Källa:``)."""
    text = inspect.getdoc(function) or ""
    sentence = " ".join(text.split("\n\n")[0].split())
    _, _, note = text.partition("Källa:")
    if not sentence or not note:
        raise ValueError(f"{function.__name__}: en siffra ska ha en mening som definierar den och en Källa")
    return sentence, " ".join(note.split())


def _check(name: str, reads: tuple[str, ...], dates: tuple[str, ...]) -> None:
    """Refuse a figure that cannot be counted or found. Raises ValueError, which says what to add and where."""
    if name.rpartition(".")[0] not in AREAS:
        raise ValueError(
            f"{name}: området ”{name.rpartition('.')[0]}” har ingen rubrik; lägg till det i AREAS i {__name__}"
        )
    for table in reads:
        if table not in TABLES:
            raise ValueError(
                f"{name}: uttagen har ingen tabell ”{table}”; deklarera en TableSpec i roder/figures/schema/ och "
                "höj SCHEMA_VERSION"
            )
    for one in dates:
        table, _, column = one.partition(".")
        if table not in reads or column not in TABLES[table].columns:
            raise ValueError(f"{name}: datumet ”{one}” är ingen kolumn i en tabell som siffran läser")


def figure(
    name: str,
    *,
    unit: Unit,
    label: str,
    per: tuple[str, ...],
    reads: tuple[str, ...],
    behind: Expression,
    dates: tuple[str, ...] = (),
    show: Unit | None = None,
    digits: int | None = None,
    sign: bool = False,
    ratio: int | None = None,
    guarded: bool = False,
) -> Callable[[Expression], Expression]:
    """Declare a figure. The function's docstring is its definition; see Figure for the rest.

    The expression has the columns of ``per``, ``value`` (or ``numerator`` and ``denominator``), and where it helps:
    ``position`` (order in print), ``<key>_label`` (what a key is called), ``unit`` and ``decimals`` (where rows are
    counted in different units), ``minus_value``, ``minus_numerator``, ``minus_denominator`` (to be subtracted).
    """

    def declare(function: Expression) -> Expression:
        if name in _FIGURES and _FIGURES[name].function.__module__ != function.__module__:
            raise ValueError(f"siffran {name} är deklarerad två gånger")
        _check(name, reads, dates)
        sentence, note = _read_docstring(function)
        shown = show or unit
        _FIGURES[name] = Figure(
            name=name,
            label=label,
            unit=unit,
            show=shown,
            digits=shown.default_digits if digits is None else digits,
            sign=sign,
            per=per,
            reads=reads,
            dates=dates,
            ratio=ratio,
            sentence=sentence,
            source_note=note,
            function=function,
            behind=behind,
            guarded=guarded,
        )
        return function

    return declare


@cache
def catalogue() -> dict[str, Figure]:
    """Every figure by its name, in the order they are declared."""
    package = f"{__package__}.catalogue"
    order = {f"{package}.{module}": place for place, module in enumerate(ORDER)}
    folder = [str(Path(__file__).with_name("catalogue"))]
    modules = [module.name for module in pkgutil.iter_modules(folder, f"{package}.")]
    for module in sorted(modules, key=lambda one: order.get(one, len(order))):
        import_module(module)
    found: dict[str, Any] = dict(
        sorted(_FIGURES.items(), key=lambda item: order.get(item[1].function.__module__, len(order)))
    )
    return found


def find(name: str) -> Figure:
    """The figure with this name. Raises UnknownFigureError with the nearest names."""
    known = catalogue()
    if name in known:
        return known[name]
    ending = [one for one in known if one.endswith(f".{name}")]
    raise UnknownFigureError(name, ending[:3] or difflib.get_close_matches(name, known, n=3, cutoff=0.5))
