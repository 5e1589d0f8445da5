"""Columns, saved views, the advanced filter, sums and the quick view: what people set on a list stays theirs."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from liuke.accounts.models import Grant, Role
from liuke.core.doors.columns import choosable
from liuke.core.models import ListSetting
from liuke.core.register import resource, resources
from liuke.customers.models import Customer
from tests.house import page_client


def heads(page) -> list[str]:
    text = page.content.decode().split("<thead>")[1].split("</thead>")[0]
    cells = re.findall(r"<th[^>]*>(.*?)</th>", text, re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells][:-1]


def names(page) -> list[str]:
    return re.findall(r'<a href="/customers/\d+/">([^<]+)</a>', page.content.decode())


@pytest.fixture
def two(house):
    return [
        house.customer(
            house.jingli, name="甲公司", rating=4, registered_capital="1000.50", founded_on=date(2020, 1, 1)
        ),
        house.customer(house.jingli3, name="乙公司", rating=None, registered_capital="2000.00"),
    ]


# columns


def test_columns_are_those_of_the_address_and_the_name_is_always_there(two, house, as_):
    page = as_(house.jingli).get("/customers/?columns=rating,registered_capital")
    assert [one for one in heads(page) if one] == ["客户名称", "评分", "注册资金"]
    assert "¥1,000.50" in page.content.decode()


def test_columns_are_kept_for_the_person_and_the_list_alone(two, house, as_):
    pages = as_(house.jingli)
    sent = {"order": ["rating", "name", "number"], "show": ["rating"], "question": "scene=mine&page=3"}
    answer = pages.post("/customers/columns/", sent)
    assert answer["Location"].endswith("columns=rating,name")
    assert [one for one in heads(pages.get("/customers/")) if one] == ["评分", "客户名称"]
    assert "行业" in heads(as_(house.zhuguan).get("/customers/"))
    assert pages.get("/contacts/").status_code == 200
    pages.post("/customers/columns/", {"reset": "1"})
    assert "行业" in heads(pages.get("/customers/"))
    assert not ListSetting.objects.exists()


def test_columns_move_step_by_step_without_script_and_nothing_is_kept(two, house, as_, unchanged):
    with unchanged():
        sent = {"order": ["name", "number", "level"], "show": ["number"], "move": "up:level"}
        text = as_(house.jingli).post("/customers/columns/", sent).content.decode()
    assert re.findall(r'name="order" value="(\w+)"', text) == ["name", "level", "number"]


def test_the_same_columns_set_twice_are_kept_once(two, house, as_):
    for _n in range(2):
        as_(house.jingli).post("/customers/columns/", {"order": ["name", "rating"], "show": ["rating"]})
    assert ListSetting.objects.get().query == "columns=name%2Crating"


def test_widths_are_kept_for_the_person_and_the_list_beside_his_columns(two, house, as_):
    pages = as_(house.jingli)
    assert "<col " not in pages.get("/customers/").content.decode()
    sent = "-boxes:36,name:200,number:99999999,rating:7,level:9999,password:80,nonsense,-acts:90"
    for _time in range(2):
        assert pages.post("/customers/columns/", {"widths": sent}).status_code == 204
    assert ListSetting.objects.get().widths == "-boxes:36,name:200,rating:48,level:1200,-acts:90"
    pages.post("/customers/columns/", {"order": ["name", "rating", "address"], "show": ["rating", "address"]})
    pages.post("/customers/columns/", {"widths": "rating:60"})
    page = pages.get("/customers/").content.decode()
    assert re.findall(r'<col (?:data-)?width="(\d+)">', page) == ["36", "200", "60", "140", "90"]
    assert '<table class="sized" width="526">' in page
    assert '"sized"' not in as_(house.zhuguan).get("/customers/").content.decode()
    assert '"sized"' not in pages.get("/contacts/").content.decode()
    pages.post("/customers/columns/", {"reset": "1"})
    assert '"sized"' not in pages.get("/customers/").content.decode()


def test_a_stranger_to_a_list_keeps_no_widths_of_it(house, as_, unchanged):
    with unchanged():
        assert as_(house.kefu).post("/roles/columns/", {"widths": "name:100"}).status_code == 403


@pytest.mark.parametrize("names", ["password", "owner__password", "deleted_at", "version", "x';drop", "notes__x", ","])
def test_what_is_no_column_is_no_column(names, two, house, as_):
    for path in ("customers", "users"):
        page = as_(house.admin).get(f"/{path}/?columns={names}")
        assert page.status_code == 200
        assert len(heads(page)) > 3  # the declared ones


def test_no_hidden_field_of_any_resource_can_be_made_a_column_or_a_condition(house):
    from liuke.core.listing import filterable

    for one in resources():
        for name in one.hidden:
            assert name not in choosable(one)
            assert name not in filterable(one)


def test_every_column_that_can_be_chosen_is_shown_and_printed(two, house, as_):
    for one in resources():
        path = f"/{one.name}/?columns={','.join(choosable(one))}"
        assert as_(house.admin if one.may(house.admin, "view") else house.zhuguan).get(path).status_code == 200, path
    every = ",".join(choosable(resource("customers")))
    assert "¥1,000.50" in as_(house.jingli).get(f"/customers/print/?columns={every}").content.decode()


# saved views


def keep(pages, name="我的重点", question="level=1&ordering=name&columns=rating&page=3&ids=1", **more):
    return pages.post("/customers/views/new/", {"name": name, "question": question, **more})


def test_a_view_is_a_tab_that_asks_its_question_again(two, house, as_):
    pages = as_(house.jingli)
    answer = keep(pages, question="search=甲&columns=rating&page=3")
    page = pages.get(answer["Location"])
    assert names(page) == ["甲公司"]
    assert [one for one in heads(page) if one] == ["客户名称", "评分"]
    assert re.search(r'\?view=\d+" aria-current="page"[^>]*>我的重点', page.content.decode())
    assert ListSetting.objects.get().query == "search=%E7%94%B2&columns=rating"
    assert "我的重点" not in as_(house.jingli2).get("/customers/").content.decode()
    assert "我的重点" not in pages.get("/contacts/").content.decode()


def test_changing_a_condition_leaves_the_view_and_paging_stays_in_it(two, house, as_):
    pages = as_(house.jingli)
    where = keep(pages, question="search=公司&limit=1")["Location"]
    text = pages.get(where + "&limit=1").content.decode()
    assert re.search(r'href="/customers/\?limit=1&amp;view=\d+&amp;page=2"', text)
    chip = re.search(r'class="chip" href="([^"]+)"', text)[1]
    assert "view" not in chip
    assert "search" not in chip


def test_sharing_needs_the_right_and_shows_nobody_more_than_he_may_see(house, as_):
    hidden = house.opportunity(house.jingli3, house.jingli3, customer_name="机密客户")
    body = {"name": "全部指派", "question": "status=assigned", "shared": "on"}
    as_(house.jingli).post("/opportunities/views/new/", body)
    assert ListSetting.objects.get().shared is False  # the box is not even offered to him
    as_(house.bumen).post("/opportunities/views/new/", body)
    shared = ListSetting.objects.get(user=house.bumen)
    assert shared.shared is True
    assert "机密客户" in as_(house.bumen).get(f"/opportunities/?view={shared.pk}").content.decode()
    text = as_(house.jingli2).get(f"/opportunities/?view={shared.pk}").content.decode()
    assert "全部指派" in text
    assert "机密客户" not in text
    assert as_(house.kefu).get(f"/opportunities/?view={shared.pk}").status_code == 403
    assert hidden.pk


def test_only_the_owner_renames_or_deletes_a_view(two, house, as_, unchanged):
    keep(as_(house.zhuguan), shared="on")
    view = ListSetting.objects.get()
    with unchanged():
        for act in ("edit", "delete"):
            for method in ("get", "post"):
                for other in (house.jingli, house.admin):
                    answer = getattr(as_(other), method)(f"/customers/views/{view.pk}/{act}/", {"name": "抢"})
                    assert answer.status_code == 404
        assert as_(house.zhuguan).post(f"/contacts/views/{view.pk}/delete/").status_code == 404
    as_(house.zhuguan).post(f"/customers/views/{view.pk}/edit/", {"name": "新名", "question": "rating=3"})
    view.refresh_from_db()
    assert (view.name, view.shared, "level=1" in view.query) == ("新名", False, True)
    as_(house.zhuguan).post(
        f"/customers/views/{view.pk}/edit/", {"name": "新名", "question": "rating=3", "replace": "on"}
    )
    view.refresh_from_db()
    assert view.query == "rating=3"
    assert as_(house.zhuguan).post(f"/customers/views/{view.pk}/delete/").status_code == 302
    assert not ListSetting.objects.exists()


def test_two_views_of_one_name_are_refused_and_an_empty_name_too(two, house, as_):
    pages = as_(house.jingli)
    keep(pages)
    assert keep(pages).status_code == 422
    assert keep(pages, name=" ").status_code == 422
    assert ListSetting.objects.count() == 1


def test_a_view_whose_conditions_have_become_invalid_explains_itself(two, house, as_):
    pages = as_(house.jingli)
    keep(pages, question="no_such_field=1&where=gone~is~1&search=甲")
    page = pages.get(f"/customers/?view={ListSetting.objects.get().pk}")
    assert page.status_code == 200
    assert "这个场景中有的条件已经失效" in page.content.decode()
    assert names(page) == ["甲公司"]


@pytest.mark.parametrize("view", ["0", "999", "-1", "x", "9" * 30])
def test_a_view_that_is_not_there_is_told(view, two, house, as_):
    page = as_(house.jingli).get(f"/customers/?view={view}")
    assert "没有这个场景" in page.content.decode()
    assert len(names(page)) == 2


# the advanced filter


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("where=name~is~甲公司", "甲"),
        ("where=name~not~甲公司", "乙"),
        ("where=name~has~公司", "甲乙"),
        ("where=name~hasnot~甲", "乙"),
        ("where=rating~is~4", "甲"),
        ("where=rating~not~4", "乙"),  # an empty value is none of it
        ("where=rating~empty", "乙"),
        ("where=rating~filled", "甲"),
        ("where=registered_capital~gt~1000.50", "乙"),
        ("where=registered_capital~lt~1500", "甲"),
        ("where=registered_capital~between~1000~1500", "甲"),
        ("where=founded_on~between~2019-12-31~2020-01-01", "甲"),
        ("where=founded_on~empty", "乙"),
        ("where=website~empty", "甲乙"),
        ("where=website~filled", ""),
        ("where=level~is~1", "甲乙"),
        ("where=level~not~1", ""),
        ("where=city~empty", "甲乙"),
        ("where=incomplete~is~false", "甲乙"),
        ("where=name~has~甲&where=registered_capital~gt~1500", ""),
        ("where=name~has~甲&where=registered_capital~gt~1500&any=1", "甲乙"),
        ("where=name~is~a~b", ""),
    ],
)
def test_conditions_keep_what_a_walk_over_the_rows_would_keep(query, keeps, two, house, api, as_):
    found = api(house.jingli).get(f"customers?{query}&ordering=id").json()
    assert [row["name"][0] for row in found["items"]] == list(keeps)
    assert sorted(name[0] for name in names(as_(house.jingli).get(f"/customers/?{query}"))) == sorted(keeps)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense~is~1",
        "owner__password~has~a",
        "deleted_at~empty",
        "name",
        "name~regex~a",
        "name~is",
        "name~gt~a",
        "rating~has~1",
        "rating~is~9",
        "owner~is~abc",
        "owner~is~99999999999999999999999999",
        "founded_on~is~2026-02-30",
        "founded_on~between~2020-01-01",
        "registered_capital~gt~1e400",
        "name~is~%00",
        "_connector~is~OR",
        "name__contains~is~x",
        "~~",
    ],
)
def test_a_condition_that_makes_no_sense_is_named_by_its_row(line, two, house, api, as_, unchanged):
    program = api(house.jingli)
    with unchanged():
        told = program.get(f"customers?where=name~has~公司&where={line}")
        assert told.status_code == 422
        assert "2" in told.json()["errors"]["where"][0]
        page = as_(house.jingli).get(f"/customers/?where={line}")
        assert page.status_code == 200
        assert as_(house.jingli).get(f"/customers/stats/?where={line}").status_code == 200
        assert as_(house.jingli).get(f"/customers/where/?question=where%3D{line}").status_code == 200


def test_hidden_fields_are_no_condition(house, api):
    for line in ("password~has~a", "last_login~filled", "must_change_password~is~true", "density~is~compact"):
        assert api(house.admin).get(f"users?where={line}").status_code == 422, line


def test_more_than_ten_conditions_are_refused(two, house, api):
    many = "&".join(["where=name~has~公"] * 11)
    assert api(house.jingli).get(f"customers?{many}").status_code == 422
    assert api(house.jingli).get(f"customers?{many[len('where=name~has~公&') :]}").status_code == 200
    assert api(house.jingli).get("customers?any=2").status_code == 422


def test_or_never_reaches_beyond_the_rows_a_person_sees(house, api):
    house.opportunity(house.jingli3, house.jingli3, customer_name="机密客户")
    own = house.opportunity(house.jingli, house.jingli, customer_name="自己的")
    query = "opportunities?where=customer_name~has~机密&where=customer_name~has~自己&any=1"
    assert [row["id"] for row in api(house.jingli).get(query).json()["items"]] == [own.pk]


def test_conditions_stand_as_chips_and_each_can_be_taken_out(two, house, as_):
    page = as_(house.jingli).get("/customers/?where=name~has~甲&where=rating~empty&any=1").content.decode()
    assert "客户名称 包含 甲" in page
    assert "或 评分 为空" in page
    assert re.search(r'class="chip" href="/customers/\?where=name~has~%E7%94%B2&amp;any=1"', page)


def test_the_box_of_conditions_asks_by_kind_and_leads_to_the_list(two, house, as_):
    pages = as_(house.jingli)
    text = pages.get("/customers/where/?f=founded_on&o=between&v=2020-01-01&w=2020-12-31").content.decode()
    assert text.count("data-date") == 2
    text = pages.get("/customers/where/?f=level&o=is&v=1&w=").content.decode()
    assert re.search(r'<option value="1" selected>', text)
    sent = (
        "f=name&o=has&v=甲&w=&f=rating&o=empty&v=&w=&f=number&o=is&v=&w=&any=1&apply=1&question=scene%3Dmine%26page%3D2"
    )
    answer = pages.get(f"/customers/where/?{sent}")
    assert answer["Location"] == "/customers/?scene=mine&where=name~has~%E7%94%B2&where=rating~empty&any=1"
    more = pages.get("/customers/where/?f=name&o=has&v=x&w=&add=1").content.decode()
    assert more.count('name="f"') == 2
    assert (
        pages.get("/customers/where/?f=name&f=rating&o=has&o=is&v=x&v=&w=&w=&drop=0").content.decode().count('name="f"')
        == 1
    )


# sums, quick view, density


def test_the_foot_adds_up_the_money_of_the_rows_that_match_and_are_seen(house, as_):
    for owner, amount in ((house.jingli, "100.25"), (house.jingli, "200.00"), (house.jingli3, "5000.00")):
        house.opportunity(owner, owner, amount=amount)
    assert "¥300.25" in as_(house.jingli).get("/opportunities/sums/?columns=amount").content.decode()
    assert "¥5,000.00" in as_(house.jingli3).get("/opportunities/sums/?columns=amount").content.decode()
    assert "¥" not in as_(house.jingli).get("/opportunities/sums/?columns=number").content.decode()
    assert as_(house.kefu).get("/opportunities/sums/").status_code == 403


def test_the_foot_says_when_it_adds_up_only_the_first_ten_thousand(two, house, as_, monkeypatch):
    from liuke.core import listing
    from liuke.core.doors import sums

    for module in (listing, sums):
        monkeypatch.setattr(module, "COUNT_CAP", 1)
    text = as_(house.jingli).get("/customers/sums/?columns=registered_capital").content.decode()
    assert "前 1 条" in text
    assert "¥2,000.00" in text  # the newest


def test_the_quick_view_shows_what_the_detail_shows_and_only_to_those_who_may_see_it(house, as_):
    seen, part = house.opportunity(house.jingli, house.jingli, customer_name="快看客户"), {"HX-Request": "true"}
    path = f"/opportunities/{seen.pk}/?quick=1"
    text = as_(house.jingli).get(path, headers=part).content.decode()
    assert "快看客户" in text
    assert "<html" not in text
    assert f'href="/opportunities/{seen.pk}/edit/"' in text
    assert "<html" in as_(house.jingli).get(path).content.decode()
    assert as_(house.jingli3).get(path, headers=part).status_code == 404
    assert as_(house.kefu).get(path, headers=part).status_code == 403


def test_the_height_of_rows_is_kept_with_the_person(house, as_):
    as_(house.jingli).post("/preferences/density/", {"density": "compact"})
    assert 'data-density="compact"' in as_(house.jingli).get("/customers/").content.decode()
    as_(house.jingli).post("/preferences/density/", {"density": "huge"})
    assert house.again("jingli").density == "compact"


def test_settings_of_a_list_cost_one_question(two, house, django_assert_max_num_queries):
    pages = page_client(house.zhuguan)
    keep(pages, shared="on")
    pages.get("/customers/")
    view = ListSetting.objects.get().pk
    with django_assert_max_num_queries(12):
        pages.get(f"/customers/?view={view}&limit=1")


def test_sharing_is_a_right_of_the_matrix(house, as_):
    assert 'name="saved-views' in as_(house.admin).get(f"/roles/{Role.objects.first().pk}/?tab=grants").content.decode()
    assert set(Grant.objects.filter(resource="saved-views").values_list("role__code", flat=True)) == {
        "super_admin", "system_admin", "sales_supervisor", "department_head",
    }  # fmt: skip


def test_a_range_of_days_ends_with_the_end_of_its_last_day(two, house, api):
    today = date.today()
    for first, last, count in ((today, today, 2), (today - timedelta(1), today - timedelta(1), 0)):
        query = f"customers?where=created_at~between~{first}~{last}"
        assert api(house.jingli).get(query).json()["count"] == count
    assert Customer.objects.count() == 2
