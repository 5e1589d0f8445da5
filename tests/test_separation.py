"""三员: three administrators of whom nobody holds two duties, where the house says so."""

from __future__ import annotations

import pytest

from liuke.accounts.models import Role, User
from liuke.accounts.role_templates import TEMPLATES, make
from liuke.accounts.separation import Duty, duties_of
from liuke.base.models import SettingsChange
from liuke.core import options
from liuke.core.refusals import Refused


@pytest.fixture
def three(house):
    return {one.duty: make(one, house.admin) for one in TEMPLATES}


@pytest.fixture
def separated(three, house):
    SettingsChange().apply({"separated_duties": True}, by=house.admin)
    return three


def given(house, person, *roles):
    person.update({}, by=house.admin, many={"roles": list(roles)})


def roles_of(person):
    return set(User.objects.get(pk=person.pk).roles.all())


def test_each_template_is_one_duty_and_offers_nothing_that_does_not_exist(three):
    assert {duty: duties_of([role]) for duty, role in three.items()} == {duty: {duty} for duty in Duty}
    for one in TEMPLATES:
        granted = {(grant.resource, grant.action) for grant in three[one.duty].grants.all()}
        assert granted == {(name, act) for name, acts in one.grants.items() for act in acts}
        assert three[one.duty].second_factor


def test_a_role_is_made_of_a_template_once_and_by_whoever_may_make_roles(house, as_):
    assert as_(house.zhuguan).post("/roles/templates/three-audit/").status_code == 403
    assert not Role.objects.filter(code="three-audit").exists()
    for _n in range(2):
        as_(house.admin).post("/roles/templates/three-audit/")
    assert Role.objects.filter(code="three-audit").count() == 1


def test_nobody_is_given_two_of_the_three_by_any_door(separated, house, as_, api):
    first, second = separated[Duty.SECURITY], separated[Duty.AUDIT]
    given(house, house.jingli, first)
    answer = api(house.admin).patch(f"users/{house.jingli.pk}", roles=[first.pk, second.pk])
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["roles"])
    sent = {"username": "jingli", "name": "陈静", "roles": [first.pk, second.pk]}
    answer = as_(house.admin).post(f"/users/{house.jingli.pk}/edit/", sent)
    assert answer.status_code == 422
    assert "安全管理、审计" in answer.content.decode()
    assert roles_of(house.jingli) == {first}


def test_without_the_separation_anybody_may_have_all_three(three, house):
    given(house, house.jingli, *three.values())
    assert roles_of(house.jingli) == set(three.values())


def test_a_role_is_not_widened_to_a_second_duty(separated, house):
    auditor = separated[Duty.AUDIT]
    before = {(one.resource, one.action): one.scope for one in auditor.grants.all()}
    with pytest.raises(Refused):
        auditor.set_grants(before | {("roles", "update"): "all"}, by=house.admin)
    system = separated[Duty.SYSTEM]
    with pytest.raises(Refused):
        system.set_field_rules({}, by=house.admin)  # then it gives roles
    again = Role.objects.get(pk=auditor.pk)
    assert {(one.resource, one.action): one.scope for one in again.grants.all()} == before
    assert system.field_rules.count() == 1


def test_a_harmless_role_is_not_widened_where_somebody_holds_a_duty_already(separated, house):
    given(house, house.jingli, separated[Duty.AUDIT], Role.objects.get(code="employee"))
    with pytest.raises(Refused, match="陈静"):
        Role.objects.get(code="employee").set_grants({("backups", "restore"): "all"}, by=house.admin)


def test_who_holds_several_when_it_is_switched_on_is_named_and_may_give_them_up(three, house):
    option = next(one for one in options.declared() if one.key == "separated_duties")
    assert "何建平 (admin)" in option.asks(False, True)
    assert option.asks(True, False) == ""
    SettingsChange().apply({"separated_duties": True}, by=house.admin)
    given(house, house.admin, *house.admin.roles.all())  # nothing new: it stays as it is
    given(house, house.admin, Role.objects.get(code="employee"))
    assert duties_of(roles_of(house.admin)) == set()


def test_the_system_administrator_of_the_three_enters_people_without_roles(separated, house, api):
    given(house, house.jingli, separated[Duty.SYSTEM])
    person = house.again("jingli")
    made = api(person).post("users", username="xinren", name="新人")
    assert made.status_code == 201
    answer = api(person).patch(f"users/{made.json()['id']}", roles=[separated[Duty.AUDIT].pk])
    assert answer.status_code in (403, 422)
    assert roles_of(User.objects.get(username="xinren")) == set()
    assert api(person).get("audit").status_code == 404
