"""What is told of customers that are there already: to who enters one, and to who asks across all owners."""

from __future__ import annotations

import pytest

from liuke.accounts.models import Grant, Role
from liuke.core import clock
from liuke.customers.models import Customer, NameCheck
from liuke.customers.models.checks import KEPT, LIMIT


def similar(client, **asked) -> str:
    return client.get("/customers/similar/", asked).content.decode()


def check(client, **asked):
    return client.post("/customers/check/", asked)


@pytest.fixture
def sun(house):
    return house.customer(house.jingli, name="北京太阳科技有限公司", phone="010-8765 4321")


@pytest.fixture
def narrow(house):
    """Account managers see nothing but their own customers."""
    Grant.objects.filter(role=Role.objects.get(code="account_manager"), resource="customers", action="view").update(
        scope="own"
    )
    return house


def test_the_key_follows_name_and_telephone_in_every_writer(sun, house):
    assert (sun.name_key, sun.phone_key) == ("北京太阳科技", "01087654321")
    sun.update({"name": "北京月亮有限公司", "phone": "13800138000"}, by=house.jingli)
    kept = Customer.objects.get(pk=sun.pk)
    assert (kept.name_key, kept.phone_key) == ("北京月亮", "13800138000")


def test_history_and_doors_say_nothing_of_keys(sun, house, api, as_):
    sun.update({"name": "北京月亮有限公司"}, by=house.jingli)
    assert "name_key" not in api(house.jingli).get(f"customers/{sun.pk}").json()
    assert api(house.jingli).get("customers?name_key=x").status_code == 422
    assert "name_key" not in as_(house.jingli).get(f"/customers/{sun.pk}/?tab=history").content.decode()


@pytest.mark.parametrize("typed", ["北京太阳科技股份公司", "北京太阳", "北京太阳科技有限公司上海分公司"])
def test_who_types_a_name_like_it_sees_the_one_that_is_there(typed, sun, house, as_):
    told = similar(as_(house.jingli2), name=typed)
    assert f'href="/customers/{sun.pk}/"' in told
    assert "陈静" in told


def test_the_same_telephone_is_told_whatever_the_name(sun, house, as_):
    assert sun.name in similar(as_(house.jingli2), name="完全不同", phone="(010)87654321")


def test_the_one_that_is_being_edited_and_deleted_ones_are_no_duplicates(sun, house, as_):
    assert similar(as_(house.jingli), name=sun.name, but=sun.pk).strip() == ""
    sun.delete(by=house.jingli)
    assert similar(as_(house.jingli), name=sun.name).strip() == ""


def test_who_does_not_see_it_learns_only_that_it_exists_and_whose_it_is(sun, narrow, as_):
    told = similar(as_(narrow.jingli2), name="北京太阳科技公司")
    assert "北京太阳科技公司" in told
    assert "陈静" in told
    assert f"/customers/{sun.pk}/" not in told
    assert sun.name not in told


def test_the_beginning_of_a_name_finds_nothing_of_strangers(sun, narrow, as_):
    assert similar(as_(narrow.jingli2), name="北京太阳").strip() == ""
    assert sun.name in similar(as_(narrow.jingli), name="北京太阳")


def test_people_of_one_name_are_told_only_with_the_same_telephone(house, as_):
    house.customer(house.jingli, name="王伟", kind="individual", phone="13800138000")
    client = as_(house.jingli)
    assert similar(client, name="王伟", kind="individual", phone="13900139000").count("<a href") == 0
    assert similar(client, name="王伟", kind="individual", phone="138 0013 8000").count("<a href") == 1


def test_nonsense_finds_nothing(sun, house, as_):
    client = as_(house.jingli)
    for typed in ("\x00", "%", "' OR 1=1 --", "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), ""):
        assert similar(client, name=typed, but="x").strip() == ""


def test_the_form_asks_while_name_and_telephone_are_typed(house, as_):
    page = as_(house.jingli).get("/customers/new/").content.decode()
    assert page.count('hx-get="/customers/similar/?but=0"') == 2
    assert 'id="id_name_hint"' in page


def test_a_warning_refuses_nothing(sun, house, api):
    sent = {
        "name": sun.name,
        "owner": house.jingli.pk,
        "region": "浙江",
        "level": "1",
        "address": "路",
        "phone": "1234567",
    }
    assert api(house.jingli).post("customers", **sent).status_code == 201


# the page


def test_a_check_tells_that_it_exists_and_whose_it_is_and_nothing_more(sun, narrow, as_):
    told = check(as_(narrow.jingli3), name="北京太阳科技公司")
    page = told.content.decode()
    assert told.status_code == 200
    assert "「北京太阳科技公司」已存在，客户经理是 陈静" in page
    for secret in (sun.name, sun.number, sun.phone, sun.address, f"/customers/{sun.pk}/"):
        assert secret not in page
    assert NameCheck.objects.get().found is True


def test_a_check_by_telephone_and_of_the_pool(sun, house, as_):
    sun.release(by=house.jingli)
    assert "已存在，在客户池中" in check(as_(house.jingli3), phone="010 87654321").content.decode()


def test_an_unknown_name_is_offered_to_be_entered(house, as_):
    page = check(as_(house.jingli), name="没有这家").content.decode()
    assert "没有客户「没有这家」" in page
    assert "/customers/new/?name=" in page


@pytest.mark.parametrize("sent", [{}, {"name": "（）"}, {"name": "北"}, {"phone": "123456"}])
def test_half_a_question_is_refused_and_not_counted(sent, house, as_):
    assert check(as_(house.jingli), **sent).status_code == 422
    assert not NameCheck.objects.exists()


def test_nobody_copies_a_list_name_by_name(house, as_):
    NameCheck.objects.bulk_create(NameCheck(user=house.jingli, asked="x", found=False) for _n in range(LIMIT))
    refused = check(as_(house.jingli), name="北京太阳")
    assert refused.status_code == 429
    assert "请稍后再试" in refused.content.decode()
    assert NameCheck.objects.count() == LIMIT
    assert check(as_(house.jingli2), name="北京太阳").status_code == 200
    with clock.at(clock.now() + KEPT / 180):
        assert check(as_(house.jingli), name="北京太阳").status_code == 200


def test_old_questions_are_forgotten_and_a_second_time_nothing_happens(house):
    NameCheck.objects.create(user=house.jingli, asked="x", found=False, at=clock.now() - KEPT * 1.1)
    NameCheck.objects.create(user=house.jingli, asked="y", found=False)
    assert [NameCheck.forget_old(), NameCheck.forget_old()] == [1, 0]
    assert NameCheck.objects.get().asked == "y"
