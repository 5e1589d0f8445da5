"""People and programs press at the same moment: what may happen once happens once, and nobody sees a lock."""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import partial
from urllib.error import URLError
from uuid import uuid4

import pytest

from .clients import Api, opportunity, together
from .product import until

ROUNDS = 5  # where only two meet, they meet several times
EVENTS = """SELECT COUNT(*) FROM core_event e JOIN django_content_type t ON t.id = e.content_type_id
            WHERE t.model = 'opportunity' AND e.verb = ? AND e.object_id = ?"""


def customers(served, name: str) -> int:
    return served.rows("SELECT COUNT(*) FROM customers_customer WHERE name = ?", name)[0][0]


def contacts(served, name: str) -> int:
    return served.rows("SELECT COUNT(*) FROM customers_contact WHERE name = ?", name)[0][0]


def events(served, verb: str, record: dict) -> int:
    return served.rows(EVENTS, verb, record["id"])[0][0]


def statuses(answers) -> Counter:
    return Counter(answer.status for answer in answers)


def test_the_product_is_served_by_two_web_processes(served):
    assert len(served.web_processes()) == 2


def test_twenty_people_win_at_once_and_one_customer_comes_of_it(served, people, assigned):
    chance = assigned(contact_name=f"王 {os.getpid()}", contact_phone="13800138000")
    answers = together([lambda: people["jingli"].post(f"opportunities/{chance['id']}/win")] * 20)
    assert statuses(answers) == {200: 1, 409: 19}
    assert {answer.code for answer in answers if answer.status == 409} == {"is_won"}
    assert customers(served, chance["customer_name"]) == 1
    assert contacts(served, chance["contact_name"]) == 1
    assert events(served, "win", chance) == 1


def test_twenty_presses_of_win_with_one_key_are_one_win(served, people, assigned):
    chance = assigned()
    path = f"opportunities/{chance['id']}/win"
    answers = together([lambda: people["jingli"].post(path, key="开发成功".encode().hex())] * 20)
    assert statuses(answers) == {200: 20}
    assert {answer.json["status"] for answer in answers} == {"won"}
    assert customers(served, chance["customer_name"]) == 1
    assert events(served, "win", chance) == 1


def test_twenty_presses_of_create_with_one_key_are_one_opportunity(served, people):
    body = opportunity()
    answers = together([lambda: people["jingli"].post("opportunities", body, key="a key")] * 20)
    assert statuses(answers) == {201: 1, 200: 19}
    [made] = served.rows("SELECT id FROM marketing_opportunity WHERE customer_name = ?", body["customer_name"])
    assert {answer.json["id"] for answer in answers} == set(made)


def test_a_key_counts_for_each_person_alone(people):
    body = opportunity()
    acts = [partial(people[who].post, "opportunities", body, key="our key") for who in ("jingli", "jingli2")]
    answers = together(acts)
    assert statuses(answers) == {201: 2}
    assert len({answer.json["id"] for answer in answers}) == 2


def test_one_key_with_two_bodies_at_once_makes_one_of_them(people):
    answers = together([lambda: people["jingli"].post("opportunities", opportunity(), key="two bodies")] * 10)
    assert statuses(answers) == {201: 1, 422: 9}


def test_eight_people_write_at_once_and_every_acknowledged_row_is_there_once(served, people):
    def write(who: str) -> dict[str, str]:
        """Fifteen opportunities, each entered and then changed; what was acknowledged, by id."""
        told = {}
        for _ in range(15):
            made = people[who].post("opportunities", opportunity())
            assert made.status == 201, made
            changed = people[who].patch(f"opportunities/{made.json['id']}", {"summary": made.json["number"]})
            assert changed.status == 200, changed
            told[made.json["customer_name"]] = made.json["number"]
        return told

    told = {}
    for part in together([partial(write, who) for who in ("jingli", "jingli2", "zhuguan", "jingli") * 2]):
        told |= part
    rows = served.rows("SELECT customer_name, number, summary FROM marketing_opportunity ORDER BY id")
    mine = [row for row in rows if row[0] in told]
    assert len(told) == 120
    assert sorted(mine) == sorted((name, number, number) for name, number in told.items())
    assert len({number for _name, number, _summary in rows}) == len(rows)


def test_readers_and_writers_do_not_stop_each_other(served, people):
    def read() -> list[int]:
        return [people["zhuguan"]("GET", "opportunities?limit=50").status for _ in range(15)]

    def write() -> list[int]:
        return [people["jingli"].post("opportunities", opportunity()).status for _ in range(15)]

    told = Counter(status for part in together([read, write] * 4) for status in part)
    assert told == {200: 60, 201: 60}


