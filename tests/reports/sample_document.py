"""A small follow-up with the public May 2022 operating table, for the renderer tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from roder.core.numbers import Unit
from roder.reports import charts
from roder.reports.document import (
    HOW_FIGURES_WERE_MADE,
    Block,
    Bullets,
    Chart,
    Column,
    Document,
    FigureRef,
    Heading,
    Note,
    Number,
    Paragraph,
    Row,
    Status,
    Strong,
    Table,
)

MAY = {
    "intakter": ("Verksamhetens intäkter", 195_144, 222_100),
    "personal": ("Personalkostnader", -717_534, -714_211),
    "lokaler": ("Lokalhyror", -93_004, -93_826),
    "kop": ("Köp av tjänster", -160_751, -169_406),
    "ovriga": ("Övriga kostnader", -77_411, -88_213),
}
SUMS = {
    "kostnader": ("Verksamhetens kostnader", ("personal", "lokaler", "kop", "ovriga")),
    "netto": ("Verksamhetens nettokostnader", ("intakter", "kostnader")),
    "resultat": ("Årets resultat", ("netto", "bidrag")),
}


def tkr(value: int | None, name: str = "", row: str = "") -> Number:
    """An amount given in tkr, kept in kronor."""
    ref = FigureRef(name, (("rad", row),)) if name else None
    return Number(None if value is None else Decimal(value) * 1000, Unit.TKR, ref=ref)


def may_table() -> Table:
    """Budget, forecast and variance by account group, with the three sums."""
    amounts = {key: (budget, forecast) for key, (_, budget, forecast) in MAY.items()}
    amounts["kostnader"] = _added(amounts, SUMS["kostnader"][1])
    amounts["netto"] = _added(amounts, SUMS["netto"][1])
    amounts["bidrag"] = (853_556, 853_556)
    amounts["resultat"] = _added(amounts, SUMS["resultat"][1])
    names = {key: name for key, (name, _, _) in MAY.items()} | {key: name for key, (name, _) in SUMS.items()}
    names["bidrag"] = "Kommunbidrag"
    rows = tuple(
        Row(
            key,
            {
                "post": names[key],
                "budget": tkr(budget, "ekonomi.drift.budget", key),
                "prognos": tkr(forecast, "ekonomi.drift.prognos", key),
                "avvikelse": tkr(forecast - budget, "ekonomi.drift.prognosavvikelse", key),
            },
            "sum" if key in SUMS else "normal",
            SUMS[key][1] if key in SUMS else (),
        )
        for key, (budget, forecast) in amounts.items()
    )
    columns = (
        Column("post", "Kontogrupp", "text"),
        Column("budget", "Budget 2022", unit=Unit.TKR),
        Column("prognos", "Prognos helår", unit=Unit.TKR),
        Column("avvikelse", "Avvikelse", unit=Unit.TKR, formula=("prognos", "-", "budget")),
    )
    return Table("Driftuppföljning maj 2022", columns, rows, notes=("Plus är bättre än budget.",))


def _added(amounts: dict[str, tuple[int, int]], keys: tuple[str, ...]) -> tuple[int, int]:
    return sum(amounts[key][0] for key in keys), sum(amounts[key][1] for key in keys)


def long_table(rows: int = 60) -> Table:
    """Many rows with a status and a missing value now and then."""
    statuses = (
        Status("Uppfyllt", "good"),
        Status("Nära", "near"),
        Status("Ej uppfyllt", "bad"),
        Status("Ej bedömt"),
    )
    columns = (
        Column("nr", "Nr", "text"),
        Column("namn", "Aktivitet", "text"),
        Column("status", "Status", "status"),
        Column("andel", "Andel klar", unit=Unit.PERCENT, digits=0),
    )
    body = tuple(
        Row(
            f"r{number}",
            {
                "nr": f"A{number}",
                "namn": f"Aktivitet nummer {number} i handlingsplanen, med en text som tar mer än en rad",
                "status": statuses[number % 4],
                "andel": None if number % 7 == 3 else Number(Decimal(number), Unit.PERCENT, 0),
            },
        )
        for number in range(1, rows + 1)
    )
    return Table("Aktiviteter", columns, body, "%")


def mixed_table() -> Table:
    """Key figures of different units: decimals differ within a column; a heading row and a "därav" row."""
    columns = (
        Column("namn", "Nyckeltal", "text"),
        Column("utfall", "Utfall"),
        Column("status", "Bedömning", "status"),
    )
    rows = (
        Row("a", {"namn": "Äldreomsorg"}, "sub"),
        Row(
            "b",
            {
                "namn": "Nöjda brukare",
                "utfall": Number(Decimal("77.5"), Unit.PERCENT),
                "status": Status("Nära", "near"),
            },
        ),
        Row(
            "c",
            {"namn": "Väntetid", "utfall": Number(Decimal(41), Unit.DAYS), "status": Status("Nått", "good")},
        ),
        Row("d", {"namn": "därav demens", "utfall": Number(None, Unit.DAYS), "status": None}, "sub"),
    )
    return Table("Nyckeltal", columns, rows, "")


def line() -> Chart:
    """Two series, a target and the nation's mean; one value is missing."""
    years = ("2019", "2020", "2021", "2022")

    def series(name: str, values: tuple[str | None, ...]) -> charts.Series:
        numbers = (None if value is None else Number(Decimal(value), Unit.PERCENT, 1) for value in values)
        return charts.Series(name, tuple(zip(years, numbers, strict=True)))

    return charts.line_chart(
        "Nöjdheten ligger under målet",
        "Linjediagram 2019–2022 över andelen nöjda: från 90,5 till 86,5 procent.",
        [
            series("Kommunen", ("90.5", "89.5", None, "86.5")),
            series("Egen regi", ("89.0", "88.8", "87.9", "86.1")),
        ],
        unit=Unit.PERCENT,
        digits=1,
        target=Decimal(90),
        benchmark=series("Riket", ("88.2", "88.0", "87.0", "86.0")),
    )


