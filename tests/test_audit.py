"""The audit log: what it tells, and that nobody takes anything back from it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from liuke.accounts import bad_tokens
from liuke.accounts.models import ApiToken
from liuke.core import audit, options
from liuke.core.audit import chain, keeping, seals
from liuke.core.models import AuditBatch, AuditEntry
from liuke.core.models.audit import AddedOnly
from tests.house import PASSWORD


@pytest.fixture(autouse=True)
def beside(settings, tmp_path):
    """The file of seals of this test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def entries(**asked):
    return list(AuditEntry.objects.filter(**asked).order_by("pk"))


def last(**asked):
    found = entries(**asked)[-1]
    return found, json.loads(found.details)


def written(count, act="tried"):
    for n in range(count):
        audit.note(act, text=f"{n}")


@pytest.fixture
def sealed(house, django_capture_on_commit_callbacks):
    """Three batches of five."""
    for _n in range(3):
        written(5)
        with django_capture_on_commit_callbacks(execute=True):
            assert chain.seal() == 5
    return entries()


def tamper(sql, *values):
    """As somebody who can write into the database past its triggers."""
    with keeping.unlocked(), connection.cursor() as cursor:
        cursor.execute(sql, values)


# what it tells


def test_an_act_tells_who_when_whence_through_which_door_and_what(house, api):
    customer = house.customer(house.jingli)
    before = datetime.now(UTC)
    assert api(house.jingli).patch(f"customers/{customer.pk}", name="宁波新海川").status_code == 200
    entry, details = last(act="update")
    assert (entry.who, entry.name, entry.door, entry.address) == (house.jingli.pk, "陈静 (jingli)", "api", "127.0.0.1")
    assert (entry.kind, entry.object_id, entry.outcome) == ("customers.Customer", customer.pk, "done")
    assert before <= entry.at <= datetime.now(UTC)
    assert details["changes"]["name"] == ["宁波海川港务", "宁波新海川"]


def test_the_number_of_a_record_is_told(house):
    made = house.opportunity(house.jingli)
    assert last(act="create", kind="marketing.Opportunity")[0].number == made.number


def test_an_act_that_is_taken_back_leaves_no_entry(house):
    def work():
        with transaction.atomic():
            house.customer(house.jingli)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert entries(kind="customers.Customer") == []


def test_a_refusal_is_told_by_both_doors_and_nothing_else_is(house, as_, api):
    other = house.customer(house.jingli2)
    seen = AuditEntry.objects.count()
    assert as_(house.jingli).post(f"/customers/{other.pk}/delete/").status_code == 403
    assert api(house.jingli).delete(f"customers/{other.pk}").status_code == 403
    page, by_api = entries(act="refused")
    assert (page.door, page.who, page.text) == ("page", house.jingli.pk, f"/customers/{other.pk}/delete/")
    assert (by_api.door, by_api.who, by_api.outcome) == ("api", house.jingli.pk, "refused")
    made = entries(act="token_made")  # of the client of this test
    assert AuditEntry.objects.count() == seen + 2 + len(made)


def test_signing_in_failing_and_out_is_told(house):
    client = Client()
    client.post("/login/", {"username": "jingli", "password": "wrong"}, REMOTE_ADDR="10.9.8.7")
    client.post("/login/", {"username": "jingli", "password": PASSWORD}, REMOTE_ADDR="10.9.8.7")
    client.post("/logout/", REMOTE_ADDR="10.9.8.7")
    told = [(e.act, e.outcome, e.who, e.address) for e in entries(address="10.9.8.7")]
    assert told == [
        ("sign_in_failed", "failed", house.jingli.pk, "10.9.8.7"),
        ("signed_in", "done", house.jingli.pk, "10.9.8.7"),
        ("signed_out", "done", house.jingli.pk, "10.9.8.7"),
    ]


def test_guesses_against_a_locked_name_do_not_fill_the_log(house):
    for _n in range(9):
        Client().post("/login/", {"username": "jingli", "password": "wrong"}, REMOTE_ADDR="10.9.8.7")
    told = [json.loads(entry.details)["locked"] for entry in entries(act="sign_in_failed")]
    assert told == [False] * 4 + [True]


def come_with(token, address="10.9.8.7"):
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/customers", REMOTE_ADDR=address).status_code == 401


