"""The whole house in one file, and back again (SYS-04, R33–R35)."""

from __future__ import annotations

import json
import os
import secrets
import stat
import subprocess
import sys
import time
import zipfile

import pytest

from liuke.base.models import DictionaryItem
from liuke.core import clock, files
from liuke.core.backups import archive, clearing, folder, moving, restoring, rows
from liuke.core.backups.archive import HEAD, SUMS, Archive
from liuke.core.jobs import runner, store
from liuke.core.models import Errand, Event, JobRun
from liuke.core.refusals import Refused
from liuke.customers.models import Customer, CustomerStatus
from liuke.documents.models import Attachment
from tests import prints

CUSTOMERS = "rows/customers.Customer.jsonl"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def lived_in(house):
    """Some of everything: a won opportunity, an event, a notice, an added key that is gone, a file."""
    customer = house.customer(house.jingli, name="海宁远洋物流有限公司", registered_capital="1200000.50")
    house.opportunity(house.jingli)
    run = JobRun.objects.create(name="errand", state="done")  # no backup holds it
    Errand.objects.create(user=house.jingli, kind="export", label="导出", state="done", run=run)
    with files.create("attachments/ab12.pdf") as kept:
        kept.write(b"%PDF-1.7 contract")
    return customer


@pytest.fixture
def other_database():
    """Makes an empty database on the server, gone afterwards; returns its URL."""
    from django.db import connection

    made = []

    def make():
        db, name = connection.settings_dict, f"liuke_other_{secrets.token_hex(6)}"
        login = f"{db['USER']}:{db['PASSWORD']}" if db["PASSWORD"] else db["USER"]
        made.append((f"postgres://{login}@{db['HOST']}:{db['PORT']}", name))
        _on(made[0][0], f"CREATE DATABASE {name}")
        return f"{made[0][0]}/{name}"

    yield make
    for server, name in made:
        _on(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on(server, statement):
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as there:
        there.execute(statement)


def content() -> dict[str, list[bytes]]:
    """All rows as a backup has them, but for the events that backups write themselves, and the numbers given out."""
    told = {"backed_up", "restored", "cleared", "fetched_backup"}
    found = {model._meta.label: list(rows.lines(model)) for model in rows.kept_models()}
    found["core.Event"] = [line for line in found["core.Event"] if not told & set(json.loads(line)[3:4])]
    for label in ("core.NumberSequence", "core.AuditEntry", "core.AuditBatch"):  # these go on
        found.pop(label)
    return found


def rewritten(path, target, change):
    """The archive with some parts changed by hand: {name: content or None} from `change(parts)`."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return target


def summed_anew(parts):
    import hashlib

    sums = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items() if name != SUMS}
    parts[SUMS] = json.dumps(sums).encode()


def test_what_a_backup_holds_comes_back_to_the_letter(lived_in, house):
    before = content()
    path = folder.make("liuke", house.admin)
    lived_in.update({"name": "改了名的公司"}, by=house.jingli)
    house.customer(house.jingli, name="后来的公司")
    files.remove("attachments/ab12.pdf")
    kept = restoring.restore(path, house.admin)
    assert content() == before
    assert (files.root() / "attachments/ab12.pdf").read_bytes() == b"%PDF-1.7 contract"
    assert "后来的公司" in "".join(line.decode() for line in Archive(kept).rows("customers.Customer"))
    last = Event.objects.latest("id")
    assert (last.verb, last.actor, last.note) == ("restored", house.admin, path.name)


def test_after_a_restore_the_search_finds_what_is_there(lived_in, house, api):
    path = folder.make("liuke")
    lived_in.update({"name": "改了名的公司"}, by=house.jingli)
    restoring.restore(path)
    assert api(house.jingli).get("customers", search="远洋物流").json()["count"] == 1
    assert api(house.jingli).get("customers", search="改了名").json()["count"] == 0


def test_keys_go_on_behind_the_highest_ever_given_out(lived_in, house):
    gone = house.customer(house.jingli, name="短暂的公司")
    last = gone.pk
    Customer.objects.filter(pk=last).delete()
    path = folder.make("liuke")
    restoring.restore(path)
    later = house.customer(house.jingli, name="备份之后的公司")
    assert later.pk == last + 1
    restoring.restore(path)
    assert house.customer(house.jingli, name="下一家公司").pk == last + 2


def test_numbers_are_not_given_out_twice_by_a_restore_or_a_clearing(lived_in, house):
    path = folder.make("liuke")
    seen = {house.opportunity(house.jingli).number}
    for act in (lambda: restoring.restore(path), clearing.clear):
        act()
        number = house.opportunity(house.jingli).number
        assert number > max(seen)
        seen.add(number)


def test_background_work_of_another_moment_does_not_wait_for_ever(lived_in, house):
    waits = Errand.objects.create(
        user=house.jingli, kind="export", label="导出", run=JobRun.objects.create(name="errand")
    )
    restoring.restore(folder.make("liuke"))
    waits.refresh_from_db()
    assert (waits.state, waits.run) == ("failed", None)


def test_a_second_run_after_a_crash_wipes_nothing_that_was_entered_since(lived_in, house):
    path, asked = folder.make("liuke"), clock.now()
    assert restoring.restore(path, None, asked)
    house.customer(house.jingli, name="恢复之后录入的公司")
    assert restoring.restore(path, None, asked) is None
    assert Customer.objects.filter(name="恢复之后录入的公司").exists()
    asked = clock.now()
    assert clearing.clear(None, asked)
    house.customer(house.jingli, name="清空之后录入的公司")
    assert clearing.clear(None, asked) is None
    assert Customer.objects.filter(name="清空之后录入的公司").exists()


@pytest.mark.parametrize("name", ["clear-house", "restore-backup"])
def test_what_is_asked_back_is_started_by_no_name(name, lived_in, house, as_):
    pages = as_(house.admin)
    assert pages.post(f"/jobs/{name}/run/").status_code == 404
    assert f"/jobs/{name}/run/" not in pages.get("/jobs/").content.decode()
    with pytest.raises(Refused):
        runner.run_now(name)
    assert not JobRun.objects.filter(name=name).exists()
    assert Customer.objects.exists()


def test_two_runs_of_what_replaces_the_house_never_meet(house):
    JobRun.objects.bulk_create(JobRun(name="clear-house") for _ in range(2))
    assert store.take_next("one").name == "clear-house"
    assert store.take_next("two") is None


def test_everybody_has_to_sign_in_again(lived_in, house, as_):
    client = as_(house.jingli)
    assert client.get("/customers/").status_code == 200
    restoring.restore(folder.make("liuke"))
    assert client.get("/customers/").status_code == 302


def test_a_backup_is_the_owners_alone_and_holds_no_session(lived_in, house, as_):
    client = as_(house.jingli)
    path = folder.make("liuke")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist())
    assert client.session.session_key.encode() not in whole
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_backup_never_overwrites(tmp_path, house):
    mine = tmp_path / "mine.zip"
    mine.write_text("precious")
    with pytest.raises(Refused, match="mine"):
        archive.write(mine)
    assert mine.read_text() == "precious"


@pytest.mark.parametrize(
    ("hurt", "code"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-200]), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(500)), "foreign"),
        (lambda path: path.write_bytes(b""), "foreign"),
        (lambda path: flip(path, HEAD), "damaged"),
        (lambda path: flip(path, CUSTOMERS), "damaged"),
        (lambda path: rewritten(path, path, lambda parts: parts.pop(HEAD)), "foreign"),
        (lambda path: rewritten(path, path, lambda parts: parts.pop(CUSTOMERS)), "damaged"),
        (lambda path: rewritten(path, path, lambda parts: parts.update({HEAD: b"[]"})), "damaged"),
        (lambda path: rewritten(path, path, lambda parts: parts.update({CUSTOMERS: b"[1]\n"})), "damaged"),
        (lambda path: rewritten(path, path, with_a_way_out), "damaged"),
        (lambda path: rewritten(path, path, newer), "newer"),
    ],
)  # fmt: skip
def test_a_backup_that_cannot_be_trusted_is_refused_before_anything_is_touched(hurt, code, lived_in, unchanged):
    path = folder.make("liuke")
    hurt(path)
    with unchanged(), pytest.raises(Refused) as refused:
        restoring.restore(path)
    assert refused.value.code == code
    assert not any(one.reason == "before-restore" for one in folder.all_kept())


def flip(path, name):
    """Turn a few bits in the middle of a packed part."""
    with zipfile.ZipFile(path) as packed:
        info = packed.getinfo(name)
    whole = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(name) + info.compress_size // 2
    whole[start : start + 4] = bytes(255 - one for one in whole[start : start + 4])
    path.write_bytes(whole)


def with_a_way_out(parts):
    parts["files/../../evil.py"] = b"x"
    summed_anew(parts)


def newer(parts):
    head = json.loads(parts[HEAD])
    head["migrations"].append(["customers", "9999_from_the_future"])
    parts[HEAD] = json.dumps(head).encode()
    summed_anew(parts)


def test_rows_that_do_not_fit_leave_everything_as_it_was(lived_in, unchanged):
    path = folder.make("liuke")

    def broken(parts):
        lines = parts[CUSTOMERS].splitlines()
        parts[CUSTOMERS] = b"\n".join([*lines, lines[0]]) + b"\n"  # a key twice
        summed_anew(parts)

    rewritten(path, path, broken)
    prints.forget()
    before = content()
    with pytest.raises(Exception, match=r"(?i)unique"):
        restoring.restore(path)
    assert content() == before


def test_an_older_backup_is_brought_to_the_present_schema(lived_in, house, tmp_path):
    path = folder.make("liuke")

    def older(parts):
        """As it was before reports had a note on services, and before there were tasks: nothing builds on these."""
        head = json.loads(parts[HEAD])
        since = [["reports", "0003_service_note"], ["workspace", "0002_tasks"]]
        assert all(one in head["migrations"] for one in since)
        head["migrations"] = [one for one in head["migrations"] if one not in since]
        place = head["columns"]["reports.ManagementReport"].index("service_note")
        head["columns"]["reports.ManagementReport"].pop(place)
        lines = map(json.loads, parts["rows/reports.ManagementReport.jsonl"].splitlines())
        parts["rows/reports.ManagementReport.jsonl"] = b"".join(
            json.dumps([*line[:place], *line[place + 1 :]]).encode() + b"\n" for line in lines
        )
        for of_later in (head["columns"], head["last_keys"]):
            of_later.pop("workspace.Task")
        parts.pop("rows/workspace.Task.jsonl")
        parts[HEAD] = json.dumps(head).encode()
        summed_anew(parts)

    rewritten(path, path, older)
    before = content()
    assert not Archive(path).is_present
    restoring.restore(path)
    after = content()
    assert after.pop("workspace.Task") == []
    before.pop("workspace.Task")
    assert after == before


def test_nothing_is_restored_or_cleared_while_jobs_run(lived_in, house, unchanged):
    path = folder.make("liuke")
    JobRun.objects.create(name="churn-check", state="running")
    for act in (lambda: restoring.restore(path), clearing.clear):
        with unchanged(), pytest.raises(Refused, match="churn-check"):
            act()


def test_clearing_takes_business_data_and_leaves_the_house(lived_in, house, api):
    for name, age in (("cd34", 7200), ("ef56", 0)):
        with files.create(f"attachments/{name}.pdf") as kept:
            kept.write(b"x")
        os.utime(files.root() / f"attachments/{name}.pdf", (time.time() - age,) * 2)
    entries, statuses = DictionaryItem.objects.count(), CustomerStatus.objects.count()
    before = clearing.clear(house.admin)
    assert not Customer.objects.exists()
    assert not Attachment.objects.exists()
    assert not (files.root() / "attachments/cd34.pdf").exists()
    assert (files.root() / "attachments/ef56.pdf").exists()  # perhaps of something that is being saved
    assert (DictionaryItem.objects.count(), CustomerStatus.objects.count()) == (entries, statuses)
    program = api(house.jingli)
    assert program.get("customers").json()["count"] == 0
    assert house.customer(house.jingli).pk
    assert Event.objects.filter(verb="cleared", actor=house.admin, note=before.name).exists()
    restoring.restore(before, house.admin)
    assert Customer.objects.filter(name="海宁远洋物流有限公司").exists()


def test_by_night_a_backup_is_made_and_old_ones_go(lived_in, house, settings):
    by_hand = folder.make("liuke")
    for day in range(1, 18):
        (folder.place() / f"daily-202601{day:02}-013000-000000.zip").write_bytes(b"old")
    runner.run_now("backup", None)
    nightly = [one for one in folder.all_kept() if one.reason == "daily"]
    assert len(nightly) == 14
    assert by_hand.exists()


# the pages


def test_a_person_makes_fetches_and_restores_a_backup(lived_in, house, as_):
    pages = as_(house.admin)
    assert pages.post("/backups/make/").status_code == 302
    run = JobRun.objects.get(name="backup")
    assert run.payload == {"by": house.admin.pk}
    kept = folder.make("liuke", house.admin)
    assert kept.name in pages.get("/backups/").content.decode()
    got = pages.get(f"/backups/{kept.name}/")
    assert b"".join(got.streaming_content) == kept.read_bytes()
    assert got["Content-Disposition"].startswith("attachment")
    here = f"/backups/{kept.name}/restore/"
    assert pages.post(here, {"confirm": "yes", "newest": kept.name}).status_code == 422
    assert pages.post(here, {"confirm": "恢复", "newest": "daily-20200101-000000-000000.zip"}).status_code == 409
    assert not JobRun.objects.filter(name="restore-backup").exists()
    assert pages.post(here, {"confirm": "恢复", "newest": kept.name}).status_code == 302
    assert JobRun.objects.get(name="restore-backup").payload | {"asked": ""} == {
        "file": kept.name, "by": house.admin.pk, "asked": "",
    }  # fmt: skip


def test_clearing_asks_for_a_word(lived_in, house, as_):
    pages = as_(house.admin)
    assert "清空" in pages.get("/backups/clear/").content.decode()
    assert pages.post("/backups/clear/", {"confirm": "", "newest": ""}).status_code == 422
    assert not JobRun.objects.filter(name="clear-house").exists()
    assert pages.post("/backups/clear/", {"confirm": "清空", "newest": ""}).status_code == 302
    assert pages.post("/backups/clear/", {"confirm": "清空", "newest": ""}).status_code == 302
    assert JobRun.objects.filter(name="clear-house").count() == 1


@pytest.mark.parametrize("who", ["zhuguan", "gaoguan", "jingli"])
def test_nobody_but_an_administrator_gets_at_a_backup(who, lived_in, house, as_, unchanged):
    kept = folder.make("liuke")
    pages = as_(getattr(house, who))
    doors = [("get", "/backups/"), ("get", f"/backups/{kept.name}/"), ("post", "/backups/make/"),
             ("post", f"/backups/{kept.name}/restore/"), ("post", "/backups/clear/")]  # fmt: skip
    with unchanged():
        assert [getattr(pages, method)(path).status_code for method, path in doors] == [403] * 5


@pytest.mark.parametrize("name", ["..%2f..%2fsecret-key", "secret-key", "liuke-20260101-000000-000000.zip"])
def test_only_backups_are_fetched_from_the_folder(name, house, as_, data):
    (data / "secret-key").write_text("geheim")
    (folder.place() / "secret-key").write_text("geheim")
    assert as_(house.admin).get(f"/backups/{name}/").status_code == 404


@pytest.mark.parametrize("to", ["a file", pytest.param("a server", marks=pytest.mark.postgres)])
def test_a_move_finds_every_row_the_same_on_the_other_side(to, lived_in, house, tmp_path, other_database):
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}" if to == "a file" else other_database()
    assert moving.move(url) == len(rows.kept_models())
    with pytest.raises(Refused, match=r"不是空的|not empty"):
        moving.move(url)


def test_a_table_is_the_same_in_whatever_order_its_rows_and_keys_are(lived_in, tmp_path):
    one = archive.write(tmp_path / "one.zip")

    def turned(parts):
        name = "rows/core.Event.jsonl"
        lines = [json.loads(line) for line in parts[name].splitlines()]
        plain = [
            [dict(reversed(value.items())) if isinstance(value, dict) else value for value in line] for line in lines
        ]
        parts[name] = b"".join(json.dumps(line).encode() + b"\n" for line in reversed(plain))

    other = rewritten(one, tmp_path / "other.zip", turned)
    assert moving.prints(one) == moving.prints(other)
    changed = rewritten(one, tmp_path / "changed.zip", lambda parts: parts.update({CUSTOMERS: b""}))
    assert moving.prints(one) != moving.prints(changed)


@pytest.mark.postgres
def test_a_house_of_sqlite_moves_to_a_server(other_database, tmp_path):
    env = os.environ | {"LIUKE_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'small.sqlite3'}"}

    def liuke(*command, **more):
        done = subprocess.run(
            [sys.executable, "-m", "liuke.cli", *command], env=env | more, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    liuke("create-admin", "--username", "chief", "--name", "何总", LIUKE_ADMIN_PASSWORD="Yuanyang-2026")
    url = other_database()
    liuke("move", LIUKE_MOVE_TO=url)
    assert liuke("token", "chief", DATABASE_URL=url).split()
