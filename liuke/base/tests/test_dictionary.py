"""Dictionary, base data and settings: what is fixed stays, what is used stays, values are unique in their category."""

from __future__ import annotations

import pytest

from liuke.base.models import City, DictionaryItem, Industry
from liuke.core import options
from liuke.core.models import Event

NEW = {"category": "地区", "entry": "海南", "value": "海南", "position": 9, "editable": True}


def test_admin_adds_an_entry_and_everybody_can_choose_it(house, api, as_):
    assert api(house.admin).post("dictionary-items", NEW).status_code == 201
    assert api(house.jingli).get("dictionary-items?category=地区&value=海南").json()["count"] == 1
    assert "海南" in as_(house.jingli).get("/customers/new/").content.decode()


def test_nobody_else_touches_the_dictionary(house, api, unchanged):
    item = DictionaryItem.objects.first()
    programs = [api(person) for name, person in house.people.items() if name != "admin"]
    with unchanged():
        for program in programs:
            assert program.post("dictionary-items", NEW).status_code == 403
            assert program.patch(f"dictionary-items/{item.pk}", entry="x").status_code == 403
            assert program.delete(f"dictionary-items/{item.pk}").status_code == 403


def test_a_fixed_entry_stays_for_good(house, api, unchanged):
    program = api(house.admin)
    fixed = program.post("dictionary-items", NEW | {"editable": False}).json()["id"]
    with unchanged():
        for answer in (
            program.patch(f"dictionary-items/{fixed}", entry="x"),
            program.delete(f"dictionary-items/{fixed}"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")


def test_an_entry_in_use_is_renamed_everywhere_but_not_deleted_or_moved(house, api, unchanged):
    customer, program = house.customer(house.jingli), api(house.admin)
    used = customer.region
    with unchanged():
        answer = program.delete(f"dictionary-items/{used.pk}")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
        assert list(program.patch(f"dictionary-items/{used.pk}", category="客户等级").json()["errors"]) == ["category"]
    assert program.patch(f"dictionary-items/{used.pk}", entry="浙江省").status_code == 200
    assert program.get(f"customers/{customer.pk}").json()["region__text"] == "浙江省"


def test_a_value_stands_once_in_its_category(house, api, unchanged):
    program = api(house.admin)
    program.post("dictionary-items", NEW)
    with unchanged():
        assert program.post("dictionary-items", NEW).status_code == 422
    assert program.post("dictionary-items", NEW | {"category": "信息来源"}).status_code == 201
    first = DictionaryItem.objects.get(category="地区", value="海南")
    first.delete(by=house.admin)
    assert program.post("dictionary-items", NEW).status_code == 201
    with unchanged():
        assert program.post(f"dictionary-items/{first.pk}/restore").status_code == 422


def test_a_choice_of_another_category_is_no_choice(house, api, unchanged):
    program = api(house.jingli)
    given = {"name": "A", "level": "1", "address": "x", "phone": "1"}
    with unchanged():
        for region in ("展会", "没有的", "浙江; DROP TABLE"):
            assert list(program.post("customers", given | {"region": region}).json()["errors"]) == ["region"]


@pytest.mark.parametrize(("name", "model"), [("industries", Industry), ("cities", City)])
def test_base_data_in_use_stays(name, model, house, api, unchanged):
    used = model.objects.first()
    house.customer(house.jingli, **{"industry" if model is Industry else "city": used})
    free, program = model.objects.last(), api(house.admin)
    with unchanged():
        assert program.delete(f"{name}/{used.pk}").json()["code"] == "in_use"
        assert (
            program.post(name, name=used.name, **({"province": used.province} if model is City else {})).status_code
            == 422
        )
    assert program.delete(f"{name}/{free.pk}").status_code == 204


def test_admin_saves_the_settings_and_the_change_is_told(house, as_):
    pages = as_(house.admin)
    form = pages.get("/settings/").content.decode()
    assert 'name="company_name"' in form
    sent = {o.key.replace(".", "__").replace("-", "_"): o_value(o) for o in options.declared()}
    assert pages.post("/settings/", sent | {"company_name": "海川仪表", "page_size": "50"}).status_code == 302
    assert (options.get("company_name"), options.get("page_size")) == ("海川仪表", 50)
    event = Event.objects.order_by("-id").first()
    assert (event.actor, event.verb) == (house.admin, "apply")
    assert "海川仪表" in pages.get("/settings/").content.decode()


def o_value(option):
    value = options.get(option.key)
    return ("on" if value else "") if option.kind == "bool" else value


def test_wrong_settings_are_not_kept(house, as_, unchanged):
    pages = as_(house.admin)
    with unchanged():
        assert pages.post("/settings/", {"company_name": "x" * 101, "page_size": "0"}).status_code == 422
    strangers = [as_(house.zhuguan), as_(house.gaoguan)]
    with unchanged():
        for one in strangers:
            assert one.post("/settings/", {"company_name": "我的"}).status_code == 403
