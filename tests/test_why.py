"""Who may do what to a record, and why: what is told is what the conditions say that decide (PERM-03, PERM-04)."""

from __future__ import annotations

import random

import pytest

from liuke.accounts.models import Role, User
from liuke.core import why
from liuke.core.models import AuditEntry
from liuke.core.register import resource
from tests.test_permissions import make_things

SOME = {
    "customers": ("c1", "c3", "cp", "ch", "cd"),
    "contacts": ("k1", "k3", "kd"), "opportunities": ("u1", "a1", "a3", "d1"),
    "plan-items": ("p1", "py"), "orders": ("o1", "o3", "od"), "service-requests": ("ga", "va", "e3"),
    "complaints": ("ts1", "ts3"), "tasks": ("xn", "xa"), "knowledge-articles": ("j3", "jr"), "roles": ("ru",),
}  # fmt: skip


def test_every_answer_is_that_of_the_doors(house):
    """Of 400 questions about random people, records and acts; a role that is named would do alone."""
    things, dice, told = make_things(house), random.Random(6), {True: 0, False: 0}
    people, roles = list(User.objects.filter(deleted_at=None)), list(Role.objects.filter(deleted_at=None))
    for person in people[:6]:
        person.roles.add(dice.choice(roles))
    for _n in range(400):
        name = dice.choice(list(SOME))
        of, record = resource(name), things[dice.choice(SOME[name])]
        record.refresh_from_db()
        person = User.objects.get(pk=dice.choice(people).pk)
        act = dice.choice([one for one in of.actions if one not in ("create", "import", "import_history", "purge")])
        answer = why.explain(of, record, person, act)
        may = person.is_active and of.rows(person, act).filter(pk=record.pk).exists()
        assert answer.allowed is may, (name, record.pk, person.username, act)
        assert (record.pk if may else None) == (record.pk if why.may_each(of, record, [person], act) else None)
        assert bool(answer.reasons) is may
        assert bool(answer.obstacles) is not may
        told[may] += 1
        for reason in answer.reasons:
            if reason.role in {role.name for role in roles}:
                alone = person.limited_to({one.pk for one in roles if one.name == reason.role})
                assert of.rows(alone, act).filter(pk=record.pk).exists(), (name, record.pk, person.username, act)
    assert min(told.values()) > 60


def test_the_reason_names_role_reach_and_what_lies_within(house):
    customer = house.customer(house.jingli)
    answer = why.explain(resource("customers"), customer, house.again("jingli"), "update")
    assert [(one.role, one.scope) for one in answer.reasons] == [("客户经理", "本人")]
    assert "客户经理: 陈静 (销售部)" in [word.replace("：", ": ") for word in answer.reasons[0].words]

    refused = why.explain(resource("customers"), customer, house.again("jingli3"), "update")
    assert refused.obstacles == ("角色“客户经理”的“编辑”范围是：本人，此记录不在其中",)
    stranger = why.explain(resource("customers"), customer, house.again("shichang"), "delete")
    assert stranger.obstacles == ("没有角色授予客户的“删除”权限；现有角色：市场人员",)


def test_a_disabled_user_may_nothing(house):
    customer = house.customer(house.jingli)
    User.objects.filter(pk=house.jingli.pk).update(status="disabled")
    assert not why.explain(resource("customers"), customer, house.again("jingli")).allowed


def test_the_page_is_for_those_who_give_permissions(house, as_):
    """The administrator sees no opportunity of others, and is told who does, but not what it is called."""
    opportunity = house.opportunity(house.jingli, house.jingli, customer_name="不该知道的名字")
    here = f"/access/opportunities/{opportunity.pk}/"
    assert as_(house.zhuguan).get(here).status_code == 403
    page = as_(house.admin).get(here).content.decode()
    assert opportunity.number in page
    assert "不该知道的名字" not in page
    assert page.count('class="lead"') == 3  # the assignee, the head of his department, the head of the company
    asked = as_(house.admin).get(f"{here}?user={house.jingli2.pk}").content.decode()
    assert "周明远" in asked
    assert "此记录不在其中" in asked


def test_who_is_refused_is_told_what_he_would_need(house, as_, api):
    customer = house.customer(house.jingli)
    page = as_(house.shichang).get(f"/customers/{customer.pk}/edit/")
    assert page.status_code == 403
    assert "没有角色授予客户的“编辑”权限；现有角色：市场人员" in page.content.decode()
    answer = api(house.jingli3).patch(f"customers/{customer.pk}", {"address": "别处"})
    assert (answer.status_code, answer.json()["needs"]) == (403, "customers.update")


# looking at the product as a role does


@pytest.fixture
def preview(house, as_):
    """The administrator, looking as an account manager does."""
    pages = as_(house.admin)
    assert pages.post(f"/roles/{Role.objects.get(code='account_manager').pk}/preview/").status_code == 302
    return pages


def test_a_preview_shows_what_the_role_sees_and_says_so(house, preview, as_):
    page = preview.get("/").content.decode()
    assert "您正在以角色“客户经理”的权限预览" in page
    assert "/users/" not in page
    assert preview.get("/opportunities/").status_code == 200
    assert preview.get("/settings/").status_code == 403
    assert as_(house.admin).get("/settings/").status_code == 200, "only he who looks, and only there"
    preview.post("/roles/preview/leave/")
    assert preview.get("/settings/").status_code == 200


def test_nothing_is_written_in_a_preview(house, preview, unchanged):
    customer = house.customer(house.jingli)
    role = Role.objects.get(code="sales_supervisor")
    with unchanged():
        for address, sent in (
            (f"/customers/{customer.pk}/edit/", {"name": "改了"}), ("/customers/new/", {"name": "新的"}),
            (f"/customers/{customer.pk}/delete/", {}), (f"/roles/{role.pk}/grants/", {}), ("/profile/tokens/new/", {}),
            (f"/roles/{role.pk}/preview/", {}), ("/preferences/theme/", {"theme": "dark"}), ("/notices/read/", {}),
        ):  # fmt: skip
            assert preview.post(address, sent).status_code == 409, address
        for address in ("/", f"/customers/{customer.pk}/", "/customers/"):
            assert preview.get(address).status_code == 200, address


def test_what_leaves_the_house_in_a_preview_is_in_the_audit_log(preview, house):
    before = AuditEntry.objects.filter(act="export", who=house.admin.pk).count()
    b"".join(preview.get("/customers/export.csv").streaming_content)
    assert AuditEntry.objects.filter(act="export", who=house.admin.pk).count() == before + 1


def test_a_preview_is_kept_in_the_history_of_the_role(house, preview, as_):
    role = Role.objects.get(code="account_manager")
    assert "预览了该角色" in as_(house.admin).get(f"/roles/{role.pk}/?tab=history").content.decode()


def test_a_role_is_previewed_by_those_alone_who_give_permissions(house, as_, unchanged):
    role = Role.objects.get(code="executive")
    with unchanged():
        assert as_(house.zhuguan).post(f"/roles/{role.pk}/preview/").status_code == 403
    pages = as_(house.zhuguan)
    session = pages.session
    session["preview_role"] = role.pk
    session.save()
    assert "预览" not in pages.get("/").content.decode()