def test_a_bad_token_is_told_and_guesses_do_not_fill_the_log(house):
    bad_tokens.forget()
    word = ApiToken.issue(house.jingli, "库存同步")
    ApiToken.objects.get(name="库存同步").revoke(by=house.jingli)
    come_with(word, "10.9.8.6")
    for n in range(9):
        come_with(f"lk_{n}")
    ended, guessed = entries(act="token_refused")
    assert (ended.text, ended.outcome, ended.who, json.loads(ended.details)["of"]) == (
        "库存同步", "failed", None, "jingli",
    )  # fmt: skip
    assert (guessed.address, guessed.door, guessed.text) == ("10.9.8.7", "api", "")
    assert word not in "".join(entry.line().decode() for entry in entries())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        come_with("lk_9")
    assert last(act="token_refused")[1]["times"] == 9


def test_bad_tokens_from_everywhere_do_not_fill_it_either(house):
    bad_tokens.forget()
    for n in range(70):
        come_with("lk_wrong", f"10.0.0.{n}")
    assert len(entries(act="token_refused")) == bad_tokens.MOST_IN_AN_HOUR
    bad_tokens.forget()


def test_exports_prints_and_settings_are_told(house, as_):
    house.customer(house.jingli)
    client = as_(house.jingli)
    b"".join(client.get("/customers/export.csv?columns=name").streaming_content)
    export, details = last(act="export")
    assert (export.kind, details["rows"], details["columns"]) == ("customers.Customer", 1, ["name"])
    client.get("/customers/print/")
    assert last(act="print")[1]["rows"] == 1
    from liuke.base.models import SettingsChange

    SettingsChange().apply({"page_size": 50}, by=house.admin)
    assert last(act="apply")[1]["changes"]["summary"] == [None, {"page_size": [20, 50]}]


def test_a_role_that_changes_is_told_grant_by_grant(house):
    from liuke.accounts.models import Role

    role = Role.objects.get(code="hr")
    role.set_grants({("users", "view"): "all", ("users", "reset_password"): "all"}, by=house.admin)
    changes = last(act="set_grants")[1]["changes"]
    assert changes["users.reset_password"] == [None, "all"]


def test_many_rows_at_once_are_one_entry(house):
    from liuke.core.many import save_many
    from liuke.core.many.drafts import Draft
    from liuke.customers.models import Contact

    customer = house.customer(house.jingli)
    drafts = [Draft(Contact(customer=customer, name=f"联系人{n}", gender="male", position="采购",
                            office_phone="0574-87651234"), {"name": f"联系人{n}"}) for n in range(30)]  # fmt: skip
    save_many(drafts, house.jingli)
    (entry,) = entries(kind="customers.Contact")
    details = json.loads(entry.details)
    assert (entry.act, details["rows"], entry.who) == (drafts[0].verb, 30, house.jingli.pk)
    assert sum(end - first + 1 for first, end in details["ids"]) == 30


def test_a_job_tells_its_run_and_what_it_does_is_done_by_it(house):
    from liuke.core.jobs import runner

    runner.run_now("plan-overdue")
    run = entries(act="job")[-1]
    assert (run.door, run.name, run.text, run.outcome) == ("job", "plan-overdue", "plan-overdue", "done")


def test_sealing_itself_is_no_news(house):
    from liuke.core.jobs import runner

    written(1)
    runner.run_now("seal-audit")
    assert entries(act="job") == []
    assert AuditBatch.objects.count() == 1


CANARY = "kanarienvogel-7421"


def test_no_secret_is_ever_in_it(house, as_, api):
    pages = as_(house.jingli)
    secrets = [CANARY, PASSWORD, house.jingli.password]
    for word in (CANARY, f"{CANARY}!"):
        Client().post("/login/", {"username": word, "password": word})  # typed into the wrong box
        Client().post("/login/", {"username": "jingli", "password": word})
    given = {"old": PASSWORD, "new": f"{CANARY}-Neu", "repeat": f"{CANARY}-Neu"}
    assert pages.post("/password/", given).status_code == 302
    pages.post("/profile/tokens/new/", {"name": "库存同步", "password": f"{CANARY}-Neu"})
    secrets.append(pages.session["fresh_token"])
    pages.post(f"/profile/tokens/{ApiToken.objects.get(name='库存同步').pk}/revoke/")
    told = api(house.admin).post(f"users/{house.jingli.pk}/reset_password").json()
    secrets += [told["password"], house.again("jingli").password, ApiToken.objects.get(name="库存同步").token_hash]
    secrets += [pages.session.session_key]
    audit.note("tried", details={"changes": {"mail_password": ["", CANARY]}, "deep": [{"api_key": CANARY}]})
    house.jingli.delete(by=house.admin)
    log = "".join(entry.line().decode() for entry in AuditEntry.objects.all())
    assert {"sign_in_failed", "change_password", "token_made", "token_killed", "reset_password", "delete"} <= {
        entry.act for entry in AuditEntry.objects.all()
    }
    assert [secret for secret in secrets if secret in log] == []


