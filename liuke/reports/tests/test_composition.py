"""Customer composition (RPT-02): figures told by hand, equal to the lists for every role, kept up by every writer."""

from __future__ import annotations

from random import Random

import pytest

from liuke.accounts.models import Grant
from liuke.customers.models import Customer
from liuke.reports import tally
from liuke.reports.models import CustomerTally

from .proof import lines, listed, texts

HOME = "/reports/composition/"


@pytest.fixture
def market(house):
    """Five customers: two of jingli, one each of jingli2 and jingli3, one in the pool; and one that was deleted."""
    level = {value: house.item("客户等级", value) for value in ("0", "1", "2")}
    house.customer(house.jingli, name="甲", level=level["1"], credit=5)
    house.customer(house.jingli, name="乙", level=level["2"], credit=3)
    house.customer(house.jingli2, name="丙", level=level["1"])
    house.customer(house.jingli3, name="丁", level=level["1"], credit=5)
    house.customer(house.jingli2, name="戊", level=level["2"]).release(by=house.jingli2)
    house.customer(house.jingli, name="己", level=level["1"]).delete(by=house.jingli)
    return house


def test_each_level_with_number_and_share(market, as_):
    assert texts(as_(market.zhuguan), HOME) == [
        ["普通客户", "0", "0.0%"],
        ["重点开发客户", "3", "60.0%"],
        ["大客户", "2", "40.0%"],
        ["合作伙伴", "0", "0.0%"],
        ["战略合作伙伴", "0", "0.0%"],
        ["合计", "5", "100.0%"],
    ]


def test_stars_are_told_with_their_words_and_what_is_not_filled_in(market, as_):
    found = texts(as_(market.gaoguan), f"{HOME}?by=credit")
    assert [(line[0][:1], line[1]) for line in found] == [
        ("1", "0"), ("2", "0"), ("3", "1"), ("4", "0"), ("5", "2"), ("未", "2"), ("合", "5"),
    ]  # fmt: skip


def test_a_department_head_is_told_of_his_department_alone(market, as_):
    assert texts(as_(market.bumen), HOME)[-1][:2] == ["合计", "1"]


def test_lost_customers_are_counted_and_stand_in_the_list_behind_it(market, as_):
    market.alert(Customer.objects.get(name="甲"), "上门拜访", reason="停产")
    client = as_(market.zhuguan)
    for query, whole in (("", 5), ("?status=normal", 4), ("?status=churned", 1)):
        total = lines(client, f"{HOME}{query}")[-1][1]
        assert (int(total[1]), listed(client, total[0])) == (whole, whole)


def test_a_role_that_sees_its_own_customers_only_is_told_of_these(market, as_):
    Grant.objects.filter(role__code="sales_supervisor", resource="customers", action="view").update(scope="own")
    market.customer(market.zhuguan, name="自己的", level=market.item("客户等级", "2"))
    found = texts(as_(market.again("zhuguan")), HOME)
    assert [line[1] for line in found] == ["0", "0", "1", "0", "0", "1"]


def test_the_api_tells_the_same(market, api):
    told = api(market.zhuguan).get("reports/composition?by=level").json()
    assert [(one["value"], one["text"], one["count"], one["share"]) for one in told["items"][:3]] == [
        ("0", "普通客户", 0, "0.0"), ("1", "重点开发客户", 3, "60.0"), ("2", "大客户", 2, "40.0"),
    ]  # fmt: skip
    assert (told["total"]["count"], told["count"]) == (5, 5)
    found = api(market.zhuguan).get(f"reports/composition?by=credit&owner={market.jingli.pk}").json()
    assert {one["value"]: one["count"] for one in found["items"] if one["count"]} == {"3": 1, "5": 1}


@pytest.mark.parametrize("query", ["by=nonsense", "owner=abc", "status=gone", "nonsense=1", "limit=5"])
def test_what_makes_no_sense_is_422_in_the_api_and_told_on_the_page(query, market, api, as_):
    answer = api(market.zhuguan).get(f"reports/composition?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [query.split("=")[0]])
    page = as_(market.zhuguan).get(f"{HOME}?{query}")
    assert page.status_code == 200
    assert "lk-note amber" in page.content.decode()


# the tally


def counted() -> list:
    return sorted(CustomerTally.objects.exclude(n=0).values_list("by", "value", "owner", "status", "n"))


def counted_anew() -> list:
    """By plain Python, from the customers themselves."""
    found: dict = {}
    for one in Customer.objects.filter(deleted_at=None):
        for by, value in (("level", one.level_id), ("credit", one.credit), ("satisfaction", one.satisfaction)):
            key = by, value or 0, one.owner_id or 0, one.status
            found[key] = found.get(key, 0) + 1
    return sorted((*key, n) for key, n in found.items())


def test_the_tally_follows_every_way_a_customer_changes(market):
    """Random verbs, one after the other; after each the tally is what counting finds."""
    dice, admin = Random(5), market.admin
    people = [market.jingli, market.jingli2, market.jingli3]
    for turn in range(60):
        act = dice.choice(("create", "update", "update", "transfer", "delete", "restore", "purge", "churn", "phone"))
        alive = list(Customer.objects.filter(deleted_at=None, status="normal").order_by("pk"))
        gone = list(Customer.objects.exclude(deleted_at=None).order_by("pk"))
        if act == "create":
            market.customer(dice.choice(people), name=f"新{turn}", satisfaction=dice.choice((None, 1, 4)))
        elif act in ("restore", "purge") and gone:
            getattr(dice.choice(gone), act)(by=admin)
        elif alive and (one := dice.choice(alive)):
            if act == "update":
                values = {"level": dice.choice((None, market.item("客户等级", "4"))), "credit": dice.choice((None, 2))}
                one.update(values, by=admin)
            elif act == "phone":
                one.update({"phone": f"0574-2769{turn:04d}"}, by=admin)
            elif act == "transfer" and one.owner:
                one.transfer(dice.choice([p for p in people if p != one.owner]), reason="", by=admin)
            elif act == "delete":
                one.delete(by=admin)
            elif act == "churn":
                one.churn("停产", by=admin)
        assert counted() == counted_anew(), (turn, act)


def test_many_rows_written_at_once_are_counted(house):
    from liuke.core.many.trusted import enter_made

    given = {"level": house.item("客户等级", "1"), "created_by": house.jingli}
    enter_made([Customer(name=f"批量{n}", owner=house.jingli, pool_from=None, **given) for n in range(30)])
    assert counted() == counted_anew()
    assert CustomerTally.objects.get(by="level", owner=house.jingli.pk, n__gt=0).n == 30


def test_a_writer_that_fails_leaves_the_tally_as_it_was(market):
    from django.db import transaction

    before = counted()
    with pytest.raises(RuntimeError), transaction.atomic():
        Customer.objects.get(name="甲").delete(by=market.jingli)
        raise RuntimeError
    assert counted() == before


def test_it_can_be_counted_anew(market):
    right = counted()
    CustomerTally.objects.update(n=7)
    assert tally.rebuild() == 5
    assert counted() == right == counted_anew()
