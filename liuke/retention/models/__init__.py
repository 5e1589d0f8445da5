from .alerts import OPEN, ChurnAlert
from .measures import ChurnMeasure
from .risk import CustomerRisk

__all__ = ["OPEN", "ChurnAlert", "ChurnMeasure", "CustomerRisk"]