def document(*extra: Block, draft: bool = False, rows: int = 60) -> Document:
    """The whole sample."""
    blocks: tuple[Block, ...] = (
        Heading(1, "Ekonomi"),
        Paragraph(
            (
                "Resultatet blir ",
                Number(Decimal(10_000_000), Unit.MKR, suffix=True),
                ". ",
                Strong("Ramen hålls."),
            )
        ),
        may_table(),
        Note(
            "warning",
            ("Avvikelsen ökar med ", Number(Decimal("-822000"), Unit.TKR, sign=True, suffix=True), "."),
        ),
        Heading(3, "En nivå för långt ned"),
        Bullets((("Första <script>alert('x')</script>",), ("Andra & sista",))),
        Heading(1, "Mål"),
        Paragraph(("Målet bedöms som ", Status("Nära", "near"), ".")),
        mixed_table(),
        line(),
        Table("Utan uppgifter", (Column("a", "A", "text"), Column("b", "B")), ()),
        *extra,
        Heading(1, "Aktiviteter"),
        long_table(rows),
        Heading(1, HOW_FIGURES_WERE_MADE),
        Paragraph(("Varje belopp avrundas för sig.",)),
        Table(
            "Siffror",
            (Column("namn", "Siffra", "text"),),
            (Row("1", {"namn": "ekonomi.drift.prognosavvikelse"}),),
            "",
        ),
    )
    return Document(
        "Månadsuppföljning maj 2022",
        "Månadsuppföljning",
        "Alingsås kommun",
        "Vård- och omsorgsnämnden",
        "VON 2022-041",
        dt.date(2022, 6, 20),
        "Maj 2022",
        dt.date(2022, 5, 31),
        "2022-05-31-a1b2c3",
        draft,
        blocks,
    )
