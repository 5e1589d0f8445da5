from .attempts import SignInAttempt
from .departments import Department, Position
from .roles import Grant, Role
from .seen import SeenAct
from .tokens import ApiToken
from .users import User

__all__ = ["ApiToken", "Department", "Grant", "Position", "Role", "SeenAct", "SignInAttempt", "User"]