def test_two_superiors_assign_at_once_and_one_wins(served, people, enter):
    ids = {name: people["zhuguan"].user(name) for name in ("jingli", "jingli2")}
    wishes = {"zhuguan": ids["jingli"], "gaoguan": ids["jingli2"]}
    for _ in range(ROUNDS):
        chance = enter()
        path = f"opportunities/{chance['id']}/assign"
        answers = together([partial(people[by].post, path, {"assignee": wish}) for by, wish in wishes.items()])
        assert statuses(answers) == {200: 1, 409: 1}
        [winner] = [wish for wish, answer in zip(wishes.values(), answers, strict=True) if answer.status == 200]
        assert people["zhuguan"].get(f"opportunities/{chance['id']}")["assignee"] == winner
        assert events(served, "assign", chance) == 1


def test_two_editors_of_one_version_and_the_second_is_told(people, enter):
    for _ in range(ROUNDS):
        chance = enter()
        path, version = f"opportunities/{chance['id']}", chance["version"]
        words = {"zhuguan": "主管的概要", "jingli2": "经理的概要"}
        bodies = {by: {"summary": word, "version": version} for by, word in words.items()}
        answers = together([partial(people[by].patch, path, body) for by, body in bodies.items()])
        assert statuses(answers) == {200: 1, 409: 1}
        [kept] = [word for word, answer in zip(words.values(), answers, strict=True) if answer.status == 200]
        after = people["zhuguan"].get(path)
        assert (after["summary"], after["version"]) == (kept, version + 1)


def test_two_wins_of_one_name_make_one_customer_and_ask_about_the_second(served, people, assigned):
    for _ in range(ROUNDS):
        first = assigned()
        second = assigned(customer_name=first["customer_name"])
        paths = [f"opportunities/{one['id']}/win" for one in (first, second)]
        answers = together([partial(people["jingli"].post, path) for path in paths])
        assert statuses(answers) == {200: 1, 409: 1}
        [won] = [answer.json for answer in answers if answer.status == 200]
        [asked] = [answer.json for answer in answers if answer.status == 409]
        assert asked["code"] == "name_exists"
        assert [one["id"] for one in asked["candidates"]] == [won["customer"]]
        assert customers(served, first["customer_name"]) == 1


def test_a_win_and_a_stop_at_once_leave_one_end(served, people, assigned):
    for _ in range(ROUNDS):
        chance = assigned()
        path = f"opportunities/{chance['id']}"
        post = people["jingli"].post
        answers = together([partial(post, f"{path}/win"), partial(post, f"{path}/lose", {"reason": "预算取消"})])
        assert statuses(answers) == {200: 1, 409: 1}
        won = answers[0].status == 200
        assert people["jingli"].get(path)["status"] == ("won" if won else "lost")
        assert customers(served, chance["customer_name"]) == int(won)


def test_a_step_executed_twice_at_once_keeps_one_result(people, assigned):
    step = people["jingli"].done(
        "plan-items", {"opportunity": assigned()["id"], "date": "2030-01-31", "content": "上门拜访"}
    )
    results = [f"结果 {n}" for n in range(10)]
    path = f"plan-items/{step['id']}"
    answers = together([partial(people["jingli"].post, f"{path}/execute", {"result": text}) for text in results])
    assert statuses(answers) == {200: 1, 409: 9}
    [kept] = [text for text, answer in zip(results, answers, strict=True) if answer.status == 200]
    assert people["jingli"].get(path)["result"] == kept


def test_pressing_save_ten_times_on_one_page_saves_once_and_shows_the_record(served):
    pages = served.pages("jingli")
    form = pages.form("/opportunities/new/")
    body = opportunity()
    answers = together([lambda: pages.post("/opportunities/new/", **form, **body)] * 10)
    assert statuses(answers) == {302: 1, 409: 9}
    [[made]] = served.rows("SELECT id FROM marketing_opportunity WHERE customer_name = ?", body["customer_name"])
    [saved] = [answer for answer in answers if answer.status == 302]
    assert saved.location == f"/opportunities/{made}/"
    for answer in answers:
        if answer.status == 409:
            assert "请勿重复提交" in answer.text
            assert f'href="/opportunities/{made}/"' in answer.text


