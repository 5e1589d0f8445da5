from .followups import FollowUpNote
from .opportunities import Opportunity
from .plans import PlanItem
from .stages import SalesProfile, SalesStage

__all__ = ["FollowUpNote", "Opportunity", "PlanItem", "SalesProfile", "SalesStage"]
