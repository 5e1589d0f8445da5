from .attempts import SignInAttempt
from .departments import Department, Position
from .roles import Grant, Role
from .tokens import ApiToken
from .users import User

__all__ = ["ApiToken", "Department", "Grant", "Position", "Role", "SignInAttempt", "User"]
