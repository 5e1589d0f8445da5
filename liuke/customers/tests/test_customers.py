"""Customers and contacts: what must be filled in, who keeps them, and when they are read-only."""

from __future__ import annotations

import pytest

from liuke.base.models import SettingsChange
from liuke.core.refusals import Refused
from liuke.customers.models import Contact, Customer

GIVEN = {"name": "象山船厂", "region": "浙江", "level": "1", "address": "丹东街道 1 号", "phone": "0574-65712345"}


def test_jingli_enters_a_customer_and_is_its_manager(house, api, as_):
    told = api(house.jingli).post("customers", GIVEN).json()
    assert (told["owner"], told["status"], told["kind"], told["incomplete"]) == (
        house.jingli.pk,
        "normal",
        "organization",
        False,
    )
    assert (told["region"], told["region__text"], told["level"], told["level__text"]) == (
        "浙江",
        "浙江",
        "1",
        "重点开发客户",
    )
    assert told["number"].startswith("KH")
    sent = GIVEN | {"kind": "organization", "owner": house.jingli.pk}
    assert as_(house.jingli).post("/customers/new/", sent)["Location"] == "/customers/"
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("missing", ["region", "level", "address", "phone", "name"])
def test_what_people_must_fill_in_is_asked_for(missing, house, api, as_, unchanged):
    given = {name: value for name, value in GIVEN.items() if name != missing}
    program = api(house.jingli)
    with unchanged():
        told = program.post("customers", given)
        assert (told.status_code, list(told.json()["errors"])) == (422, [missing])
        sent = given | {"kind": "organization", "owner": house.jingli.pk}
        assert as_(house.jingli).post("/customers/new/", sent).status_code == 422


def test_what_must_be_filled_in_is_a_setting(house, api):
    SettingsChange().apply({"required_when_entered.customers": ["website"]}, by=house.admin)
    program = api(house.jingli)
    assert list(program.post("customers", name="A").json()["errors"]) == ["website"]
    assert program.post("customers", name="A", website="https://a.example").status_code == 201


def test_a_name_is_never_empty(house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        for name in ("", "   ", None):
            assert list(program.post("customers", GIVEN | {"name": name}).json()["errors"]) == ["name"]


def test_a_won_customer_is_incomplete_until_somebody_saves_all_of_it(house, api):
    made = house.opportunity(house.jingli, house.jingli, contact_name="周工")
    made.win(by=house.jingli)
    program, pk = api(house.jingli), made.customer_id
    assert program.get("customers?incomplete=true").json()["count"] == 1
    assert program.patch(f"customers/{pk}", region="浙江").status_code == 422
    told = program.patch(f"customers/{pk}", {name: value for name, value in GIVEN.items() if name != "name"})
    assert (told.status_code, told.json()["incomplete"]) == (200, False)


def test_saving_what_is_already_filled_in_clears_the_mark_too(house, api):
    customer = house.customer(house.jingli)
    Customer.objects.update(incomplete=True)
    assert api(house.jingli).patch(f"customers/{customer.pk}", name=customer.name).json()["incomplete"] is False


def test_a_customer_is_not_handed_to_others_by_an_edit(house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.jingli)
    with unchanged():
        told = program.patch(f"customers/{customer.pk}", owner=house.jingli2.pk)
        assert (told.status_code, list(told.json()["errors"])) == (422, ["owner"])
    house.jingli2.disable(by=house.admin)
    with unchanged():
        assert program.patch(f"customers/{customer.pk}", owner=house.jingli2.pk).status_code == 422


def test_a_churned_customer_and_its_contacts_are_read_only(house, api, as_, unchanged):
    customer = house.customer(house.jingli)
    contact = house.contact(customer)
    Customer.objects.update(status="churned")
    program = api(house.jingli)
    with unchanged():
        assert program.patch(f"customers/{customer.pk}", name="改").status_code == 409
        assert as_(house.jingli).get(f"/customers/{customer.pk}/edit/").status_code == 409
        assert program.patch(f"contacts/{contact.pk}", name="改").status_code == 409
        assert program.delete(f"contacts/{contact.pk}").status_code == 409
        sent = {"customer": customer.pk, "name": "新", "gender": "male", "position": "经理", "office_phone": "1"}
        assert program.post("contacts", sent).status_code == 409
    assert program.get(f"customers/{customer.pk}").json()["status"] == "churned"


def test_deleting_takes_exactly_the_named_row_and_restoring_brings_it_back(house, api):
    keep, gone = house.customer(house.jingli, name="留下"), house.customer(house.jingli, name="删除")
    contact, program = house.contact(gone), api(house.jingli)
    assert program.delete(f"customers/{gone.pk}").status_code == 204
    assert [row["name"] for row in program.get("customers").json()["items"]] == [keep.name]
    assert [row["status"] for row in program.get("customers?status=deleted").json()["items"]] == ["deleted"]
    assert program.get(f"contacts/{contact.pk}").status_code == 404
    contact.refresh_from_db()
    assert contact.deleted_at is None
    assert program.post(f"customers/{gone.pk}/restore").json()["status"] == "normal"
    assert program.get(f"contacts/{contact.pk}").status_code == 200
    assert program.post(f"customers/{gone.pk}/restore").status_code == 409


@pytest.mark.parametrize("missing", ["name", "gender", "position", "office_phone"])
def test_four_fields_of_a_contact_are_required_also_on_edit(missing, house, api, unchanged):
    customer = house.customer(house.jingli)
    contact, program = house.contact(customer), api(house.jingli)
    whole = {"customer": customer.pk, "name": "周工", "gender": "male", "position": "主任", "office_phone": "0574-1"}
    with unchanged():
        assert list(program.post("contacts", whole | {missing: ""}).json()["errors"]) == [missing]
        assert list(program.patch(f"contacts/{contact.pk}", {missing: ""}).json()["errors"]) == [missing]


def test_a_contact_stays_with_its_customer(house, api, unchanged):
    contact, other = house.contact(house.customer(house.jingli)), house.customer(house.jingli2, name="别人的")
    program = api(house.jingli)
    with unchanged():
        assert program.patch(f"contacts/{contact.pk}", customer=other.pk).status_code == 422


def test_service_staff_adds_a_contact_but_does_not_change_it(house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.kefu)
    sent = {"customer": customer.pk, "name": "新人", "gender": "female", "position": "出纳", "office_phone": "0574-1"}
    pk = program.post("contacts", sent).json()["id"]
    with unchanged():
        assert program.patch(f"contacts/{pk}", name="改").status_code == 403
    assert Contact.objects.get(pk=pk).created_by == house.kefu


@pytest.mark.parametrize("phone", ["打电话给我", "<b>1</b>", "1' or 1=1", "1" * 41])
def test_a_phone_number_is_one(phone, house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        assert list(program.post("customers", GIVEN | {"phone": phone}).json()["errors"]) == ["phone"]


def test_a_verb_called_by_code_is_refused_in_the_bin(house):
    customer = house.customer(house.jingli).delete(by=house.jingli)
    with pytest.raises(Refused):
        customer.update({"name": "改"}, by=house.jingli)
