"""The API: how records look, what is refused by name, and bad input that stays text."""

from __future__ import annotations

import json

import pytest
from django.utils.html import escape

from liuke.core.register import resource

OPPORTUNITY = {"customer_name": "象山船厂", "success_rate": 60, "summary": "两台流量计", "description": "春季招标"}
CUSTOMER = {"name": "象山船厂", "region": "浙江", "level": "1", "address": "丹东街道 1 号", "phone": "0574-65712345"}


def test_a_list_has_its_four_parts_and_a_default_of_twenty(house, api):
    for n in range(22):
        house.customer(house.jingli, name=f"客户{n}")
    told = api(house.jingli).get("customers").json()
    assert list(told) == ["items", "count", "count_is_capped", "next"]
    assert (len(told["items"]), told["count"], told["next"].startswith("http://testserver/api/v1/customers?")) == (
        20,
        22,
        True,
    )
    rest = api(house.jingli).get(told["next"]).json()
    assert (len(rest["items"]), rest["next"]) == (2, None)
    assert len(api(house.jingli).get("customers?limit=200").json()["items"]) == 22


def test_a_reference_is_an_id_with_its_text_and_a_choice_its_value(house, api):
    told = api(house.jingli).post("customers", CUSTOMER | {"registered_capital": "1000.5", "satisfaction": 4}).json()
    assert (told["owner"], told["owner__text"]) == (house.jingli.pk, house.jingli.name)
    assert (told["level"], told["level__text"]) == ("1", "重点开发客户")
    assert (told["registered_capital"], told["satisfaction"]) == ("1000.50", 4)
    assert told["industry"] is told["industry__text"] is told["deleted_at"] is None
    assert told["created_at"].endswith("Z")


def test_what_is_unknown_or_read_only_is_refused_by_name(house, api, unchanged):
    program = api(house.jingli)
    made = program.post("customers", CUSTOMER).json()
    with unchanged():
        for body in (
            {"nonsense": 1},
            {"number": "KH1"},
            {"status": "churned"},
            {"id": 7},
            {"deleted_at": "2020-01-01"},
            {"created_by": house.admin.pk},
            {"owner__text": "x"},
            {"origin": "opportunity"},
        ):
            told = program.patch(f"customers/{made['id']}", body)
            assert (told.status_code, list(told.json()["errors"])) == (422, list(body))
            assert program.post("customers", CUSTOMER | body).status_code == 422
        assert list(program.post(f"customers/{made['id']}/restore", {"x": 1}).json().get("errors", {"x": 1})) == ["x"]
    assert program.patch(f"customers/{made['id']}", made).status_code == 200  # what was read may be sent back


