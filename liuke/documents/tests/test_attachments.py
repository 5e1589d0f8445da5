from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liuke.core import clock, files, options
from liuke.core.jobs.runner import run_now
from liuke.documents.models import Attachment

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def sent(name="报价.pdf", content=PDF, kind="application/pdf"):
    return SimpleUploadedFile(name, content, content_type=kind)


def upload(client, record, *sent_files, part=False, **more):
    where = f"/{'opportunities' if hasattr(record, 'success_rate') else 'customers'}/{record.pk}/attachments/"
    return client.post(where, {"files": list(sent_files), **more})


def kept(record) -> list[str]:
    return list(Attachment.of(record).filter(deleted_at=None).order_by("id").values_list("name", flat=True))


def on_disk(folder) -> list:
    return [one for one in folder.rglob("*") if one.is_file()]


def office(part: str) -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(part, "x" * 200_000)
    return book.getvalue()


# it works


def test_several_files_are_attached_at_once_and_fetched_as_they_were(house, as_, customer):
    client = as_(house.jingli)
    answer = upload(client, customer, sent(), sent("照片.JPG", JPG))
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.pk}/?tab=attachments")
    assert kept(customer) == ["报价.pdf", "照片.JPG"]
    first = Attachment.of(customer).earliest("id")
    got = client.get(f"/customers/{customer.pk}/attachments/{first.pk}/")
    assert b"".join(got.streaming_content) == PDF


def test_a_file_is_only_ever_a_download(house, as_, customer):
    upload(as_(house.jingli), customer, sent())
    got = as_(house.gaoguan).get(f"/customers/{customer.pk}/attachments/{Attachment.objects.get().pk}/")
    assert got["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got["Content-Type"] == "application/octet-stream"
    assert "no-store" in got["Cache-Control"]


def test_a_file_lies_under_a_random_name_for_the_servers_eyes_alone(house, as_, customer, own_folder):
    upload(as_(house.jingli), customer, sent("../../../etc/cron.d/报价.pdf"))
    (file,) = on_disk(own_folder)
    assert file.parent == own_folder / "attachments"
    assert "报价" not in file.name
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_tab_lists_files_with_who_put_them_there(house, as_, customer):
    upload(as_(house.jingli), customer, sent())
    page = as_(house.yewu).get(f"/customers/{customer.pk}/?tab=attachments").content.decode()
    assert "报价.pdf" in page
    assert "陈静" in page
    assert 'type="file"' not in page  # a salesperson reads
    assert 'type="file"' in as_(house.zhuguan).get(f"/customers/{customer.pk}/?tab=attachments").content.decode()


def test_what_was_removed_can_be_put_back(house, as_, customer):
    client = as_(house.jingli)
    upload(client, customer, sent())
    where = f"/customers/{customer.pk}/attachments/{Attachment.objects.get().pk}/"
    assert client.post(f"{where}delete/").status_code == 302
    assert client.get(where).status_code == 404
    assert client.post(f"{where}restore/").status_code == 302
    assert kept(customer) == ["报价.pdf"]
    assert b"".join(client.get(where).streaming_content) == PDF


def test_each_kind_of_record_keeps_its_own(house, as_, customer):
    chance = house.opportunity(house.jingli)
    for number in range(3):
        house.customer(house.jingli, name=f"别的客户{number}")
    upload(as_(house.jingli), customer, sent("客户的.pdf"))
    upload(as_(house.jingli), chance, sent("机会的.pdf"))
    assert (kept(customer), kept(chance)) == (["客户的.pdf"], ["机会的.pdf"])


# the same twice


def test_a_double_click_attaches_once(house, as_, customer, own_folder):
    client = as_(house.jingli)
    for _ in range(2):
        assert upload(client, customer, sent(), once="k1").status_code == 302
    assert kept(customer) == ["报价.pdf"]
    assert len(on_disk(own_folder)) == 1


def test_removing_twice_is_harmless(house, as_, customer):
    client = as_(house.jingli)
    upload(client, customer, sent())
    where = f"/customers/{customer.pk}/attachments/{Attachment.objects.get().pk}/delete/"
    assert [client.post(where).status_code for _ in range(2)] == [302, 404]


# what is not taken: classes 20, 30, 31


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shell.php", b"<?php"), ("shell.PhP", b"<?php"), ("报价.jpg.php", JPG), ("a.pHaR", b"x"), (".htaccess", b"x"),
        ("图.svg", b"<svg onload=alert(1)>"), ("页.html", b"<script>"), ("页.xhtml", b"<html>"), ("页.xml", b"<a/>"),
        ("页.mht", b"MIME"), ("x.exe", b"MZ"), ("宏.docm", office("word/document.xml")), ("没有扩展名", PDF),
        ("报价.pdf::$DATA", PDF), ("报价.", PDF),
    ],
)  # fmt: skip
def test_kinds_that_are_not_on_the_list_are_refused(name, content, house, as_, customer, unchanged, own_folder):
    with unchanged():
        answer = upload(as_(house.jingli), customer, sent(name, content))
    assert answer.status_code == 422
    assert 'type="file"' in answer.content.decode()  # the page is still there
    assert on_disk(own_folder) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("图.jpg", b"<svg onload=alert(1)>"), ("图.png", JPG), ("报价.pdf", b"<html>%PDF-"), ("报价.xlsx", PDF),
        ("报价.docx", office("xl/workbook.xml")), ("报价.xlsx", b"PK\x03\x04" + bytes(100)),
        ("记录.txt", b"MZ\x00\x01"),
        ("录音.mp3", PDF), ("空.pdf", b""),
    ],
)  # fmt: skip
def test_content_must_fit_the_extension(name, content, house, as_, customer, own_folder):
    answer = upload(as_(house.jingli), customer, sent(name, content, "image/jpeg"))
    assert (answer.status_code, kept(customer), on_disk(own_folder)) == (422, [], [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合同.docx", office("word/document.xml")), ("表.xlsx", office("xl/workbook.xml")),
        ("旧.DOC", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)),
        ("图.webp", b"RIFF\x10\0\0\0WEBPVP8 "), ("名单.csv", "姓名,电话\n".encode("gb18030")),
        ("说明.txt", "说明".encode()),
        ("长文.txt", "字".encode() * 60_000), ("a.php.jpg", JPG), ("包.zip", office("anything")),
    ],
)  # fmt: skip
def test_office_images_texts_and_archives_are_taken(name, content, house, as_, customer):
    assert upload(as_(house.jingli), customer, sent(name, content)).status_code == 302
    assert kept(customer) == [name]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("..\\..\\windows\\报价.pdf", "报价.pdf"), ("/etc/passwd/报价.pdf", "报价.pdf"), ("报\0价.pdf", "报价.pdf"),
        ("报价\u202efdp.pdf", "报价fdp.pdf"), ('报"价\r\nX: y.pdf', "报_价  X_ y.pdf"),
        ("字" * 120 + ".pdf", "字" * 83 + ".pdf"),
    ],
)  # fmt: skip
def test_names_that_mislead_are_made_harmless(name, cleaned):
    from liuke.documents.names import clean_name

    assert clean_name(name) == cleaned


