"""The second factor: set up, asked for, taken once, lost and reset."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from liuke.accounts.models import Role, SecondFactor
from liuke.core import clock
from liuke.core.models import AuditEntry, Event
from tests.house import PASSWORD

HERE = "/profile/second-factor/"


def code_at(secret, steps=0):
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def password_in(username="jingli", address="10.0.0.1", client=None, **more):
    client = client or Client()
    given = {"username": username, "password": PASSWORD, **more}
    return client, client.post("/login/", given, REMOTE_ADDR=address)


def code_in(client, code, address="10.0.0.1"):
    return client.post("/login/code/", {"code": code}, REMOTE_ADDR=address)


@pytest.fixture(autouse=True)
def settled():
    """A clock that stands still: no step ends between two lines of a test."""
    with clock.at(clock.now()):
        yield


@pytest.fixture
def factor(house):
    """jingli's, whose last taken code is that of five steps ago."""
    secret = pyotp.random_base32()
    with clock.at(clock.now() - timedelta(seconds=150)):
        codes = SecondFactor.set_up(house.jingli, secret, code_at(secret))
    made = SecondFactor.objects.get(user=house.jingli)
    made.codes = codes
    return made


# setting up


def test_it_is_set_up_with_password_and_a_first_code(house, as_):
    client = as_(house.jingli)
    page = client.get(HERE).content.decode()
    secret = client.session["new_second_factor"]
    assert "<svg" in page
    assert secret[:4] in page
    answer = client.post(HERE, {"password": PASSWORD, "code": code_at(secret)})
    codes = SecondFactor.objects.get(user=house.jingli).recovery
    shown = answer.content.decode().count("<code>")
    assert (answer.status_code, shown, len(set(codes))) == (200, 10, 10)
    assert secret not in client.get(HERE).content.decode()


@pytest.mark.parametrize(
    "given", [{"password": "wrong"}, {"code": "000000"}, {"code": "12345"}, {"code": "１２３４５６"}]
)
def test_a_wrong_password_or_code_sets_nothing_up(given, house, as_):
    client = as_(house.jingli)
    client.get(HERE)
    right = {"password": PASSWORD, "code": code_at(client.session["new_second_factor"])}
    assert client.post(HERE, right | given).status_code == 422
    assert not SecondFactor.objects.exists()


