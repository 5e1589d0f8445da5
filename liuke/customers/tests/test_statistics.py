"""Customer and contact statistics: each figure is that of the list behind it, for each role and each filter."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from liuke.core import clock
from liuke.customers.counting import WAYS
from liuke.customers.models import CustomerCategory, CustomerStatus

LINE = re.compile(
    r'<th scope="row">(?:<a href="([^"]+)">)?([^<]*)(?:</a>)?</th>'
    r'\s*<td class="num strong">(?:<a href="\1">)?([\d,]+)(?:</a>)?</td>'
)


def lines(client, path):
    """(address of the list, label, number) of each line of the table"""
    page = client.get(path)
    assert page.status_code == 200, path
    return [(unescape(url), label, int(n.replace(",", ""))) for url, label, n in LINE.findall(page.content.decode())]


def file_text(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def listed(client, url) -> int:
    page = client.get(url).content.decode()
    assert "没有该参数" not in page, url
    return int(re.search(r'id="list-total">共 ([\d,]+)', page)[1])


@pytest.fixture
def market(house):
    """Customers of three managers, of different kinds, one churned and one in the bin."""
    item, status = house.item, CustomerStatus.objects.first()
    wide = CustomerCategory(name="应用").create(by=house.admin)
    narrow = CustomerCategory(name="港口", parent=wide).create(by=house.admin)
    for number, owner in enumerate((house.jingli, house.jingli, house.jingli2, house.jingli3)):
        region = item("地区", ("浙江", "江苏")[number % 2])
        kind = item("客户类型", ("existing", "target", "existing", "prospect")[number])
        customer = house.customer(
            owner,
            name=f"客户{number}",
            region=region,
            type=kind,
            follow_status=status if number < 2 else None,
            source=item("信息来源", "展会") if number else None,
        )
        customer.update({}, by=owner, many={"categories": [wide, narrow][: number % 3]})
        house.contact(customer, position=("采购经理", "厂长")[number % 2])
    type(customer).objects.filter(name="客户1").update(status="churned")
    type(customer).objects.filter(name="客户2").update(created_at=clock.now() - timedelta(days=60))
    house.customer(house.jingli, name="删除的").delete(by=house.jingli)
    return house


@pytest.mark.parametrize("username", ["jingli", "zhuguan", "gaoguan", "kefu"])
@pytest.mark.parametrize("name", list(WAYS))
def test_every_figure_is_that_of_the_list_behind_it(name, username, market, as_):
    client, proved = as_(market.again(username)), 0
    region = market.item("地区", "浙江").value
    yesterday = clock.today() - timedelta(days=1)  # most were entered after it, whatever the month
    filters = ["", "scene=mine", f"created_at__gte={yesterday}", f"created_at__lte={yesterday}"]
    filters += [f"region={region}", "search=客户2"] if name == "customers" else [f"customer__region={region}"]
    for by in WAYS[name]:
        for query in filters:
            for url, label, n in lines(client, f"/{name}/statistics/?by={by.key}&{query}"):
                if url:
                    proved += 1
                    assert listed(client, url) == n, (by.key, query, label)
    assert proved > 20


def test_what_is_not_filled_in_leads_to_its_list_too(market, as_):
    market.contact(market.customer(market.jingli, name="没来源的"), position="")
    client = as_(market.zhuguan)
    for path in ("customers/statistics/?by=source", "customers/statistics/?by=category&where=region~filled",
                 "customers/statistics/?by=type&region=浙江", "contacts/statistics/?by=position"):  # fmt: skip
        found = {label: (url, n) for url, label, n in lines(client, f"/{path}")}
        url, n = found["未填写"]
        assert n > 0
        assert listed(client, url) == n, path


def test_beside_conditions_of_which_any_will_do_it_leads_nowhere(market, as_):
    query = "by=source&any=1&where=region~filled&where=name~has~客户"
    found = {label: url for url, label, _n in lines(as_(market.zhuguan), f"/customers/statistics/?{query}")}
    assert found["未填写"] == ""
    assert found["展会"]


def test_a_category_counts_with_what_lies_below(market, as_):
    assert {label: n for _url, label, n in lines(as_(market.zhuguan), "/customers/statistics/?by=category")} == {
        "应用": 1, "港口": 1, "未填写": 2,
    }  # fmt: skip


def test_the_file_says_what_the_page_says(market, as_):
    """The one that is churned is left out, as it is in the list."""
    client = as_(market.jingli)
    answer = client.get("/customers/statistics/export.csv?by=region&scene=mine")
    rows = list(csv.reader(io.StringIO(file_text(answer))))
    assert rows == [["地区", "数量", "占比"], ["浙江", "1", "100.0%"]]
    assert [(label, n) for _url, label, n in lines(client, "/customers/statistics/?by=region&scene=mine")] == [
        ("浙江", 1)
    ]


def test_a_position_that_a_spreadsheet_would_calculate_is_written_harmlessly(market, as_):
    market.contact(market.customer(market.jingli), position="=1+1")
    assert "'=1+1" in file_text(as_(market.jingli).get("/contacts/statistics/export.csv?by=position"))


def test_what_makes_no_sense_is_told_and_counts_all(market, as_):
    page = as_(market.jingli).get("/customers/statistics/?by=nonsense&nonsense=1").content.decode()
    assert "没有该参数" in page
    assert "客户类型" in page


def test_an_own_scope_narrows_the_figures(market, as_):
    """A role that reads the own customers only counts these alone."""
    from liuke.accounts.models import Grant

    Grant.objects.filter(role__code="account_manager", resource="customers", action="view").update(scope="own")
    found = lines(as_(market.again("jingli")), "/customers/statistics/?by=region")
    assert sum(n for _url, _label, n in found) == 1  # of his two, one is churned


def test_a_list_that_is_not_shown_to_somebody_is_not_offered_above_its_figures_either(house, as_):
    """Those whose analyses reach everywhere have no list of what they tell of."""
    wide, narrow = (as_(one).get("/customers/statistics/").content.decode() for one in (house.gaoguan, house.zhuguan))
    assert [("scene=analysed" in page) for page in (wide, narrow)] == [
        ("scene=analysed" in as_(one).get("/customers/").content.decode()) for one in (house.gaoguan, house.zhuguan)
    ]
