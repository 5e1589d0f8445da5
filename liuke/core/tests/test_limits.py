"""What one visitor may ask: how large, how often, and as whom."""

import pytest
from django.http import HttpResponse

from liuke.core import limits
from liuke.core.limits import RealAddress, RequestLimits


@pytest.fixture(autouse=True)
def _nobody_came(monkeypatch):
    monkeypatch.setattr(RequestLimits, "buckets", {})


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is put forward."""
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def ask(rf, settings):
    settings.REQUESTS_PER_SECOND = 1
    settings.MIDDLEWARE = []

    def ask(token="", address="10.0.0.1", path="/api/v1/customers", **more):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = rf.get(path, headers=headers, REMOTE_ADDR=address, **more)
        return RequestLimits(lambda _request: HttpResponse("done"))(request)

    return ask


def test_a_burst_passes_and_a_stream_is_told_to_wait(ask, clock):
    burst = [ask("one").status_code for _n in range(RequestLimits.SECONDS_OF_BURST)]
    assert set(burst) == {200}
    refused = ask("one")
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert refused["Content-Type"] == "application/problem+json"
    clock[0] += 5
    assert [ask("one").status_code for _n in range(6)] == [200] * 5 + [429]


def test_one_who_asks_too_often_leaves_others_alone(ask, clock):
    while ask("greedy").status_code == 200:
        pass
    assert ask("modest").status_code == 200
    assert ask(address="10.0.0.1").status_code == 200  # who shows no token at all


def test_made_up_tokens_do_not_help(ask, clock):
    most = RequestLimits.SECONDS_OF_BURST * RequestLimits.OFFICE
    answers = [ask(f"token {n}").status_code for n in range(most + 1)]
    assert answers == [200] * most + [429]
    assert ask("token", address="10.0.0.2").status_code == 200


def test_what_is_remembered_does_not_grow_for_ever(ask, clock, monkeypatch):
    monkeypatch.setattr(RequestLimits, "MOST_KNOWN", 10)
    for n in range(30):
        ask(f"token {n}", address=f"10.0.0.{n}")
    assert len(RequestLimits.buckets) <= 12


def test_no_limit_where_none_is_set(ask, settings, clock):
    settings.REQUESTS_PER_SECOND = 0
    assert {ask("one").status_code for _n in range(200)} == {200}


@pytest.mark.parametrize(("kind", "most"), [("application/json", 10), ("multipart/form-data; boundary=x", 512)])
def test_a_body_that_is_too_large_is_not_read(ask, kind, most):
    told = ask(CONTENT_TYPE=kind, CONTENT_LENGTH=str(most * limits.MB))
    assert told.status_code == 200
    told = ask(CONTENT_TYPE=kind, CONTENT_LENGTH=str(most * limits.MB + 1))
    assert told.status_code == 413
    assert told.headers["Content-Type"] == "application/problem+json"


def test_a_page_says_in_the_language_of_the_visitor_that_it_was_too_much(ask, db):
    told = ask(path="/customers/", CONTENT_LENGTH="99999999", HTTP_COOKIE="language=en")
    assert "Too much at once" in told.content.decode()
    told = ask(path="/customers/", CONTENT_LENGTH="99999999", HTTP_COOKIE="language=zh-hans")
    assert "内容太多" in told.content.decode()


@pytest.mark.parametrize(
    ("peer", "passed", "visitor"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # what a visitor writes himself stands before it
        ("127.0.0.1", "203.0.113.7, 10.9.9.9", "203.0.113.7"),  # a second proxy of ours
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "x' OR 1=1", "127.0.0.1"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),  # no proxy of ours: not believed
    ],
)
def test_only_our_own_proxy_tells_who_the_visitor_is(rf, settings, peer, passed, visitor):
    settings.PROXIES = ["127.0.0.1", "10.9.9.9"]
    request = rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": passed} if passed else {})
    RealAddress(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == visitor
