"""The closed lists of codes a steering model may use. What a municipality words itself is data, not here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who does something at a follow-up (the roles of the product; their local names are in ``words``)."""

    MEMBER = "member"
    CHAIR = "chair"
    HEAD_ADMINISTRATION = "head_administration"
    HEAD_DEPARTMENT = "head_department"
    UNIT_MANAGER = "unit_manager"
    CARE_STAFF = "care_staff"
    SAS = "sas"
    MAS = "mas"
    LICENSED = "licensed"
    CONTROLLER = "controller"
    QUALITY_STRATEGIST = "quality_strategist"
    CASEWORK_MANAGER = "casework_manager"
    SECRETARY = "secretary"
    AUDITOR = "auditor"
    PROVIDER = "provider"
    CENTRAL_OFFICE = "central_office"


class BodyKind(StrEnum):
    """What sort of body decides, prepares or receives."""

    COUNCIL = "council"
    EXECUTIVE_BOARD = "executive_board"
    COMMITTEE = "committee"
    SUBCOMMITTEE = "subcommittee"
    CENTRAL_OFFICE = "central_office"
    AUDITORS = "auditors"


class UnitKind(StrEnum):
    """The levels of the organisation below the committee."""

    ADMINISTRATION = "administration"
    DEPARTMENT = "department"
    UNIT = "unit"


class OccasionKind(StrEnum):
    """The kinds of follow-up occasion of a year."""

    MONTHLY = "monthly"
    IN_DEPTH = "in_depth"
    INTERIM = "interim"
    ANNUAL = "annual"
    PLAN = "plan"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    QUALITY_YEAR = "quality_year"
    MEETING = "meeting"


class Content(StrEnum):
    """What an occasion takes up."""

    SUMMARY = "summary"
    GOALS = "goals"
    WORK_ENVIRONMENT = "work_environment"
    ASSIGNMENTS = "assignments"
    ACTIVITIES = "activities"
    CRITICAL_FACTORS = "critical_factors"
    RISK_ANALYSIS = "risk_analysis"
    CONTROLS = "controls"
    IMMEDIATE_ACTIONS = "immediate_actions"
    OPERATIONS = "operations"
    INVESTMENTS = "investments"
    PREPAID_INCOME = "prepaid_income"
    FORECAST_RELIABILITY = "forecast_reliability"
    VOLUMES = "volumes"
    STAFF = "staff"
    PRIVATE_PROVIDERS = "private_providers"


class PhaseStep(StrEnum):
    """What happens in a phase of an occasion."""

    DATA_AVAILABLE = "data_available"
    REPORT = "report"
    SUMMARISE = "summarise"
    SUBMIT = "submit"
    DIALOGUE = "dialogue"
    UNION_CONSULTATION = "union_consultation"
    DECIDE = "decide"
    RECEIVE = "receive"


class Subject(StrEnum):
    """What a status scale is for."""

    GOAL = "goal"
    ASSIGNMENT = "assignment"
    CONTROL = "control"
    CRITICAL_FACTOR = "critical_factor"
    MEASURE = "measure"
    ACTION = "action"
    ACTIVITY = "activity"


class ScaleLevel(StrEnum):
    """On whose level a scale is used: the committee's own report, or a unit's."""

    COMMITTEE = "committee"
    UNIT = "unit"


class Tone(StrEnum):
    """How a status is shown (always as symbol and word together)."""

    GOOD = "good"
    NEAR = "near"
    BAD = "bad"
    NONE = "none"


class TrendDirection(StrEnum):
    """The direction a trend label stands for; says nothing of good or bad."""

    UP = "up"
    SAME = "same"
    DOWN = "down"
    UNKNOWN = "unknown"


class LevelKind(StrEnum):
    """The kinds of level in the chain of goals."""

    VISION = "vision"
    FOCUS_AREA = "focus_area"
    COUNCIL_GOAL = "council_goal"
    INDICATOR = "indicator"
    COMMITTEE_GOAL = "committee_goal"
    MEASURE = "measure"
    OPERATIONAL_GOAL = "operational_goal"
    ACTIVITY = "activity"
    AGREEMENT = "agreement"


class Requirement(StrEnum):
    """How strongly something is asked for."""

    ALWAYS = "always"
    WHERE_RELEVANT = "where_relevant"


class RiskUse(StrEnum):
    """What a risk scale is used for (a municipality may have several)."""

    RISK_ANALYSIS = "risk_analysis"
    INTERNAL_CONTROL = "internal_control"
    WORK_ENVIRONMENT = "work_environment"
    DEVIATIONS = "deviations"


class Handling(StrEnum):
    """What a risk may lead to."""

    NONE = "none"
    GOAL = "goal"
    CONTROL_POINT = "control_point"
    CRITICAL_FACTOR = "critical_factor"
    ASSIGNMENT = "assignment"
    IMMEDIATE_ACTION = "immediate_action"


class Rounding(StrEnum):
    """How a share of a sampling frame becomes a whole number (10 % of 429 is 42 when rounded down)."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


class RowKind(StrEnum):
    """A printed row of the operating table: amounts are entered on groups, sums are computed."""

    GROUP = "group"
    SUM = "sum"


class Sign(StrEnum):
    """Which sign a row's amounts have: costs negative, revenue positive, a result either."""

    COST = "cost"
    REVENUE = "revenue"
    RESULT = "result"


class PrintUnit(StrEnum):
    """The unit tables of money are printed in (same codes as ``core.numbers.Unit``)."""

    KR = "kr"
    TKR = "tkr"
    MKR = "mkr"


class VolumeUnit(StrEnum):
    """What a volume counts."""

    PERSONS = "persons"
    PLACES = "places"
    HOURS = "hours"


class Better(StrEnum):
    """Which way is better for a measure."""

    HIGHER = "higher"
    LOWER = "lower"


class Boundary(StrEnum):
    """To which band a value exactly on the boundary between two bands belongs."""

    LOWER = "lower"
    UPPER = "upper"


class Operator(StrEnum):
    """How an outcome is compared with a target."""

    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "="
    AT_MOST = "<="
    LESS = "<"


class FulfilmentRule(StrEnum):
    """When a group of goals counts as fulfilled."""

    MAJORITY = "majority"
    ALL = "all"
    AT_LEAST = "at_least"


class TimeUnit(StrEnum):
    """The unit of a deadline."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class CalendarKind(StrEnum):
    """What a date on the annual wheel belongs to."""

    PLANNING = "planning"
    FOLLOW_UP = "follow_up"
    CONTROL = "control"
    STATUTORY = "statutory"
