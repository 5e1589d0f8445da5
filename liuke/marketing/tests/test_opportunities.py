"""Opportunities, each act three ways: it works, the stranger is refused, and twice does no harm."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from liuke.core.models import Event, Notice
from liuke.core.refusals import Forbidden, Refused
from liuke.customers.models import Contact, Customer
from liuke.marketing.models import Opportunity, SalesStage

GIVEN = {
    "customer_name": "象山船厂",
    "success_rate": 60,
    "summary": "两台流量计",
    "description": "春季招标",
    "source": "展会",
}


# entering


def test_jingli_enters_one(house, as_, api):
    assert as_(house.jingli).post("/opportunities/new/", GIVEN).status_code == 302
    made = Opportunity.objects.get()
    assert (made.creator, made.status, made.assignee, made.assigned_at) == (house.jingli, "unassigned", None, None)
    assert made.number.startswith("JH")
    assert made.stage == SalesStage.first()
    told = api(house.jingli).post("opportunities", GIVEN)
    assert told.status_code == 201
    assert told.json()["creator__text"] == house.jingli.name


@pytest.mark.parametrize("missing", ["customer_name", "success_rate", "summary", "description"])
def test_required_fields_are_asked_for_by_page_and_api(missing, house, as_, api, unchanged):
    given = {name: value for name, value in GIVEN.items() if name != missing}
    program = api(house.jingli)
    with unchanged():
        told = program.post("opportunities", given)
        assert (told.status_code, list(told.json()["errors"])) == (422, [missing])
        assert as_(house.jingli).post("/opportunities/new/", given).status_code == 422


@pytest.mark.parametrize("rate", [101, -1, 50.5, "abc", "", None, True, 10**30])
def test_the_success_rate_is_a_whole_number_from_0_to_100(rate, house, as_, api, unchanged):
    program, pages = api(house.jingli), as_(house.jingli)
    with unchanged():
        told = program.post("opportunities", GIVEN | {"success_rate": rate})
        assert (told.status_code, list(told.json()["errors"])) == (422, ["success_rate"])
        assert (
            pages.post("/opportunities/new/", GIVEN | {"success_rate": "" if rate is None else rate}).status_code == 422
        )


@pytest.mark.parametrize("rate", [0, 100])
def test_the_bounds_of_the_success_rate_belong_to_it(rate, house, api):
    assert api(house.jingli).post("opportunities", GIVEN | {"success_rate": rate}).json()["success_rate"] == rate


def test_number_creator_status_and_time_cannot_be_sent(house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        for name, value in {
            "number": "JH1",
            "creator": house.zhuguan.pk,
            "status": "won",
            "created_at": "2020-01-01",
            "assignee": house.jingli.pk,
        }.items():
            told = program.post("opportunities", GIVEN | {name: value})
            assert (told.status_code, list(told.json()["errors"])) == (422, [name])


# changing


def test_unassigned_it_may_be_changed_and_a_page_sends_all_of_it(house, as_):
    made = house.opportunity(house.jingli)
    whole = GIVEN | {"success_rate": 75, "version": made.version}
    assert as_(house.zhuguan).post(f"/opportunities/{made.pk}/edit/", whole).status_code == 302
    made.refresh_from_db()
    assert (made.success_rate, made.creator, made.version) == (75, house.jingli, 2)


def test_a_save_that_changes_nothing_writes_nothing(house, api, unchanged):
    made, program = house.opportunity(house.jingli), api(house.jingli)
    with unchanged():
        assert program.patch(f"opportunities/{made.pk}", success_rate=made.success_rate).status_code == 200


def test_the_salesperson_changes_only_the_own(house, api, unchanged):
    other, program = house.opportunity(house.jingli), api(house.yewu)
    with unchanged():
        assert program.patch(f"opportunities/{other.pk}", success_rate=1).status_code == 403
    own = house.opportunity(house.yewu)
    assert program.patch(f"opportunities/{own.pk}", success_rate=1).status_code == 200


@pytest.mark.parametrize(
    "name", ["source", "customer_name", "success_rate", "summary", "contact_name", "contact_phone", "description"]
)
def test_assigned_the_seven_fields_are_frozen(name, house, api, as_, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    value = 1 if name == "success_rate" else "12345"
    with unchanged():
        told = program.patch(f"opportunities/{made.pk}", {name: value})
        assert (told.status_code, list(told.json()["errors"])) == (422, [name])
        assert as_(house.jingli).post(f"/opportunities/{made.pk}/edit/", {name: value}).status_code == 422
    assert program.patch(f"opportunities/{made.pk}", {name: getattr(made, name)}).status_code == 200


def test_what_is_frozen_is_kept_by_the_record_itself_whoever_writes(house, unchanged):
    made = house.opportunity(house.jingli, house.jingli)
    with unchanged(), pytest.raises(ValidationError) as told:
        made.update({"customer_name": "换了个名"}, by=house.jingli)
    assert list(told.value.message_dict) == ["customer_name"]


def test_assigned_the_other_fields_stay_open_until_it_is_closed(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    told = program.patch(
        f"opportunities/{made.pk}", subject="港机改造", amount="120000.50", expected_close="2027-03-01"
    )
    assert (told.status_code, told.json()["amount"]) == (200, "120000.50")
    made.lose("没有预算", by=house.jingli)
    with unchanged():
        assert program.patch(f"opportunities/{made.pk}", subject="又来").status_code == 409


# deleting


def test_only_its_creator_deletes_an_unassigned_one(house, api, as_, unchanged):
    made, program, pages = house.opportunity(house.jingli), api(house.zhuguan), as_(house.zhuguan)
    with unchanged():
        told = program.delete(f"opportunities/{made.pk}")
        assert (told.status_code, told.json()["code"]) == (403, "not_creator")
        assert told.json()["title"] in pages.post(f"/opportunities/{made.pk}/delete/").content.decode()
        with pytest.raises(Forbidden):
            made.delete(by=house.jingli2)
    assert "只有创建人可以删除该销售机会" in _chinese("Only the creator can delete this opportunity")
    mine = api(house.jingli)
    assert mine.delete(f"opportunities/{made.pk}").status_code == 204
    assert mine.get(f"opportunities/{made.pk}").json()["status"] == "deleted"
    with unchanged():
        assert mine.delete(f"opportunities/{made.pk}").status_code == 409
    assert mine.post(f"opportunities/{made.pk}/restore").json()["status"] == "unassigned"


def _chinese(english: str) -> str:
    from liuke.core.texts import CHINESE

    lines = CHINESE.read_text(encoding="utf-8").splitlines()
    return lines[lines.index(f'msgid "{english}"') + 1]


def test_an_assigned_one_is_deleted_by_nobody(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    with unchanged():
        assert program.delete(f"opportunities/{made.pk}").status_code == 409


# assigning and handing over


def test_zhuguan_assigns_and_from_then_on_only_assignee_and_superiors_see_it(house, api):
    made = house.opportunity(house.yewu)
    told = api(house.zhuguan).post(f"opportunities/{made.pk}/assign", assignee=house.jingli.pk)
    assert (told.status_code, told.json()["status"], told.json()["assignee"]) == (200, "assigned", house.jingli.pk)
    assert told.json()["assigned_at"]
    seen = {
        name
        for name in ("jingli", "zhuguan", "gaoguan", "jingli2", "jingli3", "bumen", "yewu", "shichang")
        if api(getattr(house, name)).get(f"opportunities/{made.pk}").status_code == 200
    }
    assert seen == {"jingli", "zhuguan", "gaoguan"}
    assert list(Notice.objects.values_list("user__username", "kind")) == [("jingli", "opportunity.assigned")]


def test_it_is_assigned_once_and_only_to_an_account_manager_at_work(house, api, unchanged):
    made, program = house.opportunity(house.jingli), api(house.zhuguan)
    house.jingli2.disable(by=house.admin)
    with unchanged():
        for wrong in (house.yewu.pk, house.jingli2.pk, 0, None, "x", [house.jingli.pk]):
            told = program.post(f"opportunities/{made.pk}/assign", assignee=wrong)
            assert (told.status_code, list(told.json()["errors"])) == (422, ["assignee"]), wrong
    assert program.post(f"opportunities/{made.pk}/assign", assignee=house.jingli.pk).status_code == 200
    with unchanged():
        again = program.post(f"opportunities/{made.pk}/assign", assignee=house.jingli3.pk)
        assert (again.status_code, again.json()["code"]) == (409, "is_assigned")


def test_the_department_head_assigns_within_the_department_only(house, api, unchanged):
    own, other, program = house.opportunity(house.jingli3), house.opportunity(house.jingli), api(house.bumen)
    with unchanged():
        assert program.post(f"opportunities/{other.pk}/assign", assignee=house.jingli3.pk).status_code == 403
        assert program.post(f"opportunities/{own.pk}/assign", assignee=house.jingli.pk).status_code == 422
    assert program.post(f"opportunities/{own.pk}/assign", assignee=house.jingli3.pk).status_code == 200


def test_reassigning_hands_it_over_with_a_reason(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.zhuguan)
    with unchanged():
        assert program.post(f"opportunities/{made.pk}/reassign", assignee=house.jingli2.pk).status_code == 422
        assert (
            program.post(f"opportunities/{made.pk}/reassign", assignee=house.jingli.pk, reason="x").status_code == 422
        )
    assert (
        program.post(f"opportunities/{made.pk}/reassign", assignee=house.jingli2.pk, reason="休假").status_code == 200
    )
    made.refresh_from_db()
    assert (made.status, made.assignee, Event.of(made).first().note) == ("assigned", house.jingli2, "休假")
    assert api(house.jingli).get(f"opportunities/{made.pk}").status_code == 404


# winning, losing, taking back


@pytest.mark.parametrize(
    ("phone", "place"), [("138 0013 8000", "mobile"), ("13800138000", "mobile"), ("0574-8765", "office_phone")]
)
def test_a_win_makes_customer_and_contact(phone, place, house, api):
    made = house.opportunity(house.jingli, house.jingli, contact_name="周工", contact_phone=phone)
    told = api(house.jingli).post(f"opportunities/{made.pk}/win")
    assert (told.status_code, told.json()["status"]) == (200, "won")
    customer = Customer.objects.get()
    assert (customer.name, customer.owner, customer.status, customer.incomplete) == (
        made.customer_name,
        house.jingli,
        "normal",
        True,
    )
    contact = customer.primary_contact
    assert (contact.name, getattr(contact, place), contact.incomplete) == ("周工", phone, True)
    assert {contact.mobile, contact.office_phone} == {phone, ""}


def test_without_a_contact_there_is_no_contact(house):
    made = house.opportunity(house.jingli, house.jingli)
    made.win(by=house.jingli)
    assert (Customer.objects.count(), Contact.objects.count()) == (1, 0)


def test_pressing_won_twice_makes_one_customer(house, as_, api, unchanged):
    made, pages = house.opportunity(house.jingli, house.jingli), as_(house.jingli)
    assert pages.post(f"/opportunities/{made.pk}/win/").status_code == 302
    with unchanged():
        assert pages.post(f"/opportunities/{made.pk}/win/").status_code == 409
        with pytest.raises(Refused) as refused:
            made.win("new", by=house.jingli)
        assert refused.value.code == "is_won"
    assert Customer.objects.count() == 1


def test_a_customer_of_the_same_name_is_asked_about(house, api, unchanged):
    known = house.customer(house.jingli2, name="象山船厂")
    made = house.opportunity(house.jingli, house.jingli, customer_name="象山船厂")
    program = api(house.jingli)
    with unchanged():
        told = program.post(f"opportunities/{made.pk}/win")
        assert (told.status_code, told.json()["code"]) == (409, "name_exists")
        assert [one["id"] for one in told.json()["candidates"]] == [known.pk]
        assert program.post(f"opportunities/{made.pk}/win", customer=987654).status_code == 422
    assert program.post(f"opportunities/{made.pk}/win", customer=known.pk).json()["customer"] == known.pk
    assert Customer.objects.count() == 1


def test_a_customer_of_the_same_name_is_asked_about_however_it_is_written(house, api, unchanged):
    known = house.customer(house.jingli2, name="象山船厂有限公司")
    house.customer(house.jingli2, name="象山船厂贸易")
    made = house.opportunity(house.jingli, house.jingli, customer_name="象山 船厂(有限责任公司)")
    program = api(house.jingli)
    with unchanged():
        told = program.post(f"opportunities/{made.pk}/win")
        assert (told.status_code, told.json()["code"]) == (409, "name_exists")
        assert [one["id"] for one in told.json()["candidates"]] == [known.pk]


def test_a_name_without_letters_is_the_same_as_none_but_itself(house):
    house.customer(house.jingli2, name="——")
    made = house.opportunity(house.jingli, house.jingli, customer_name="……")
    assert list(made.namesakes()) == []


def test_customers_of_similar_names_are_offered_and_hinder_nothing(house, as_, api):
    known = house.customer(house.jingli2, name="象山船厂贸易有限公司")
    house.customer(house.jingli2, name="象山水泥")
    made = house.opportunity(house.jingli, house.jingli, customer_name="象山船厂")
    text = as_(house.jingli).get(f"/opportunities/{made.pk}/win/").content.decode()
    assert f'id="customer-{known.pk}"' in text
    assert text.count('name="customer"') == 2
    assert as_(house.jingli).post(f"/opportunities/{made.pk}/win/", {"customer": ""}).status_code == 302
    assert Customer.objects.filter(name="象山船厂").count() == 1


def test_one_of_a_similar_name_can_be_linked_to(house, as_):
    known = house.customer(house.jingli2, name="象山船厂贸易有限公司")
    made = house.opportunity(house.jingli, house.jingli, customer_name="象山船厂")
    assert as_(house.jingli).post(f"/opportunities/{made.pk}/win/", {"customer": known.pk}).status_code == 302
    assert Opportunity.objects.get(pk=made.pk).customer == known
    assert Customer.objects.count() == 1


def test_or_a_new_one_is_made_on_purpose(house, api):
    known = house.customer(house.jingli2, name="象山船厂")
    made = house.opportunity(house.jingli, house.jingli, customer_name="象山船厂")
    told = api(house.jingli).post(f"opportunities/{made.pk}/win", customer="new").json()
    assert told["customer"] not in (None, known.pk)
    assert Customer.objects.filter(name="象山船厂").count() == 2


def test_an_opportunity_that_names_its_customer_links_to_it(house, api):
    known = house.customer(house.jingli)
    made = house.opportunity(house.jingli, house.jingli, customer=known)
    assert api(house.jingli).post(f"opportunities/{made.pk}/win").json()["customer"] == known.pk
    assert Customer.objects.count() == 1


def test_the_stranger_wins_and_loses_nothing(house, api, unchanged):
    made = house.opportunity(house.jingli, house.jingli)
    programs = {name: api(getattr(house, name)) for name in ("jingli2", "jingli3", "gaoguan", "yewu", "admin")}
    with unchanged():
        for name, status in (("jingli2", 404), ("jingli3", 404), ("gaoguan", 403), ("yewu", 403), ("admin", 403)):
            assert programs[name].post(f"opportunities/{made.pk}/win").status_code == status, name
            assert programs[name].post(f"opportunities/{made.pk}/lose", reason="x").status_code == status, name


def test_losing_needs_a_reason_and_is_final(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    with unchanged():
        assert list(program.post(f"opportunities/{made.pk}/lose").json()["errors"]) == ["reason"]
        assert program.post(f"opportunities/{made.pk}/lose", reason="   ").status_code == 422
    told = program.post(f"opportunities/{made.pk}/lose", reason="没有预算").json()
    assert (told["status"], told["lost_reason"]) == ("lost", "没有预算")
    with unchanged():
        for act in ("win", "lose", "set_stage"):
            assert program.post(f"opportunities/{made.pk}/{act}", reason="x").status_code == 409


def test_reopening_takes_the_made_customer_to_the_bin(house, api, unchanged):
    made = house.opportunity(house.jingli, house.jingli, contact_name="周工")
    made.win(by=house.jingli)
    customer = made.customer
    program = api(house.zhuguan)
    told = program.post(f"opportunities/{made.pk}/reopen", reason="没签成").json()
    assert (told["status"], told["customer"], told["closed_at"]) == ("assigned", None, None)
    customer.refresh_from_db()
    assert customer.deleted_at
    with unchanged():
        assert program.post(f"opportunities/{made.pk}/reopen", reason="x").status_code == 409
    assert api(house.jingli).post(f"opportunities/{made.pk}/win").status_code == 200


def test_a_customer_that_has_grown_keeps_its_win(house, api, unchanged):
    made = house.opportunity(house.jingli, house.jingli, contact_name="周工")
    made.win(by=house.jingli)
    house.contact(made.customer, name="第二个联系人")
    program = api(house.zhuguan)
    with unchanged():
        told = program.post(f"opportunities/{made.pk}/reopen", reason="没签成")
        assert (told.status_code, told.json()["code"]) == (409, "customer_in_use")


def test_reopening_leaves_a_linked_customer_where_it_is(house):
    known = house.customer(house.jingli)
    made = house.opportunity(house.jingli, house.jingli, customer=known)
    made.win(by=house.jingli)
    made.reopen("没签成", by=house.zhuguan)
    known.refresh_from_db()
    assert (known.deleted_at, made.customer) == (None, known)


def test_the_stage_moves_with_its_day(house, api, unchanged):
    made, program = house.opportunity(house.jingli, house.jingli), api(house.jingli)
    third = SalesStage.objects.get(position=3)
    told = program.post(f"opportunities/{made.pk}/set_stage", stage=third.pk).json()
    assert (told["stage"], told["stage__text"]) == (third.pk, third.name)
    with unchanged():
        assert program.post(f"opportunities/{made.pk}/set_stage", stage=0).status_code == 422
    stranger = api(house.jingli2)
    with unchanged():
        assert stranger.post(f"opportunities/{made.pk}/set_stage", stage=third.pk).status_code == 404


def test_history_tells_old_and_new(house, as_):
    made = house.opportunity(house.jingli, house.jingli)
    made.update({"subject": "第一次", "amount": "10.00"}, by=house.jingli)
    made.update({"subject": "第二次"}, by=house.zhuguan)
    newest = Event.of(made).first()
    assert (newest.actor, newest.verb, newest.changes) == (house.zhuguan, "update", {"subject": ["第一次", "第二次"]})
    text = as_(house.jingli).get(f"/opportunities/{made.pk}/?tab=history").content.decode()
    assert text.index("第二次") < text.rindex("第一次")
    assert house.zhuguan.name in text
    assigned = Event.of(made).get(verb="assign")
    assert assigned.changes["assignee"] == [None, house.jingli.name]
    assert assigned.changes["status"] == ["unassigned", "assigned"]


def test_a_blacklisted_customer_is_asked_about_before_it_is_served(house, as_, unchanged):
    customer = house.customer(house.jingli, name="坏账公司", type=house.item("客户类型", "blacklist"))
    client, sent = as_(house.jingli), {
        "customer_name": "坏账公司", "success_rate": 10, "summary": "又来了", "description": "要货", "once": "b" * 22,
        "customer": customer.pk,
    }  # fmt: skip
    with unchanged():
        asked = client.post("/opportunities/new/", sent)
    assert asked.status_code == 422
    assert 'name="anyway"' in asked.content.decode()
    assert client.post("/opportunities/new/", sent | {"anyway": "1"}).status_code == 302
    made = Opportunity.objects.get(customer=customer)
    assert '<span class="bdg red">黑名单</span>' in client.get(f"/opportunities/{made.pk}/").content.decode()