# nobody takes anything back


def test_the_models_refuse_to_change_or_delete(sealed):
    for row, rows in ((sealed[0], AuditEntry.objects), (AuditBatch.objects.first(), AuditBatch.objects)):
        for act in (row.save, row.delete, rows.all().delete, lambda rows=rows: rows.all().update(hash="")):
            with pytest.raises(AddedOnly):
                act()
    assert AuditEntry.objects.count() == 15


@pytest.mark.parametrize("sql", [
    "UPDATE core_auditentry SET text = 'x'", "DELETE FROM core_auditentry",
    "UPDATE core_auditbatch SET hash = 'x'", "DELETE FROM core_auditbatch",
])  # fmt: skip
def test_the_database_refuses_too(sql, sealed):
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert chain.verify().is_whole


# what was tampered with shows


def test_a_log_that_was_left_alone_is_whole(sealed):
    written(2)
    verdict = chain.verify()
    assert (verdict.is_whole, verdict.batches, verdict.entries, verdict.unsealed) == (True, 3, 15, 2)


@pytest.mark.parametrize("column", ["text", "act", "name", "address", "details", "number", "door", "outcome", "kind"])
def test_a_changed_column_names_batch_and_entry(column, sealed):
    row = sealed[7]
    tamper(f"UPDATE core_auditentry SET {column} = 'api' WHERE id = %s", row.pk)
    verdict = chain.verify()
    assert (verdict.batch, verdict.entry) == (2, row.pk)


@pytest.mark.parametrize("column", ["who", "object_id"])
def test_a_changed_person_or_object_does_too(column, sealed):
    tamper(f"UPDATE core_auditentry SET {column} = 999 WHERE id = %s", sealed[3].pk)
    assert (chain.verify().batch, chain.verify().entry) == (1, sealed[3].pk)


def test_a_changed_time_does_too(sealed):
    with keeping.unlocked():
        AuditEntry._base_manager.filter(pk=sealed[3].pk).update(at=sealed[3].at + timedelta(microseconds=1))
    assert chain.verify().entry == sealed[3].pk


def test_a_deleted_entry_shows(sealed):
    tamper("DELETE FROM core_auditentry WHERE id = %s", sealed[9].pk)
    assert (chain.verify().batch, chain.verify().entry) == (2, sealed[9].pk)


def test_two_entries_that_changed_places_show(sealed):
    one, other = sealed[5].pk, sealed[6].pk
    for old, new in ((one, -1), (other, one), (-1, other)):
        tamper("UPDATE core_auditentry SET id = %s WHERE id = %s", new, old)
    assert chain.verify().entry == one


def test_an_entry_that_was_slipped_in_shows(sealed):
    tamper("DELETE FROM core_auditentry WHERE id = %s", sealed[14].pk)
    tamper("DELETE FROM core_auditbatch WHERE number = 3")
    seals.file().unlink()  # an end cut off with the file beside it: what is left is a shorter log
    assert chain.verify().is_whole
    tamper("UPDATE core_auditentry SET id = %s WHERE id = %s", sealed[0].pk - 1, sealed[13].pk)
    assert chain.verify().entry == sealed[0].pk - 1


def test_an_edited_seal_shows(sealed):
    tamper("UPDATE core_auditbatch SET sealed_at = %s WHERE number = 2", connection.ops.adapt_datetimefield_value(
        datetime(2020, 1, 1, tzinfo=UTC)))  # fmt: skip
    assert chain.verify().batch == 2


def test_an_entry_changed_with_its_seal_made_anew_shows_in_the_next_one(sealed):
    tamper("UPDATE core_auditentry SET text = 'x' WHERE id = %s", sealed[7].pk)
    batch = AuditBatch.objects.get(number=2)
    rows = AuditEntry.objects.filter(pk__range=batch.ranges[0]).order_by("pk")
    batch.content, batch.prints = chain._prints(rows)
    tamper("UPDATE core_auditbatch SET content = %s, prints = %s, hash = %s WHERE number = 2", batch.content,
           batch.prints, batch.whole())  # fmt: skip
    seals.file().unlink()
    assert chain.verify().batch == 3


