"""The columns that the economy's files have in common."""

from __future__ import annotations

from roder.access.matrix import Action, Resource
from roder.economy.models import VolumeLine
from roder.imports.cells import MONEY, VALUE, Choice, Period, Term, Text
from roder.imports.declaration import Column, Rule
from roder.imports.lookups import OccasionCell, UnitCell
from roder.steering.models import AccountGroup, ServiceCode, Support

ECONOMY = ((Action.IMPORT, Resource.IMPORTS), (Action.IMPORT, Resource.ECONOMY))

UNIT = Column(
    "enhet", UnitCell(), ("unit_id",), key=True, help="enhetens kod eller namn; tom för hela nämnden"
)
SERVICE = Column(
    "verksamhet", Term(ServiceCode, "verksamheten"), ("service_id",), key=True, help="verksamhetens kod"
)
GROUP = Column(
    "kontogrupp",
    Term(AccountGroup, "kontogruppen"),
    ("group_id",),
    required=True,
    filled=True,
    key=True,
    help="kontogruppens kod",
)
AMOUNT = Column(
    "belopp",
    MONEY,
    ("amount",),
    required=True,
    filled=True,
    help="kronor; kostnader med minus, intäkter utan",
)
SOURCE = Column("kalla", Text(200), ("source",), empty=("",), help="dokument och avsnitt")
PERIOD = Column(
    "period",
    Period(),
    ("period_start", "period_end"),
    required=True,
    filled=True,
    key=True,
    empty=(None, None),
    help="2022, 2022-08, 2022-01..2022-07 eller 2022-03-31",
)
SEX = Column(
    "kon",
    Choice(
        (("alla", "alla"), ("kvinnor", "kvinnor"), ("man", "män")),
        also={"kvinna": "kvinnor", "totalt": "alla"},
    ),
    ("sex",),
    key=True,
    empty=("alla",),
    help="kvinnor, man eller alla (tom)",
)
NUMERATOR = Column("taljare", VALUE, ("numerator",), help="täljaren, om värdet är en andel")
DENOMINATOR = Column("namnare", VALUE, ("denominator",), help="nämnaren, om värdet är en andel")
NOT_ZERO = Rule("denominator = 0", "namnare", "nämnaren är 0", "Lämna cellen tom om nämnaren inte är känd.")
OCCASION_OR_PLAN = Column(
    "tillfalle",
    OccasionCell(plan_when_empty=True),
    ("occasion_id",),
    key=True,
    reads_empty=True,
    help="uppföljningstillfällets kod; tom för planen",
)
SUPPORT = Column(
    "insats",
    Term(Support, "insatsen"),
    ("support_id",),
    required=True,
    filled=True,
    key=True,
    help="insatsens kod",
)
RUN = Choice(
    tuple((run.value, str(run.label)) for run in VolumeLine.Run),
    also={
        "annan nämnd": VolumeLine.Run.OTHER_COMMITTEE.value,
        "ej uppdelat": VolumeLine.Run.NOT_SPLIT.value,
    },
)
