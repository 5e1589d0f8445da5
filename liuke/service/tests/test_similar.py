"""What was solved before is offered while a request is typed and handled, as far as one may see it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.accounts.models import Grant, Role
from liuke.core import clock
from liuke.core.register import resource
from liuke.core.search import rebuild, similar
from liuke.service.models import KnowledgeArticle, ServiceRequest
from liuke.service.similar import hints
from tests.house import page_client

from .reworded import CASES


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def archive(customer, cases, **values) -> list[ServiceRequest]:
    """Archived requests with these summaries and texts, found by the index."""
    given = {"customer": customer, "status": "archived", "archived_at": clock.now(), "satisfaction": 5, **values}
    first = ServiceRequest.objects.count()
    made = ServiceRequest.objects.bulk_create(
        ServiceRequest(number=f"FW{first + n}", summary=summary, request=request, method=f"办法 {n}", **given)
        for n, (summary, request) in enumerate(cases)
    )
    rebuild.write(resource("service-requests"), [one.pk for one in made])
    return made


def offered(client, summary="", request="") -> str:
    return client.post("/service/similar/", {"summary": summary, "request": request}).content.decode()


def test_there_are_fifty_and_none_is_told_again_in_the_same_words():
    assert len(CASES) == len({case[0] for case in CASES}) == 50
    assert not [told for summary, request, told in CASES if told in request or summary in told]


@pytest.mark.parametrize("few", [similar.FEW, 0], ids=["all looked at", "by the index"])
def test_a_case_told_in_other_words_is_among_the_first_five(house, customer, monkeypatch, few):
    monkeypatch.setattr(similar, "FEW", few)
    made = archive(customer, [case[:2] for case in CASES])
    rows = ServiceRequest.objects.visible_to(house.kefu)
    missed = [
        told
        for one, (_summary, _request, told) in zip(made, CASES, strict=True)
        if one.pk not in [found.row[0] for found in similar.alike(rows, ("summary", "request"), told, 5)]
    ]
    assert missed == []


@pytest.mark.parametrize("few", [30, 10], ids=["all looked at", "gone through"])
def test_others_cases_do_not_hide_the_own(house, customer, monkeypatch, few):
    """The index alone would find others' first, the older as well as the newer ones."""
    monkeypatch.setattr(similar, "FEW", few)
    others, told = house.customer(house.jingli3, name="别家"), ("温控模块读数漂移", "读数比校验仪高")
    archive(others, [told] * 230)
    near, *_far = archive(customer, [told, *[(f"第 {n} 份合同", "盖章") for n in range(29)]])
    archive(others, [told] * 230)
    found = similar.alike(ServiceRequest.objects.filter(customer=customer), ("summary", "request"), "温控模块漂移了", 5)
    assert [one.row[0] for one in found] == [near.pk]


def test_rare_words_count_more_than_common_ones(customer, house):
    common = [("设备故障请尽快处理", f"第 {n} 台设备故障，请尽快安排处理") for n in range(30)]
    archive(customer, common)
    (rare,) = archive(customer, [("伺服编码器异常", "贴标机伺服编码器异常")])
    (first, *_others) = hints(house.kefu, "设备故障请尽快处理，编码器异常")["cases"]
    assert first.url == f"/service-requests/{rare.pk}/"


def test_a_hint_says_why_and_has_the_solution_folded_in(house, customer):
    (made,) = archive(customer, [("温控模块读数漂移", "读数比校验仪高")])
    page = offered(page_client(house.kefu), "温控模块显示偏高")
    assert "<mark>温控模块</mark>" in page
    assert "办法 0" in page.partition("<details>")[2].partition("</details>")[0]
    assert f'href="/service-requests/{made.pk}/"' in page
    assert customer.name in page


