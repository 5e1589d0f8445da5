from .attempts import SignInAttempt
from .departments import Department, Position
from .field_rules import FieldRule
from .roles import Grant, Role
from .seen import SeenAct
from .tokens import ApiToken
from .users import User

__all__ = ["ApiToken", "Department", "FieldRule", "Grant", "Position", "Role", "SeenAct", "SignInAttempt", "User"]