def test_a_parameter_where_none_is_taken_is_refused_by_name(house, api, unchanged):
    program = api(house.jingli)
    made = program.post("customers", CUSTOMER).json()
    one = f"customers/{made['id']}"
    with unchanged():
        for answer in (
            program.get(f"{one}?nonsense=1"),
            program.post("customers?nonsense=1", CUSTOMER),
            program.patch(f"{one}?nonsense=1", {"name": "改"}),
            program.delete(f"{one}?nonsense=1"),
        ):
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["nonsense"])


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"x"', "1", "null", '{"name": NaN}', '{"name": Infinity}', '{"name": "a\\u0000b"}', "[" * 5000, "\xff"],
)
def test_a_body_that_is_no_object_is_refused(body, house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        answer = program.client.post(
            "/api/v1/customers", body.encode("latin-1"), content_type="application/json", headers=program.headers
        )
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_a_wrong_type_is_named(house, api, unchanged):
    program = api(house.jingli)
    with unchanged():
        for name, value in (
            ("name", 1),
            ("name", True),
            ("name", ["x"]),
            ("name", {"a": 1}),
            ("owner", "x"),
            ("owner", [1]),
            ("owner", 1.5),
            ("owner", True),
            ("region", 1),
            ("satisfaction", "x"),
            ("satisfaction", 6),
            ("founded_on", 20200101),
            ("registered_capital", True),
            ("registered_capital", "1.234"),
            ("registered_capital", "-1"),
            ("registered_capital", "NaN"),
            ("website", "javascript:alert(1)"),
        ):
            told = program.post("customers", CUSTOMER | {name: value})
            assert (told.status_code, list(told.json()["errors"])) == (422, [name]), value


def test_every_problem_has_the_form_of_a_problem(house, api):
    program = api(house.kefu)
    for answer, status in (
        (api().get("customers"), 401),
        (program.get("opportunities"), 403),
        (program.get("customers/1"), 404),
        (program.get("nothing"), 404),
        (program.get("customers?x=1"), 422),
    ):
        told = answer.json()
        assert (answer.status_code, told["status"], answer["Content-Type"]) == (
            status,
            status,
            "application/problem+json",
        )
        assert told["title"]
        assert told["code"]


def test_a_method_an_address_does_not_take_is_405(house, api):
    program = api(house.jingli)
    answer = program._send("put", "customers", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


def test_the_document_describes_what_is_answered(house, api):
    told = api(house.jingli).get("openapi.json").json()
    made = api(house.jingli).post("customers", CUSTOMER).json()
    assert set(made) == set(told["components"]["schemas"]["Customer"]["properties"])
    given = told["components"]["schemas"]["CustomerInput"]
    assert set(given["required"]) == {"name", "region", "level", "address", "phone"}
    assert set(given["properties"]) == set(resource("customers").field_names)


# bad input

NASTY = "<i>\"'}}{{7*7}}"
TEXTS = {"opportunities": OPPORTUNITY, "customers": CUSTOMER}


def text_fields(name: str) -> dict[str, int]:
    """Free text fields of a form, with the most they take."""
    found = {}
    for field in (resource(name).model._meta.get_field(one) for one in resource(name).field_names):
        if (
            field.get_internal_type() in ("CharField", "TextField")
            and not field.choices
            and type(field).__name__ not in ("PhoneField", "URLField")
        ):
            found[field.name] = field.max_length
    return found


@pytest.mark.parametrize("name", ["opportunities", "customers"])
def test_marks_and_quotes_are_kept_and_shown_as_text(name, house, api, as_):
    nasty = {field: (NASTY if most >= len(NASTY) else NASTY[:most]) for field, most in text_fields(name).items()}
    made = api(house.jingli).post(name, TEXTS[name] | nasty)
    assert made.status_code == 201
    assert {field: made.json()[field] for field in nasty} == nasty
    pages = as_(house.jingli)
    for path in (
        f"/{name}/",
        f"/{name}/{made.json()['id']}/",
        f"/{name}/{made.json()['id']}/edit/",
        f"/{name}/{made.json()['id']}/delete/",
        f"/{name}/{made.json()['id']}/?tab=history",
        "/",
        f"/{name}/?search={NASTY}",
    ):
        text = pages.get(path).content.decode()
        assert "<i>" not in text, path
        assert "49" not in text.partition("&lt;i&gt;")[2][:30], path
    assert escape(NASTY)[:10] in pages.get(f"/{name}/{made.json()['id']}/").content.decode()


@pytest.mark.parametrize("name", ["opportunities", "customers"])
@pytest.mark.parametrize(
    "text", ["'; DROP TABLE customers_customer; --", "1 OR 1=1", "%' UNION SELECT password FROM accounts_user --"]
)
def test_words_of_sql_are_words(name, text, house, api):
    lead = resource(name).model.TEXT
    program = api(house.jingli)
    assert program.post(name, TEXTS[name] | {lead: text[:50]}).json()[lead] == text[:50]
    assert program.get(name, search=text[:50]).json()["count"] == 1
    assert program.get(name, **{lead: text[:50]}).json()["count"] == 1


@pytest.mark.parametrize("name", ["opportunities", "customers"])
def test_a_text_that_is_too_long_is_named_and_not_cut(name, house, api, as_, unchanged):
    program, pages = api(house.jingli), as_(house.jingli)
    with unchanged():
        for field, most in text_fields(name).items():
            body = TEXTS[name] | {field: "长" * (most + 1)}
            told = program.post(name, body)
            assert (told.status_code, list(told.json()["errors"])) == (422, [field])
            assert pages.post(f"/{name}/new/", body).status_code == 422
    field, most = next(iter(text_fields(name).items()))
    assert program.post(name, TEXTS[name] | {field: "长" * most}).json()[field] == "长" * most


def test_huge_ids_do_not_exist(house, api, as_):
    for pk in (2**63, 10**30, 0):
        assert api(house.jingli).get(f"customers/{pk}").status_code == 404
        assert as_(house.jingli).get(f"/customers/{pk}/").status_code == 404


def test_chinese_stays_chinese(house, api):
    answer = api(house.jingli).post("customers", CUSTOMER)
    assert "象山船厂" in answer.content.decode()
    assert json.loads(answer.content)["name"] == "象山船厂"
