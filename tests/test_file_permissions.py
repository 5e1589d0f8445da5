"""Every door to the files of a record, for every person and record of permissions_table.FILES."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from liuke.documents.models import Attachment
from liuke.documents.register import places
from tests.house import Api, fingerprints, page_client
from tests.permissions_table import FILES, ROLES
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
