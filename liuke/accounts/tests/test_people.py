"""Departments, users, roles and grants: the tree has no circles, what is used stays, several roles add up."""

from __future__ import annotations

import pytest

from liuke.accounts.models import Department, Grant, Role, User
from liuke.core.models import Event

# departments


def test_a_department_is_not_part_of_itself_however_far_below(house, api, unchanged):
    company, sales = house.departments["公司"], house.departments["销售部"]
    team = Department(name="一组", parent=sales).create(by=house.admin)
    program = api(house.admin)
    with unchanged():
        for moved, under in ((company, sales), (company, team), (sales, team), (sales, sales)):
            told = program.patch(f"departments/{moved.pk}", parent=under.pk)
            assert (told.status_code, list(told.json()["errors"])) == (422, ["parent"])
    assert program.patch(f"departments/{team.pk}", parent=company.pk).status_code == 200


def test_a_department_with_people_or_departments_stays(house, api, unchanged):
    program = api(house.admin)
    with unchanged():
        for name in ("公司", "销售部"):
            told = program.delete(f"departments/{house.departments[name].pk}")
            assert (told.status_code, told.json()["code"]) == (409, "in_use")
        assert program.post("departments", name="销售部").status_code == 422
    empty = program.post("departments", name="新部门", parent=house.departments["公司"].pk).json()["id"]
    assert program.delete(f"departments/{empty}").status_code == 204


def test_superiors_are_the_heads_above(house):
    assert [one.username for one in house.jingli.superiors()] == ["gaoguan", "zhuguan"]
    assert [one.username for one in house.zhuguan.superiors()] == ["gaoguan"]
    assert house.gaoguan.superiors() == []
    assert house.again("zhuguan").departments_below == {house.departments["销售部"].pk}


def test_moving_a_person_moves_what_the_heads_see(house, api):
    made = house.opportunity(house.jingli, house.jingli)
    house.jingli.update({"department": house.departments["大客户部"]}, by=house.admin)
    assert api(house.zhuguan).get(f"opportunities/{made.pk}").status_code == 404
    assert api(house.bumen).get(f"opportunities/{made.pk}").status_code == 200


# users


def test_admin_enters_a_user_who_has_no_password_until_one_is_handed_out(house, api):
    program = api(house.admin)
    role = Role.objects.get(code="account_manager")
    told = program.post(
        "users", username="xinren", name="新人", roles=[role.pk], department=house.departments["销售部"].pk
    )
    assert told.status_code == 201
    assert "password" not in told.json()
    user = User.objects.get(username="xinren")
    assert (user.has_usable_password(), list(user.roles.all())) == (False, [role])
    word = program.post(f"users/{user.pk}/reset_password").json()["password"]
    user.refresh_from_db()
    assert user.check_password(word)
    assert word not in str(list(Event.objects.values_list("changes", "note")))
    assert program.post("users", username="xinren", name="又一个").status_code == 422


@pytest.mark.parametrize("username", ["a b", "x'y", "<b>", "", "a" * 51])
def test_a_user_name_is_plain(username, house, api, unchanged):
    program = api(house.admin)
    with unchanged():
        assert list(program.post("users", username=username, name="新人").json()["errors"]) == ["username"]


def test_disable_and_enable_are_harmless_twice_and_never_oneself(house, api, unchanged):
    program, path = api(house.admin), f"users/{house.jingli.pk}"
    assert program.post(f"{path}/disable").json()["status"] == "disabled"
    with unchanged():
        assert program.post(f"{path}/disable").status_code == 409
    assert program.post(f"{path}/enable").json()["status"] == "normal"
    with unchanged():
        assert program.post(f"{path}/enable").status_code == 409
        assert program.post(f"users/{house.admin.pk}/disable").json()["code"] == "yourself"
        assert program.delete(f"users/{house.admin.pk}").json()["code"] == "yourself"


def test_a_disabled_person_can_be_chosen_nowhere(house, api, as_):
    house.jingli.disable(by=house.admin)
    offered = as_(house.zhuguan).get("/customers/choices/owner/").json()["items"]
    assert house.jingli.name not in [one["text"] for one in offered]
    given = {"name": "A", "region": "浙江", "level": "1", "address": "x", "phone": "1", "owner": house.jingli.pk}
    assert list(api(house.zhuguan).post("customers", given).json()["errors"]) == ["owner"]
    made = house.opportunity(house.jingli2)
    assert house.jingli.name not in as_(house.zhuguan).get(f"/opportunities/{made.pk}/assign/").content.decode()