def test_a_web_process_killed_among_writes_costs_no_acknowledged_row_and_doubles_none(served, people):
    """Whoever gets no answer sends the same again with the same key, as a careful program does."""
    victim = served.web_processes()[0]

    def insist(body: dict, key: str) -> dict:
        def sent():
            try:
                answer = people["jingli"].post("opportunities", body, key=key)
            except (URLError, ConnectionError):
                return None
            assert answer.status in (200, 201), answer
            return answer.json

        return until(sent, "an answer after the kill")

    def write(writer: int) -> list[str]:
        bodies = [opportunity() for _ in range(12)]
        for n, body in enumerate(bodies):
            if (writer, n) == (0, 5):
                os.kill(victim, signal.SIGKILL)
            insist(body, f"killed {writer}-{n}")
        return [body["customer_name"] for body in bodies]

    told = [name for names in together([partial(write, writer) for writer in range(8)]) for name in names]
    found = Counter(name for [name] in served.rows("SELECT customer_name FROM marketing_opportunity"))
    assert {found[name] for name in told} == {1}
    until(lambda: len(served.web_processes()) == 2 and victim not in served.web_processes(), "a new web process")


# the pool


@pytest.fixture
def in_pool(people):
    """Makes a customer that nobody has."""

    def make() -> dict:
        name = f"客户池 {os.getpid()}-{uuid4().hex[:8]}"
        given = {"name": name, "region": "浙江", "level": "1", "address": "港口路 1 号", "phone": "0574-1"}
        return people["zhuguan"].done("customers", given | {"owner": "pool"})

    return make


def claims(served, customer: dict) -> int:
    sql = "SELECT COUNT(*) FROM customers_ownership WHERE customer_id = ? AND how = 'claimed'"
    return served.rows(sql, customer["id"])[0][0]


def test_twenty_claim_one_customer_and_one_has_it(served, people, in_pool):
    customer = in_pool()
    names = ("jingli", "jingli2", "jingli3", "yewu", "zhuguan") * 4
    path = f"customers/{customer['id']}/claim"
    answers = together([partial(people[name].post, path) for name in names])
    assert statuses(answers) == {200: 1, 409: 19}
    assert {answer.code for answer in answers if answer.status == 409} == {"not_in_pool"}
    [winner] = [name for name, answer in zip(names, answers, strict=True) if answer.status == 200]
    assert people["zhuguan"].get(f"customers/{customer['id']}")["owner"] == people["zhuguan"].user(winner)
    assert claims(served, customer) == 1
    told = """SELECT COUNT(*) FROM core_event e JOIN django_content_type t ON t.id = e.content_type_id
              WHERE t.model = 'customer' AND e.verb = 'claim' AND e.object_id = ?"""
    assert served.rows(told, customer["id"])[0][0] == 1


def test_sixty_claims_of_one_person_stop_at_the_limit(served, people, in_pool):
    customers = [in_pool() for _ in range(60)]
    paths = [f"customers/{one['id']}/claim" for one in customers]
    answers = together([partial(people["bumen"].post, path) for path in paths])
    assert statuses(answers) == {200: 50, 409: 10}
    assert {answer.code for answer in answers if answer.status == 409} == {"claim_limit"}
    assert sum(claims(served, one) for one in customers) == 50


def test_a_claim_and_an_assignment_at_once_leave_one_owner(served, people, in_pool):
    jingli2 = people["zhuguan"].user("jingli2")
    for _ in range(ROUNDS):
        path = f"customers/{in_pool()['id']}"
        post = people["jingli3"].post
        answers = together([
            partial(post, f"{path}/claim"), partial(people["zhuguan"].post, f"{path}/assign", {"owner": jingli2}),
        ])  # fmt: skip
        assert sorted(answer.status for answer in answers) in ([200, 409],)
        owner = people["zhuguan"].get(path)["owner"]
        assert (owner == jingli2) == (answers[1].status == 200)


def test_a_user_disabled_while_customers_are_given_to_him_keeps_none(served, people):
    """Either he is disabled first and gets nothing, or he has work and stays."""
    for n in range(ROUNDS):
        made = people["admin"].done("users", {"username": f"xinren{os.getpid()}{n}", "name": "新人"})
        name = f"交接 {os.getpid()}-{n}"
        given = {"name": name, "region": "浙江", "level": "1", "address": "港口路 1 号", "phone": "0574-1"}
        customer = people["jingli"].done("customers", given)
        answers = together([
            partial(people["jingli"].post, f"customers/{customer['id']}/transfer", {"owner": made["id"]}),
            partial(people["admin"].post, f"users/{made['id']}/disable"),
        ])  # fmt: skip
        owner = people["zhuguan"].get(f"customers/{customer['id']}")["owner"]
        status = people["admin"].get(f"users/{made['id']}")["status"]
        assert (owner == made["id"], status) in ((True, "normal"), (False, "disabled")), answers


