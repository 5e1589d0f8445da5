"""A customer and its first opportunity in one save (CUST-02): both, or neither."""

from __future__ import annotations

import pytest

from liuke.core.models import OneTimeKey
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity

BESIDE = {"with-opportunities": "1", "opportunities-success_rate": "40", "opportunities-summary": "两台流量计",
          "opportunities-description": "春季招标", "opportunities-amount": "120000"}  # fmt: skip


@pytest.fixture
def sent(house):
    return {
        "name": "象山船厂", "kind": "organization", "owner": house.jingli.pk, "region": "浙江", "level": "1",
        "phone": "0574-27690000", "address": "船厂路 1 号", "once": "abc", **BESIDE,
    }  # fmt: skip


def save(as_, house, sent):
    return as_(house.jingli).post("/customers/new/", sent)


def test_both_are_made_and_the_opportunity_has_name_and_region_from_the_customer(house, as_, sent):
    assert save(as_, house, sent).status_code == 302
    customer, made = Customer.objects.get(), Opportunity.objects.get()
    assert (made.customer, made.customer_name, made.region) == (customer, "象山船厂", customer.region)
    assert (made.summary, made.amount, made.creator, made.status) == ("两台流量计", 120000, house.jingli, "unassigned")
    assert made.stage is not None


def test_sent_twice_both_are_made_once(house, as_, sent, unchanged):
    save(as_, house, sent)
    with unchanged():
        assert save(as_, house, sent).status_code == 409


def test_without_the_box_only_the_customer_is_made_whatever_stands_below_it(house, as_, sent):
    del sent["with-opportunities"]
    assert save(as_, house, sent | {"opportunities-success_rate": "400"}).status_code == 302
    assert Customer.objects.count() == 1
    assert not Opportunity.objects.exists()


def test_an_error_in_the_opportunity_keeps_everything_typed_and_makes_nothing(house, as_, sent, unchanged):
    with unchanged():
        answer = save(as_, house, sent | {"opportunities-success_rate": "101"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert all(
        word in text for word in ("象山船厂", "船厂路 1 号", "两台流量计", "春季招标", 'value="101"', 'value="abc"')
    )
    assert 'id="id_opportunities-success_rate_error"' in text
    assert not OneTimeKey.objects.exists()
    assert save(as_, house, sent).status_code == 302


def test_an_error_in_the_customer_keeps_the_opportunity_and_tells_what_is_wrong_in_both(house, as_, sent, unchanged):
    with unchanged():
        answer = save(as_, house, sent | {"name": " ", "opportunities-summary": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "春季招标" in text
    assert 'id="id_name_error"' in text
    assert 'id="id_opportunities-summary_error"' in text
    assert 'name="with-opportunities" value="1" id="with-opportunities" checked' in text


def test_it_may_go_with_a_customer_put_into_the_pool_at_once(house, as_, sent):
    assert save(as_, house, sent | {"owner": "pool"}).status_code == 302
    assert Customer.objects.get().owner is None
    assert Opportunity.objects.get().customer == Customer.objects.get()


def test_who_enters_no_opportunities_is_not_asked_and_makes_none(house, as_, sent):
    house.jingli.roles.get().grants.filter(resource="opportunities", action="create").delete()
    assert "with-opportunities" not in as_(house.jingli).get("/customers/new/").content.decode()
    assert save(as_, house, sent).status_code == 302
    assert Customer.objects.count() == 1
    assert not Opportunity.objects.exists()


def test_the_form_asks_for_no_name_again(house, as_):
    text = as_(house.jingli).get("/customers/new/").content.decode()
    assert 'name="opportunities-summary"' in text
    assert 'name="opportunities-customer_name"' not in text
    assert 'name="opportunities-customer"' not in text
