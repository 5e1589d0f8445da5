from .management import FrozenSheet, ManagementReport
from .tally import Counted, CustomerTally

__all__ = ["Counted", "CustomerTally", "FrozenSheet", "ManagementReport"]