def test_ten_exports_at_once_are_each_whole_and_hold_what_their_person_may_take_away(served, people):
    """R41: nobody gets a part of another's file, or less than all of his own."""
    ids = {who: people[who].user(who) for who in ("jingli", "jingli2", "jingli3")}
    asked = [*ids, "zhuguan", "gaoguan"] * 2
    pages = [served.pages(who) for who in asked]
    files = together([partial(one.get, "/customers/export.csv?columns=name") for one in pages])
    assert statuses(files) == {200: 10}
    everybody = people["zhuguan"].every("customers")
    for who, file in zip(asked, files, strict=True):
        mine = sorted(one["name"] for one in everybody if who not in ids or one["owner"] == ids[who])
        assert sorted(file.text.splitlines()[1:]) == mine, who
        assert mine


# what lies in a warehouse, and an order that two have open


@pytest.fixture
def office(served):
    """The API of somebody who keeps products, stock and orders."""
    return Api(served.address, served.liuke("token", "shangwu").split()[-1])


def test_twenty_take_the_last_ten_pieces_and_the_journal_tells_what_is_there(served, office):
    [[stock]] = served.rows("SELECT MAX(id) FROM commerce_stockrecord WHERE deleted_at IS NULL")
    path = f"stock-records/{stock}"
    known = office.get(path)["quantity"]
    if float(known) != 10:
        office.done(f"{path}/correct", {"quantity": "10", "reason": "盘点"})
    before = served.rows("SELECT COUNT(*) FROM commerce_stockmovement WHERE stock_record_id = ?", stock)[0][0]
    answers = together([partial(office.post, f"{path}/take_out", {"quantity": "1"})] * 20)
    assert statuses(answers) == {200: 10, 409: 10}
    assert {answer.code for answer in answers if answer.status == 409} == {"not_enough"}
    rows = served.rows(
        "SELECT change_by, balance FROM commerce_stockmovement WHERE stock_record_id = ? ORDER BY id", stock
    )
    assert [(float(change), float(balance)) for change, balance in rows[before:]] == [(-1, 9 - n) for n in range(10)]
    assert float(office.get(path)["quantity"]) == 0


def test_two_save_an_order_they_have_open_and_the_second_sees_both_versions(served, office):
    [[customer]] = served.rows("SELECT MIN(id) FROM customers_customer WHERE deleted_at IS NULL")
    pages = served.pages("shangwu")
    for _ in range(ROUNDS):
        made = office.done("orders", {"customer": customer, "order_date": "2026-03-01"})
        line = office.done("order-lines", {"order": made["id"], "product_name": "阀门", "quantity": 1, "unit_price": 5})
        path = f"/orders/{made['id']}/edit/"
        shown = pages.get(path)
        sent = {name: shown.hidden(name) for name in ("csrfmiddlewaretoken", "version")} | {
            "customer": customer, "order_date": "2026-03-01", "status": "valid", "fulfilment": 1, "lines": 2,
            "line-0-id": line["id"], "line-0-product_name": "阀门", "line-0-unit_price": 5,
            "line-1-product_name": "法兰", "line-1-quantity": 1, "line-1-unit_price": 1,
        }  # fmt: skip
        answers = together([partial(pages.post, path, **sent, **{"line-0-quantity": n}) for n in (2, 3)])
        assert statuses(answers) == {302: 1, 409: 1}
        [kept] = [n for n, answer in zip((2, 3), answers, strict=True) if answer.status == 302]
        rows = office.every("order-lines", order=made["id"], ordering="id")
        assert [(row["product_name"], float(row["quantity"])) for row in rows] == [("阀门", kept), ("法兰", 1)]


def test_measures_against_a_churn_and_orders_of_that_customer_at_once_all_stand(served, people):
    """Whoever writes an order holds its customer, then the alert; whoever takes a measure has to do the same."""
    alert = people["jingli"].get("churn-alerts", status="warning")["items"][0]
    order = {"customer": alert["customer"], "order_date": "2020-02-29"}  # too long ago to end the silence
    before = served.rows("SELECT COUNT(*) FROM retention_churnmeasure WHERE alert_id = ?", alert["id"])[0][0]
    path = f"churn-alerts/{alert['id']}/postpone"
    acts = [
        partial(people["jingli"].post, path, {"measure": "打过电话"}),
        lambda: people["jingli"].post("orders", order, key=uuid4().hex),
    ]
    for _ in range(ROUNDS):
        assert statuses(together(acts * 4)) == {200: 4, 201: 4}
    after = served.rows("SELECT COUNT(*) FROM retention_churnmeasure WHERE alert_id = ?", alert["id"])[0][0]
    assert after - before == 4 * ROUNDS
    assert len(people["jingli"].every("orders", customer=alert["customer"], order_date="2020-02-29")) == 4 * ROUNDS
    assert people["jingli"].get(f"churn-alerts/{alert['id']}")["status"] == "postponed"
