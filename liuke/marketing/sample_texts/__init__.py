"""Texts of the sample opportunities, as plain tables."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """One opportunity. `ago`: days since it was created (waiting), assigned (developing) or closed (won, lost)."""

    ago: int
    stage: int
    creator: str
    manager: str
    name: str
    region: str
    industry: str
    contact: str
    title: str
    product: str
    amount: int  # in 10,000 yuan
    summary: str
    description: str
    turn: str = ""  # what is special: reassigned, reopened, namesake; the reason of a lost one
    place: tuple[str, str, str] | None = None  # of a won one that has been completed: city, address, web name

    @property
    def who(self) -> str:
        return self.contact[0] + self.title
