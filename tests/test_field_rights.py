"""Fields that a role hides or fixes: their values appear at no door, and no door writes them (PERM-03, ASVS 8.2.3)."""

from __future__ import annotations

import html
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models

from liuke.accounts.models import Role
from liuke.core import clock
from liuke.core.field_rights import HIDDEN, READ, restrictable
from liuke.core.forms import record_form
from liuke.core.models import Event
from liuke.core.patches import as_posted
from liuke.core.register import resource
from liuke.core.search.index import refresh
from tests.carrying import bring, csv_file
from tests.house import Api, page_client
from tests.test_permissions import make_things

SUPERVISOR = "sales_supervisor"
# what the canaries sit in: by entity the record that is looked at from everywhere
CAGES = {
    "customers": "c1", "contacts": "k1", "interactions": "t1", "credit-assessments": "q1", "opportunities": "a1",
    "plan-items": "p1", "follow-up-notes": "n1", "orders": "o1", "order-lines": "l1", "products": "v1",
    "service-requests": "he", "service-handlings": "r1", "complaints": "ts1", "churn-alerts": "y1", "tasks": "xa",
}  # fmt: skip


def canaries_in(name, record, first):
    """Put a value into every field that can be hidden and hold one that is told from all others: {field: words}."""
    told, values = {}, {}
    for place, field in enumerate(restrictable(resource(name)), start=first):
        known = record._meta.get_field(field) if not field.startswith("x_") else None
        if known is None or known.is_relation or known.choices or isinstance(known, models.BooleanField):
            continue
        values[field], told[field] = _canary(known, place)
    values = {field: value for field, value in values.items() if value is not None}
    type(record)._base_manager.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    if resource(name).search:
        refresh(resource(name), [record.pk])
    changes = {field: ["vorher", str(value)] for field, value in values.items() if isinstance(value, str)}
    kind = ContentType.objects.get_for_model(record)
    Event.objects.create(at=clock.now(), verb="update", content_type=kind, object_id=record.pk, changes=changes)
    return {field: words for field, words in told.items() if field in values}


def _canary(field, place):
    if isinstance(field, models.DateTimeField):
        return datetime(1901 + place % 90, 7, 13, 12, 0, tzinfo=clock.now().tzinfo), (f"{1901 + place % 90}-07-13",)
    if isinstance(field, models.DateField):
        return date(1901 + place % 90, 8, 17), (f"{1901 + place % 90}-08-17",)
    if isinstance(field, models.DecimalField):
        amount = 6_660_000 + place * 7
        return Decimal(amount), (f"{amount}", f"{amount:,}")
    if isinstance(field, models.IntegerField):
        return None, ()
    if isinstance(field, models.CharField | models.TextField) and (field.max_length or 99) >= 8:
        return f"QX{place:03d}ZJ", (f"QX{place:03d}ZJ", f"qx{place:03d}zj")
    return None, ()


def hide(house, role=SUPERVISOR, level=HIDDEN, **fields):
    """Let a role have these fields of entities, named with underscores, hidden or fixed and nothing else."""
    rules = {(name.replace("_", "-"), field): level for name, some in fields.items() for field in some}
    Role.objects.get(code=role).set_field_rules(rules, by=house.admin)


def answers(house, things, addresses):
    """What the supervisor is told at doors of the caged records: (address, text)."""
    pages, program = page_client(house.zhuguan), Api(house.zhuguan)
    for address in addresses:
        head = {"HTTP_HX_REQUEST": "true"} if "quick=1" in address else {}
        answer = pages.get(address, **head)
        assert answer.status_code < 500, address
        yield address, _text(answer)
    for name, label in CAGES.items():
        for address in (name, f"{name}/{things[label].pk}"):
            yield f"api {address}", program.get(address).content.decode()
    yield "api openapi", program.get("openapi.json").content.decode()


def _plainest(things):
    """Where every field of the caged records is told, unless it is hidden."""
    for name, label in CAGES.items():
        yield from (f"/{name}/{things[label].pk}/", f"/{name}/?columns={','.join(restrictable(resource(name)))}")
        yield f"/{name}/export.csv"


