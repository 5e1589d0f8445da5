"""Exports: the filtered rows in reach, numbers as numbers, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")', " =1+1", "＝1+1"]


def read_csv(answer) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def read_xlsx(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


@pytest.fixture
def formulas(house):
    return [house.customer(house.jingli, name="安全", address=text, notes=text) for text in FORMULAS]


def test_a_csv_cell_never_starts_a_formula(formulas, house, as_):
    rows = read_csv(as_(house.jingli).get("/customers/export.csv"))
    assert len(rows) == len(FORMULAS)
    for row in rows:
        for value in row.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), value
            assert not value.lstrip().startswith(("=", "+", "@", "＝")), value


def test_an_excel_cell_is_text(formulas, house, as_):
    sheet = read_xlsx(as_(house.jingli).get("/customers/export.xlsx"))
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert "f" not in kinds
    values = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row]
    assert "=1+1" in values


def test_an_export_holds_the_filtered_rows_in_their_order(house, as_):
    for n in (3, 1, 2):
        house.customer(house.jingli, name=f"客户{n}", rating=n)
    rows = read_csv(as_(house.jingli).get("/customers/export.csv?ordering=rating&rating__gte=2"))
    assert [next(iter(row.values())) for row in rows] == ["客户2", "客户3"]


def test_money_is_a_number_and_a_day_a_day(house, as_):
    house.customer(house.jingli, registered_capital="1234567.80", founded_on="2020-02-29")
    sheet = read_xlsx(as_(house.jingli).get("/customers/export.xlsx"))
    cells = {head.value: cell.value for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert 1234567.8 in cells.values()
    assert "2020-02-29" in cells.values()


def test_a_wrong_filter_exports_nothing(house, as_):
    assert as_(house.jingli).get("/customers/export.csv?nonsense=1").status_code == 422


def test_each_exports_as_far_as_the_role_reaches(house, as_):
    for name in ("jingli", "jingli2", "jingli3"):
        house.customer(getattr(house, name), name=name)
    told = {
        name: {next(iter(row.values())) for row in read_csv(as_(getattr(house, name)).get("/customers/export.csv"))}
        for name in ("jingli", "zhuguan", "gaoguan", "admin")
    }
    everybody = {"jingli", "jingli2", "jingli3"}
    assert told == {"jingli": {"jingli"}, "zhuguan": everybody, "gaoguan": everybody, "admin": everybody}
    for name in ("yewu", "kefu", "shichang"):
        assert as_(getattr(house, name)).get("/customers/export.csv").status_code == 403


def test_an_export_is_a_file_that_nobody_keeps(house, as_):
    answer = as_(house.jingli).get("/customers/export.csv")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%AE%A2%E6%88%B7-")
    assert answer["Cache-Control"] == "no-store"
    assert as_(house.jingli).post("/customers/export.csv").status_code == 405
