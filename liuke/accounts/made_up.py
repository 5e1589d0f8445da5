"""Departments and account managers for a house that holds bulk synthetic data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from .models import Department, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable

ENOUGH = 50  # account managers; a house with fewer gets more
DEPARTMENTS, TEAM = 12, 15


def managers(name: Callable[[], str]) -> list[User]:
    """The account managers there are; when they are few, new departments with a head and a team each join them."""
    found = _managers()
    if len(found) < ENOUGH:
        company = Department.objects.alive().filter(parent=None).order_by("pk").first()
        company = company or Department(name="总公司").create(by=None)
        for place in range(1, DEPARTMENTS + 1):
            _department(company, place, name)
        found = _managers()
    return found


def _managers() -> list[User]:
    return list(User.objects.alive().filter(status="normal", roles__code="account_manager").order_by("pk").distinct())


def _department(company: Department, place: int, name: Callable[[], str]) -> None:
    made = Department.objects.alive().filter(name=f"第{place}销售部").first()
    made = made or Department(name=f"第{place}销售部", parent=company).create(by=None)
    head = _person(f"zg{place:02d}", name(), made, "sales_supervisor")
    made.update({"head": head}, by=None)
    for seat in range(1, TEAM + 1):
        _person(f"jl{place:02d}{seat:02d}", name(), made, "account_manager")


def _person(username: str, name: str, department: Department, role: str) -> User:
    """Nobody can sign in as one of them until an administrator gives him a password."""
    known = User.objects.filter(username=username).first()
    if known is None:
        known = User(username=username, name=name, department=department, password=make_password(None)).create(by=None)
        known.roles.add(Role.objects.get(code=role))
    return known
