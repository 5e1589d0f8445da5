"""What an upgrade brings is given to the seeded roles once; what administrators have done stays done."""

from __future__ import annotations

import pytest

from liuke.accounts.models import Grant, Role, SeenAct
from liuke.config import granting, upkeep
from liuke.core import grantable
from liuke.core.models import Event

BRANDS = {"view": "all", "update": "own"}


@pytest.fixture
def brands(house, monkeypatch):
    """Something to grant that came by an upgrade; account managers have it by default."""
    name, text, grants = granting.ROLES["account_manager"]
    monkeypatch.setitem(granting.ROLES, "account_manager", (name, text, {**grants, "brands": BRANDS}))
    monkeypatch.setitem(grantable._more, "brands", ("Brands", ("view", "update", "delete")))
    return house


def granted(code="account_manager", resource="brands"):
    return dict(Grant.objects.filter(role__code=code, resource=resource).values_list("action", "scope"))


def allow(code, **scopes):
    """As an administrator does it in the matrix."""
    role = Role.objects.get(code=code)
    kept = {(one.resource, one.action): one.scope for one in role.grants.exclude(resource="brands")}
    role.set_grants(kept | {("brands", act): scope for act, scope in scopes.items()}, by=None)


def test_a_seeded_role_gets_its_part_of_what_is_new(brands):
    granting.seed_roles(making=False)
    assert granted() == BRANDS
    assert granted("salesperson") == {}
    told = Event.objects.filter(verb="set_grants").get()
    assert told.changes == {"brands.update": [None, "own"], "brands.view": [None, "all"]}


def test_what_an_administrator_takes_away_afterwards_stays_away(brands):
    granting.seed_roles()
    allow("account_manager", view="all")
    granting.seed_roles()
    assert granted() == {"view": "all"}


def test_what_an_administrator_took_away_of_old_stays_away_when_something_new_comes(brands):
    Grant.objects.filter(role__code="account_manager", resource="customers", action="claim").delete()
    granting.seed_roles()
    assert granted() == BRANDS
    assert "claim" not in granted(resource="customers")


def test_another_range_an_administrator_has_chosen_already_stays(brands):
    allow("account_manager", update="below")
    granting.seed_roles()
    assert granted() == {"view": "all", "update": "below"}


def test_a_new_act_on_something_old_is_given_too(brands, monkeypatch):
    granting.seed_roles()
    allow("account_manager", update="own")
    monkeypatch.setitem(BRANDS, "archive", "own")
    monkeypatch.setitem(grantable._more, "brands", ("Brands", ("view", "update", "delete", "archive")))
    granting.seed_roles()
    assert granted() == {"update": "own", "archive": "own"}


def test_a_house_older_than_the_memory_gets_what_no_role_of_it_knows(brands):
    SeenAct.objects.all().delete()
    Grant.objects.filter(role__code="account_manager", resource="customers", action="claim").delete()
    granting.seed_roles()
    granting.seed_roles()
    assert granted() == BRANDS
    assert "claim" not in granted(resource="customers")


def test_a_house_older_than_the_memory_gets_new_acts_on_what_it_knows_but_nothing_an_administrator_took(brands):
    role = Role.objects.get(code="sales_supervisor")
    reactivate = role.grants.get(resource="customers", action="reactivate")
    Grant.objects.filter(resource="customers", action="reactivate").delete()  # the house never knew it
    for one in Role.objects.filter(grants__action="claim").distinct():
        kept = {(grant.resource, grant.action): grant.scope for grant in one.grants.all()}
        one.set_grants({key: scope for key, scope in kept.items() if key != ("customers", "claim")}, by=brands.admin)
    SeenAct.objects.all().delete()
    granting.seed_roles(making=False)
    given = granted("sales_supervisor", "customers")
    assert given["reactivate"] == reactivate.scope == "below"
    assert not Grant.objects.filter(action="claim").exists()


def test_a_start_without_a_new_schema_gives_it(brands, monkeypatch):
    monkeypatch.setattr(upkeep, "backup", lambda: pytest.fail("copied without need"))
    upkeep.prepare()
    assert granted() == BRANDS


def test_a_role_that_was_deleted_stays_deleted_and_a_start_makes_none(brands):
    Role.objects.get(code="hr").delete(by=brands.admin)
    granting.seed_roles()
    assert Role.objects.get(code="hr").deleted_at
    Role.objects.filter(code="finance").delete()
    granting.seed_roles(making=False)
    assert not Role.objects.filter(code="finance").exists()
