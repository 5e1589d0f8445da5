"""Every door to the files of a record, for every person and record of permissions_table.FILES."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from liuke.documents.models import Attachment
from liuke.documents.register import places
from tests.house import Api, page_client
from tests.permissions_table import FILES, ROLES
from tests.prints import fingerprints
from tests.test_permissions import MISSING, SIGNS, make_things

PDF = b"%PDF-1.7\n"


def test_every_record_that_takes_files_has_its_lines():
    assert set(FILES) == {resource.name for resource in places()}


@pytest.fixture
def shelves(house, tmp_path, settings):
    """{resource: {object: (record's id, its file's id)}}"""
    settings.DATA_DIR = tmp_path
    things, found = make_things(house), {}
    for name, lines in FILES.items():
        for label in lines["objects"].split():
            found[name, label] = (MISSING, 1) if label == "--" else _with_file(things[label])
    return found


def _with_file(record) -> tuple[int, int]:
    from liuke.core import files

    path = files.new_path("attachments", "bin")
    with files.create(path) as kept:
        kept.write(PDF)
    made = Attachment.objects.create(record=record, name="a.pdf", size=len(PDF), path=path)
    return record.pk, made.pk


def expected(name: str, act: str, role: str) -> list[str]:
    for line in FILES[name][act].strip().splitlines():
        *roles, signs = line.split()
        if role in roles:
            return list(signs)
    blind = name == "opportunities" and role in ("admin", "kefu")
    return [_unnamed(sign, blind, act) for sign in seen(name, role)]


def seen(name: str, role: str) -> list[str]:
    for line in FILES[name]["fetch"].strip().splitlines():
        *roles, signs = line.split()
        if role in roles:
            return list(signs)
    return ["x"] * len(FILES[name]["objects"].split())


def _unnamed(sign: str, blind: bool, act: str) -> str:
    """Who has no line may not; what he does not even see is not there."""
    return "x" if blind or (sign == "+" and act != "fetch") else sign


@pytest.mark.parametrize("role", ROLES)
def test_every_door_to_files(role, house, shelves):
    person = house.again(role)
    pages, api = page_client(person), Api(person)
    wrong, count = [], 0
    before = fingerprints()
    for (name, label), (pk, file) in shelves.items():
        place = FILES[name]["objects"].split().index(label)
        for act, door, ask in doors(pages, api, f"{name}/{pk}/attachments", file):
            want = expected(name, act, role)[place]
            if act == "restore" and want == "+":
                want = "9"  # it is not deleted
            with transaction.atomic():
                got = SIGNS.get(status := ask().status_code, str(status))
                transaction.set_rollback(True)
            count += 1
            if got != want:
                wrong.append(f"{role} {door} {name} {label}: {got}, not {want}")
    assert fingerprints() == before
    assert count > 150
    assert not wrong, "\n".join(wrong)


def doors(pages, api, base, file):
    """(act, name of the door, how to knock)"""

    def sent():
        return {"files": SimpleUploadedFile("b.pdf", PDF)}

    return [
        ("add", "page POST", lambda: pages.post(f"/{base}/", sent())),
        ("fetch", "page GET", lambda: pages.get(f"/{base}/{file}/")),
        ("remove", "dialog", lambda: pages.get(f"/{base}/{file}/delete/")),
        ("remove", "page DELETE", lambda: pages.post(f"/{base}/{file}/delete/")),
        ("restore", "page restore", lambda: pages.post(f"/{base}/{file}/restore/")),
        ("fetch", "API list", lambda: api.get(base)),
        ("add", "API POST", lambda: api.client.post(f"/api/v1/{base}", sent(), headers=api.headers)),
        ("fetch", "API GET", lambda: api.get(f"{base}/{file}")),
        ("remove", "API DELETE", lambda: api.delete(f"{base}/{file}")),
        ("restore", "API restore", lambda: api.post(f"{base}/{file}/restore")),
    ]


KINDS = ("customers", "interactions", "service-requests", "knowledge-articles")


@pytest.mark.parametrize("name", KINDS)
def test_what_holds_of_a_file_holds_on_every_kind_of_record(name, house, tmp_path, settings, unchanged):
    """Size, kind, content, place on the disk, name, and the way out."""
    settings.DATA_DIR = tmp_path
    record, stranger = _record(name, house)
    where, client = f"/{name}/{record.pk}/attachments/", page_client(house.kefu if "-" in name else house.jingli)

    def sent(title, content=PDF):
        return client.post(where, {"files": SimpleUploadedFile(title, content)})

    with unchanged():
        assert sent("程序.exe", b"MZ").status_code == 422
        assert sent("照片.jpg", PDF).status_code == 422  # named like a picture, and none
        assert sent("报告.pdf", PDF + bytes(21 * 1024 * 1024)).status_code == 413
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert sent("校验报告 3 号炉.pdf").status_code == 302
    (kept,) = Attachment.of(record)
    (file,) = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert (file.parent, file.name) == (tmp_path / "files/attachments", kept.path.rpartition("/")[2])
    assert not str(file.resolve()).startswith(str(settings.STATIC_ROOT))
    got = client.get(f"{where}{kept.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert got["X-Content-Type-Options"] == "nosniff"
    name_sent = "%E6%A0%A1%E9%AA%8C%E6%8A%A5%E5%91%8A%203%20%E5%8F%B7%E7%82%89.pdf"
    assert got["Content-Disposition"] == f"attachment; filename*=utf-8''{name_sent}"
    for person in (stranger, None):
        assert page_client(person).get(f"{where}{kept.pk}/").status_code in (302, 403, 404)
    assert page_client(house.admin).get(f"/files/{kept.path}").status_code == 404


def _record(name, house):
    """One of them, and somebody who may not see it."""
    from liuke.accounts.models import Grant, Role
    from liuke.service.models import KnowledgeArticle

    role = Role.objects.get(code="marketing_staff")
    Grant.objects.filter(role=role, resource__in=("customers", "interactions")).delete()
    customer, stranger = house.customer(house.jingli), house.again("shichang")
    made = {
        "customers": lambda: customer,
        "interactions": lambda: house.interaction(customer),
        "service-requests": lambda: house.service(customer, to=house.kefu),
        "knowledge-articles": lambda: KnowledgeArticle(title="温漂", text="升级").create(by=house.kefu),
    }[name]()
    return made, stranger
