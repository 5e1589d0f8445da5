import time

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse

from liuke.core.security import PageHeaders, SessionLimits


def test_every_answer_carries_the_policy(rf):
    response = PageHeaders(lambda _request: HttpResponse())(rf.get("/"))
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_view_may_set_a_header_itself(rf):
    answer = HttpResponse(headers={"Cache-Control": "max-age=60"})
    assert PageHeaders(lambda _request: answer)(rf.get("/"))["Cache-Control"] == "max-age=60"


@pytest.fixture
def visit(rf, db):
    def go(**session):
        request = rf.get("/")
        request.session = SessionStore()
        request.session.update({SESSION_KEY: "1"} | session)
        request.session.modified = False
        SessionLimits(lambda _request: HttpResponse())(request)
        return request.session

    return go


def test_a_session_ends_after_a_week_even_when_used(visit):
    assert SESSION_KEY not in visit(signed_in_at=int(time.time()) - 8 * 24 * 3600)


def test_a_page_soon_after_the_last_writes_nothing(visit):
    now = int(time.time())
    assert not visit(signed_in_at=now, seen_at=now - 60).modified
    assert visit(signed_in_at=now, seen_at=now - 600).modified
