"""Departments and people: a company with its head, departments with theirs, and account managers."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from bench import words
from liuke.accounts.models import Department, Role, User

DEPARTMENTS, TEAM = 12, 15  # sales departments, and account managers in each
FINDERS = 20


@dataclass(frozen=True)
class Staff:
    managers: list[int]
    shares: list[float]
    finders: list[int]

    def manager(self, dice: random.Random) -> int:
        """Some have many opportunities, some few."""
        return dice.choices(self.managers, cum_weights=self.shares)[0]


def make(dice: random.Random) -> Staff:
    """Logins: gaoguan sees all, zhuguan leads a department, jingli is an account manager in it."""
    company = Department.objects.create(name="总公司")
    company.head = _person("gaoguan", "高管", company, "executive")
    company.save()
    managers = [pk for n in range(DEPARTMENTS) for pk in _department(dice, company, n)]
    finders = [_person(f"yewu{n}", words.person(dice), company, "salesperson").pk for n in range(FINDERS)]
    shares = [1 + i % 7 for i in range(len(managers))]
    return Staff(managers, [sum(shares[: i + 1]) for i in range(len(shares))], finders)


def _department(dice: random.Random, company: Department, n: int) -> list[int]:
    made = Department.objects.create(name=f"销售{n + 1}部", parent=company)
    made.head = _person(f"zhuguan{n or ''}", words.person(dice), made, "sales_supervisor")
    made.save()
    names = [f"jingli{n * TEAM + i or ''}" for i in range(TEAM)]
    return [_person(name, words.person(dice), made, "account_manager").pk for name in names]


def _person(username: str, name: str, department: Department, role: str) -> User:
    user: User = User.objects.create(
        username=username, name=name, department=department, password=make_password(None), phone=""
    )
    user.roles.add(Role.objects.get(code=role))
    return user
