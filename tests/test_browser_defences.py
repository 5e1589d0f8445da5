"""What a browser, a stranger and a search engine get hold of: tokens of forms, cookies, well-known addresses, links."""

from __future__ import annotations

import re
import runpy

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import URLPattern, get_resolver

from liuke.config import environment
from liuke.core import faults
from liuke.core.models import AuditEntry, Fault
from tests.house import PASSWORD


def patterns(found, prefix=""):
    for one in found:
        if isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback
        else:
            yield from patterns(one.url_patterns, prefix + str(one.pattern))


def test_only_the_api_which_knows_no_session_goes_without_the_token_of_a_form():
    """And uploads, which look at the token themselves: liuke/documents/tests/test_attachments.py."""
    free = [path for path, view in patterns(get_resolver().url_patterns) if getattr(view, "csrf_exempt", False)]
    assert len(free) > 50
    assert [path for path in free if not path.startswith("api/") and not path.endswith("/attachments/")] == []


def test_no_script_reads_the_cookies_and_no_other_site_sends_them(house):
    client = Client()
    client.get("/login/")
    client.post("/login/", {"username": "jingli", "password": PASSWORD})
    assert {name: (one["httponly"], one["samesite"]) for name, one in client.cookies.items()} == {
        "liuke-session": (True, "Lax"), "liuke-csrf": (True, "Lax"),
    }  # fmt: skip


def test_behind_https_cookies_belong_to_this_host_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("LIUKE_HTTPS", "1")
    monkeypatch.setenv("LIUKE_DATA_DIR", str(tmp_path))
    told = runpy.run_path(str(environment.PACKAGE / "config" / "settings.py"))
    assert (told["SESSION_COOKIE_NAME"], told["CSRF_COOKIE_NAME"]) == ("__Host-liuke-session", "__Host-liuke-csrf")
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is told["SECURE_SSL_REDIRECT"] is True
    assert told["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert told["DEBUG"] is False


WELL_KNOWN = (
    ".git/HEAD", ".git/config", ".env", ".htaccess", ".svn/entries", ".DS_Store", "liuke.sqlite3", "var/liuke.sqlite3",
    "liuke.log", "secret-key", "audit-seals", "backup.zip", "backup.sql", "dump.sql", "backup/", "files/", "media/",
    "uploads/", "admin/", "phpinfo.php", "wp-login.php", "server-status", "debug/", "__debug__/", "console/",
    "pyproject.toml", "requirements.lock", "manage.py", "settings.py", "liuke/config/settings.py", "docker-compose.yml",
    "static/", "static/../liuke.sqlite3", "static/..%2fliuke.sqlite3", "static/%2e%2e/secret-key", "static/liuke/",
    "install/", "setup/", "api/", "api/docs", "api/v1/docs", "openapi.json", "swagger.json", "graphql", "metrics",
)  # fmt: skip


def test_nothing_lies_where_programs_look_for_what_was_forgotten(house, as_):
    """A stranger is asked to sign in, whatever he asks for; whoever has signed in finds nothing there."""
    stranger, admin = as_(), as_(house.admin)
    for path in WELL_KNOWN:
        answer = stranger.get(f"/{path}")
        assert answer.status_code == 404 or answer.get("Location", "").startswith("/login/"), path
        assert admin.get(f"/{path}").status_code == 404, path


def test_a_host_that_is_not_ours_is_refused(house):
    assert Client().get("/login/", headers={"Host": "evil.example"}).status_code == 400
    answer = Client().get("/login/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("username", ["jingli", "nobody.has.it", "disabled", "never.had.one"])
def test_a_wrong_password_costs_the_same_work_whoever_is_named(username, house, monkeypatch):
    from liuke.accounts.models import User

    User.objects.filter(pk=house.jingli2.pk).update(username="disabled", status="disabled")
    User.objects.filter(pk=house.jingli3.pk).update(username="never.had.one", password="!unusable")
    done = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: done.append(1) or encode(*given))
    assert Client().post("/login/", {"username": username, "password": "wrong"}).status_code == 422
    assert len(done) == 1


def test_an_address_that_is_a_key_stands_in_no_log(rf, house, caplog):
    faults.tell(rf.get("/call-back/s3cr3t-w0rd/"), Fault.Kind.ERROR, ValueError())
    assert Fault.objects.get().path == "/call-back/***/"
    Client().post("/call-back/s3cr3t-w0rd/")  # Django writes down what is not found
    assert "s3cr3t" not in caplog.text
    assert not AuditEntry.objects.filter(text__contains="s3cr3t").exists()


def test_every_test_that_the_security_page_names_is_there():
    root = environment.PACKAGE.parent
    named = set(re.findall(r"`((?:liuke|tests)/[\w/]+\.py)`", (root / "docs" / "security.md").read_text()))
    assert len(named) > 30
    assert [name for name in sorted(named) if not (root / name).exists()] == []