def _addresses(things):
    yield from _plainest(things)
    yield from ("/", "/search/?q=QX", "/search/suggestions/?q=QX", "/notices/", "/customers/changes/")
    yield from ("/reports/funnel/", "/reports/contribution/", "/reports/churn/", "/feedback/", "/customers/statistics/")
    yield from (f"/customers/{things['c1'].pk}/{part}/" for part in ("timeline", "print"))
    tabs = ("contacts", "interactions", "credit", "opportunities", "orders", "churn", "service", "complaints", "tasks")
    yield from (f"/customers/{things['c1'].pk}/?tab={tab}" for tab in tabs)
    yield from (f"/opportunities/{things['a1'].pk}/?tab=notes", f"/service/similar/{things['e1'].pk}/")
    for name, label in CAGES.items():
        of, one = resource(name), f"/{name}/{things[label].pk}/"
        every = ",".join(restrictable(of))
        yield from (f"{one}?quick=1", f"{one}?tab=history", f"{one}edit/")
        yield from (f"/{name}/sums/?columns={every}", f"/{name}/where/", f"/{name}/export/", f"/{name}/import/")
        yield f"/{name}/print/?columns={every}"
        yield from (f"{one}{verb.name}/" for verb in of.verbs)
        if of.stats:
            yield f"/{name}/stats/"


