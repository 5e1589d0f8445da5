"""Sessions and tokens: seen and ended, by oneself and by an administrator; how long they last; password rules."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

from liuke.accounts.models import ApiToken, PastPassword, SignedIn, User
from liuke.base.models import SettingsChange
from liuke.core import clock
from liuke.core.models import AuditEntry
from tests.house import PASSWORD


def signed_in(username="jingli", browser="Firefox", address="10.0.0.7"):
    client = Client(headers={"User-Agent": browser})
    answer = client.post("/login/", {"username": username, "password": PASSWORD}, REMOTE_ADDR=address)
    assert answer.status_code == 302
    return client


def is_in(client):
    return client.get("/").status_code == 200


def test_one_sees_where_one_is_signed_in(house):
    here, there = signed_in(browser="Firefox"), signed_in(browser="Edge auf dem Telefon")
    page = here.get("/profile/").content.decode()
    assert "Edge auf dem Telefon" in page
    assert page.count("/profile/sessions/") == 2  # the other one, and all others; not the one in use
    there.post("/logout/")
    assert "Edge auf dem Telefon" not in here.get("/profile/").content.decode()


def test_one_of_the_own_sessions_is_ended(house, as_):
    here, there = signed_in(), signed_in()
    other = SignedIn.objects.order_by("pk").last()
    assert as_(house.jingli2).post(f"/profile/sessions/{other.pk}/end/").status_code == 404
    assert is_in(there)
    here.post(f"/profile/sessions/{other.pk}/end/")
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.post(f"/profile/sessions/{other.pk}/end/").status_code == 404
    assert AuditEntry.objects.filter(act="session_ended", who=house.jingli.pk).count() == 1


def test_all_other_sessions_are_ended_and_no_one_elses(house):
    here, there, stranger = signed_in(), signed_in(), signed_in("jingli2")
    here.post("/profile/sessions/end/")
    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)


def test_a_new_password_ends_the_other_sessions_and_is_seen_so(house):
    here, there = signed_in(), signed_in(browser="Edge")
    here.post("/password/", {"old": PASSWORD, "new": "ningbo-2026-jing", "repeat": "ningbo-2026-jing"})
    assert (is_in(here), is_in(there)) == (True, False)
    page = here.get("/profile/").content.decode()
    assert "Edge" not in page
    assert "Firefox" in page


def test_an_administrator_sees_and_ends_sessions_and_tokens(house, as_):
    there, admin = signed_in(browser="Edge auf dem Telefon"), as_(house.admin)
    ApiToken.issue(house.jingli, "库存同步")
    page = admin.get(f"/users/{house.jingli.pk}/?tab=access").content.decode()
    assert "Edge auf dem Telefon" in page
    assert "库存同步" in page
    session, token = SignedIn.objects.get(user=house.jingli), ApiToken.objects.get(user=house.jingli)
    for address in (f"sessions/{session.pk}/end/", f"tokens/{token.pk}/revoke/"):
        assert as_(house.zhuguan).post(f"/users/{house.jingli.pk}/{address}").status_code == 403
        assert admin.post(f"/users/{house.jingli2.pk}/{address}").status_code == 404  # not that person's
    assert is_in(there)
    for address in (f"sessions/{session.pk}/end/", f"tokens/{token.pk}/revoke/"):
        assert admin.post(f"/users/{house.jingli.pk}/{address}").status_code == 302
        assert admin.post(f"/users/{house.jingli.pk}/{address}").status_code == 404
    assert not is_in(there)
    assert ApiToken.objects.get(pk=token.pk).revoked_at


def test_others_do_not_see_where_somebody_is_signed_in(house, as_):
    signed_in(browser="Edge auf dem Telefon")
    assert (
        "Edge auf dem Telefon" not in as_(house.zhuguan).get(f"/users/{house.jingli.pk}/?tab=access").content.decode()
    )


def test_everything_of_a_person_ends_at_once(house, as_, api):
    there, program = signed_in(), api(house.jingli)
    as_(house.admin).post(f"/users/{house.jingli.pk}/end_access/")
    assert (is_in(there), program.get("customers").status_code) == (False, 401)
    assert is_in(signed_in())


def test_disabling_ends_the_session_rows_too(house):
    signed_in()
    house.jingli.disable(by=house.admin)
    assert not SignedIn.objects.filter(user=house.jingli).exists()


@pytest.mark.parametrize(("setting", "value", "key", "ago", "alive"), [
    ("session_idle_minutes", 10, "seen_at", 9 * 60, True), ("session_idle_minutes", 10, "seen_at", 11 * 60, False),
    ("session_longest_hours", 2, "signed_in_at", 7100, True), ("session_longest_hours", 2, "signed_in_at", 7300, False),
])  # fmt: skip
def test_a_session_lasts_as_long_as_the_settings_say(setting, value, key, ago, alive, house):
    SettingsChange().apply({setting: value}, by=house.admin)
    client = signed_in()
    assert is_in(client)
    session = client.session
    session[key] = int(time.time()) - ago
    session.save()
    assert is_in(client) is alive


# hashes and rules


def test_an_old_hash_becomes_argon2_at_the_next_sign_in(house, settings):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # without the quick one of the tests
    User.objects.filter(pk=house.jingli.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert is_in(signed_in())
    assert identify_hasher(house.again("jingli").password).algorithm == "argon2"
    assert is_in(signed_in())


@pytest.fixture
def strict(house):
    SettingsChange().apply({"level_protection": True, "password_days": 30}, by=house.admin)


@pytest.mark.parametrize(("word", "status"), [
    ("ningbohaichuangang", 422), ("ningbo2026gang", 422), ("Ningbo2026gang", 302), ("ningbo-2026-g", 302),
])  # fmt: skip
def test_level_protection_asks_for_three_kinds_of_characters(word, status, strict, house, as_):
    answer = as_(house.jingli).post("/password/", {"old": PASSWORD, "new": word, "repeat": word})
    assert answer.status_code == status


def test_without_it_a_long_plain_password_does(house, as_):
    word = "ningbohaichuangang"
    assert as_(house.jingli).post("/password/", {"old": PASSWORD, "new": word, "repeat": word}).status_code == 302


def test_level_protection_asks_for_a_new_password_when_the_old_one_is_too_old(strict, house, as_):
    client = as_(house.jingli)
    assert client.get("/customers/").status_code == 200
    User.objects.filter(pk=house.jingli.pk).update(password_changed_at=clock.now() - timedelta(days=31))
    assert client.get("/customers/")["Location"] == "/password/"
    client.post("/password/", {"old": PASSWORD, "new": "Ningbo2026gang", "repeat": "Ningbo2026gang"})
    assert client.get("/customers/").status_code == 200


def test_without_it_passwords_do_not_age(house, as_):
    User.objects.filter(pk=house.jingli.pk).update(password_changed_at=clock.now() - timedelta(days=900))
    assert as_(house.jingli).get("/customers/").status_code == 200


def changed(client, old, new):
    return client.post("/password/", {"old": old, "new": new, "repeat": new}).status_code == 302


def test_level_protection_refuses_the_last_five_passwords_and_keeps_no_more(strict, house, as_):
    client, words = as_(house.jingli), [PASSWORD, *(f"Ningbo-{n}-gang" for n in range(6))]
    for old, new in pairwise(words):
        assert changed(client, old, new)
        assert not changed(client, new, old)
    assert not changed(client, words[-1], words[1])
    assert PastPassword.objects.filter(user=house.jingli).count() == 5
    assert changed(client, words[-1], "Ningbo-9-gang")
    assert changed(client, "Ningbo-9-gang", words[1]), "five others came since"


def test_a_one_time_password_in_between_gives_no_earlier_one_back(strict, house, as_):
    assert changed(as_(house.jingli), PASSWORD, "Ningbo-1-gang")
    word = house.again("jingli").reset_password(by=house.admin)
    assert not changed(as_(house.again("jingli")), word, "Ningbo-1-gang")
    assert changed(as_(house.again("jingli")), word, "Ningbo-2-gang")


def test_without_it_no_earlier_password_is_kept_unless_the_house_says_so(house, as_):
    assert changed(as_(house.jingli), PASSWORD, "ningbo-2026-gang")
    assert not PastPassword.objects.exists()
    SettingsChange().apply({"password_history": 1}, by=house.admin)
    client = as_(house.again("jingli"))
    assert changed(client, "ningbo-2026-gang", "ningbo-2027-gang")
    assert not changed(client, "ningbo-2027-gang", "ningbo-2026-gang")
    assert house.again("jingli").password not in PastPassword.objects.values_list("password", flat=True)