def test_a_chain_written_anew_shows_by_the_file_beside_it(sealed):
    tamper("DELETE FROM core_auditbatch")
    tamper("UPDATE core_auditentry SET text = 'x' WHERE id = %s", sealed[14].pk)
    kept = seals.file().read_text()
    chain.seal()
    seals.file().write_text(kept)
    assert chain.verify().batch == 1


def test_an_end_that_was_cut_off_shows_by_the_file_beside_it(sealed):
    tamper("DELETE FROM core_auditbatch WHERE number = 3")
    tamper("DELETE FROM core_auditentry WHERE id >= %s", sealed[10].pk)
    assert chain.verify().batch == 3


def test_a_missing_batch_in_the_middle_shows(sealed):
    tamper("DELETE FROM core_auditbatch WHERE number = 2")
    assert chain.verify().batch == 2


def test_a_missing_beginning_shows(sealed):
    tamper("DELETE FROM core_auditentry WHERE id <= %s", sealed[4].pk)
    tamper("DELETE FROM core_auditbatch WHERE number = 1")
    assert chain.verify().batch == 2


def test_a_late_entry_of_a_long_transaction_is_sealed_later(house):
    """Its id is lower than those that were sealed while it went on."""
    written(3)
    early, late, newest = entries()
    tamper("DELETE FROM core_auditentry WHERE id = %s", late.pk)
    chain.seal()
    late.__class__(**{f.attname: getattr(late, f.attname) for f in late._meta.fields}).save(force_insert=True)
    written(1)
    assert chain.seal() == 2
    assert AuditBatch.objects.get(number=1).ranges == [[early.pk, early.pk], [newest.pk, newest.pk]]
    verdict = chain.verify()
    assert (verdict.is_whole, verdict.entries) == (True, 4)
    tamper("UPDATE core_auditentry SET text = 'x' WHERE id = %s", late.pk)
    assert chain.verify().entry == late.pk


def test_an_id_nobody_used_is_awaited_for_a_day(house):
    written(3)
    late = entries()[1]
    tamper("DELETE FROM core_auditentry WHERE id = %s", late.pk)
    chain.seal()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        written(1)
        chain.seal()
    late.__class__(**{f.attname: getattr(late, f.attname) for f in late._meta.fields}).save(force_insert=True)
    assert chain.seal() == 0
    assert chain.verify().entry == late.pk


def test_the_command_says_it_by_its_exit_code(sealed, capsys, monkeypatch):
    from liuke import cli

    monkeypatch.setattr(cli, "_django", lambda: None)
    monkeypatch.setattr("liuke.config.upkeep.prepare", lambda: None)
    assert cli.main(["audit-verify"]) == 0
    tamper("DELETE FROM core_auditentry WHERE id = %s", sealed[9].pk)
    assert cli.main(["audit-verify"]) == 1
    assert str(sealed[9].pk) in capsys.readouterr().err


def test_the_nightly_look_fails_where_something_is_wrong(sealed):
    from liuke.core.jobs import runner
    from liuke.core.models import JobRun

    runner.run_now("verify-audit")
    tamper("DELETE FROM core_auditentry WHERE id = %s", sealed[9].pk)
    with pytest.raises(Exception, match=str(sealed[9].pk)):
        runner.run_now("verify-audit")
    assert JobRun.objects.filter(name="verify-audit", state="failed").count() == 1


# how long it is kept


def test_half_a_year_is_kept_whatever_the_setting_says(sealed, monkeypatch):
    monkeypatch.setattr(options, "get", lambda key: 1)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=179)):
        assert keeping.remove_old() == 0
    assert AuditEntry.objects.count() == 15


def test_old_batches_go_whole_and_the_rest_can_still_be_looked_through(sealed, django_capture_on_commit_callbacks):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=366)):
        written(4)
        with django_capture_on_commit_callbacks(execute=True):
            chain.seal()
            assert keeping.remove_old() == 15
        assert [batch.number for batch in AuditBatch.objects.order_by("number")] == [4]
        assert last(act=keeping.REMOVED)[1] == {
            "batch": 3, "seal": AuditBatch.objects.get(number=4).previous, "rows": 15,
        }  # fmt: skip
        chain.seal()
        verdict = chain.verify()
        assert (verdict.is_whole, verdict.entries) == (True, 5)
        assert keeping.remove_old() == 0


