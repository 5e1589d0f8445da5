"""What goes wrong is told to the person by a number, to the administrator by the place, and to nobody by its text."""

import json

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from liuke.core import faults
from liuke.core.doors import lists
from liuke.core.errors import server_error
from liuke.core.models import Fault

SECRET = "13900139000 王先生"
NO_FREE_PAGES = """CREATE TABLE filling AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)
                   SELECT zeroblob(4000) FROM n"""


@pytest.fixture
def broken(monkeypatch):
    """Lists fail with the error that is given."""

    def broken(error):
        def fail(*_args, **_given):
            raise error

        monkeypatch.setattr(lists, "require", fail)

    return broken


@pytest.fixture
def visit(house, as_):
    """What jingli is answered, as a real server answers: no exception reaches the test."""
    client = as_(house.jingli)
    client.raise_request_exception = False
    return lambda path="/customers/?q=secret", **headers: client.get(path, headers=headers)


def test_an_error_leads_by_its_number_to_the_place_and_tells_no_text(visit, broken, house):
    broken(ValueError(SECRET))
    answer = visit()
    fault = Fault.objects.get()
    assert answer.status_code == 500
    assert fault.number in answer.content.decode()
    assert (fault.kind, fault.user, fault.method, fault.path) == ("error", house.jingli, "GET", "/customers/")
    assert fault.what.startswith("ValueError ")
    for told in (answer.content.decode(), json.dumps(Fault.objects.values().get(), default=str, ensure_ascii=False)):
        assert SECRET not in told
        assert "secret" not in told.replace("csrf", "")


@pytest.mark.parametrize("error", [OperationalError("the server closed the connection"), InterfaceError("closed")])
def test_a_database_that_is_away_is_no_fault_of_ours(visit, broken, error):
    broken(error)
    answer = visit()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "数据库没有应答" in answer.content.decode()
    assert not Fault.objects.exists()  # there is nothing to write it into
    assert visit("/api/v1/no-such-thing").status_code == 404


def test_a_database_that_goes_while_the_person_is_read_is_told_as_well(rf, db):
    def away():
        raise InterfaceError("closed")

    request = rf.get("/customers/")
    request.user = SimpleLazyObject(away)
    try:
        away()
    except InterfaceError:
        answer = server_error(request)
    assert answer.status_code == 503
    assert "数据库没有应答" in answer.content.decode()


def test_a_full_disk_is_told_as_such(visit, broken):
    broken(OSError(28, "No space left on device"))
    answer = visit()
    assert answer.status_code == 503
    assert "磁盘空间不足" in answer.content.decode()


@pytest.mark.shown  # SQLite's own way to run out of room
def test_a_form_on_a_full_disk_changes_nothing_and_works_once_there_is_room(house, as_, unchanged):
    client = as_(house.jingli)
    client.raise_request_exception = False
    given = {"customer_name": "新机会", "success_rate": 50, "summary": "概要", "description": "描述" * 900}
    with connection.cursor() as cursor:
        cursor.execute(NO_FREE_PAGES)
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            with unchanged():
                answer = client.post("/opportunities/new/", given)
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert answer.status_code == 503
    assert "磁盘空间不足" in answer.content.decode()
    assert client.post("/opportunities/new/", given).status_code == 302


@pytest.mark.parametrize(("took", "told"), [(0.9, 0), (1.1, 1)])
def test_what_takes_longer_than_people_wait_is_written_down(rf, db, monkeypatch, settings, took, told):
    settings.SLOW_AFTER = 1
    now = [100.0]
    monkeypatch.setattr(faults.time, "monotonic", lambda: now[0])

    def answer(_request):
        now[0] += took
        return HttpResponse()

    timed = faults.Timed(answer)
    timed(rf.get("/customers/"))
    assert [one.milliseconds for one in Fault.objects.filter(kind="slow")] == [1100] * told


def test_old_faults_go_and_the_newest_stay(db, monkeypatch):
    monkeypatch.setattr(faults, "KEPT_OF_A_KIND", 3)
    for n in range(5):
        Fault.objects.create(kind="error", number=f"E-{n}", method="GET", path="/")
    Fault.objects.create(kind="slow", method="GET", path="/")
    faults.forget()
    assert list(Fault.objects.order_by("id").values_list("number", flat=True)) == ["E-2", "E-3", "E-4", ""]
    faults.forget()
    assert Fault.objects.count() == 4
