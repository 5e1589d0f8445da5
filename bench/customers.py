"""The customers’ house: made by `liuke generate`, with narrower rights than the seeded ones, to measure scope too."""

from __future__ import annotations

import time

REACH = {"sales_supervisor": "below", "account_manager": "own"}


def fill(rows: int) -> None:
    """Customers, contacts and interactions; the general manager sees all, a head his department’s, others their own."""
    from liuke.config.generate import Wanted, generate

    begun = time.monotonic()
    generate(Wanted(rows, 0, rows // 2, seed=7), sure=True)
    print(f"liuke generate: {rows:,} customers in {time.monotonic() - begun:.0f} s")
    prepare()


def prepare() -> None:
    from liuke.accounts.models import Department, Role, User
    from liuke.accounts.models.roles import Grant

    if not User.objects.filter(username="gaoguan").exists():
        company = Department.objects.filter(parent=None).order_by("pk").first()
        chief = User(username="gaoguan", name="高管", department=company).create(by=None)
        chief.roles.add(Role.objects.get(code="executive"))
    for code, scope in REACH.items():
        Grant.objects.filter(role__code=code, resource__in=("customers", "contacts"), action="view").update(scope=scope)
