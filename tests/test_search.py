"""Search: what people type finds what they mean, nothing beside it, and at once."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import OuterRef, Q

from liuke.accounts.models import Grant
from liuke.commerce.models import Order
from liuke.core.listing import Listing, Reader
from liuke.core.many import Draft, save_many
from liuke.core.models import SearchEntry
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.core.search import found, index, rebuild
from liuke.core.search.grams import entry, heard
from liuke.core.search.spelling import readings
from liuke.core.subqueries import InTurn
from liuke.customers.models import Contact, Customer

NAMES = [
    "北京华为技术有限公司",
    "重庆长安汽车",
    "单晓明工作室",
    "仇氏五金",
    "曾国藩书院",
    "解放军总医院",
    "中国工商银行厦门分行",
    "Siemens 西门子（中国）",
    "3M中国",
    "上海华谊集团",
    "为华书店",
    "100%_真'牌\\水",
    "吕梁绿地",
    "湖北鄂东Acme-Pumps",
    "为技师与技术学校",  # all grams of 为技术, but not side by side
]

# what is typed: the customers it finds, by the beginning of their names
HITS = {
    "华": ["北京", "上海", "为华"],
    "华为": ["北京"],
    "华为技术有限": ["北京"],
    "为技": ["北京", "为技"],
    "为技术": ["北京"],
    "weijishu": ["北京"],
    "为华为": [],
    "北京 公司": ["北京"],
    "北京 银行": [],
    "hw": ["北京"],
    "HW": ["北京"],
    "bjhw": ["北京"],
    "bjhwjsyxgs": ["北京"],
    "wh": ["为华"],
    "huawei": ["北京"],
    "huaw": ["北京"],
    "huawe": ["北京"],
    "weihua": ["为华"],
    "beijinghuawei": ["北京"],
    "beijinghuaw": ["北京"],
    "beijingwei": [],
    "uawei": [],
    "华wei": ["北京"],
    "hua为": ["北京"],
    "h为": ["北京"],
    "bj华为": ["北京"],
    "bjhuawei": ["北京"],
    "北京hw": ["北京"],
    "京wei": [],
    "cq": ["重庆"],
    "chongqing": ["重庆"],
    "zhongqing": ["重庆"],
    "cqca": ["重庆"],
    "changan": ["重庆"],
    "shan": ["单晓", "上海", "中国"],
    "shanxiaoming": ["单晓"],
    "danxiaoming": ["单晓"],
    "sxm": ["单晓", "Siem"],
    "qiu": ["仇氏"],
    "qswj": ["仇氏"],
    "zeng": ["曾国"],
    "zgf": ["曾国"],
    "xie": ["解放"],
    "jiefang": ["解放"],
    "yinhang": ["中国"],
    "xiamen": ["中国"],
    "xm": ["中国", "单晓", "Siem"],
    "zggsyh": ["中国"],
    "zhong": ["重庆", "中国", "Siem", "3M中"],
    "siemens": ["Siem"],
    "SIEM": ["Siem"],
    "mens": ["Siem"],
    "xmz": ["Siem"],
    "西门子中国": [],
    "西门子（": ["Siem"],
    "西门子(": ["Siem"],
    "ximenzizhongguo": ["Siem"],
    "3m": ["3M中"],
    "3mzg": ["3M中"],
    "3m中": ["3M中"],
    "lvliang": ["吕梁"],
    "lld": ["吕梁"],
    "acme": ["湖北"],
    "acme-pu": ["湖北"],
    "acmepumps": [],
    "Acme 湖北": ["湖北"],
    "%": ["100%"],
    "100%": ["100%"],
    "%_": ["100%"],
    "'牌": ["100%"],
    "牌\\": ["100%"],
    '"': [],
    "*": [],
    "\\": ["100%"],
    "AND": [],
    "hw OR cq": [],
    "(": ["Siem"],
    "不在": [],
}


@pytest.fixture
def firms(house):
    return [house.customer(house.jingli, name=name, phone=f"0574-2769{n:04}") for n, name in enumerate(NAMES)]


@pytest.fixture
def own_only(house):
    """Account managers see no customers but their own."""
    Grant.objects.filter(role__code="account_manager", resource="customers", action="view").update(scope="own")


@pytest.fixture(params=["gathered", "looked at one by one", "led by the index", "looked for among what one sees"])
def way(request, monkeypatch):
    """Whichever way the database is asked, the answer is the same."""
    monkeypatch.setattr(found, "_commonness", found.Commonness())
    monkeypatch.setattr(found, "SOME", -1 if request.param == "looked for among what one sees" else 500)
    if request.param != "gathered":
        monkeypatch.setattr(found, "RARE", -1)
        monkeypatch.setattr(found, "MANY", -1 if request.param == "looked at one by one" else 1000)
        monkeypatch.setitem(found.COSTS, connection.vendor, (1, 1, 0))


def names(api, person, asked):
    return {row["name"] for row in api(person).get("customers", search=asked, limit=200).json()["items"]}


def test_what_is_typed_finds_what_is_meant(way, firms, house, api):
    expected = {asked: {name for name in NAMES if name.startswith(tuple(starts))} for asked, starts in HITS.items()}
    assert {asked: names(api, house.jingli, asked) for asked in HITS} == expected


def test_orders_are_found_by_their_customer_whichever_way_that_is_asked(way, firms, house, api):
    of = {Order(customer=firm).create(by=house.jingli).number: firm.name for firm in firms}
    expected = {asked: {name for name in NAMES if name.startswith(tuple(starts))} for asked, starts in HITS.items()}
    for asked, hit in expected.items():
        found = api(house.jingli).get("orders", search=asked, limit=200).json()["items"]
        assert {of[row["number"]] for row in found} == hit, asked


def test_customers_of_a_common_word_are_not_gathered_to_find_their_orders(firms, monkeypatch):
    orders = resource("orders")
    for most, looked in ((1000, False), (2, True)):
        monkeypatch.setattr(found, "_commonness", found.Commonness())
        monkeypatch.setattr(found, "MANY", most)
        parts = found.searched(orders, "华").children
        assert [isinstance(part, found.LookedUp) for part in parts][-1] is looked


# who sees it


def test_search_shows_nobody_what_he_does_not_see_anyway(way, own_only, firms, house, api, as_):
    assert names(api, house.jingli3, "hw") == set()
    assert "华为" not in as_(house.jingli3).get("/customers/?search=hw").content.decode()
    assert "华为" in as_(house.jingli).get("/customers/?search=hw").content.decode()


@pytest.mark.parametrize(
    ("matches", "rows", "first"),
    [
        (600_000, 1_000_000, True), (600_000, 300_000, True), (600_000, 30_000, False), (600_000, 5_000, False),
        (60_000, 30_000, True), (20_000, 20_000, True), (20_000, 2_000, False), (20_000, 0, False),
    ],
)  # fmt: skip
def test_a_common_word_is_counted_from_the_index_unless_one_sees_little(matches, rows, first):
    assert found.is_shorter(matches, rows, 1_000_000, *found.COSTS["sqlite"]) is first


def test_how_much_a_person_sees_decides_which_way_is_taken(own_only, firms, house, monkeypatch):
    monkeypatch.setattr(found, "_commonness", found.Commonness())
    monkeypatch.setattr(found, "RARE", -1)
    monkeypatch.setattr(found, "MANY", -1)
    monkeypatch.setattr(found, "_matches", lambda *_asked: 5)
    monkeypatch.setitem(found.COSTS, connection.vendor, (0, 2, 8))
    for person, first in ((house.jingli, True), (house.jingli3, False), (house.gaoguan, True)):
        asked = Listing(resource("customers"), person, {"search": "华"})
        looked = next(part.children[0] for part in asked.question.parts if isinstance(part.children[0], found.Looked))
        assert looked.leads is first, person
        assert asked.count == len(names_of(asked))


@pytest.mark.parametrize(
    ("asked", "narrow"),
    [
        (Q(deleted_at=None, owner__name="王经理"), False),  # of two tables
        (Q(deleted_at=None, status="normal"), True),
        (Q(deleted_at=None, name__contains="华"), False),  # the index by id holds no name
        (Q(deleted_at=None, status="normal") | Q(pk=1), True),
        (Q(), True),
    ],
)
def test_sqlite_looks_up_a_record_in_an_index_that_says_all_that_is_asked(asked, narrow, firms, house):
    house.contact(firms[0])
    rows = Contact.objects.filter(InTurn(Customer.objects.filter(asked, pk=OuterRef("customer"))))
    assert ('INDEXED BY "customer_id"' in str(rows.query)) is (narrow and connection.vendor == "sqlite")
    assert set(rows) == set(Contact.objects.filter(customer__in=Customer.objects.filter(asked)))


def test_records_that_are_asked_for_by_no_id_are_looked_for_as_the_database_likes(firms, house):
    house.contact(firms[0])
    either = Q(pk=OuterRef("customer")) | Q(status="churned")
    rows = Contact.objects.filter(InTurn(Customer.objects.filter(either)))
    assert "INDEXED BY" not in str(rows.query)
    assert rows.count() == 1


def names_of(listing):
    return [row["name"] for row in listing.page(0, 50, Reader(frozenset({"id", "name"})))]


@pytest.mark.parametrize("near", [1, 3, 1000])
def test_of_a_common_word_the_newest_one_sees_come_first(near, own_only, firms, house, monkeypatch):
    """They are sought among the newest matches of all; where those are not his, among the others."""
    monkeypatch.setattr(found, "_commonness", found.Commonness())
    monkeypatch.setattr(found, "RARE", -1)
    monkeypatch.setattr(found, "NEAR", near)
    house.customer(house.jingli3, name="华新")
    hits = Listing(resource("customers"), house.jingli, {"search": "华"}).first(2, Reader(frozenset({"id", "name"})))
    assert [one["name"] for one in hits] == ["为华书店", "上海华谊集团"]


def test_choices_of_a_form_are_found_by_pinyin_too(own_only, firms, house, as_):
    path = "/contacts/choices/customer/?q=bjhw"
    assert [one["text"] for one in as_(house.jingli).get(path).json()["items"]] == [NAMES[0]]
    assert as_(house.jingli3).get(path).json()["items"] == []


# numbers and phones


@pytest.mark.parametrize("asked", ["057427690003", "0574-27690003", "27690003", "90003", "0574", "0574 0003", "2769"])
def test_a_phone_is_found_with_and_without_its_gaps(asked, way, firms, house, api):
    assert NAMES[3] in names(api, house.jingli, asked)


def test_a_number_is_found_by_its_beginning_and_its_end(firms, house, api):
    one = firms[4]
    assert names(api, house.jingli, one.number) == {one.name}
    assert names(api, house.jingli, one.number.lower()) == {one.name}
    assert one.name in names(api, house.jingli, one.number[-5:])
    assert names(api, house.jingli, one.number[:10]) == set(NAMES)


def test_a_mobile_number_is_found_however_it_is_written(house, api):
    customer = house.customer(house.jingli)
    house.contact(customer, "李雷", mobile="13812345678", office_phone="")
    for asked in ("138 1234 5678", "138-1234-5678", "13812345678", "5678", "1381234", "李雷 5678", "ll hchc", "hchc"):
        rows = api(house.jingli).get("contacts", search=asked).json()["items"]
        assert [row["name"] for row in rows] == (["李雷"] if asked not in ("ll hchc", "hchc") else []), asked


# kept up


def test_an_edit_counts_at_once_and_what_is_taken_back_does_not(firms, house, api):
    firms[0].update({"name": "深圳腾讯"}, by=house.jingli)
    assert names(api, house.jingli, "hw") == set()
    assert names(api, house.jingli, "sztx") == {"深圳腾讯"}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        firms[0].update({"name": "杭州阿里"}, by=house.jingli)
        assert names(api, house.jingli, "hzal") == {"杭州阿里"}
        1 / 0  # noqa: B018
    assert names(api, house.jingli, "hzal") == set()
    assert names(api, house.jingli, "sztx") == {"深圳腾讯"}


def test_a_deleted_record_is_found_in_the_recycle_bin_only(firms, house, api, as_):
    firms[0].delete(by=house.zhuguan)
    assert names(api, house.zhuguan, "hw") == set()
    assert "华为" in as_(house.zhuguan).get("/customers/?status=deleted&search=hw").content.decode()
    firms[0].restore(by=house.zhuguan)
    assert names(api, house.zhuguan, "hw") == {NAMES[0]}


def test_what_is_deleted_for_good_leaves_the_index(firms, house):
    one = SearchEntry.objects.filter(pk=index.start_of(index.kind_of(Customer)) + firms[0].pk)
    firms[0].delete(by=house.admin)
    assert one.exists()
    firms[0].purge(by=house.admin)
    assert not one.exists()


def test_a_new_owner_finds_it_and_the_old_one_no_more(own_only, firms, house, api):
    firms[0].transfer(house.jingli3, by=house.gaoguan)
    assert names(api, house.jingli3, "hw") == {NAMES[0]}
    assert names(api, house.jingli, "hw") == set()


def test_a_customer_who_is_renamed_renames_what_is_found_by_his_name(house, api):
    customer = house.customer(house.jingli, "宁波海川港务")
    house.contact(customer, "李雷")
    house.interaction(customer)
    customer.update({"name": "舟山海川港务"}, by=house.jingli)
    for path in ("contacts", "interactions"):
        assert api(house.jingli).get(path, search="zshc").json()["count"] == 1
        assert api(house.jingli).get(path, search="nbhc").json()["count"] == 0


def entries():
    return sorted(SearchEntry.objects.values_list("id", "grams", "trace"))


def test_many_rows_are_indexed_as_one_by_one(house):
    save_many([Draft(Customer(), {"name": name, "owner": house.jingli}) for name in NAMES], house.jingli)
    kept = entries()
    start = index.start_of(index.kind_of(Customer))
    for one in Customer.objects.filter(name__in=NAMES):
        alone = index.entries_of(resource("customers"), [one.pk])[one.pk]
        assert (start + one.pk, *alone) in kept


def test_the_index_made_anew_equals_the_one_that_was_kept_up(firms, house, api):
    house.contact(firms[0])
    firms[1].update({"name": "天津港"}, by=house.jingli)
    firms[2].delete(by=house.zhuguan)
    kept = entries()
    SearchEntry.objects.filter(pk__in=[kept[0][0], kept[-1][0]]).delete()
    SearchEntry.objects.filter(pk=kept[1][0]).update(grams=" x ", trace="x")
    SearchEntry.objects.create(id=kept[1][0] + 10**6, grams=" stray ", trace="stray")
    rebuild.rebuild()
    assert entries() == kept
    assert names(api, house.jingli, "tjg") == {"天津港"}


def test_an_index_that_misses_rows_completes_itself(firms, house, api):
    SearchEntry.objects.all().delete()
    assert names(api, house.jingli, "hw") == set()
    rebuild.complete()
    assert names(api, house.jingli, "hw") == {NAMES[0]}


def test_a_refused_act_leaves_the_index_as_it_is(firms, house):
    before = entries()
    with pytest.raises(Refused):
        firms[0].restore(by=house.zhuguan)
    assert entries() == before


def test_an_entry_holds_the_grams_of_every_way_to_read_a_name():
    name = "重庆长城行"
    held = set(entry(0, [name]).grams.split())
    assert len(readings(name)) > 3
    assert all(gram in held for way in readings(name) for gram in heard(0, way))
