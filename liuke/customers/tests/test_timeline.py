"""One timeline for a customer's life: everything is there, in order, page by page, and nothing a reader may not see."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from liuke.core import clock
from liuke.customers import timeline
from liuke.customers.models import Customer, CustomerStatus
from liuke.documents.models import Attachment


def shown(client, customer, query=""):
    """The texts of the entries on one page."""
    page = client.get(f"/customers/{customer.pk}/timeline/{query}", headers={"HX-Request": "true"})
    assert page.status_code == 200
    return page.content.decode()


def whats(page: str) -> list[str]:
    return [re.sub(r"\s+", " ", text).strip() for text in re.findall(r"</b> <span>(.*?)</span>", page)]


def test_a_life_is_told_newest_first(house, as_):
    customer = house.customer(house.jingli)
    house.contact(customer)
    house.interaction(customer, detail="要六台")
    customer.set_follow_status(CustomerStatus.objects.first(), by=house.jingli)
    house.assessment(customer, score=5)
    page = shown(as_(house.jingli), customer)
    assert whats(page) == ["修改", "评定信用 · ★★★★★", "修改客户状态", "", "新加联系人", "创建"]
    assert "要六台" in page
    assert "初步接触" in page


def test_files_of_the_customer_are_told_until_they_are_removed(house, as_):
    customer, client = house.customer(house.jingli), as_(house.jingli3)
    file = Attachment(record=customer, name="报价.pdf", size=3, path="attachments/a.pdf").create(by=house.jingli)
    of_another = house.customer(house.jingli, name="别家")
    Attachment(record=of_another, name="别家.pdf", size=3, path="attachments/b.pdf").create(by=house.jingli)
    page = shown(client, customer)
    assert whats(page) == ["添加附件", "创建"]
    assert f'<a href="/customers/{customer.pk}/attachments/{file.pk}/">报价.pdf</a>' in page
    assert whats(shown(client, customer, "?show=follow")) == ["添加附件"]
    file.delete(by=house.jingli)
    assert whats(shown(client, customer)) == ["创建"]


def test_system_changes_can_be_hidden_and_groups_chosen(house, as_):
    customer, client = house.customer(house.jingli), as_(house.jingli)
    house.interaction(customer)
    chance = house.opportunity(house.jingli, house.jingli, customer=customer)
    house.note(chance, text="已报价")
    assert whats(shown(client, customer, "?show=&system=0")) == [
        "跟进记录",
        "指派销售机会 · 给 陈静",
        "创建销售机会",
        "",
    ]
    assert whats(shown(client, customer, "?show=sales")) == ["指派销售机会 · 给 陈静", "创建销售机会"]
    assert whats(shown(client, customer, "?show=follow")) == ["跟进记录", ""]


def test_every_entry_is_shown_exactly_once_over_all_pages(house, as_):
    """Even where many happened in the same instant, as imported ones do."""
    customer, client = house.customer(house.jingli), as_(house.jingli)
    long_ago = clock.today() - timedelta(days=40)
    for number in range(70):
        day = long_ago if number < 45 else long_ago + timedelta(days=number - 44)
        house.interaction(customer, detail=f"第{number:02d}次", date=day)
    seen, query = [], ""
    while query is not None:
        page = shown(client, customer, query)
        seen += re.findall(r"第(\d\d)次", page)
        more = re.search(r'href="/customers/\d+/timeline/(\?[^"]*after=[^"]*)"', page)
        query = more[1].replace("&amp;", "&") if more else None
    assert sorted(seen) == [f"{number:02d}" for number in range(70)]
    assert seen[:2] == ["69", "68"]


def test_a_cursor_nobody_was_given_is_not_found(house, as_):
    customer = house.customer(house.jingli)
    for cursor in ("x", "2026-01-01~0", "2026-01-01T00:00:00+00:00~x", "9999-12-31T23:59:59+00:00~0", "~", "\x00"):
        answer = as_(house.jingli).get(f"/customers/{customer.pk}/timeline/", {"after": cursor})
        assert answer.status_code == 404, cursor


def test_a_strangers_opportunity_does_not_leak_through_the_customer(house, as_):
    """OPP-13: everybody reads the customer, only the assignee and his superiors the opportunity."""
    customer = house.customer(house.jingli, name="开放的客户")
    chance = house.opportunity(
        house.jingli, house.jingli3, customer=customer, subject="保密的项目", summary="保密的概要", amount=987654
    )
    house.note(chance, text="保密的跟进")
    house.plan_item(chance, content="保密的计划").execute("保密的结果", by=house.jingli3)
    chance.win(by=house.jingli3)
    paths = [f"?tab={tab}" for tab in ("overview", "timeline", "opportunities", "contacts", "history")]
    for username in ("jingli", "jingli2", "zhuguan", "yewu", "shichang", "kefu", "admin"):
        client = as_(house.again(username))
        pages = [client.get(f"/customers/{customer.pk}/{path}").content.decode() for path in paths]
        pages.append(shown(client, customer))
        for page in pages:
            assert "保密" not in page, username
            assert "987,654" not in page, username
            assert chance.number not in page, username
    for username in ("jingli3", "bumen", "gaoguan"):
        page = shown(as_(house.again(username)), customer)
        for text in ("保密的项目", "保密的跟进", "保密的结果"):
            assert text in page, username
        assert "987,654" in as_(house.again(username)).get(f"/customers/{customer.pk}/").content.decode()


def test_the_number_beside_a_tab_counts_what_the_reader_sees(house, as_):
    customer = house.customer(house.jingli)
    house.opportunity(house.jingli, house.jingli3, customer=customer)
    house.opportunity(house.jingli, house.jingli, customer=customer)
    for username, count in (("jingli", 1), ("jingli3", 1), ("gaoguan", 2), ("jingli2", 0)):
        page = as_(house.again(username)).get(f"/customers/{customer.pk}/").content.decode()
        assert re.search(r'>销售机会<span class="n">(\d+)</span>', page)[1] == str(count), username


def test_a_deleted_opportunity_is_no_part_of_the_life(house, as_):
    customer = house.customer(house.jingli)
    house.opportunity(house.jingli, customer=customer, subject="弄错了").delete(by=house.jingli)
    assert "弄错了" not in shown(as_(house.jingli), customer)


def test_the_timeline_of_a_customer_in_the_bin_is_for_those_who_may_restore_it(house, as_):
    customer = house.customer(house.jingli)
    customer.delete(by=house.jingli)
    assert as_(house.jingli).get(f"/customers/{customer.pk}/timeline/").status_code == 200
    assert as_(house.jingli2).get(f"/customers/{customer.pk}/timeline/").status_code == 404


def test_the_places_of_a_page_are_exact(house):
    customer = house.customer(house.jingli)
    for number in range(timeline.PAGE + 5):
        house.interaction(customer, detail=str(number), date=clock.today() - timedelta(days=1))
    first = timeline.page_of(Customer.objects.get(), house.jingli, clock.now(), "follow")
    assert len(first.entries) == timeline.PAGE
    moment, passed = first.older.split("~")
    assert (datetime.fromisoformat(moment), passed) == (first.entries[-1].at, str(timeline.PAGE))
    rest = timeline.page_of(Customer.objects.get(), house.jingli, clock.now(), "follow", after=first.older)
    assert (len(rest.entries), rest.older) == (5, "")
