"""Out of the recycle bin: back as it was, or away for good with nothing left dangling (SYS-12, CUST-11, R47)."""

from __future__ import annotations

import pytest

from liuke.accounts.models import Role
from liuke.base.models import DictionaryItem
from liuke.core import menu
from liuke.core import urls as _urls  # noqa: F401  with its doors the menu is whole
from liuke.core.models import Event
from liuke.customers.models import Contact, Customer, Ownership
from liuke.documents.models import Attachment
from tests.house import Api


@pytest.fixture
def api(house):
    made = {person.pk: Api(person) for person in house.people.values()}
    return lambda person: made[person.pk]


@pytest.fixture
def binned(house):
    return house.customer(house.jingli, name="要删的").delete(by=house.jingli)


def test_the_page_shows_what_was_deleted_by_whom(house, binned, as_):
    house.customer(house.jingli3, name="别人的").delete(by=house.jingli3)
    page = as_(house.jingli).get("/recycle-bin/?kind=customers").content.decode()
    assert "要删的" in page
    assert house.jingli.name in page
    assert "别人的" not in page
    assert "purge/" not in page
    everything = as_(house.admin).get("/recycle-bin/?kind=customers").content.decode()
    assert "别人的" in everything
    assert f"/customers/{binned.pk}/purge/" in everything


def test_the_page_costs_the_same_for_one_and_for_many(house, binned, as_, django_assert_max_num_queries):
    pages = as_(house.admin)
    for n in range(15):
        house.customer(house.jingli, name=f"第{n}").delete(by=house.jingli)
    pages.get("/recycle-bin/")
    with django_assert_max_num_queries(12):
        assert pages.get("/recycle-bin/?kind=customers").status_code == 200


def test_only_an_administrator_deletes_for_good(house, binned, api, unchanged):
    with unchanged():
        for person in (house.jingli, house.zhuguan, house.gaoguan):
            assert api(person).post(f"customers/{binned.pk}/purge").status_code == 403
    assert api(house.admin).post(f"customers/{binned.pk}/purge").status_code == 204
    assert not Customer.objects.filter(pk=binned.pk).exists()
    assert not Ownership.objects.filter(customer=binned.pk).exists()
    assert api(house.admin).post(f"customers/{binned.pk}/purge").status_code == 404


def test_the_audit_trail_keeps_what_was_purged(house, binned, api):
    api(house.admin).post(f"customers/{binned.pk}/purge")
    event = Event.objects.get(verb="purge", object_id=binned.pk)
    assert (event.actor, event.object_text) == (house.admin, "要删的")
    assert event.changes["phone"] == ["0574-27690000", None]
    assert event.changes["owner"] == ["陈静", None]
    assert list(Event.of(binned).values_list("verb", flat=True)) == ["purge", "delete", "create"]


def test_what_is_alive_is_not_purged(house, api, unchanged):
    customer = house.customer(house.jingli)
    with unchanged():
        told = api(house.admin).post(f"customers/{customer.pk}/purge")
        assert (told.status_code, told.json()["code"]) == (409, "not_deleted")


def test_what_others_refer_to_stays_and_they_are_named(house, api, as_, unchanged):
    customer = house.customer(house.jingli, name="有人的")
    contact = house.contact(customer)
    customer.delete(by=house.jingli)
    with unchanged():
        told = api(house.admin).post(f"customers/{customer.pk}/purge")
        assert (told.status_code, told.json()["code"]) == (409, "referred")
        assert "1 条联系人" in told.json()["title"] + told.json().get("detail", "")
    page = as_(house.admin).post(f"/customers/{customer.pk}/purge/", {"confirm": customer.number})
    assert page.status_code == 409
    assert "1 条联系人" in page.content.decode()
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_record_with_files_stays(house, binned, api, unchanged):
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(binned)
    Attachment.objects.create(content_type=kind, object_id=binned.pk, name="合同.pdf", size=3, path="a/b")
    with unchanged():
        assert api(house.admin).post(f"customers/{binned.pk}/purge").json()["code"] == "referred"


def test_the_page_asks_for_the_number_before_it_deletes_for_good(house, binned, as_, unchanged):
    pages = as_(house.admin)
    with unchanged():
        assert pages.post(f"/customers/{binned.pk}/purge/", {"confirm": "KH1"}).status_code == 422
        assert binned.number in pages.get(f"/customers/{binned.pk}/purge/").content.decode()
    assert pages.post(f"/customers/{binned.pk}/purge/", {"confirm": binned.number}).status_code == 302
    assert not Customer.objects.filter(pk=binned.pk).exists()


def test_deleted_undone_deleted_by_another_and_restored(house, api):
    customer = house.customer(house.jingli)
    contact = house.contact(customer)
    path = f"customers/{customer.pk}"
    assert api(house.jingli).delete(path).status_code == 204
    assert api(house.jingli).post(f"{path}/restore").status_code == 200
    assert api(house.zhuguan).delete(path).status_code == 204
    assert api(house.jingli).get(f"contacts/{contact.pk}").status_code == 404
    assert api(house.jingli).post(f"{path}/restore").status_code == 200
    assert api(house.jingli).get(f"contacts/{contact.pk}").json()["customer"] == customer.pk
    verbs = Event.of(customer).order_by("id").values_list("verb", "actor__username")
    assert list(verbs) == [
        ("create", "jingli"), ("delete", "jingli"), ("restore", "jingli"), ("delete", "zhuguan"), ("restore", "jingli"),
    ]  # fmt: skip