def test_nobody_makes_himself_administrator(house, api, as_, unchanged):
    admin_role = Role.objects.get(code="system_admin")
    program, pages = api(house.zhuguan), as_(house.zhuguan)
    with unchanged():
        for body in ({"roles": [admin_role.pk]}, {"is_superuser": True}, {"status": "disabled"}, {"password": "x"}):
            assert program.patch(f"users/{house.zhuguan.pk}", body).status_code == 403
        sent = {"users.update": "all"}
        assert pages.post(f"/roles/{admin_role.pk}/grants/", sent).status_code == 403
    told = api(house.admin)
    with unchanged():
        for name in ("is_superuser", "password", "must_change_password", "last_login", "theme"):
            assert list(told.patch(f"users/{house.jingli.pk}", {name: "x"}).json()["errors"]) == [name]


# roles and grants


def only(user, *grants, **custom):
    """Give the user one new role with these grants, beside none."""
    role = Role(name="试验", code=f"test_{Role.objects.count()}").create(by=None)
    for resource, action, scope in grants:
        grant = Grant.objects.create(role=role, resource=resource, action=action, scope=scope)
        if scope == "custom":
            grant.departments.set(custom["departments"])
    user.roles.set([role])
    return role


def seen(api, user) -> set[str]:
    return {row["name"] for row in api(user).get("customers").json()["items"]}


@pytest.fixture
def three(house):
    for name in ("jingli", "jingli2", "jingli3"):
        house.customer(getattr(house, name), name=name)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("own", {"jingli"}),
        ("department", {"jingli", "jingli2"}),
        ("below", {"jingli", "jingli2"}),
        ("all", {"jingli", "jingli2", "jingli3"}),
    ],
)
def test_each_scope_reaches_its_rows(scope, expected, three, house, api):
    only(house.jingli, ("customers", "view", scope))
    assert seen(api, house.jingli) == expected


def test_a_custom_scope_names_its_departments_and_keeps_the_own(three, house, api):
    only(house.jingli, ("customers", "view", "custom"), departments=[house.departments["大客户部"]])
    assert seen(api, house.jingli) == {"jingli", "jingli3"}


def test_a_department_scope_of_a_head_above_does_not_reach_below_but_below_does(three, house, api):
    only(house.gaoguan, ("customers", "view", "department"))
    assert seen(api, house.gaoguan) == set()
    only(house.gaoguan, ("customers", "view", "below"))
    assert seen(api, house.gaoguan) == {"jingli", "jingli2", "jingli3"}


def test_several_roles_add_up(three, house, api):
    first = only(house.jingli, ("customers", "view", "own"))
    second = only(house.jingli, ("customers", "view", "custom"), departments=[house.departments["大客户部"]])
    house.jingli.roles.set([first, second])
    assert seen(api, house.jingli) == {"jingli", "jingli3"}
    first.users.clear()
    assert seen(api, house.jingli) == {"jingli", "jingli3"}


def test_a_change_of_a_role_counts_from_the_next_request(three, house, as_):
    pages, role = as_(house.jingli), only(house.jingli, ("customers", "view", "own"))
    assert pages.get("/customers/").status_code == 200
    Grant.objects.filter(role=role).delete()
    assert pages.get("/customers/").status_code == 403


def test_admin_sets_the_grants_of_a_role_and_it_is_told(house, as_, unchanged):
    role = Role.objects.get(code="employee")
    pages = as_(house.admin)
    sent = {
        "customers.view": "own",
        "customers.update": "department",
        "nonsense.view": "all",
        "contacts.view": "everything",
    }
    assert pages.post(f"/roles/{role.pk}/grants/", sent).status_code == 302
    assert set(role.grants.values_list("resource", "action", "scope")) == {
        ("customers", "view", "own"),
        ("customers", "update", "department"),
    }
    assert Event.of(role).first().verb == "set_grants"
    assert Event.of(role).first().actor == house.admin


def test_a_role_in_use_stays_and_its_code_stands_once(house, api, unchanged):
    program, role = api(house.admin), Role.objects.get(code="account_manager")
    with unchanged():
        assert program.delete(f"roles/{role.pk}").json()["code"] == "in_use"
        assert program.post("roles", name="另一个", code="account_manager").status_code == 422
    free = program.post("roles", name="新角色", code="new_one").json()["id"]
    assert program.delete(f"roles/{free}").status_code == 204
