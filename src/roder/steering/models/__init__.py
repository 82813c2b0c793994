"""The steering model as loaded, and what it governs: occasions, goals, assignments, activities, assessments."""

from roder.steering.models.assessments import Assessment as Assessment
from roder.steering.models.goals import Activity as Activity
from roder.steering.models.goals import Assignment as Assignment
from roder.steering.models.goals import FocusArea as FocusArea
from roder.steering.models.goals import Goal as Goal
from roder.steering.models.goals import Vision as Vision
from roder.steering.models.occasions import Occasion as Occasion
from roder.steering.models.terms import AccountGroup as AccountGroup
from roder.steering.models.terms import AccountRow as AccountRow
from roder.steering.models.terms import ComplaintSubject as ComplaintSubject
from roder.steering.models.terms import DeviationCause as DeviationCause
from roder.steering.models.terms import DeviationType as DeviationType
from roder.steering.models.terms import InvestmentCategory as InvestmentCategory
from roder.steering.models.terms import ServiceArea as ServiceArea
from roder.steering.models.terms import ServiceCode as ServiceCode
from roder.steering.models.terms import Support as Support
from roder.steering.models.terms import Term as Term
from roder.steering.models.versions import SteeringModelVersion as SteeringModelVersion
