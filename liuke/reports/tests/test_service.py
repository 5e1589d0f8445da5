"""Customer service analysis (RPT-03): services by type, in all years or in one, each figure with its list."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from liuke.accounts.models import Grant
from liuke.core import clock
from liuke.service.models import ServiceRequest

from .proof import file_rows, lines, listed, texts

HOME = "/reports/service/"
YEAR = clock.today().year


def moved(request, *moment) -> None:
    ServiceRequest.objects.filter(pk=request.pk).update(created_at=timezone.make_aware(datetime(*moment)))


@pytest.fixture
def services(house):
    """Of jingli's customer 2 questions and a complaint this year, of jingli3's a complaint in the last hour of 2024;
    one in the bin, one of no type."""
    mine, other = house.customer(house.jingli, name="甲泵业"), house.customer(house.jingli3, name="乙阀门")
    house.service(mine)
    house.service(mine, to=house.kefu, mark=5)
    house.service(mine, type=house.item("服务类型", "3"))
    moved(house.service(other, type=house.item("服务类型", "3")), 2024, 12, 31, 23, 30)
    ServiceRequest.objects.filter(pk=house.service(mine).pk).update(type=None)
    house.service(mine).delete(by=house.jingli)
    return house


def test_services_are_counted_by_type_and_all_types_are_told(services, as_):
    assert texts(as_(services.gaoguan), HOME) == [
        ["咨询", "2", "40.0%"], ["建议", "0", "0.0%"], ["投诉", "2", "40.0%"], ["未填写", "1", "20.0%"],
        ["合计", "5", "100.0%"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("year=2024", ["0", "0", "1", "1"]),
        (f"year={YEAR}", ["2", "0", "1", "1", "4"]),
        ("year=2025", ["0", "0", "0", "0"]),
        ("type=3", ["2", "2"]), ("type=3&year=2024", ["1", "1"]), ("type=1&year=2024", ["0", "0"]),
    ],
)  # fmt: skip
def test_a_year_and_a_type_can_be_asked_for_and_the_api_says_the_same(query, counts, services, as_, api):
    assert [row[1] for row in texts(as_(services.gaoguan), f"{HOME}?{query}")] == counts
    told = api(services.gaoguan).get(f"reports/service?{query}").json()
    assert [str(one["count"]) for one in told["items"]] == counts[:-1]


@pytest.mark.parametrize("query", ["", "year=2024", f"year={YEAR}", "type=3"])
@pytest.mark.parametrize("who", ["gaoguan", "bumen"])
def test_each_figure_leads_to_a_list_of_as_many(query, who, services, as_):
    Grant.objects.filter(role__code="department_head", resource="service-requests", action="view").update(scope="all")
    client = as_(services.again(who))
    found = [(cell[0], cell[1]) for row in lines(client, f"{HOME}?{query}") for cell in row if cell[0]]
    counted = [(url, int(text)) for url, text in found if text.isdigit()]
    assert counted
    assert [listed(client, url) for url, _n in counted] == [n for _url, n in counted]


def test_a_head_is_told_of_the_services_of_his_own_customers(services, as_):
    assert [row[1] for row in texts(as_(services.bumen), HOME)] == ["0", "0", "1", "1"]


@pytest.mark.parametrize("query", ["year=abc", "year=0", "type=99"])
def test_what_cannot_be_read_is_refused_in_words(query, services, as_, api):
    assert api(services.gaoguan).get(f"reports/service?{query}").status_code == 422
    assert as_(services.gaoguan).get(f"{HOME}export.csv?{query}").status_code == 422


def test_the_file_says_the_same(services, as_):
    assert file_rows(as_(services.gaoguan).get(f"{HOME}export.csv"))[1] == ["咨询", "2", "40.0%"]


def test_it_has_its_place_in_the_management_report_with_a_comment(services, as_):
    report = services.management_report(service_note="投诉偏多")
    page = as_(services.zhuguan).get(f"/management-reports/{report.pk}/").content.decode()
    part = page.partition("<h2>客户服务分析")[2].partition("<h2>客户流失分析")[0]
    assert "投诉偏多" in part
    assert "咨询" in part
    report.submit(by=services.zhuguan)
    services.service(services.customer(services.jingli, name="后来的"))
    sheet = report.sheets.get(part="service").sheet
    assert sheet["lines"][0][1] == 2
