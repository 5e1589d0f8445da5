from .at_hand import AtHand, Favourite, Visit
from .tasks import Task

__all__ = ["AtHand", "Favourite", "Task", "Visit"]