def test_a_hostile_name_leads_nowhere_and_splits_no_header(house, as_, customer, own_folder):
    client = as_(house.jingli)
    for name in ("../../../x.pdf", "%2e%2e%2fx.pdf", "x%0d%0aSet-Cookie: a=b.pdf", "长" * 300 + ".pdf", "a\0b.pdf"):
        assert upload(client, customer, sent(name)).status_code == 302
    assert {one.parent for one in on_disk(own_folder)} == {own_folder / "attachments"}
    for one in Attachment.objects.all():
        got = client.get(f"/customers/{customer.pk}/attachments/{one.pk}/")
        assert "\n" not in got["Content-Disposition"]
        assert "Set-Cookie" not in got.headers
        assert len(one.name.encode()) <= 255


def test_one_bad_file_keeps_all_out_and_each_is_named(house, as_, customer, unchanged):
    with unchanged():
        answer = upload(as_(house.jingli), customer, sent(), sent("a.exe", b"MZ"), sent("图.png", PDF))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "「a.exe」" in page
    assert "「图.png」" in page


def test_the_settings_narrow_what_is_taken(house, as_, customer):
    from liuke.base.models import SettingsChange
    from liuke.base.settings import forget

    SettingsChange().apply({"attachments.kinds": ["image"], "attachments.most_mb": 1}, by=house.admin)
    forget()
    client = as_(house.jingli)
    assert upload(client, customer, sent()).status_code == 422
    assert upload(client, customer, sent("大.jpg", JPG + bytes(1024 * 1024))).status_code == 413
    assert upload(client, customer, sent("小.jpg", JPG)).status_code == 302


