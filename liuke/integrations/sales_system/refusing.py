"""What goes wrong between the two systems, in words a person can act on. None of them ever holds a password."""

from __future__ import annotations

from liuke.core.refusals import Refused


class SalesSystemError(Refused):
    """The sales system, or what is said about it, does not allow the run. Nothing has been changed."""

    def __init__(self, message: str, code: str = "sales_system") -> None:
        super().__init__(message, code)


class Unreachable(SalesSystemError):
    """It does not answer, or stopped answering: another try may help."""


class MappingError(SalesSystemError):
    """The mapping is wrong; `problems` says each place and what is wrong there."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems), "mapping")
        self.problems = problems
