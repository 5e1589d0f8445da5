"""People and programs press at the same moment: what may happen once happens once, and nobody sees a lock."""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import partial
from urllib.error import URLError

from .clients import opportunity, together
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
