"""Each door asks for itself: shut to whoever has no right, and the ways out shut to whoever may only look."""

from __future__ import annotations

from liuke.accounts.models import Role, User
from liuke.core.register import resource
from tests.house import Api, page_client
from tests.test_permissions import routes

STARTS = ("customers/", "api/v1/customers", "reports/", "api/v1/reports/")
OUT = ("export", "print/")
# what stands on the page of a record anyway, and figures that hold no record
FREE = ("customers/<int:pk>/print/", "customers/statistics/")


def ask(person, routes_, pk: int) -> dict[str, set[int]]:
    """What comes of asking in every way that an address takes, by address."""
    pages, api, told = page_client(person), Api(person), {}
    for route in routes_:
        path = "/" + route.replace("<int:pk>", str(pk)).replace("<int:file>", "1").replace("<slug:field>", "owner")
        if route.startswith("api/"):
            found = {api._send(method, path, None).status_code for method in ("get", "post", "patch", "delete")}
        else:
            found = {getattr(pages, method)(path).status_code for method in ("get", "post")}
        told[path] = found - {405}
    return told


def open_ones(told: dict[str, set[int]]) -> dict[str, set[int]]:
    return {path: found for path, found in told.items() if found != {403}}


def test_whoever_has_no_role_is_refused_at_every_door(house):
    nobody = User(username="xinlai", name="新来的").create(by=house.admin)
    doors = [route for route in routes() if route.startswith(STARTS)]
    assert len(doors) > 80
    assert open_ones(ask(nobody, doors, house.customer(house.jingli).pk)) == {}


def test_whoever_may_only_look_carries_nothing_away(house):
    looker = User(username="kanke", name="只看的人").create(by=house.admin)
    role = Role(name="只看", code="looks").create(by=house.admin)
    role.set_grants({(name, "view"): "all" for name in ("customers", "reports")}, by=house.admin)
    looker.roles.add(role)
    ways = [one for one in routes() if one.startswith(("customers/", "reports/")) and any(out in one for out in OUT)]
    ways = [one for one in ways if not one.startswith(FREE)]
    assert len(ways) > 10
    assert open_ones(ask(looker, ways, house.customer(house.jingli).pk)) == {}


def test_rows_are_there_for_whoever_has_them_in_his_range_and_for_nobody_else(house):
    """What every door asks in the end, asked without a door."""
    nobody = User(username="xinlai", name="新来的").create(by=house.admin)
    held = house.opportunity(house.jingli, house.jingli)
    gone = house.opportunity(house.jingli).delete(by=house.jingli)
    of = resource("opportunities")
    assert [one.pk for one in of.rows(house.jingli)] == [held.pk]
    assert [one.pk for one in of.rows(house.jingli, "restore")] == [gone.pk]
    assert of.find(house.jingli, held.pk).pk == held.pk
    for stranger in (house.jingli2, nobody):
        assert not of.rows(stranger).exists()
        assert not of.rows(stranger, "restore").exists()
        assert of.find(stranger, held.pk) is None
    house.customer(house.jingli)
    assert not resource("customers").rows(nobody).exists()