def test_a_file_that_is_too_large_keeps_the_page_and_says_so(house, as_, customer, unchanged, own_folder):
    with unchanged():
        answer = upload(as_(house.jingli), customer, sent("大.pdf", PDF + bytes(21 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "大.pdf" in answer.content.decode()
    assert on_disk(own_folder) == []


def test_a_body_beyond_all_limits_is_not_even_read(house, customer):
    client = Client()
    client.force_login(house.jingli)
    answer = client.post(
        f"/customers/{customer.pk}/attachments/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=10**9,
    )
    assert answer.status_code == 413


def test_too_many_files_at_once_are_refused(house, as_, customer, unchanged):
    with unchanged():
        assert upload(as_(house.jingli), customer, *(sent(f"{n}.pdf") for n in range(21))).status_code == 413


def test_a_record_takes_only_so_many(house, as_, customer, monkeypatch, own_folder):
    monkeypatch.setattr("liuke.documents.shelf.MOST_OF_A_RECORD", 1)
    client = as_(house.jingli)
    assert upload(client, customer, sent()).status_code == 302
    assert upload(client, customer, sent()).status_code == 422
    assert len(on_disk(own_folder)) == 1


def test_a_full_disk_is_told_and_leaves_nothing(house, as_, customer, monkeypatch, own_folder, unchanged):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("liuke.documents.shelf.shutil.copyfileobj", full)
    with unchanged():
        assert upload(as_(house.jingli), customer, sent()).status_code == 507
    assert on_disk(own_folder) == []


def test_nothing_chosen_is_an_answer(house, as_, customer):
    assert upload(as_(house.jingli), customer).status_code == 422


def test_without_the_forms_token_nothing_is_taken(house, customer, unchanged):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.jingli)
    with unchanged():
        assert upload(client, customer, sent()).status_code == 403


# whose record it is


def test_a_file_is_reached_through_its_own_record_only(house, as_, api, customer):
    """Class 4: an id that fits another record is no id here."""
    other = house.customer(house.jingli, name="另一家")
    upload(as_(house.jingli), customer, sent())
    file = Attachment.objects.get().pk
    for where in (f"/customers/{other.pk}", f"/contacts/{house.contact(customer).pk}", f"/opportunities/{customer.pk}"):
        assert as_(house.jingli).get(f"{where}/attachments/{file}/").status_code == 404
        assert api(house.jingli).get(f"/api/v1{where}/attachments/{file}").status_code == 404
        assert as_(house.jingli).post(f"{where}/attachments/{file}/delete/").status_code == 404
    assert kept(customer) == ["报价.pdf"]


def test_a_stranger_finds_no_file_of_an_opportunity_he_cannot_see(house, as_, api):
    chance = house.opportunity(house.jingli, house.jingli)
    upload(as_(house.jingli), chance, sent())
    file = Attachment.objects.get().pk
    where = f"opportunities/{chance.pk}/attachments/{file}"
    assert as_(house.jingli3).get(f"/{where}/").status_code == 404
    assert api(house.jingli3).get(where).status_code == 404
    assert api(house.jingli3).get(f"opportunities/{chance.pk}/attachments").status_code == 404


def test_files_of_a_deleted_record_are_gone_until_it_comes_back(house, as_, customer):
    client = as_(house.jingli)
    upload(client, customer, sent())
    where = f"/customers/{customer.pk}/attachments/{Attachment.objects.get().pk}/"
    customer.delete(by=house.jingli)
    assert client.get(where).status_code == 404
    assert upload(client, customer, sent()).status_code == 404
    customer.restore(by=house.jingli)
    assert client.get(where).status_code == 200


def test_who_put_a_file_there_may_take_it_away_and_so_may_who_changes_the_record(house, as_, customer):
    upload(as_(house.zhuguan), customer, sent("主管的.pdf"))
    file = Attachment.objects.get()
    where = f"/customers/{customer.pk}/attachments/{file.pk}/"
    assert as_(house.jingli2).post(f"{where}delete/").status_code == 403
    Attachment.objects.filter(pk=file.pk).update(created_by=house.jingli2)
    assert as_(house.jingli2).post(f"{where}delete/").status_code == 302
    assert as_(house.jingli).post(f"{where}restore/").status_code == 302
    assert kept(customer) == ["主管的.pdf"]


def test_a_record_that_is_closed_keeps_its_files_as_they_are(house, as_, customer, unchanged):
    client = as_(house.jingli)
    upload(client, customer, sent())
    type(customer).objects.filter(pk=customer.pk).update(status="churned")
    where = f"/customers/{customer.pk}/attachments/{Attachment.objects.get().pk}/"
    with unchanged():
        assert upload(client, customer, sent()).status_code == 409
        assert client.post(f"{where}delete/").status_code == 409
    assert client.get(where).status_code == 200


def test_who_lost_the_record_a_moment_ago_adds_nothing(house, customer, unchanged):
    """Rights are asked again under the lock."""
    from liuke.core.refusals import Forbidden
    from liuke.core.register import resource
    from liuke.documents.shelf import Shelf

    shelf = Shelf.find(house.jingli, resource("customers"), customer.pk)
    type(customer).objects.filter(pk=customer.pk).update(owner=house.jingli3)
    with unchanged(), pytest.raises(Forbidden):
        shelf.add([sent()], ("", "", None))


def test_what_was_closed_a_moment_ago_takes_nothing(house, customer, unchanged):
    from liuke.core.refusals import Refused
    from liuke.core.register import resource
    from liuke.documents.shelf import Shelf

    shelf = Shelf.find(house.jingli, resource("customers"), customer.pk)
    type(customer).objects.filter(pk=customer.pk).update(status="churned")
    with unchanged(), pytest.raises(Refused, match="已流失"):
        shelf.add([sent()], ("", "", None))


# by token


def test_a_program_adds_lists_fetches_and_removes(house, api, customer):
    program = api(house.jingli)
    where = f"/api/v1/customers/{customer.pk}/attachments"
    made = program.client.post(where, {"files": sent()}, headers=program.headers)
    assert made.status_code == 201, made.content
    assert (made.json()["name"], made.json()["size"], made.json()["created_by__text"]) == ("报价.pdf", len(PDF), "陈静")
    assert [one["id"] for one in program.get(where).json()["items"]] == [made.json()["id"]]
    one = f"{where}/{made.json()['id']}"
    assert b"".join(program.get(one).streaming_content) == PDF
    assert program.delete(one).status_code == 204
    assert program.get(where).json()["count"] == 0
    assert program.post(f"{one}/restore").json()["name"] == "报价.pdf"


def test_a_program_is_told_what_is_wrong(house, api, customer, unchanged):
    program = api(house.jingli)
    where = f"/api/v1/customers/{customer.pk}/attachments"
    with unchanged():
        wrong = program.client.post(where, {"files": sent("a.exe")}, headers=program.headers)
        two = program.client.post(where, {"files": [sent(), sent()]}, headers=program.headers)
        json = program.post(where, {"files": "x"})
        large = program.client.post(
            where, {"files": sent("大.pdf", PDF + bytes(21 * 1024 * 1024))}, headers=program.headers
        )
    assert [wrong.status_code, two.status_code, json.status_code, large.status_code] == [422, 422, 422, 413]
    assert list(wrong.json()["errors"]) == ["files"]
    assert large.json()["code"] == "too_large"


def test_a_repeated_key_answers_with_the_first_file(house, api, customer):
    program = api(house.jingli)
    headers = {**program.headers, "Idempotency-Key": "k"}
    where = f"/api/v1/customers/{customer.pk}/attachments"
    first, again = (program.client.post(where, {"files": sent()}, headers=headers) for _ in range(2))
    other = program.client.post(where, {"files": sent("别的.pdf")}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == again.json()
    assert kept(customer) == ["报价.pdf"]


# housekeeping


def test_what_an_upload_left_behind_is_swept_away_and_nothing_else(house, as_, customer, own_folder):
    upload(as_(house.jingli), customer, sent())
    with files.create("attachments/lost.bin") as lost:
        lost.write(b"x")
    assert len(on_disk(own_folder)) == 2
    run_now("sweep-attachments")  # younger than a day: somebody may just be saving it
    assert len(on_disk(own_folder)) == 2
    with clock.at(clock.now() + timedelta(days=2)):
        run_now("sweep-attachments")
        run_now("sweep-attachments")
    assert len(on_disk(own_folder)) == 1
    assert not (own_folder / "attachments/lost.bin").exists()


def test_files_of_a_record_that_is_gone_for_good_go_too(house, as_, customer, own_folder):
    client = as_(house.jingli)
    other = house.customer(house.jingli, name="另一家")
    upload(client, customer, sent())
    upload(client, other, sent("别家的.pdf"))
    customer.delete(by=house.jingli)
    type(customer).objects.filter(pk=customer.pk).delete()
    with clock.at(clock.now() + timedelta(days=2)):
        run_now("sweep-attachments")
    assert list(Attachment.objects.values_list("name", flat=True)) == ["别家的.pdf"]
    assert len(on_disk(own_folder)) == 1


def test_twenty_megabytes_of_every_kind_are_the_first_settings(house):
    assert options.get("attachments.most_mb") == 20
    assert "pdf" in options.get("attachments.kinds")
