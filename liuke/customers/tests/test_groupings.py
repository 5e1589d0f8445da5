"""How customers are sorted: statuses, categories, credit, blacklist, scenes of the list; and who hears of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from liuke.core import clock
from liuke.core.listing import Listing
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.customers.models import CreditAssessment, Customer, CustomerCategory, CustomerStatus


def told(person):
    return {(notice.kind, notice.params["record"]) for notice in Notice.objects.filter(user=person)}


def tree(house):
    """use > port > crane; and one beside it"""
    use = CustomerCategory(name="应用").create(by=house.admin)
    port = CustomerCategory(name="港口", parent=use).create(by=house.admin)
    crane = CustomerCategory(name="起重机", parent=port).create(by=house.admin)
    return use, port, crane, CustomerCategory(name="样板").create(by=house.admin)


def sorted_into(house, name, *categories):
    customer = house.customer(house.jingli, name=name)
    customer.update({}, by=house.jingli, many={"categories": categories})
    return customer


def test_a_category_finds_what_lies_in_it_and_below(house, api):
    use, port, crane, model = tree(house)
    one, two = sorted_into(house, "吊机厂", crane, model), sorted_into(house, "码头", port)
    sorted_into(house, "没有分类")
    ids = lambda of: {row["id"] for row in api(house.jingli).get(f"customers?categories={of.pk}").json()["items"]}  # noqa: E731
    assert [ids(one) for one in (use, port, crane, model)] == [
        {one.pk, two.pk}, {one.pk, two.pk}, {one.pk}, {one.pk},
    ]  # fmt: skip
    assert api(house.jingli).get(f"customers/{one.pk}").json()["categories"] == [crane.pk, model.pk]
    port.update({"parent": None}, by=house.admin)
    assert ids(use) == set()


def test_categories_do_not_lie_in_themselves_nor_too_deep(house):
    use, port, crane, _model = tree(house)
    for category, parent in ((use, crane), (port, port)):
        with pytest.raises(ValidationError, match="分类"):
            category.update({"parent": parent}, by=house.admin)
    use, deep = (CustomerCategory.objects.get(pk=one.pk) for one in (use, crane))
    for level in (4, 5):
        deep = CustomerCategory(name=f"第{level}级", parent=deep).create(by=house.admin)
    with pytest.raises(ValidationError):
        CustomerCategory(name="第6级", parent=deep).create(by=house.admin)
    wider = CustomerCategory(name="更宽").create(by=house.admin)
    with pytest.raises(ValidationError):
        use.update({"parent": wider}, by=house.admin)


def test_what_is_in_use_is_not_deleted(house):
    _use, port, crane, _model = tree(house)
    sorted_into(house, "吊机厂", crane)
    status = CustomerStatus.objects.first()
    house.customer(house.jingli, name="有状态", follow_status=status)
    for record in (port, crane, status):
        with pytest.raises(Refused) as refused:
            record.delete(by=house.admin)
        assert refused.value.code == "in_use"


def test_a_status_is_changed_with_one_press_and_told_in_the_history(house, as_, unchanged):
    customer, status = house.customer(house.jingli), CustomerStatus.objects.get(name="合作中")
    url = f"/customers/{customer.pk}/set_follow_status/"
    with unchanged():
        assert as_(house.jingli3).post(url, {"follow_status": status.pk}).status_code == 403
    answer = as_(house.jingli).post(url, {"follow_status": status.pk})
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert Customer.objects.get().follow_status == status
    assert Event.of(customer).first().changes == {"follow_status": [None, "合作中"]}


def test_an_assessment_sets_the_credit_and_stays(house, api, unchanged):
    customer = house.customer(house.jingli, credit=2)
    made, program = house.assessment(customer, score=5), api(house.jingli)
    assert Customer.objects.get().credit == 5
    assert Event.of(customer).first().changes == {"credit": [2, 5]}
    with unchanged():
        for act in (lambda: made.update({"score": 1}, by=house.jingli), lambda: made.delete(by=house.jingli)):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "append_only"
        assert program.patch(f"credit-assessments/{made.pk}", score=1).status_code == 403
    house.assessment(customer, score=3)
    assert Customer.objects.get().credit == 3
    assert CreditAssessment.objects.count() == 2


@pytest.mark.parametrize("score", [0, 6, -1, "x"])
def test_a_score_is_one_to_five(score, house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.jingli)
    with unchanged():
        answer = program.post("credit-assessments", customer=customer.pk, score=score, basis="乱填")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["score"])


def test_a_blacklisted_customer_is_marked_wherever_its_name_stands(house, as_):
    customer = house.customer(house.jingli, name="坏账公司", type=house.item("客户类型", "blacklist"))
    contact, client = house.contact(customer), as_(house.jingli)
    house.interaction(customer)
    for path in (
        "/customers/",
        f"/customers/{customer.pk}/",
        "/contacts/",
        f"/contacts/{contact.pk}/",
        "/interactions/",
    ):
        assert '<span class="bdg red">黑名单</span>' in client.get(path).content.decode(), path
    Customer.objects.update(type=None)
    for path in ("/customers/", f"/customers/{customer.pk}/", "/contacts/", f"/contacts/{contact.pk}/"):
        assert '<span class="bdg red">黑名单</span>' not in client.get(path).content.decode(), path


def test_the_scenes_of_the_list_go_by_the_calendar_of_the_company(house):
    wednesday = date(2026, 11, 18)
    made = {}
    for name, ago in (("今天", 0), ("周一", 2), ("上周日", 3), ("月初", 17), ("上月底", 18), ("旧的", 60)):
        with clock.at(timezone.make_aware(datetime.combine(wednesday - timedelta(days=ago), time(0, 30)))):
            made[name] = house.customer(house.jingli, name=name)
    with clock.at(timezone.make_aware(datetime.combine(wednesday, time(9)))):
        made["旧的"].update({"address": "新地址"}, by=house.jingli)
        ask = lambda scene, **more: [  # noqa: E731
            one.name for one in Listing(resource("customers"), house.jingli, {"scene": scene, **more}).ordered
        ]
        assert ask("today") == ["今天"]
        assert ask("week") == ["周一", "今天"]
        assert ask("month") == ["月初", "上周日", "周一", "今天"]
        assert ask("recent") == ["旧的", "今天", "周一", "上周日", "月初", "上月底"]
        assert ask("recent", ordering="created_at")[0] == "旧的"
        assert ask("recent", ordering="-created_at")[0] == "今天"


def test_the_owner_hears_of_what_others_change(house):
    customer = house.customer(house.jingli)
    customer.update({"name": "改了名"}, by=house.zhuguan)
    assert ("customer.changed", "改了名") in told(house.jingli)
    assert Notice.objects.get(user=house.jingli).params["what"] == "客户名称"
    Notice.objects.all().delete()
    customer.update({"name": "自己改的"}, by=house.jingli)
    customer.update({"zip": "315000"}, by=house.zhuguan)
    assert not Notice.objects.exists()


def test_a_change_of_owner_is_told_to_both(house):
    customer = house.customer(house.jingli)
    customer.update({"owner": house.jingli2, "name": "换了人"}, by=house.zhuguan)
    assert told(house.jingli) == {("customer.taken", "换了人")}
    assert told(house.jingli2) == {("customer.given", "换了人")}