def test_the_newest_batch_stays_for_the_next_to_follow(sealed):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=900)):
        assert keeping.remove_old() == 10
        chain.seal()
        assert chain.verify().is_whole


# the page


def test_the_log_is_searched_by_person_act_day_kind_number_and_outcome(house, as_):
    client, made = as_(house.admin), house.opportunity(house.jingli)
    house.customer(house.jingli2, name="海宁远洋")
    today = datetime.now().astimezone().date()

    def found(**asked):
        shown = re.findall(r'data-label="ID">(\d+)<', client.get("/audit/", asked).content.decode())
        return [AuditEntry.objects.values_list("act", "text").get(pk=pk) for pk in shown]

    assert found(search=made.number) == [("create", str(made))]
    assert found(search="海宁远") == [("create", "海宁远洋")]
    assert found(who=house.jingli2.pk) == [("create", "海宁远洋")]
    assert found(kind="marketing.Opportunity", act="create", at__gte=today - timedelta(days=1)) == [
        ("create", str(made))
    ]
    assert found(at__gte=today + timedelta(days=2)) == []
    as_(house.jingli).get("/audit/")
    assert found(outcome="refused") == [("refused", "/audit/")]
    assert found(search="\0") == found(at__gte="x") == []


def test_the_page_shows_what_changed_and_links_the_record(house, as_):
    customer = house.customer(house.jingli)
    customer.update({"name": "宁波新海川<script>"}, by=house.jingli)
    page = as_(house.admin).get("/audit/").content.decode()
    assert "<del>宁波海川港务</del>" in page
    assert "宁波新海川&lt;script&gt;" in page
    assert f'href="/customers/{customer.pk}/"' in page


def changes_in(client, **asked):
    """What a reader reads of the newest entry: [(field, old, new)]."""
    page = client.get("/audit/", asked).content.decode()
    row = page[page.index("<tr data-row>") :].partition("</tr>")[0]
    before = r"(?: <del>([^<]*)</del> <svg.*?</svg><span [^>]*>[^<]*</span>)?"
    line = rf"<li><span>([^<]*)</span>{before} <ins>([^<]*)</ins></li>"
    return re.findall(line, row)


def test_what_changed_is_told_in_the_words_of_the_reader(house, as_):
    from liuke.accounts.models import Role
    from liuke.base.models import SettingsChange

    admin, role = as_(house.admin), Role.objects.get(code="hr")
    customer = house.customer(house.jingli, registered_capital="1200")
    customer.update({"registered_capital": Decimal("2500.5"), "owner": house.jingli2}, by=house.zhuguan)
    assert set(changes_in(admin, kind="customers.Customer")) == {
        ("注册资金", "¥1,200.00", "¥2,500.50"), ("客户经理", "陈静", "周明远"),
    }  # fmt: skip
    house.opportunity(house.jingli).assign(house.jingli2, by=house.zhuguan)
    assert ("状态", "未指派", "已指派") in changes_in(admin, act="assign")
    role.set_grants({("customers", "view"): "below"}, by=house.admin)
    assert ("客户 · 查看", "", "本部门及下级") in changes_in(admin, act="set_grants")
    role.set_field_rules({("customers", "phone"): "hidden"}, by=house.admin)
    assert changes_in(admin, act="set_field_rules") == [("客户 · 电话", "可见", "隐藏")]
    SettingsChange().apply({"page_size": 50, "level_protection": True}, by=house.admin)
    assert set(changes_in(admin, act="apply")) == {
        ("每页行数", "20", "50"), ("等保密码规则", "否", "是"),
    }  # fmt: skip


def test_what_was_done_to_many_at_once_is_told_of_each(house, as_):
    made = [house.customer(house.jingli, name=f"海宁{n}号") for n in range(3)]
    sent = {"ids": ",".join(str(one.pk) for one in made)}
    as_(house.admin).post("/customers/batch/delete/", sent)
    assert {entry.object_id for entry in entries(act="delete")} == {one.pk for one in made}


def test_nobody_finds_by_asking_what_a_role_hides_from_him(house, as_):
    from liuke.accounts.models import Role

    house.customer(house.jingli, name="海宁远洋")
    assert "create" in [entry.act for entry in entries(text="海宁远洋")]
    assert "data-row" in as_(house.admin).get("/audit/?search=海宁远").content.decode()
    Role.objects.get(code="system_admin").set_field_rules({("customers", "name"): "hidden"}, by=house.admin)
    client = as_(house.again("admin"))
    assert "data-row" not in client.get("/audit/?search=海宁远").content.decode()
    assert "海宁远洋" not in client.get("/audit/?kind=customers.Customer").content.decode()


