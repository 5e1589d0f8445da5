"""Files as people attach them: chosen, dropped, refused, removed and brought back, before a real browser."""

from __future__ import annotations

import pytest

from .axe import violations
from .browser import expect, settle, toast

pytestmark = [pytest.mark.browser, pytest.mark.shown]
PDF = {"name": "报价单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
DROP = """(form, names) => {
    const carried = new DataTransfer();
    for (const name of names) carried.items.add(new File(["%PDF-1.7"], name));
    for (const type of ["dragenter", "dragover", "drop"])
        form.dispatchEvent(new DragEvent(type, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def tab(people, enter):
    """The address of the attachments of a fresh opportunity of jingli's."""
    return f"/opportunities/{enter()['id']}/?tab=attachments"


def test_a_chosen_file_is_attached_removed_and_brought_back(sit, tab):
    page = sit("jingli").page
    page.goto(tab)
    page.set_input_files("#files", [PDF])
    toast(page, "已上传 1 个文件")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="报价单.pdf", exact=True).click()
    assert fetched.value.suggested_filename == "报价单.pdf"
    page.get_by_role("link", name="删除 报价单.pdf").click()
    page.locator("dialog[open] .btn-danger").click()
    toast(page, "删除成功")
    expect(page.get_by_role("link", name="报价单.pdf", exact=True)).to_have_count(0)
    page.locator("#toasts form button").click()
    expect(page.get_by_role("link", name="报价单.pdf", exact=True)).to_be_visible()


def test_files_dropped_on_the_place_are_attached(sit, tab):
    page = sit("jingli").page
    page.goto(tab)
    settle(page)
    page.locator("form[data-upload]").evaluate(DROP, ["一.pdf", "二.pdf"])
    toast(page, "已上传 2 个文件")


def test_a_refused_file_leaves_the_page_with_the_reason(sit, tab):
    page = sit("jingli").page
    page.goto(tab)
    page.set_input_files("#files", [PDF | {"name": "病毒.exe"}])
    expect(page.locator(".lk-note[role=alert]")).to_contain_text("「病毒.exe」：不能上传这种类型的文件")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.set_input_files("#files", [PDF])
    toast(page, "已上传 1 个文件")


def test_what_is_too_large_is_told_before_it_travels(sit, tab):
    page = sit("jingli").page
    page.goto(tab)
    page.locator("form[data-upload]").evaluate("form => { form.dataset.upload = '0.000001' }")
    page.set_input_files("#files", [PDF])
    expect(page.locator("[data-too-large]")).to_contain_text("报价单.pdf")
    assert page.url.endswith(tab)


def test_axe_finds_nothing_beside_files_and_refusals(look, tab):
    page = look("jingli").page
    page.goto(tab)
    page.set_input_files("#files", [PDF])
    toast(page, "已上传 1 个文件")
    assert violations(page) == []
    page.set_input_files("#files", [PDF | {"name": "病毒.exe"}])
    page.wait_for_selector(".lk-note[role=alert]")
    assert violations(page) == []
