"""What is kept of the economy: see the modules. Money is kept in kronor; costs are negative."""

from roder.economy.models.ledger import LedgerAccount as LedgerAccount
from roder.economy.models.ledger import LedgerFile as LedgerFile
from roder.economy.models.ledger import LedgerSum as LedgerSum
from roder.economy.models.lines import BudgetLine as BudgetLine
from roder.economy.models.lines import BudgetVersion as BudgetVersion
from roder.economy.models.lines import ForecastLine as ForecastLine
from roder.economy.models.lines import InvestmentLine as InvestmentLine
from roder.economy.models.lines import Line as Line
from roder.economy.models.lines import OutcomeLine as OutcomeLine
from roder.economy.models.lines import StaffValue as StaffValue
from roder.economy.models.lines import VolumeLine as VolumeLine
from roder.economy.models.lines import money as money
from roder.economy.models.means import Allocation as Allocation
from roder.economy.models.means import FundEntry as FundEntry
from roder.economy.models.means import PrepaidIncome as PrepaidIncome
from roder.economy.models.means import StaffMove as StaffMove
from roder.economy.models.means import UnitCost as UnitCost
from roder.economy.models.recovery import RecoveryMeasure as RecoveryMeasure
from roder.economy.models.recovery import RecoveryPlan as RecoveryPlan
