"""Whether a process answers, and whether it can do its work."""

from django.db import OperationalError, connection

from liuke.core import clock
from liuke.core.jobs import monitor, store
from liuke.core.models import WorkerSign


def test_a_process_that_answers_is_alive_without_a_database(client):
    assert client.get("/health/live/").json() == {"status": "ok"}


def test_a_house_with_all_its_parts_is_ready(client, db):
    store.show_sign("one")
    answer = client.get("/health/ready/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "schema": "ok", "worker": "ok"}


def test_a_worker_that_is_away_is_told_but_turns_nobody_away(client, db):
    WorkerSign.objects.create(name="one", at=clock.now() - monitor.ALIVE)
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["worker"]) == (200, "missing")


def test_an_older_schema_is_not_ready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'workspace'")
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()["schema"], answer["Retry-After"]) == (503, "missing", "10")


def test_a_database_that_is_away_is_told_without_a_word_of_why(client, db, monkeypatch):
    def away():
        raise OperationalError("password of liuke@10.0.0.5 is wrong")

    with monkeypatch.context() as cut:
        cut.setattr(connection, "ensure_connection", away)
        answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "missing", "schema": "missing", "worker": "missing"}


def test_the_sign_of_a_worker_goes_with_it(db):
    store.show_sign("one")
    store.show_sign("one")
    assert WorkerSign.objects.count() == 1
    store.forget_sign("one")
    assert not WorkerSign.objects.exists()
