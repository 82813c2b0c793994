"""Tables and questions that several reports have in common, as the municipalities print them."""

from __future__ import annotations

from roder.reports.base import Col, Comments, FigureTable, account_groups, account_lines
from roder.reports.parts import VARIANCE, VarianceChart, investment_lines

BUDGET, FORECAST = "ekonomi.drift.budget", "ekonomi.drift.prognos"
CHANGE, OUTCOME, OUTCOME_LAST_YEAR = (
    "ekonomi.drift.prognosforandring",
    "ekonomi.drift.utfall",
    "ekonomi.drift.utfall_foregaende_ar",
)
OUTCOME_CHANGE = "ekonomi.drift.utfallsforandring"
INVESTMENTS = "ekonomi.investeringar"
ACCOUNTS_VARIANCE = "ekonomi.drift.bokslutsavvikelse"

BUDGET_COLUMN = Col("budget", "Budget {year}", BUDGET)
FORECAST_COLUMN = Col("prognos", "Prognos helår {year}", FORECAST)
VARIANCE_COLUMN = Col("avvikelse", "Avv. prognos/budget {year}", VARIANCE, formula=("prognos", "-", "budget"))

#: Budget, forecast, variance (Uppföljningsanvisningar 2022, månadsuppföljning).
FORECAST_TABLE = FigureTable(
    "Drift, {occasion}",
    "Belopp i {unit}",
    account_lines,
    (BUDGET_COLUMN, FORECAST_COLUMN, VARIANCE_COLUMN),
    anchor="drift",
)

#: The same with outcome to date, last year's and the difference (Uppföljningsanvisningar 2022, delårsbokslut).
OUTCOME_TABLE = FigureTable(
    "Drift, {occasion}",
    "Belopp i {unit}",
    account_lines,
    (
        BUDGET_COLUMN,
        FORECAST_COLUMN,
        VARIANCE_COLUMN,
        Col("utfall", "Utfall {year}", OUTCOME),
        Col("utfall_fore", "Utfall {last_year}", OUTCOME_LAST_YEAR),
        Col(
            "diff", "Diff. utfall {last_year}/{year}", OUTCOME_CHANGE, formula=("utfall", "-", "utfall_fore")
        ),
    ),
    anchor="drift",
)

#: How the forecast has changed since the one before, which the column names.
CHANGE_TABLE = FigureTable(
    "Prognosförändring sedan {compares_with}",
    "Belopp i {unit}",
    account_lines,
    (FORECAST_COLUMN, Col("forandring", "Förändring sedan {compares_with}", CHANGE)),
    anchor="prognosforandring",
)

FORECAST_COMMENTS = Comments(
    "prognos",
    ask="Varför avviker prognosen från budgeten?",
    title="Kommentarer per kontogrupp",
    per=account_groups,
    because=VARIANCE,
)
CHANGE_COMMENTS = Comments(
    "prognosforandring",
    ask="Varför har prognosen ändrats sedan {compares_with}?",
    title="Kommentarer till prognosförändringen",
    per=account_groups,
    because=CHANGE,
)
VARIANCE_CHART = VarianceChart()

#: Investments at a follow-up with only a forecast (in-depth April).
INVESTMENT_FORECAST_TABLE = FigureTable(
    "Investeringar, {occasion}",
    "Belopp i {unit}",
    investment_lines(f"{INVESTMENTS}.budget"),
    (
        Col("budget", "Budget {year}", f"{INVESTMENTS}.budget"),
        Col("prognos", "Prognos helår {year}", f"{INVESTMENTS}.prognos"),
        Col(
            "avvikelse",
            "Avv. budget/prognos {year}",
            f"{INVESTMENTS}.avvikelse",
            formula=("budget", "-", "prognos"),
        ),
    ),
    anchor="investeringar",
)

#: The same with outcome, last year's and the difference.
INVESTMENT_OUTCOME_TABLE = FigureTable(
    "Investeringar, {occasion}",
    "Belopp i {unit}",
    investment_lines(f"{INVESTMENTS}.budget"),
    (
        *INVESTMENT_FORECAST_TABLE.columns,  # type: ignore[misc]  # given as a tuple above
        Col("utfall", "Utfall {year}", f"{INVESTMENTS}.utfall"),
        Col("utfall_fore", "Utfall {last_year}", f"{INVESTMENTS}.utfall_foregaende_ar"),
        Col(
            "diff",
            "Diff. utfall {last_year}/{year}",
            f"{INVESTMENTS}.forandring",
            formula=("utfall", "-", "utfall_fore"),
        ),
    ),
    anchor="investeringar",
)

#: The year's accounts beside the budget and the year before (Uppföljningsanvisningar 2022, årsbokslut).
ACCOUNTS_TABLE = FigureTable(
    "Drift, {occasion}",
    "Belopp i {unit}",
    account_lines,
    (
        BUDGET_COLUMN,
        Col("bokslut", "Bokslut {year}", OUTCOME),
        Col("avvikelse", "Avv. bokslut/budget {year}", ACCOUNTS_VARIANCE, formula=("bokslut", "-", "budget")),
        Col("bokslut_fore", "Bokslut {last_year}", OUTCOME_LAST_YEAR),
        Col(
            "diff",
            "Diff. bokslut {year}/{last_year}",
            OUTCOME_CHANGE,
            formula=("bokslut", "-", "bokslut_fore"),
        ),
    ),
    anchor="drift",
)
ACCOUNTS_CHART = VarianceChart(ACCOUNTS_VARIANCE, "bokslutets")

#: Investments at the year's end, as the operating table.
INVESTMENT_ACCOUNTS_TABLE = FigureTable(
    "Investeringar, {occasion}",
    "Belopp i {unit}",
    investment_lines(f"{INVESTMENTS}.budget"),
    (
        Col("budget", "Budget {year}", f"{INVESTMENTS}.budget"),
        Col("bokslut", "Bokslut {year}", f"{INVESTMENTS}.utfall"),
        Col(
            "avvikelse",
            "Avv. budget/bokslut {year}",
            f"{INVESTMENTS}.bokslutsavvikelse",
            formula=("budget", "-", "bokslut"),
        ),
        Col("bokslut_fore", "Bokslut {last_year}", f"{INVESTMENTS}.utfall_foregaende_ar"),
        Col(
            "diff",
            "Diff. bokslut {year}/{last_year}",
            f"{INVESTMENTS}.forandring",
            formula=("bokslut", "-", "bokslut_fore"),
        ),
    ),
    anchor="investeringar",
)
