"""Several people at one service request at the same moment, served by two processes."""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from .clients import Pages, together

ROUNDS = 3
VISITS = "SELECT COUNT(*) FROM service_followupvisit WHERE {} = ?"
HANDLED = "SELECT COUNT(*) FROM service_servicehandling WHERE request_id = ?"


@pytest.fixture
def customer(people):
    """Makes a customer of jingli's."""

    def make() -> dict:
        name = f"服务客户 {os.getpid()}-{uuid4().hex[:8]}"
        given = {"name": name, "region": "浙江", "level": "1", "address": "港口路 1 号", "phone": "0574-1"}
        return people["jingli"].done("customers", given)

    return make


@pytest.fixture
def case(people):
    """Makes a request that is in jingli's hands; handled, where it is asked for."""
    jingli = people["zhuguan"].user("jingli")

    def make(customer: dict, handled: bool = False) -> str:
        given = {"customer": customer["id"], "type": "1", "summary": "读数漂移", "request": "高三度"}
        path = f"service-requests/{people['jingli'].done('service-requests', given)['id']}"
        people["zhuguan"].done(f"{path}/assign", {"assignee": jingli})
        if handled:
            people["jingli"].done(f"{path}/handle", {"method": "重新标定"})
        return path

    return make


def statuses(answers) -> Counter:
    return Counter(answer.status for answer in answers)


def test_ten_who_say_how_one_case_was_handled_leave_one_round(served, people, customer, case):
    path = case(customer())
    methods = [f"办法 {n}" for n in range(10)]
    answers = together([partial(people["jingli"].post, f"{path}/handle", {"method": text}) for text in methods])
    assert statuses(answers) == {200: 1, 409: 9}
    assert served.rows(HANDLED, int(path.rpartition("/")[2])) == [(1,)]
    [kept] = [text for text, answer in zip(methods, answers, strict=True) if answer.status == 200]
    assert people["jingli"].get(path)["method"] == kept


def test_handled_and_handed_on_at_once_is_one_of_both(people, customer, case):
    """Either it is handled and stays where it is, or somebody else has it and it is still to be handled."""
    one, yewu = customer(), people["zhuguan"].user("yewu")
    for _ in range(ROUNDS):
        path = case(one)
        handle, hand_on = together([
            partial(people["jingli"].post, f"{path}/handle", {"method": "重新标定"}),
            partial(people["zhuguan"].post, f"{path}/reassign", {"assignee": yewu, "reason": "休假"}),
        ])  # fmt: skip
        now = people["zhuguan"].get(path)
        told = (handle.status, hand_on.status, now["status"], now["assigned_to"] == yewu)
        assert told in ((200, 409, "handled", False), (403, 200, "assigned", True), (404, 200, "assigned", True))


def test_answers_to_several_requests_at_once_all_count_for_the_customers_satisfaction(people, customer, case):
    """Marks of 1, 1, 5 and 5 make 3; one forgotten would make 2 or 4."""
    for _ in range(ROUNDS):
        one = customer()
        paths = [case(one, handled=True) for _mark in range(4)]
        told = [{"result": "客户复测", "satisfaction": mark} for mark in (1, 1, 5, 5)]
        post = people["jingli"].post
        answers = together(
            [partial(post, f"{path}/feedback", body) for path, body in zip(paths, told, strict=True)]
        )  # fmt: skip
        assert statuses(answers) == {200: 4}
        assert people["jingli"].get(f"customers/{one['id']}")["satisfaction"] == 3


def test_ten_who_close_one_case_at_once_leave_one_call_back(served, people, customer, case):
    """VISIT-01, CMP-03: exactly one sheet for an archived request and for a closed complaint, whoever presses."""
    one = customer()
    path = case(one, handled=True)
    answered = {"result": "客户复测", "satisfaction": 5}
    answers = together([partial(people["jingli"].post, f"{path}/feedback", answered)] * 10)
    assert statuses(answers) == {200: 1, 409: 9}
    assert served.rows(VISITS.format("request_id"), int(path.rpartition("/")[2])) == [(1,)]
    said = {"customer": one["id"], "category": "其他", "content": "迟到五天", "complained_at": "2026-03-02T09:15",
            "staff": people["zhuguan"].user("jingli")}  # fmt: skip
    complaint = people["jingli"].done("complaints", said)["id"]
    answers = together([partial(people["jingli"].post, f"complaints/{complaint}/close", {"result": "致歉"})] * 10)
    assert statuses(answers) == {200: 1, 409: 9}
    assert served.rows(VISITS.format("complaint_id"), complaint) == [(1,)]


def test_a_link_pressed_ten_times_at_once_is_one_answer(served, people, customer, case):
    one = customer()
    people["jingli"].done(f"{case(one, handled=True)}/feedback", {"result": "客户复测", "satisfaction": 5})
    [sheet] = people["jingli"].every("follow-up-visits", customer=one["id"])
    link = people["jingli"].done(f"follow-up-visits/{sheet['id']}/send")["link"]
    visitors = [Pages(served.address) for _ in range(10)]
    tokens = [visitor.get(link).hidden("csrfmiddlewaretoken") for visitor in visitors]
    answers = together([
        partial(visitor.post, link, csrfmiddlewaretoken=token, satisfaction=str(n % 5 + 1), suggestions=f"第 {n} 位")
        for n, (visitor, token) in enumerate(zip(visitors, tokens, strict=True))
    ])  # fmt: skip
    assert statuses(answers) == {200: 1, 409: 9}
    [kept] = [n for n, answer in enumerate(answers) if answer.status == 200]
    assert people["jingli"].get(f"follow-up-visits/{sheet['id']}")["suggestions"] == f"第 {kept} 位"
