"""The pages of notices: one's own only, nothing changes by looking, opening marks as read."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.core.models import Notice
from liuke.core.notices import declare_kind
from liuke.workspace.notices import notice_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = notice_urls
declare_kind("test.told", text="Told about %(what)s")


@pytest.fixture
def zhuguan():
    return get_user_model().objects.create(username="zhuguan", name="王主管")


@pytest.fixture
def jingli():
    return get_user_model().objects.create(username="jingli", name="李经理")


@pytest.fixture
def signed_in(client, zhuguan):
    client.force_login(zhuguan)
    return client


def told(user, what, url="/users/1/", **more):
    return Notice.objects.create(user=user, kind="test.told", occasion=what, params={"what": what}, url=url, **more)


def texts(response) -> list[str]:
    return re.findall(r"Told about ([^<]*)", response.content.decode())


def test_the_list_shows_ones_own_newest_first(signed_in, zhuguan, jingli):
    told(zhuguan, "rain")
    told(jingli, "a secret")
    told(zhuguan, "<b>sun</b>")
    assert texts(signed_in.get("/notices/")) == ["&lt;b&gt;sun&lt;/b&gt;", "rain"]


def test_the_unread_scene_leaves_out_what_was_read(signed_in, zhuguan):
    told(zhuguan, "old", read_at="2026-11-21T00:00Z")
    told(zhuguan, "new")
    assert texts(signed_in.get("/notices/")) == ["new", "old"]
    assert texts(signed_in.get("/notices/?scene=unread")) == ["new"]


def test_looking_changes_nothing(signed_in, zhuguan):
    notice = told(zhuguan, "rain")
    for url in ("/notices/", "/notices/?scene=unread", "/notices/bell/"):
        assert signed_in.get(url).status_code == 200
    for url in (f"/notices/{notice.pk}/open/", "/notices/read/"):
        assert signed_in.get(url).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


def test_opening_marks_as_read_and_goes_there(signed_in, zhuguan):
    notice, other = told(zhuguan, "rain"), told(zhuguan, "sun")
    response = signed_in.post(f"/notices/{notice.pk}/open/")
    assert (response.status_code, response["Location"]) == (302, "/users/1/")
    notice.refresh_from_db()
    other.refresh_from_db()
    assert notice.read_at is not None
    assert other.read_at is None
    first = notice.read_at
    signed_in.post(f"/notices/{notice.pk}/open/")
    notice.refresh_from_db()
    assert notice.read_at == first


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_notice_never_leads_to_another_site(signed_in, zhuguan, url):
    notice = told(zhuguan, "rain", url=url)
    assert signed_in.post(f"/notices/{notice.pk}/open/")["Location"] == "/notices/"
    assert "elsewhere" not in signed_in.get("/notices/").content.decode()


def test_another_persons_notice_does_not_exist_and_stays_unread(signed_in, jingli):
    notice = told(jingli, "a secret")
    assert signed_in.post(f"/notices/{notice.pk}/open/").status_code == 404
    assert signed_in.post(f"/notices/{notice.pk + 1}/open/").status_code == 404
    assert signed_in.post(f"/notices/{2**70}/open/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_marking_all_takes_what_was_shown_and_nobody_elses(signed_in, zhuguan, jingli):
    shown, secret = told(zhuguan, "rain"), told(jingli, "a secret")
    page = signed_in.get("/notices/").content.decode()
    newest = re.search(r'name="newest" value="(\d+)"', page)[1]
    told(zhuguan, "came later")
    response = signed_in.post("/notices/read/", {"newest": newest})
    assert (response.status_code, response["Location"]) == (302, "/notices/")
    unread = Notice.objects.filter(read_at=None).order_by("pk")
    assert [notice.params["what"] for notice in unread] == ["a secret", "came later"]
    assert not unread.filter(pk=shown.pk).exists()
    assert secret.pk in unread.values_list("pk", flat=True)


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40, "１"])
def test_a_broken_form_marks_nothing(signed_in, zhuguan, newest):
    notice = told(zhuguan, "rain")
    assert signed_in.post("/notices/read/", {"newest": newest}).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is None


def test_twenty_a_page_and_odd_numbers_do_no_harm(signed_in, zhuguan):
    for n in range(25):
        told(zhuguan, f"n{n:02}")
    assert texts(signed_in.get("/notices/")) == [f"n{n:02}" for n in range(24, 4, -1)]
    assert texts(signed_in.get("/notices/?page=2")) == [f"n{n:02}" for n in range(4, -1, -1)]
    for odd in ("0", "-1", "x", "²", "99999999999999999999"):
        assert signed_in.get("/notices/", {"page": odd}).status_code == 200


def test_the_list_costs_the_same_for_one_and_for_twenty(signed_in, zhuguan, django_assert_num_queries):
    told(zhuguan, "rain")
    signed_in.get("/notices/")
    with CaptureQueriesContext(connection) as one:
        signed_in.get("/notices/")
    for n in range(19):
        told(zhuguan, f"n{n}")
    with django_assert_num_queries(len(one)):
        signed_in.get("/notices/")


def test_the_bell_counts_to_99(signed_in, zhuguan):
    Notice.objects.bulk_create(Notice(user=zhuguan, kind="test.told", occasion=str(n)) for n in range(99))
    assert ">99<" in signed_in.get("/notices/bell/").content.decode()
    told(zhuguan, "one more")
    assert ">99+<" in signed_in.get("/notices/bell/").content.decode()


def test_a_part_is_only_the_list(signed_in, zhuguan):
    told(zhuguan, "rain")
    part = signed_in.get("/notices/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div class="lk-list" id="list">')
    assert "<html" not in part


def test_a_stranger_is_asked_to_sign_in(client, zhuguan):
    notice = told(zhuguan, "rain")
    for url in ("/notices/", "/notices/bell/"):
        assert client.get(url)["Location"] == f"/login/?next={url}"
    for url in ("/notices/read/", f"/notices/{notice.pk}/open/"):
        assert client.post(url).status_code in (302, 401, 403)
    notice.refresh_from_db()
    assert notice.read_at is None
