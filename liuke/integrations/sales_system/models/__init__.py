from .customers import SourceCustomer, WaitingOrder
from .state import SyncState

__all__ = ["SourceCustomer", "SyncState", "WaitingOrder"]
