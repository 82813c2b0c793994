"""The economy's rules: pure functions on amounts in kronor. Costs are negative and revenue positive."""

from roder.economy.rules.amounts import ZERO as ZERO
from roder.economy.rules.amounts import Amount as Amount
from roder.economy.rules.amounts import Moved as Moved
from roder.economy.rules.amounts import change as change
from roder.economy.rules.amounts import committee_forecast as committee_forecast
from roder.economy.rules.amounts import in_force as in_force
from roder.economy.rules.amounts import investment_variance as investment_variance
from roder.economy.rules.amounts import is_redistribution as is_redistribution
from roder.economy.rules.amounts import moves as moves
from roder.economy.rules.amounts import needs_cause as needs_cause
from roder.economy.rules.amounts import places as places
from roder.economy.rules.amounts import rounding_gap as rounding_gap
from roder.economy.rules.amounts import row_sums as row_sums
from roder.economy.rules.amounts import total_volume as total_volume
from roder.economy.rules.amounts import variance as variance
from roder.economy.rules.amounts import whole_sum as whole_sum
