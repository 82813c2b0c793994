"""What is kept of follow-up rounds and action plans: see the modules."""

from roder.followup.models.feeds import WheelFeed as WheelFeed
from roder.followup.models.plans import ActionPlan as ActionPlan
from roder.followup.models.rounds import Line as Line
from roder.followup.models.rounds import Part as Part
from roder.followup.models.rounds import Round as Round
from roder.followup.models.rounds import Share as Share
from roder.followup.models.rounds import Sheet as Sheet
from roder.followup.models.rounds import Step as Step