def test_whoever_is_signed_in_by_the_password_alone_is_out_then(house):
    client, _first = password_in()
    elsewhere, _first = password_in()
    client.get(HERE)
    client.post(HERE, {"password": PASSWORD, "code": code_at(client.session["new_second_factor"])})
    assert (client.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


# signing in


def test_signing_in_asks_for_the_code_and_leads_on(house, factor):
    client, first = password_in(next="/customers/")
    assert (first.status_code, first["Location"]) == (302, "/login/code/")
    assert client.get("/").status_code == 302  # the password alone lets nobody in
    assert client.get("/login/code/").status_code == 200
    assert code_in(client, code_at(factor.secret))["Location"] == "/customers/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_one_step_wrong(steps, status, house, factor):
    client, _first = password_in()
    assert code_in(client, code_at(factor.secret, steps)).status_code == status


def test_a_code_is_taken_once(house, factor):
    code = code_at(factor.secret)
    assert code_in(password_in()[0], code).status_code == 302
    assert code_in(password_in()[0], code).status_code == 422
    assert code_in(password_in()[0], code_at(factor.secret, -1)).status_code == 422  # of a step that is over
    assert code_in(password_in()[0], code_at(factor.secret, 1)).status_code == 302


def test_a_recovery_code_lets_in_once_however_it_is_typed(house, factor):
    one = factor.codes[3]
    assert code_in(password_in()[0], f" {one.lower().replace('-', ' ')} ").status_code == 302
    assert code_in(password_in()[0], one).status_code == 422
    assert len(SecondFactor.objects.get().recovery) == 9


def test_recovery_codes_and_secret_are_in_no_history_nor_log(house, factor):
    stored = "".join(SecondFactor.objects.get().recovery)
    assert [one for one in factor.codes if one in stored or one.replace("-", "") in stored] == []
    code_in(password_in()[0], factor.codes[0])
    told = "".join(one.line().decode() for one in AuditEntry.objects.all()) + str(list(Event.objects.values()))
    assert AuditEntry.objects.filter(act="recovery_used").count() == 1
    assert [one for one in [factor.secret, *factor.codes, *SecondFactor.objects.get().recovery] if one in told] == []


def test_five_wrong_codes_lock_as_wrong_passwords_do(house, factor):
    """And the right password in between does not begin the count anew."""
    for _n in range(5):
        client, _first = password_in()
        assert code_in(client, "000000").status_code == 422
    assert password_in()[1].status_code == 422
    assert "15" in code_in(client, code_at(factor.secret)).content.decode()
    assert client.get("/").status_code == 302
    with clock.at(clock.now() + timedelta(minutes=16)):
        client, _first = password_in()
        assert code_in(client, code_at(factor.secret)).status_code == 302


def test_the_code_page_is_nothing_without_the_password(house, factor):
    client = Client()
    assert client.get("/login/code/")["Location"] == "/login/"
    assert code_in(client, code_at(factor.secret))["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_between_password_and_code_five_minutes_may_pass(house, factor, monkeypatch):
    import time

    client, _first = password_in()
    late = time.time() + 301
    monkeypatch.setattr("liuke.accounts.stepping.time.time", lambda: late)
    assert code_in(client, code_at(factor.secret))["Location"] == "/login/"


def test_a_person_disabled_in_between_stays_outside(house, factor):
    client, _first = password_in()
    house.again("jingli").disable(by=house.admin)
    assert code_in(client, code_at(factor.secret))["Location"] == "/login/"


def test_the_session_of_the_code_is_another_one(house, factor):
    client, _first = password_in()
    before = client.cookies["liuke-session"].value
    code_in(client, code_at(factor.secret))
    assert client.cookies["liuke-session"].value != before


# a role that requires it


@pytest.fixture
def required(house):
    Role.objects.get(code="account_manager").update({"second_factor": True}, by=house.admin)


def test_a_role_that_requires_it_leads_there_first(required, house, as_):
    client = Client()
    assert password_in(client=client)[1]["Location"] == "/"
    assert client.get("/customers/")["Location"] == HERE
    assert client.get("/logout/").status_code == 405
    client.get(HERE)
    client.post(HERE, {"password": PASSWORD, "code": code_at(client.session["new_second_factor"])})
    assert client.get("/customers/").status_code == 200
    assert as_(house.kefu).get("/").status_code == 200  # another role


def test_what_a_role_requires_is_not_turned_off(required, house, factor):
    client, _first = password_in()
    code_in(client, code_at(factor.secret))
    assert client.post(HERE, {"password": PASSWORD, "off": "1"}).status_code == 409
    assert SecondFactor.objects.exists()


def test_it_is_turned_off_and_codes_renewed_with_the_password_alone(house, factor):
    client, _first = password_in()
    code_in(client, code_at(factor.secret))
    assert client.post(HERE, {"password": "wrong", "off": "1"}).status_code == 422
    before = SecondFactor.objects.get().recovery
    assert client.post(HERE, {"password": PASSWORD, "renew": "1"}).content.decode().count("<code>") == 10
    assert not set(before) & set(SecondFactor.objects.get().recovery)
    assert client.post(HERE, {"password": PASSWORD, "off": "1"}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_an_administrator_resets_it_and_nobody_else(house, factor, as_, api):
    assert api(house.zhuguan).post(f"users/{house.jingli.pk}/reset_second_factor").status_code == 403
    assert SecondFactor.objects.exists()
    assert as_(house.admin).post(f"/users/{house.jingli.pk}/reset_second_factor/").status_code == 302
    assert not SecondFactor.objects.exists()
    assert password_in()[1]["Location"] == "/"
    assert api(house.admin).post(f"users/{house.jingli.pk}/reset_second_factor").status_code == 409