def test_a_name_given_away_meanwhile_keeps_the_old_one_in_the_bin(house, api, as_, unchanged):
    admin = house.admin
    role = Role(name="旧", code="again").create(by=admin).delete(by=admin)
    item = DictionaryItem(category="地区", entry="西藏", value="西藏").create(by=admin).delete(by=admin)
    Role(name="新", code="again").create(by=admin)
    DictionaryItem(category="地区", entry="西藏", value="西藏").create(by=admin)
    pages = as_(admin)
    with unchanged():
        for path in (f"roles/{role.pk}", f"dictionary-items/{item.pk}"):
            assert api(admin).post(f"{path}/restore").status_code == 422
            assert pages.post(f"/{path}/restore/").status_code == 422
    assert api(admin).post(f"roles/{role.pk}/purge").status_code == 204
    assert Role.objects.filter(code="again").count() == 1


def test_added_values_go_with_the_record_and_stay_in_the_audit_trail(house, api):
    from liuke.base.models import CustomField
    from liuke.core import extras
    from liuke.core.register import resource

    field = CustomField(resource="customers", label="电压", kind="text").create(by=house.admin)
    customer = house.customer(house.jingli)
    path = next(iter(extras.by_path(resource("customers"))))
    assert api(house.jingli).patch(f"customers/{customer.pk}", {path: "380V"}).status_code == 200
    customer.delete(by=house.jingli)
    assert api(house.admin).post(f"customers/{customer.pk}/purge").status_code == 204
    assert Event.objects.get(verb="purge").changes[path] == ["380V", None]
    assert field.pk


# many at once


def together(pages, act, records, **more):
    chosen = ",".join(str(one.pk) for one in records)
    return pages.post(f"/customers/batch/{act}/", {"ids": chosen, "question": "status=deleted", **more})


@pytest.fixture
def three(house):
    """Two of jingli's in the bin, and one of jingli3's."""
    owners = (house.jingli, house.jingli, house.jingli3)
    return [house.customer(one, name=f"第{n}").delete(by=one) for n, one in enumerate(owners)]


def test_many_come_back_at_once_and_strangers_stay(house, three, as_):
    pages = as_(house.jingli)
    assert 'data-key="batch-restore"' in pages.get("/recycle-bin/?kind=customers").content.decode()
    answer = together(pages, "restore", three)
    assert answer.status_code == 200
    assert "成功 2 条，失败 1 条" in answer.content.decode()
    assert [one.deleted_at is None for one in Customer.objects.order_by("pk")] == [True, True, False]
    assert Event.objects.filter(verb="restore").count() == 2
    again = together(pages, "restore", three[:2])
    assert "失败 2 条" in again.content.decode()
    assert Event.objects.filter(verb="restore").count() == 2


def test_all_went_well_leads_back_to_the_bin(house, three, as_):
    answer = together(as_(house.jingli), "restore", three[:2])
    assert (answer.status_code, answer["Location"]) == (302, "/recycle-bin/?kind=customers")


def test_many_go_for_good_when_their_number_is_typed_and_what_is_referred_to_stays(house, three, as_, unchanged):
    alive = house.customer(house.jingli, name="还在的")
    held = house.customer(house.jingli, name="有人的")
    house.contact(held)
    held.delete(by=house.jingli)
    pages, chosen = as_(house.admin), [*three, alive, held]
    with unchanged():
        assert together(pages, "purge", chosen).status_code == 422
        assert together(pages, "purge", chosen, typed="3").status_code == 422
    text = together(pages, "purge", chosen, typed="5").content.decode()
    assert "成功 3 条，失败 2 条" in text
    assert "有人的" in text
    assert set(Customer.objects.values_list("name", flat=True)) == {"还在的", "有人的"}


def test_only_an_administrator_purges_many(house, three, as_, unchanged):
    pages = as_(house.jingli)
    assert 'data-key="batch-purge"' not in pages.get("/recycle-bin/?kind=customers").content.decode()
    with unchanged():
        assert together(pages, "purge", three, typed="3").status_code == 403


def test_the_whole_bin_of_a_kind_is_restored_and_nothing_beside_it(house, three, as_):
    house.customer(house.jingli2, name="第九").delete(by=house.jingli2)
    answer = as_(house.jingli).post("/customers/batch/restore/", {"all": "1", "question": "status=deleted"})
    assert answer.status_code == 302
    assert set(Customer.objects.alive().values_list("name", flat=True)) == {"第0", "第1"}


def test_staff_find_the_bin_beside_their_own_work_and_see_no_administration(house):
    def places(person):
        groups = menu.menu_of(person, "/")
        return [one.key for one in groups if any(item.url == "/recycle-bin/" for item in one.entries)]

    assert (places(house.jingli), places(house.kefu), places(house.admin)) == (["workspace"], ["workspace"], ["admin"])
    assert "admin" not in [one.key for one in menu.menu_of(house.jingli, "/")]