def test_a_field_that_a_role_hides_is_hidden_here_too(house, as_):
    from liuke.accounts.models import Role

    customer = house.customer(house.jingli, phone="0574-11112222")
    customer.update({"phone": "0574-33334444", "address": "新港路 9 号"}, by=house.jingli)
    Role.objects.get(code="system_admin").set_field_rules({("customers", "phone"): "hidden"}, by=house.admin)
    client = as_(house.again("admin"))
    page = client.get("/audit/?kind=customers.Customer").content.decode()
    file = b"".join(client.get("/audit/export.csv?kind=customers.Customer").streaming_content).decode("utf-8-sig")
    for text in (page, file):
        assert "新港路 9 号" in text
        assert not re.search("11112222|33334444", text)


def test_the_log_is_carried_out_as_a_file_which_is_told(house, as_):
    house.customer(house.jingli)
    answer = as_(house.admin).get("/audit/export.csv?kind=customers.Customer")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "宁波海川港务" in lines[1]
    export, details = last(act="export")
    assert (export.kind, export.who, details["rows"]) == ("core.AuditEntry", house.admin.pk, 1)


def test_a_large_part_comes_from_the_task_centre(house, as_, monkeypatch):
    from liuke.core import errands
    from liuke.core.models import Errand

    monkeypatch.setattr("liuke.workspace.audit_page.AT_ONCE", 3)
    written(5)
    assert as_(house.admin).get("/audit/export.xlsx?act=tried")["Location"] == "/errands/"
    work = Errand.objects.get(kind="audit-export")
    errands.run_errand(None, errand=work.pk)
    work.refresh_from_db()
    assert (work.state, work.file[-5:]) == ("done", ".xlsx")


def test_the_check_is_asked_for_on_the_page_and_told_there(house, as_):
    from liuke.core.jobs import worker
    from liuke.core.models import JobRun

    client = as_(house.admin)
    assert client.post("/audit/verify/").status_code == 302
    assert client.post("/audit/verify/").status_code == 302
    assert JobRun.objects.filter(name="verify-audit").count() == 1
    while worker.run_once():
        pass
    assert JobRun.objects.get(name="verify-audit").result in client.get("/audit/").content.decode()


# the whole house


def test_clearing_and_restoring_leave_the_log_as_it_is(house):
    from liuke.core.backups import clearing, folder, restoring

    house.customer(house.jingli)
    kept = folder.make("liuke", house.admin)
    house.customer(house.jingli, name="第二家")
    before = AuditEntry.objects.count()
    clearing.clear(house.admin)
    restoring.restore(kept, house.again("admin"))
    acts = [entry.act for entry in entries()[before:]]
    assert acts == ["backed_up", "cleared", "backed_up", "restored"]
    assert entries(kind="customers.Customer", text="第二家") != []
    assert chain.verify().is_whole


def test_a_house_just_installed_takes_over_the_log_of_the_backup(sealed, house):
    """And what it had itself stays in the backup made before."""
    from liuke.core.backups import folder, restoring

    kept = folder.make("liuke", house.admin)
    tamper("DELETE FROM core_auditentry")
    tamper("DELETE FROM core_auditbatch")
    written(1, "installed")
    restoring.restore(kept, house.admin)
    assert [entry.pk for entry in entries()][:15] == [entry.pk for entry in sealed]
    assert entries(act="installed") == []
    assert last(act="audit_log_replaced")[1]["batch"] == 1
    chain.seal()
    assert chain.verify().is_whole


def test_a_moment_is_read_in_the_time_of_the_house_and_a_text_like_one_as_it_stands():
    from liuke.workspace.audit_words import plain

    assert plain("2026-11-30T01:37:53.125+00:00") == "2026-11-30 09:37"
    assert plain("2026-99-99T00:00:00Z") == "2026-99-99T00:00:00Z"


def test_what_is_old_is_forgotten_also_where_the_file_of_seals_was_left_behind(settings, tmp_path):
    """A house that was moved to another machine begins a new file there; half a line of a crash is no seal."""
    settings.DATA_DIR = tmp_path
    seals.forget_before(3)
    assert seals.remembered() == {}
    seals.file().write_text("2 aa 2026-01-01\n3 bb 2026-01-02\n4 c")
    seals.forget_before(3)
    assert seals.remembered() == {3: "bb"}
