"""Interactions: what is asked for, what the quick entry fills in, who is told, and what the customer knows of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liuke.core import clock
from liuke.core.models import Notice
from liuke.core.refusals import Refused
from liuke.customers.models import Customer, Interaction
from liuke.customers.models.interactions import next_contact


def entry(customer, **values):
    return {"customer": customer.pk, "quick": "1", "kind": "拜访", "detail": "看了现场，\n下周给方案", **values}


def test_a_quick_entry_fills_in_day_place_and_summary(house, as_):
    customer = house.customer(house.jingli)
    answer = as_(house.jingli).post("/interactions/new/", entry(customer, detail="好" * 70))
    assert answer["Location"] == f"/customers/{customer.pk}/?tab=timeline"
    made = Interaction.objects.get()
    assert (made.date, made.place, made.summary) == (clock.today(), "客户现场", "好" * 50)
    assert (made.detail, made.kind.value, made.created_by) == ("好" * 70, "拜访", house.jingli)


def test_a_quick_entry_sent_twice_is_written_once(house, as_):
    customer, client = house.customer(house.jingli), as_(house.jingli)
    assert client.post("/interactions/new/", entry(customer, once="k" * 22)).status_code == 302
    assert client.post("/interactions/new/", entry(customer, once="k" * 22)).status_code == 409
    assert Interaction.objects.count() == 1


def test_the_quick_entry_is_no_way_around_the_range(house, as_, unchanged):
    customer = house.customer(house.jingli3)
    client = as_(house.jingli)
    with unchanged():
        assert client.post("/interactions/new/", entry(customer)).status_code == 422
        assert as_(house.shichang).post("/interactions/new/", entry(customer)).status_code == 403


def test_an_empty_quick_entry_keeps_what_was_typed_and_asks_for_the_text(house, as_, unchanged):
    customer, client = house.customer(house.jingli), as_(house.jingli)
    with unchanged():
        answer = client.post("/interactions/new/", entry(customer, detail="  ", next_contact_on="2027-01-04"))
    assert answer.status_code == 422
    assert "2027-01-04" in answer.content.decode()


@pytest.mark.parametrize("name", ["date", "place", "summary", "detail"])
def test_a_required_field_is_never_emptied(name, house, api, unchanged):
    made = house.interaction(house.customer(house.jingli))
    program = api(house.jingli)
    with unchanged():
        assert list(program.patch(f"interactions/{made.pk}", {name: ""}).json()["errors"]) == [name]


def test_tomorrow_has_not_happened_yet(house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.jingli)
    given = {"customer": customer.pk, "place": "电话", "summary": "谈", "detail": "谈"}
    with unchanged():
        told = program.post("interactions", given | {"date": str(clock.today() + timedelta(days=1))})
    assert list(told.json()["errors"]) == ["date"]


def test_the_next_contact_comes_after_this_one(house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.jingli)
    given = {"customer": customer.pk, "place": "电话", "summary": "谈", "detail": "谈", "next_contact_on": "2020-01-01"}
    with unchanged():
        assert list(program.post("interactions", given).json()["errors"]) == ["next_contact_on"]


def test_the_contact_is_one_of_this_customer(house, api, unchanged):
    mine, other = house.customer(house.jingli), house.customer(house.jingli, name="别家")
    contact, program = house.contact(other), api(house.jingli)
    given = {"customer": mine.pk, "place": "电话", "summary": "谈", "detail": "谈", "contact": contact.pk}
    with unchanged():
        assert list(program.post("interactions", given).json()["errors"]) == ["contact"]


def test_the_customer_knows_when_it_was_spoken_with_last(house):
    customer = house.customer(house.jingli)
    assert customer.last_follow_at is None
    old = house.interaction(customer, date=clock.today() - timedelta(days=9))
    assert timezone.localdate(Customer.objects.get().last_follow_at) == old.date
    new = house.interaction(customer)
    assert Customer.objects.get().last_follow_at == new.created_at
    new.delete(by=house.jingli)
    assert timezone.localdate(Customer.objects.get().last_follow_at) == old.date
    old.update({"date": clock.today() - timedelta(days=3)}, by=house.jingli)
    assert timezone.localdate(Customer.objects.get().last_follow_at) == old.date
    new.restore(by=house.jingli)
    assert Customer.objects.get().last_follow_at == new.created_at


def test_a_promise_is_kept_by_the_next_interaction_after_its_day(house):
    customer, today = house.customer(house.jingli), clock.today()
    promised = house.interaction(
        customer, date=today - timedelta(days=9), next_contact_on=today - timedelta(days=2), summary="约了"
    )
    assert next_contact(Customer.objects.get()) == promised
    house.interaction(customer, date=today - timedelta(days=5))
    assert next_contact(Customer.objects.get()) == promised
    house.interaction(customer, date=today - timedelta(days=1))
    assert next_contact(Customer.objects.get()) is None


def test_only_the_author_deletes_even_when_the_customer_has_moved_on(house, api, unchanged):
    customer = house.customer(house.jingli)
    made = house.interaction(customer)
    customer.update({"owner": house.jingli2}, by=house.zhuguan)
    new_owner = api(house.jingli2)
    with unchanged():
        assert new_owner.delete(f"interactions/{made.pk}").status_code == 403
    assert api(house.jingli).delete(f"interactions/{made.pk}").status_code == 204


def test_nothing_is_written_to_a_churned_customer(house, unchanged):
    customer = house.customer(house.jingli)
    made = house.interaction(customer)
    Customer.objects.update(status="churned")
    with unchanged():
        for act in (
            lambda: house.interaction(Customer.objects.get()),
            lambda: made.update({"notes": "晚了"}, by=house.jingli),
            lambda: made.delete(by=house.jingli),
        ):
            with pytest.raises(Refused):
                act()


def test_a_colleague_called_by_name_is_told_once(house):
    customer = house.customer(house.jingli)
    made = house.interaction(customer, detail="@林国栋请批一下账期，@林国栋 @陈静 抄送@没有这人")
    told = Notice.objects.get(kind="customer.mentioned")  # not jingli, who wrote it herself
    assert (told.user, told.url) == (house.zhuguan, f"/customers/{customer.pk}/?tab=timeline")
    made.update({"detail": made.detail + "\n@周明远看一下"}, by=house.jingli)
    people = Notice.objects.filter(kind="customer.mentioned").values_list("user__username", flat=True)
    assert sorted(people) == ["jingli2", "zhuguan"]


def test_who_may_not_see_customers_is_not_told_of_them(house):
    house.zhuguan.roles.clear()
    house.jingli2.disable(by=house.admin)
    house.interaction(house.customer(house.jingli), detail="@林国栋 @周明远 看看")
    assert not Notice.objects.filter(kind="customer.mentioned").exists()


def test_markup_in_a_text_stays_text(house, as_):
    customer = house.customer(house.jingli)
    house.interaction(customer, detail='<img src=x onerror=alert(1)> {{7*7}} <b hx-get="/x">', summary="<i>摘要</i>")
    for path in (
        f"/customers/{customer.pk}/timeline/",
        f"/customers/{customer.pk}/?tab=interactions",
        "/interactions/",
    ):
        page = as_(house.zhuguan).get(path).content.decode()
        assert "<img src=x" not in page
        assert "<i>摘要" not in page
        assert '<b hx-get="/x"' not in page
