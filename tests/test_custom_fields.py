"""Fields that administrators add: at every door at once, for every kind, on every extensible entity."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from liuke.base.models import CustomField, CustomValue, DictionaryItem
from liuke.core import extras
from liuke.core.models import Event
from liuke.core.register import resource

# kind: (what a form posts, what the API tells, what people read)
KINDS = {
    "text": ("双层罐", "双层罐", "双层罐"),
    "number": ("1234.500", "1234.5", "1,234.5"),
    "money": ("88000", "88000.00", "¥88,000.00"),
    "date": ("2026-03-15", "2026-03-15", "2026-03-15"),
    "choice": ("浙江", "浙江", "浙江"),
    "yes_no": ("false", False, "否"),
    "link": ("https://docs.example/a", "https://docs.example/a", "https://docs.example/a"),
}


def add(house, resource="customers", kind="text", label="备注甲", **values):
    values = {"code": kind, **values}
    if kind == "choice":
        values.setdefault("category", "地区")
    return CustomField(resource=resource, kind=kind, label=label, **values).create(by=house.admin)


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.fixture
def every_kind(house):
    """One field of each kind on customers, contacts and opportunities."""
    for name in ("customers", "contacts", "opportunities"):
        for place, kind in enumerate(KINDS):
            add(house, name, kind, f"扩展{kind}", position=place)


def whole(name, house, customer):
    """A form of each entity, with what people must fill in."""
    return {
        "customers": {"name": "新客户", "kind": "organization", "owner": house.jingli.pk, "region": "浙江",
                      "level": "1", "address": "港口路", "phone": "0574-1"},
        "contacts": {"customer": customer.pk, "name": "新人", "gender": "male", "position": "经理",
                     "office_phone": "0574-2"},
        "opportunities": {"customer_name": "新机会", "success_rate": 50, "summary": "概要", "description": "描述"},
    }[name]  # fmt: skip


@pytest.mark.parametrize("name", ["customers", "contacts", "opportunities"])
def test_every_kind_goes_in_by_the_form_and_comes_out_of_every_door(name, every_kind, customer, house, as_, api):
    pages = as_(house.jingli)
    form = pages.get(f"/{name}/new/").content.decode()
    assert "扩展信息" in form
    posted = {f"x_{kind}": sent for kind, (sent, _told, _read) in KINDS.items()}
    answer = pages.post(f"/{name}/new/", {**whole(name, house, customer), **posted})
    assert answer.status_code == 302, answer.content.decode()
    record = resource(name).model.objects.order_by("-id").first()

    told = api(house.jingli).get(f"{name}/{record.pk}").json()
    assert {f"x_{kind}": told[f"x_{kind}"] for kind in KINDS} == {f"x_{kind}": KINDS[kind][1] for kind in KINDS}
    assert told["x_choice__text"] == "浙江"
    assert api(house.jingli).get(name).json()["items"][0]["x_number"] == "1234.5"

    for page in (f"/{name}/{record.pk}/", f"/{name}/"):
        text = pages.get(page).content.decode()
        for kind, (_sent, _told, read) in KINDS.items():
            assert f"扩展{kind}" in text, (page, kind)
            assert read in text, (page, kind)

    edit = pages.get(f"/{name}/{record.pk}/edit/").content.decode()
    assert 'value="1234.5"' in edit
    assert 'value="2026-03-15"' in edit
    changes = Event.of(record).get(verb="create").changes
    assert changes["x_choice"] == [None, "浙江"]
    assert changes["x_number"] == [None, "1234.5"]
    assert changes["x_yes_no"] == [None, False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("x_text=双层罐", True), ("x_text__contains=层", True), ("x_text=单层罐", False),
        ("x_number=1234.5", True), ("x_number__gte=1234.5", True), ("x_number__lte=1234", False),
        ("x_money__gte=88000", True), ("x_money__lte=87999.99", False),
        ("x_date=2026-03-15", True), ("x_date__gte=2026-03-16", False), ("x_date__lte=2026-03-15", True),
        ("x_choice=浙江", True), ("x_choice=北京", False),
        ("x_yes_no=false", True), ("x_yes_no=true", False),
        ("x_link__contains=docs", True),
        ("x_text=双层罐&x_date=2026-03-15&status=normal", True), ("x_text=双层罐&x_yes_no=true", False),
    ],
)  # fmt: skip
def test_it_filters_as_fields_of_its_kind_do(query, found, every_kind, customer, house, as_, api):
    customer.update({f"x_{kind}": _value(house, kind) for kind in KINDS}, by=house.jingli)
    house.customer(house.jingli, name="没有扩展值的客户")
    answer = api(house.jingli).get(f"customers?{query}").json()
    assert [one["id"] for one in answer["items"]] == ([customer.pk] if found else [])
    assert answer["count"] == int(found)
    assert (customer.name in as_(house.jingli).get(f"/customers/?{query}").content.decode()) == found


@pytest.mark.parametrize(("rare", "many"), [(0, 0), (0, 100), (100, 100)])
def test_a_common_value_and_a_rare_one_find_the_same_rows(rare, many, every_kind, house, api, monkeypatch):
    """Few matches are gathered, many are looked for row by row or lead to the rows: three ways to one answer."""
    from liuke.base import custom_conditions

    monkeypatch.setattr(custom_conditions, "RARE", rare)
    monkeypatch.setattr(custom_conditions, "MANY", many)
    monkeypatch.setattr(custom_conditions, "_commonness", custom_conditions.Commonness())
    made = [house.customer(owner, name=f"客户{n}") for n, owner in enumerate([house.jingli] * 3 + [house.jingli3] * 2)]
    for n, one in enumerate(made):
        one.update({"x_number": n, "x_choice": house.item("地区", "浙江" if n % 2 else "北京")}, by=one.owner)
    made[2].delete(by=house.jingli)

    door = api(house.zhuguan)

    def found(query):
        answer = door.get(f"customers?ordering=id&{query}").json()
        assert answer["count"] == len(answer["items"])
        return [made.index(one) for one in made if one.pk in {row["id"] for row in answer["items"]}]

    assert found("x_number__gte=1") == [1, 3, 4]
    assert found("x_choice=北京") == [0, 4]
    assert found("x_choice=北京&x_number__gte=1") == [4]
    assert found(f"x_number__gte=0&owner={house.jingli3.pk}") == [3, 4]
    assert found("x_number__gte=0&search=客户1") == [1]
    assert found("x_choice=火星") == []


@pytest.mark.parametrize("rare", [0, 100])
def test_the_same_question_is_worded_once(rare, every_kind, customer, house, as_, monkeypatch):
    from liuke.base import custom_conditions
    from liuke.core import statements

    monkeypatch.setattr(custom_conditions, "RARE", rare)
    monkeypatch.setattr(custom_conditions, "_commonness", custom_conditions.Commonness())
    customer.update({"x_number": 2, "x_choice": house.item("地区", "浙江")}, by=house.jingli)
    pages = as_(house.jingli)
    for _time in range(2):
        pages.get("/customers/?x_number__gte=1&x_choice=浙江")
    known = statements._worded.cache_info().misses
    pages.get("/customers/?x_number__gte=1&x_choice=浙江")
    assert statements._worded.cache_info().misses == known


def _value(house, kind):
    told = KINDS[kind][1]
    return {"choice": house.item("地区", "浙江"), "date": date(2026, 3, 15)}.get(kind, told)


def test_values_that_make_no_sense_are_named_and_nothing_is_asked_of_the_database(every_kind, customer, house, api):
    for query in ("x_number=abc", "x_date=gestern", "x_yes_no=maybe", "x_number__contains=1", "x_gone=1",
                  "x_text__regex=a", "x_text)--=1", "x_number__gte__lte=1", "x_choice__gte=浙江"):  # fmt: skip
        answer = api(house.jingli).get(f"customers?{query}")
        assert answer.status_code == 422, query
        assert query.partition("=")[0] in answer.json()["errors"]


def test_what_was_typed_stays_when_something_is_wrong(every_kind, customer, house, as_, unchanged):
    wrong = {"x_number": "zwölf", "x_money": "-5", "x_date": "2026-13-40", "x_link": "javascript:alert(1)",
             "x_choice": "火星", "x_yes_no": "vielleicht", "x_text": "字" * 501}  # fmt: skip
    with unchanged():
        answer = as_(house.jingli).post("/customers/new/", {**whole("customers", house, customer), **wrong})
    text = answer.content.decode()
    assert answer.status_code == 422
    for kind in ("number", "money", "date", "link"):
        assert f'value="{wrong[f"x_{kind}"]}"' in text
    assert "字" * 501 in text
    assert [kind for kind in KINDS if f'id="id_x_{kind}_error"' not in text] == []


def test_a_number_is_exact_or_refused(every_kind, customer, house, api):
    mine = api(house.jingli)
    answer = mine.patch(f"customers/{customer.pk}", x_number="123456789.123456")
    assert answer.json()["x_number"] == "123456789.123456"
    for wrong in ("12345678901234.123456", "1.1234567", "NaN", "1e30"):
        answer = mine.patch(f"customers/{customer.pk}", x_number=wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["x_number"]), wrong


def test_the_api_writes_reads_and_refuses_it(every_kind, customer, house, api):
    mine = api(house.jingli)
    answer = mine.patch(f"customers/{customer.pk}", x_yes_no=True, x_choice="北京", x_number=7, x_date="2026-01-31")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["x_yes_no"], told["x_choice__text"], told["x_number"], told["version"]) == (True, "北京", "7", 2)
    assert mine.patch(f"customers/{customer.pk}", x_yes_no=None, x_choice=None).json()["x_choice"] is None
    wrong = ({"x_unknown": 1}, {"x_yes_no": "true"}, {"x_text": 5}, {"x_choice": "火星"}, {"x_choice__text": "北京"})
    for body in wrong:
        assert mine.patch(f"customers/{customer.pk}", body).status_code == 422, body
    # a part of a change leaves the others as they are
    assert mine.patch(f"customers/{customer.pk}", phone="0574-9").json()["x_number"] == "7"


def test_the_api_describes_it(every_kind, house, api):
    schemas = api(house.jingli).get("openapi.json").json()["components"]["schemas"]
    assert schemas["Customer"]["properties"]["x_choice__text"] == {"type": ["string", "null"]}
    assert schemas["CustomerInput"]["properties"]["x_yes_no"] == {"type": ["boolean", "null"]}
    assert schemas["ContactChange"]["properties"]["x_text"]["maxLength"] == 500
    assert "x_text" not in schemas["User"]["properties"]


def test_history_tells_what_changed_and_only_that(every_kind, customer, house, as_):
    customer.update({"x_number": Decimal("5"), "x_text": "甲"}, by=house.jingli)
    customer.update({"x_number": Decimal("6.25"), "x_text": "甲"}, by=house.jingli)
    assert Event.of(customer).first().changes == {"x_number": ["5", "6.25"]}
    text = as_(house.jingli).get(f"/customers/{customer.pk}/?tab=history").content.decode()
    assert "扩展number" in text
    assert "6.25" in text


def test_two_people_who_change_one_field_see_both_versions(every_kind, customer, house, as_):
    form = {**whole("customers", house, customer), "version": customer.version, "x_text": "我的", "x_choice": "浙江"}
    customer.update({"x_text": "别人的", "x_choice": house.item("地区", "北京")}, by=house.zhuguan)
    answer = as_(house.jingli).post(f"/customers/{customer.pk}/edit/", form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="我的"' in text
    assert 'value="别人的"' in text
    assert extras.values_of(customer)["x_text"] == "别人的"


def test_deleting_and_restoring_a_record_keeps_its_values(every_kind, customer, house, api):
    customer.update({"x_text": "留着"}, by=house.jingli)
    customer.delete(by=house.jingli)
    customer.restore(by=house.jingli)
    assert api(house.jingli).get(f"customers/{customer.pk}").json()["x_text"] == "留着"


def test_what_must_be_filled_in_is_asked_of_people_and_of_programs_not_of_verbs(customer, house, as_, api):
    add(house, required=True)
    answer = as_(house.jingli).post("/customers/new/", whole("customers", house, customer))
    assert answer.status_code == 422
    assert "请填写备注甲" in answer.content.decode().replace(" ", "").replace("：", "")
    answer = api(house.jingli).post("customers", {**whole("customers", house, customer), "kind": "organization"})
    assert list(answer.json()["errors"]) == ["x_text"]
    customer.update({"phone": "0574-3"}, by=house.jingli)  # a verb, an import: free


def test_export_carries_every_field(every_kind, customer, house, as_):
    customer.update({f"x_{kind}": _value(house, kind) for kind in KINDS}, by=house.jingli)
    text = b"".join(as_(house.jingli).get("/customers/export.csv").streaming_content).decode()
    head, line = text.splitlines()[:2]
    for kind, (_sent, _told, read) in KINDS.items():
        assert f"扩展{kind}" in head
        assert (read if kind in ("yes_no", "date", "choice", "text", "link") else KINDS[kind][1]) in line


def test_a_spreadsheet_counts_with_numbers(every_kind, customer, house, as_):
    import openpyxl

    customer.update({"x_number": Decimal("2.5")}, by=house.jingli)
    sent = b"".join(as_(house.jingli).get("/customers/export.xlsx").streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(sent)).active.values)
    assert rows[1][rows[0].index("扩展number")] == 2.5


# the definitions


def test_a_deleted_field_is_shown_nowhere_and_comes_back_with_its_values(customer, house, as_, api):
    field = add(house, label="秘密字段")
    customer.update({"x_text": "暗号"}, by=house.jingli)
    field.delete(by=house.admin)
    pages, mine = as_(house.jingli), api(house.jingli)
    for page in ("", f"{customer.pk}/", f"{customer.pk}/?tab=history", f"{customer.pk}/edit/", "new/"):
        text = pages.get(f"/customers/{page}").content.decode()
        assert "秘密字段" not in text, page
        assert "暗号" not in text, page
        assert "x_text" not in text, page
    assert "x_text" not in mine.get(f"customers/{customer.pk}").json()
    assert mine.get("customers?x_text=暗号").status_code == 422
    assert mine.patch(f"customers/{customer.pk}", x_text="neu").status_code == 422
    assert "x_text" not in str(mine.get("openapi.json").json())
    text = b"".join(pages.get("/customers/export.csv").streaming_content).decode()
    assert "暗号" not in text
    field.restore(by=house.admin)
    assert mine.get(f"customers/{customer.pk}").json()["x_text"] == "暗号"


def test_a_code_is_never_used_again(house):
    add(house).delete(by=house.admin)
    with pytest.raises(Exception, match="已删除"):
        add(house, label="另一个")
    assert add(house, "contacts").path == "x_text"  # another entity has its own


def test_a_code_is_made_where_none_is_given(house):
    first, second = add(house, code=""), add(house, code="", label="备注乙")
    assert (first.code, second.code) == ("f1", "f2")


@pytest.mark.parametrize("code", ["a__b", "A", "1a", "_a", "a_", "a b", "a;drop", "a\n", "ä"])
def test_a_code_is_a_plain_word(code, house, unchanged):
    from django.core.exceptions import ValidationError

    with unchanged(), pytest.raises(ValidationError) as wrong:
        add(house, code=code)
    assert list(wrong.value.message_dict) == ["code"]


def test_a_kind_stays_once_there_are_values(customer, house, api):
    field = add(house)
    admin = api(house.admin)
    assert admin.patch(f"custom-fields/{field.pk}", kind="link").status_code == 200
    assert admin.patch(f"custom-fields/{field.pk}", kind="text").status_code == 200
    customer.update({"x_text": "值"}, by=house.jingli)
    for body in ({"kind": "number"}, {"code": "other"}, {"resource": "contacts"}):
        answer = admin.patch(f"custom-fields/{field.pk}", body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, list(body))
    assert admin.patch(f"custom-fields/{field.pk}", label="新名").status_code == 200
    assert field.values.count() == 1


def test_an_entity_takes_a_hundred_fields(house, api, as_):
    CustomField.objects.bulk_create(
        CustomField(resource="customers", code=f"n{n}", label=f"第{n}个", kind="text", listed=False) for n in range(99)
    )
    add(house, label="第一百个")
    answer = api(house.admin).post("custom-fields", resource="customers", label="多了", kind="text")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")
    assert as_(house.jingli).get("/customers/new/").content.decode().count('name="x_n') == 99


def test_a_dictionary_entry_that_a_value_names_cannot_be_deleted(customer, house, api):
    add(house, kind="choice", category="地区")
    item = DictionaryItem(category="地区", entry="海南", value="海南").create(by=house.admin)
    customer.update({"x_choice": item}, by=house.jingli)
    answer = api(house.admin).delete(f"dictionary-items/{item.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    item.update({"entry": "海南岛"}, by=house.admin)
    assert api(house.jingli).get(f"customers/{customer.pk}").json()["x_choice__text"] == "海南岛"


def test_an_entry_that_is_new_or_has_another_value_is_known_at_once(customer, house, api):
    add(house, kind="choice", category="地区")
    mine = api(house.jingli)
    assert mine.patch(f"customers/{customer.pk}", x_choice="海南").status_code == 422
    item = DictionaryItem(category="地区", entry="海南", value="海南").create(by=house.admin)
    assert mine.patch(f"customers/{customer.pk}", x_choice="海南").json()["x_choice__text"] == "海南"
    item.update({"value": "HI"}, by=house.admin)
    assert [one["id"] for one in mine.get("customers?x_choice=HI").json()["items"]] == [customer.pk]
    assert mine.get("customers?x_choice=海南").json()["items"] == []


def test_a_list_prints_values_by_the_kind_a_field_has_now(customer, house, as_, api):
    field = add(house)
    pages = as_(house.jingli)
    pages.get("/customers/")
    assert api(house.admin).patch(f"custom-fields/{field.pk}", kind="link").status_code == 200
    customer.update({"x_text": "https://docs.example/a"}, by=house.jingli)
    assert 'href="https://docs.example/a"' in pages.get("/customers/").content.decode()


def test_a_choice_is_of_its_category(customer, house, unchanged):
    from django.core.exceptions import ValidationError

    add(house, kind="choice", category="地区")
    with unchanged(), pytest.raises(ValidationError):
        customer.update({"x_choice": house.item("客户等级", "1")}, by=house.jingli)


def test_a_label_is_no_name_of_a_declared_field(house, api):
    answer = api(house.admin).post("custom-fields", resource="customers", label="客户等级", kind="text")
    assert list(answer.json()["errors"]) == ["label"]


def test_a_new_field_is_there_with_the_next_request_in_a_process_that_knew_the_old_ones(customer, house, as_):
    pages = as_(house.jingli)
    add(house)
    assert "备注甲" in pages.get("/customers/new/").content.decode()
    kept = extras.fields._store._known
    add(house, code="second", label="备注乙")  # as another process would: this one has read the former sign
    extras.fields._store._known = kept
    assert "备注乙" in pages.get("/customers/new/").content.decode()


def test_a_change_that_is_rolled_back_leaves_nothing(house):
    from django.db import transaction

    with transaction.atomic():
        add(house)
        assert [one.path for one in extras.of(resource("customers"))] == ["x_text"]
        transaction.set_rollback(True)
    assert extras.of(resource("customers")) == []


def test_a_refused_change_writes_no_value(customer, house, api, unchanged):
    add(house)
    mine, others = api(house.jingli), api(house.jingli2)
    with unchanged():
        assert others.patch(f"customers/{customer.pk}", x_text="别人的").status_code == 403
        assert mine.patch(f"customers/{customer.pk}", x_text="旧", version=99).status_code == 409
        assert mine.patch(f"customers/{customer.pk}", x_text="甲", phone="不是电话！").status_code == 422


def test_many_are_written_and_read_at_once(house, django_assert_max_num_queries):
    add(house), add(house, kind="number", label="数量")
    customers = [house.customer(house.jingli, name=f"客户{n}") for n in range(30)]
    values = {one.pk: {"x_text": f"第{n}", "x_number": n} for n, one in enumerate(customers)}
    extras.by_path(resource("customers"))
    with django_assert_max_num_queries(6):
        changed = extras.write(resource("customers"), values)
    assert changed[customers[3].pk] == {"x_text": [None, "第3"], "x_number": [None, "3"]}
    assert extras.write(resource("customers"), values)[customers[3].pk] == {}
    assert CustomValue.objects.count() == 60
    with django_assert_max_num_queries(3):
        texts = extras.searchable_texts(resource("customers"), [one.pk for one in customers])
    assert texts[customers[7].pk] == ["第7"]


def test_many_rows_take_added_fields_by_the_rules_of_one_by_one(every_kind, customer, house):
    from liuke.core.many import Draft, save_many
    from liuke.customers.models import Customer

    region = house.item("地区", "浙江")
    right = {"x_text": "双层", "x_number": "2.50", "x_choice": region.pk, "x_date": date(2026, 3, 15), "x_yes_no": True}
    wrong = {"x_number": "viel", "x_choice": house.item("客户等级", "1"), "x_text": "字" * 501, "x_gone": 1}
    drafts = [
        Draft(Customer(name="批量一", owner=house.jingli), dict(right)),
        Draft(Customer(name="批量二", owner=house.jingli), dict(wrong)),
        Draft(customer, {"phone": "0574-1", "x_choice": "北京"}),
    ]
    save_many(drafts, house.jingli)
    assert [sorted(draft.errors) for draft in drafts] == [[], sorted(wrong), []]
    assert Event.of(drafts[0].record).get().changes["x_choice"] == [None, "浙江"]
    assert Event.of(customer).first().changes["x_choice"] == [None, "北京"]
    values = extras.values_of(Customer.objects.get(name="批量一"))
    assert (values["x_number"], str(values["x_choice"]), values["x_yes_no"]) == (Decimal("2.5"), "浙江", True)
    assert any(text.startswith("扩展number：") for text in drafts[1].sentences())


def test_a_batch_edit_changes_an_added_field(every_kind, customer, house, as_):
    other = house.customer(house.jingli3, name="别人的客户")
    answer = as_(house.jingli).post(
        "/customers/batch/update/", {"ids": [customer.pk, other.pk], "field": "x_choice", "x_choice": "北京"}
    )
    assert answer.status_code in (200, 302), answer.status_code
    assert str(extras.values_of(type(customer).objects.get(pk=customer.pk)).get("x_choice")) == "北京"
    assert extras.values_of(type(other).objects.get(pk=other.pk)) == {}


def test_a_file_fills_added_fields_and_an_undo_takes_them_back(every_kind, customer, house, settings, tmp_path):
    from liuke.customers.models import Customer
    from tests.carrying import Wizard, bring, csv_file

    settings.DATA_DIR = tmp_path
    customer.update({"x_number": 1, "x_choice": house.item("地区", "上海")}, by=house.jingli)
    head = ("客户名称", "扩展number", "扩展choice", "扩展date", "扩展yes_no", "x_text")
    lines = (("北京太阳", "2.5", "北京", "2026-03-15", "否", "甲"), (customer.name, "7", "浙江", "", "是", ""))
    wizard = bring(house.jingli, "customers", csv_file(head, *lines), rule="update")
    assert wizard.counts[:2] == (1, 1)
    sun = extras.values_of(Customer.objects.get(name="北京太阳"))
    assert (sun["x_number"], str(sun["x_choice"]), sun["x_date"], sun["x_yes_no"], sun["x_text"]) == (
        Decimal("2.5"), "北京", date(2026, 3, 15), False, "甲",
    )  # fmt: skip
    known = extras.values_of(Customer.objects.get(pk=customer.pk))
    assert (known["x_number"], str(known["x_choice"]), known["x_yes_no"]) == (Decimal(7), "浙江", True)
    again = bring(house.jingli, "customers", csv_file(head, *lines), rule="update")
    assert again.counts[:3] == (0, 0, 2)
    wizard.undo()
    known = extras.values_of(Customer.objects.get(pk=customer.pk))
    assert {path: str(value) for path, value in known.items()} == {"x_number": "1", "x_choice": "上海"}
    assert Wizard(house.jingli, "customers", csv_file(head)).of.columns[1:] == [
        "x_number", "x_choice", "x_date", "x_yes_no", "x_text",
    ]  # fmt: skip
