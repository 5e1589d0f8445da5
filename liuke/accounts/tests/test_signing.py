"""Signing in and out: one neutral message, five tries, fifteen minutes, and sessions that end when they should."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from liuke.accounts.models import ApiToken, SignInAttempt
from liuke.accounts.services import issue_token
from liuke.core import clock
from tests.house import PASSWORD


def sign_in(username, password, address="10.0.0.1", client=None, **more):
    given = {"username": username, "password": password, **more}
    return (client or Client()).post("/login/", given, REMOTE_ADDR=address)


def test_the_right_password_leads_in(house):
    client = Client()
    answer = sign_in("jingli", PASSWORD, client=client, next="/customers/?scene=mine")
    assert (answer.status_code, answer["Location"]) == (302, "/customers/?scene=mine")
    assert client.get("/").status_code == 200
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil"]
)
def test_signing_in_leads_nowhere_else(target, house):
    assert sign_in("jingli", PASSWORD, next=target)["Location"] == "/"


def test_a_wrong_name_and_a_wrong_password_read_alike(house):
    wrong_name, wrong_word = sign_in("nobody", "x", "10.0.0.1"), sign_in("jingli", "x", "10.0.0.2")
    assert wrong_name.status_code == wrong_word.status_code == 422
    assert _bare(wrong_name, "nobody") == _bare(wrong_word, "jingli")
    house.jingli.disable(by=house.admin)
    assert _bare(sign_in("jingli", PASSWORD, "10.0.0.3"), "jingli") == _bare(wrong_word, "jingli")


def _bare(answer, name) -> str:
    import re

    text = re.sub(r'(csrfmiddlewaretoken" value="|nonce[^"]*")[^"]*"', "", answer.content.decode())
    return text.replace(name, "NAME")


@pytest.mark.parametrize("name", ["jingli", "nobody", "JINGLI ", "管理员"])
def test_five_failures_lock_a_name_at_an_address_whether_it_exists_or_not(name, house):
    for _n in range(5):
        assert sign_in(name, "wrong").status_code == 422
    locked = sign_in(name, PASSWORD)
    assert locked.status_code == 422
    assert "15" in locked.content.decode()
    client = Client()
    assert sign_in("jingli2", PASSWORD, client=client).status_code == 302  # others sign in from there


def test_the_lock_ends_after_fifteen_minutes_and_not_before(house):
    for _n in range(5):
        sign_in("jingli", "wrong")
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert sign_in("jingli", PASSWORD).status_code == 422
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert sign_in("jingli", PASSWORD).status_code == 302


def test_another_address_is_not_locked(house):
    for _n in range(6):
        sign_in("jingli", "wrong", "10.0.0.1")
    assert sign_in("jingli", PASSWORD, "10.0.0.1").status_code == 422
    assert sign_in("jingli", PASSWORD, "10.0.0.2").status_code == 302


def test_a_success_forgets_the_failures(house):
    for _n in range(4):
        sign_in("jingli", "wrong")
    assert sign_in("jingli", PASSWORD).status_code == 302
    for _n in range(4):
        sign_in("jingli", "wrong")
    assert sign_in("jingli", PASSWORD).status_code == 302


def test_guessing_one_name_from_many_addresses_is_stopped(house, monkeypatch):
    monkeypatch.setattr("liuke.accounts.models.attempts.LIMIT_WIDE", 7)
    for n in range(7):
        sign_in("jingli", "wrong", f"10.1.0.{n}")
    assert sign_in("jingli", PASSWORD, "10.2.0.1").status_code == 422


def test_a_lock_reads_neither_name_nor_password_from_the_table(house):
    sign_in("jingli", "geheim")
    assert "geheim" not in str(list(SignInAttempt.objects.values()))


def test_a_new_session_at_every_sign_in(house):
    client = Client()
    client.get("/login/")
    sign_in("jingli", PASSWORD, client=client)
    first = client.cookies["liuke-session"].value
    sign_in("jingli2", PASSWORD, client=client)
    assert client.cookies["liuke-session"].value != first


def test_a_disabled_person_is_out_at_once_with_session_and_token(house, as_, api):
    pages, program = as_(house.jingli), api(house.jingli)
    assert (pages.get("/").status_code, program.get("customers").status_code) == (200, 200)
    assert as_(house.admin).post(f"/users/{house.jingli.pk}/disable/").status_code == 302
    assert (pages.get("/").status_code, program.get("customers").status_code) == (302, 401)
    assert sign_in("jingli", PASSWORD).status_code == 422
    house.again("jingli").enable(by=house.admin)
    assert program.get("customers").status_code == 401  # a token once dead stays dead
    assert sign_in("jingli", PASSWORD).status_code == 302


def test_a_deleted_person_is_out_too(house, as_, api):
    pages, program = as_(house.jingli), api(house.jingli)
    house.jingli.delete(by=house.admin)
    assert (pages.get("/").status_code, program.get("customers").status_code) == (302, 401)


def test_the_own_password_is_changed_with_the_old_one(house, as_):
    here, there = as_(house.jingli), as_(house.jingli)
    given = {"old": PASSWORD, "new": "ningbo-2026-jing", "repeat": "ningbo-2026-jing"}
    assert here.post("/password/", given)["Location"] == "/profile/"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302  # other sessions end
    assert sign_in("jingli", PASSWORD).status_code == 422
    assert sign_in("jingli", "ningbo-2026-jing").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "repeat"),
    [
        ("wrong", "ningbo-2026-jing", "ningbo-2026-jing"),
        (PASSWORD, "ningbo-2026-jing", "another"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "password123", "password123"),
        (PASSWORD, "jingli12", "jingli12"),
        (PASSWORD, PASSWORD, PASSWORD),
        ("", "", ""),
    ],
)
def test_a_bad_new_password_is_not_taken(old, new, repeat, house, as_, unchanged):
    pages = as_(house.jingli)
    with unchanged():
        assert pages.post("/password/", {"old": old, "new": new, "repeat": repeat}).status_code == 422


def test_a_one_time_password_must_be_changed_first(house, as_, api):
    told = api(house.admin).post(f"users/{house.jingli.pk}/reset_password").json()
    client = Client()
    assert sign_in("jingli", told["password"], client=client).status_code == 302
    assert client.get("/customers/")["Location"] == "/password/"
    given = {"old": told["password"], "new": "ningbo-2026-jing", "repeat": "ningbo-2026-jing"}
    client.post("/password/", given)
    assert client.get("/customers/").status_code == 200
    assert told["password"] not in client.get("/profile/").content.decode()


def test_a_token_is_shown_once_and_kept_as_a_hash(house, as_, api):
    pages = as_(house.jingli)
    pages.post("/profile/tokens/new/", {"name": "库存同步", "password": PASSWORD})
    page = pages.get("/profile/").content.decode()
    word = page[page.index("lk_") :].partition('"')[0].partition("<")[0]
    assert word not in pages.get("/profile/").content.decode()
    kept = ApiToken.objects.get(name="库存同步")
    assert word not in str(vars(kept))
    assert len(kept.token_hash) == 64
    headers = {"Authorization": f"Bearer {word}"}
    assert Client().get("/api/v1/customers", headers=headers).status_code == 200
    stranger = as_(house.jingli2)
    assert stranger.post(f"/profile/tokens/{kept.pk}/revoke/").status_code == 404
    pages.post(f"/profile/tokens/{kept.pk}/revoke/")
    assert Client().get("/api/v1/customers", headers=headers).status_code == 401
    assert pages.post(f"/profile/tokens/{kept.pk}/revoke/").status_code == 404


def test_a_token_is_made_by_whoever_knows_the_password_alone(house, as_):
    pages = as_(house.jingli)
    for sent in ({"name": "库存同步"}, {"name": "库存同步", "password": "of somebody at an unlocked screen"}):
        assert pages.post("/profile/tokens/new/", sent).status_code == 422
    assert not ApiToken.objects.filter(name="库存同步").exists()


def test_a_one_time_password_is_good_for_some_days(house):
    word = house.jingli.reset_password(by=house.admin)
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        answer = sign_in("jingli", word)
        assert (answer.status_code, "一次性密码已失效" in answer.content.decode()) == (422, True)
    with time_machine.travel(clock.now() + timedelta(hours=71)):
        assert sign_in("jingli", word).status_code == 302


def test_the_real_hasher_is_argon2():
    from django.conf import settings

    assert [name.rpartition(".")[2] for name in settings.PASSWORD_HASHERS][
        1
    ] == "Argon2PasswordHasher"  # behind the tests' own


def test_a_token_counts_as_a_bearer_only(house, client):
    token = issue_token("jingli")
    assert client.get("/api/v1/customers", headers={"Authorization": f"bearer {token}"}).status_code == 200
    for scheme in ("Token", "Basic", ""):
        told = client.get("/api/v1/customers", headers={"Authorization": f"{scheme} {token}"})
        assert told.status_code == 401, scheme