def _text(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return html.unescape(body.decode("utf-8", "replace"))


@pytest.fixture
def cages(house):
    """The records with a canary in each of their fields, and what each of these reads like."""
    things = make_things(house)
    told, first = {}, 1
    for name, label in CAGES.items():
        found = canaries_in(name, things[label], first)
        told |= {(name, field): words for field, words in found.items()}
        first += len(restrictable(resource(name)))
    return things, told


def test_a_hidden_field_is_told_at_no_door(house, cages):
    things, told = cages
    before = "\n".join(text for _address, text in answers(house, things, _plainest(things)))
    sung = {key for key, words in told.items() if any(word in before for word in words)}
    assert len(told) > 100
    assert len(sung) > 0.9 * len(told), "Without a rule the canaries are heard"

    hide(house, **{name.replace("-", "_"): restrictable(resource(name)) for name in CAGES})

    leaks = [
        (address, key)
        for address, text in answers(house, things, _addresses(things))
        for key, words in told.items()
        if any(word in text for word in words)
    ]
    assert leaks == []


# one field of one entity, looked at from every side


@pytest.fixture
def customer(house):
    return house.customer(house.jingli, name="温州天平仪器", phone="0577-88812345", notes="老板爱喝茶")


def test_nothing_can_be_found_out_of_a_hidden_field_by_asking(house, as_, api, customer):
    hide(house, customers=["phone", "notes", "annual_turnover"])
    pages, program = as_(house.zhuguan), api(house.zhuguan)

    for name in ("phone", "phone__contains", "notes", "annual_turnover__gte"):
        wrong = program.get(f"customers?{name}=0577")
        assert (wrong.status_code, list(wrong.json()["errors"])) == (422, [name])
    assert program.get("customers?ordering=-phone").status_code == 422
    assert program.get("customers?where=notes~filled").status_code == 422
    assert "phone" not in program.get(f"customers/{customer.pk}").json()
    assert "温州天平仪器" in pages.get("/customers/?phone__contains=99999").content.decode(), "the filter does not hold"
    document = program.get("openapi.json").json()
    assert not {"phone", "notes"} & document["components"]["schemas"]["Customer"]["properties"].keys()
    assert not {"phone", "notes"} & document["components"]["schemas"]["CustomerChange"]["properties"].keys()
    fields = pages.get("/customers/where/").content.decode()
    assert 'value="address"' in fields
    assert 'value="phone"' not in fields


def test_a_record_is_not_found_by_a_text_that_is_hidden(house, api, as_, customer):
    other = house.customer(house.jingli, name="天平八八八一二三四五", phone="021-50001000")
    hide(house, customers=["phone"])
    found = {
        asked: [one["id"] for one in api(house.zhuguan).get(f"customers?search={asked}").json()["items"]]
        for asked in ("88812345", "057788812345", "50001000", "天平", "tianping", "wztp", "KH")
    }
    assert (found["88812345"], found["057788812345"], found["50001000"]) == ([], [], [])
    assert set(found["天平"]) == set(found["tianping"]) == {customer.pk, other.pk}
    assert found["wztp"] == [customer.pk]
    for how in ("fuzzy", "exact"):
        assert customer.name not in as_(house.zhuguan).get(f"/search/?q=0577-88812345&how={how}").content.decode()
    assert [one["id"] for one in api(house.jingli).get("customers?search=88812345").json()["items"]] == [customer.pk]
    similar = as_(house.zhuguan).get("/customers/similar/?phone=0577-88812345")
    assert similar.status_code == 200
    assert "0577-88812345" not in similar.content.decode()


@pytest.mark.parametrize("level", [READ, HIDDEN])
def test_what_a_role_may_not_write_no_door_writes(house, as_, api, customer, level, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    hide(house, level=level, customers=["phone"])
    program, pages = api(house.zhuguan), as_(house.zhuguan)

    refused = program.patch(f"customers/{customer.pk}", {"phone": "010-1"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["phone"])
    assert program.patch(f"customers/{customer.pk}", {"address": "新址 1 号"}).status_code == 200
    form = as_posted(record_form(resource("customers"), house.again("zhuguan"), customer)) | {"version": 2}
    assert "phone" not in form
    pages.post(f"/customers/{customer.pk}/edit/", {**form, "address": "新址 2 号", "phone": "010-2"})
    many = {"ids": customer.pk, "field": "phone", "phone": "010-3"}
    assert pages.post("/customers/batch/update/", many).status_code == 422
    file = csv_file(("客户名称", "电话", "备注"), ("温州天平仪器", "010-4", "换了备注"))
    bring(house.again("zhuguan"), "customers", file, rule="update")

    customer.refresh_from_db()
    assert (customer.phone, customer.notes) == ("0577-88812345", "换了备注")
    assert customer.address == ("新址 2 号" if level == HIDDEN else "新址 1 号"), (
        "a field of a form that is fixed is refused"
    )


def test_an_import_fills_in_what_a_new_record_needs_and_changes_none_of_it(house, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    old = house.opportunity(house.zhuguan)
    hide(house, level=READ, opportunities=["description"])
    file = csv_file(("编号", "描述", "概要"), (old.number, "换掉描述", "换掉概要"))
    columns = {0: "number", 1: "description", 2: "summary"}
    wizard = bring(house.again("zhuguan"), "opportunities", file, rule="update", columns=columns)
    before = old.description
    old.refresh_from_db()
    assert (wizard.counts, old.description, old.summary) == ((0, 1, 0, 0), before, "换掉概要")


# whose rights they are


def test_several_roles_show_what_any_of_them_shows(house):
    hide(house, customers=["phone"])
    person = house.zhuguan
    person.roles.add(Role.objects.get(code="salesperson"))  # which grants to see customers, and hides nothing
    assert not house.again("zhuguan").field_rights.hidden

    hide(house, "salesperson", customers=["phone", "fax"])
    assert house.again("zhuguan").field_rights.hidden == {("customers", "phone")}


def test_a_role_that_does_not_show_an_entity_uncovers_nothing_of_it(house):
    hide(house, customers=["phone"])
    house.zhuguan.roles.add(Role.objects.get(code="unused") if Role.objects.filter(code="unused") else _idle(house))
    assert house.again("zhuguan").field_rights.hidden == {("customers", "phone")}


def _idle(house):
    return Role(name="闲人", code="idle").create(by=house.admin)


def test_what_one_role_shows_is_not_written_by_the_right_of_another(house):
    """The supervisor changes customers without their phone; the salesperson sees it and changes nothing."""
    hide(house, customers=["phone"])
    house.zhuguan.roles.add(Role.objects.get(code="salesperson"))
    rights = house.again("zhuguan").field_rights
    assert (rights.hidden, rights.fixed) == (frozenset(), {("customers", "phone")})


def test_a_rule_works_on_the_next_request(house, api, customer):
    program = api(house.zhuguan)
    assert program.get(f"customers/{customer.pk}").json()["phone"] == "0577-88812345"
    hide(house, customers=["phone"])
    assert "phone" not in program.get(f"customers/{customer.pk}").json()
    hide(house)
    assert program.get(f"customers/{customer.pk}").json()["phone"] == "0577-88812345"


def test_a_field_of_another_entity_is_hidden_in_the_lists_that_lead_to_it(house, api, customer):
    alert = house.alert(customer)
    assert api(house.zhuguan).get(f"churn-alerts/{alert.pk}").json()["customer__owner"] == "陈静"
    hide(house, customers=["owner"])
    told = api(house.zhuguan).get(f"churn-alerts/{alert.pk}").json()
    assert "customer__owner" not in told
    assert told["customer"] == customer.pk


def test_an_added_field_is_hidden_like_any_other(house, api, as_, customer):
    from liuke.base.models import CustomField

    CustomField(label="秘密口令", code="secret", resource="customers", kind="text").create(by=house.admin)
    customer.update({"x_secret": "芝麻开门"}, by=house.admin)
    assert api(house.zhuguan).get("customers?search=芝麻开门").json()["count"] == 1
    hide(house, customers=["x_secret"])
    assert api(house.zhuguan).get("customers?search=芝麻开门").json()["count"] == 0
    assert api(house.zhuguan).get("customers?x_secret=芝麻开门").status_code == 422
    page = as_(house.zhuguan).get(f"/customers/{customer.pk}/?tab=history").content.decode()
    assert "芝麻开门" not in page + as_(house.zhuguan).get(f"/customers/{customer.pk}/").content.decode()


# new records


def test_whoever_enters_a_record_is_asked_for_what_no_record_can_be_without(house, api):
    hide(house, interactions=["place", "notes"])
    person, customer = house.again("zhuguan"), house.customer(house.zhuguan)
    asked = record_form(resource("interactions"), person).fields
    assert "place" in asked
    assert "notes" not in asked
    sent = {"customer": customer.pk, "date": clock.today().isoformat(), "summary": "谈价", "detail": "三个点"}
    assert api(house.zhuguan).post("interactions", sent).status_code == 422
    made = api(house.zhuguan).post("interactions", {**sent, "place": "杭州"})
    assert made.status_code == 201
    assert "place" not in made.json()
    assert api(house.zhuguan).patch(f"interactions/{made.json()['id']}", {"place": "宁波"}).status_code == 422


def test_what_the_house_wants_filled_in_is_left_to_those_who_may(house, api):
    """The record is entered all the same, and marked as one to be completed; only they take the mark away."""
    hide(house, level=READ, customers=["phone"])
    sent = {"name": "绍兴染整", "kind": "organization", "owner": house.zhuguan.pk, "region": "浙江", "level": "1"}
    made = api(house.zhuguan).post("customers", {**sent, "address": "越城区"})
    assert (made.status_code, made.json()["incomplete"], made.json()["phone"]) == (201, True, "")
    here = f"customers/{made.json()['id']}"
    assert api(house.zhuguan).patch(here, {"address": "柯桥区"}).json()["incomplete"] is True
    hide(house)
    assert api(house.zhuguan).patch(here, {"phone": "0575-1"}).json()["incomplete"] is False


def test_an_address_does_not_fill_in_what_its_reader_may_not_write(house, as_, customer):
    hide(house, "account_manager", level=READ, contacts=["department"])
    page = as_(house.jingli).get(f"/contacts/new/?customer={customer.pk}&department=财务部").content.decode()
    assert "财务部" not in page


# the page


def test_admin_sets_the_fields_of_a_role_and_it_is_told(house, as_, unchanged):
    role = Role.objects.get(code=SUPERVISOR)
    sent = {
        "of": "customers",
        "field-phone": "hidden",
        "field-owner": "read",
        "field-name": "hidden",
        "field-x": "read",
    }
    with unchanged():
        assert as_(house.zhuguan).post(f"/roles/{role.pk}/fields/", sent).status_code == 403
    assert as_(house.admin).post(f"/roles/{role.pk}/fields/", sent).status_code == 302
    assert (
        as_(house.admin).post(f"/roles/{role.pk}/fields/", {"of": "orders", "field-amount": "read"}).status_code == 302
    )
    assert set(role.field_rules.values_list("resource", "field", "level")) == {
        ("customers", "phone", "hidden"), ("customers", "owner", "read"), ("orders", "amount", "read"),
    }  # fmt: skip
    assert Event.of(role).first().changes == {"orders.amount": [None, "read"]}
    page = as_(house.admin).get(f"/roles/{role.pk}/fields/?of=customers").content.decode()
    assert 'name="field-phone" value="hidden"' in page
    assert 'name="field-name"' not in page
