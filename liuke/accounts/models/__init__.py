from .attempts import SignInAttempt
from .departments import Department, Position
from .field_rules import FieldRule
from .past_passwords import PastPassword
from .roles import Grant, Role
from .second_factor import SecondFactor
from .seen import SeenAct
from .signed_in import SignedIn
from .tokens import ApiToken
from .users import User

__all__ = [
    "ApiToken",
    "Department",
    "FieldRule",
    "Grant",
    "PastPassword",
    "Position",
    "Role",
    "SecondFactor",
    "SeenAct",
    "SignInAttempt",
    "SignedIn",
    "User",
]