def test_more_articles_take_no_more_questions(house, django_assert_num_queries):
    given = {"text": "升级固件", "knowledge_class": house.item("知识类别", "faq")}

    def release():
        KnowledgeArticle(title="温控模块读数漂移", **given).create(by=house.kefu).release(by=house.kefu)

    release()
    hints(house.kefu, "温控模块读数漂移")  # what is remembered is remembered now
    with CaptureQueriesContext(connection) as one:
        hints(house.kefu, "温控模块读数漂移")
    release()
    release()
    with django_assert_num_queries(len(one)):
        found = hints(house.kefu, "温控模块读数漂移")["articles"]
    assert [hint.about for hint in found] == ["常见问题"] * 3


def test_open_requests_and_drafts_are_no_help(house, customer):
    archive(customer, [("温控模块读数漂移", "读数高")], status="handled")
    given = {"text": "升级固件", "knowledge_class": house.item("知识类别", "faq")}
    draft = KnowledgeArticle(title="温控模块读数漂移", **given).create(by=house.kefu)
    client = page_client(house.kefu)
    assert "温控模块" not in offered(client, "温控模块读数漂移")
    draft.release(by=house.kefu)
    assert f'href="/knowledge-articles/{draft.pk}/"' in offered(client, "温控模块读数漂移")


@pytest.mark.parametrize("few", [similar.FEW, 0], ids=["all looked at", "by the index"])
def test_a_case_never_shows_to_who_may_not_read_it(house, customer, monkeypatch, few):
    monkeypatch.setattr(similar, "FEW", few)
    archive(customer, [("金丝雀客户的机密故障", "只有少数人知道")])
    other = house.customer(house.jingli3, name="别家")
    (own,) = archive(other, [("金丝雀故障", "大家知道")])
    role = Role.objects.get(code="account_manager")
    Grant.objects.filter(role=role, resource="service-requests", action="archive").update(scope="own")
    page = offered(page_client(house.again("jingli3")), "金丝雀客户的机密故障")
    assert f'href="/service-requests/{own.pk}/"' in page
    assert "机密" not in page
    case = house.service(other, summary="金丝雀客户故障", request="机密", to=house.jingli3)
    beside = page_client(house.again("jingli3")).get(f"/service/similar/{case.pk}/").content.decode()
    assert f'href="/service-requests/{own.pk}/"' in beside
    assert "少数人" not in beside
    assert customer.name not in beside
    assert "机密" in offered(page_client(house.again("jingli")), "金丝雀客户的机密故障")
    assert "金丝雀" not in offered(page_client(house.shichang), "金丝雀客户的机密故障")  # who sees no archive at all
    assert page_client(house.shichang).get(f"/service/similar/{case.pk}/").status_code == 404


def test_beside_a_case_stand_others_like_it_and_its_own_article(house, customer):
    case = house.service(customer, to=house.kefu, mark=5)
    (other,) = archive(customer, [("读数漂移", "读数偏高")])
    page = page_client(house.kefu).get(f"/service-requests/{case.pk}/").content.decode()
    assert f'hx-get="/service/similar/{case.pk}/"' in page
    beside = page_client(house.kefu).get(f"/service/similar/{case.pk}/").content.decode()
    assert f'href="/service-requests/{other.pk}/"' in beside
    assert f'href="/service-requests/{case.pk}/"' not in beside
    assert f'href="/knowledge-articles/{KnowledgeArticle.objects.get().pk}/"' in beside
    assert "knowledge-articles" not in page_client(house.jingli2).get(f"/service/similar/{case.pk}/").content.decode()


STRANGE = ("", "的", "!!! ???", "\x00", "'\\\" & | :* <->", "a" * 9000, "漂" * 5000)


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("few", [similar.FEW, 0], ids=["all looked at", "by the index"])
def test_whatever_is_typed_is_answered(house, customer, monkeypatch, typed, few):
    monkeypatch.setattr(similar, "FEW", few)
    archive(customer, [("温控模块读数漂移", "读数高")])
    answer = page_client(house.kefu).post("/service/similar/", {"request": typed})
    assert (answer.status_code, answer.content.decode().strip()) == (200, "")
