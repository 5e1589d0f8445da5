"""The knowledge base: drafts by hand and by themselves, released by a person, read by all (KB-01, KB-02, SVC-06)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liuke.accounts.models import Grant, Role
from liuke.core import files
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.core.register import resource
from liuke.documents.models import Attachment
from liuke.documents.shelf import Shelf
from liuke.service.models import KnowledgeArticle, ServiceRequest
from liuke.service.prose import prose
from tests.house import Api, page_client

PDF = b"%PDF-1.7\n"


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.fixture
def own_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def written(house, by=None, **values):
    given = {
        "title": "温控模块固件温漂",
        "text": "升级到 2.1.5",
        "knowledge_class": house.item("知识类别", "faq"),
        **values,
    }
    return KnowledgeArticle(**given).create(by=by or house.kefu)


def titles(person, **asked) -> list[str]:
    return [one["title"] for one in Api(person).get("knowledge-articles", **asked).json()["items"]]


def attach(person, record, name="接线图.pdf"):
    shelf = Shelf.find(person, resource("service-requests"), record.pk)
    (kept,) = shelf.add([SimpleUploadedFile(name, PDF)], ("", "", None))
    return kept


# a draft, released, withdrawn


def test_a_draft_is_for_its_author_and_those_who_release_until_one_of_them_does(house):
    article = written(house, by=house.jingli)
    assert [titles(person) for person in (house.jingli, house.kefu, house.jingli2)] == [[article.title]] * 2 + [[]]
    assert page_client(house.jingli2).get(f"/knowledge-articles/{article.pk}/").status_code == 404
    assert Api(house.kefu).post(f"knowledge-articles/{article.pk}/release").json()["status"] == "released"
    article.refresh_from_db()
    assert (article.author, article.released_by) == (house.jingli, house.kefu)
    assert article.released_at
    assert titles(house.jingli2) == [article.title]
    article.withdraw("又有新固件", by=house.kefu)
    assert (titles(house.jingli2), titles(house.jingli)) == ([], [article.title])


def test_nobody_without_the_right_releases_not_even_the_author(house, unchanged):
    article, jingli, jingli2 = written(house, by=house.jingli), Api(house.jingli), Api(house.jingli2)
    with unchanged():
        assert jingli.post(f"knowledge-articles/{article.pk}/release").status_code == 403
        assert jingli2.post(f"knowledge-articles/{article.pk}/release").status_code == 403


def test_releasing_twice_is_harmless(house, unchanged):
    article = written(house)
    article.release(by=house.kefu)
    with unchanged(), pytest.raises(Refused):
        article.release(by=house.zhuguan)


def test_what_has_no_class_is_not_released_and_the_way_out_is_told(house, unchanged):
    article = written(house, knowledge_class=None)
    with unchanged(), pytest.raises(Refused, match="知识类别"):
        article.release(by=house.kefu)


def test_what_readers_have_is_changed_by_those_alone_who_release(house, unchanged):
    article, jingli = written(house, by=house.jingli), Api(house.jingli)
    assert jingli.patch(f"knowledge-articles/{article.pk}", text="升级到 2.1.6").status_code == 200
    article.release(by=house.kefu)
    with unchanged():
        assert jingli.patch(f"knowledge-articles/{article.pk}", text="悄悄改掉").status_code == 403
    with pytest.raises(Refused):  # readers lose it in the open, with a reason
        article.delete(by=house.kefu)


def test_articles_are_found_by_chinese_pinyin_and_initials_and_by_their_text(house):
    article = written(house, text="先断电，再把量程迁移到 0–100 千帕")
    article.release(by=house.kefu)
    for asked in ("固件温漂", "wenkong", "wkmk", "量程迁移"):
        assert titles(house.jingli2, search=asked) == [article.title], asked
    assert titles(house.jingli2, search="离心泵") == []


def test_the_five_classes_are_there_and_filter(house):
    for value in ("faq", "training", "product", "marketing", "related"):
        written(house, title=value, knowledge_class=house.item("知识类别", value)).release(by=house.kefu)
    assert titles(house.yewu, knowledge_class="training") == ["training"]
    strip = page_client(house.yewu).get("/knowledge-articles/stats/").content.decode()
    assert all(word in strip for word in ("常见问题", "培训教材", "产品教材", "营销知识", "相关知识"))


# readers


def test_a_reader_counts_once_however_often_he_comes_back(house, unchanged):
    article = written(house)
    clients = [page_client(person) for person in (house.jingli, house.jingli, house.yewu)]
    with unchanged():  # a draft has no readers yet, and opening a page by itself changes nothing
        page_client(house.kefu).post(f"/service/read/{article.pk}/")
        clients[0].get(f"/knowledge-articles/{article.pk}/")
    article.release(by=house.kefu)
    page = clients[0].get(f"/knowledge-articles/{article.pk}/").content.decode()
    assert f'hx-post="/service/read/{article.pk}/"' in page
    for client in clients:
        assert client.post(f"/service/read/{article.pk}/").status_code == 204
    article.refresh_from_db()
    assert article.view_count == 2
    assert article.version == 2  # being read is no change
    article._count(house.yewu)  # of two tabs that open at once the second finds the first one’s reading
    article.refresh_from_db()
    assert article.view_count == 2


def test_who_may_not_see_an_article_does_not_count(house, unchanged):
    article, client = written(house, by=house.jingli), page_client(house.jingli2)
    with unchanged():
        assert client.post(f"/service/read/{article.pk}/").status_code == 404


def test_the_page_reads_as_prose_and_takes_no_markup(house):
    article = written(house, text="## 步骤\n1. 断电\n2、换模块\n\n- 备件 <b>两个</b>\n见 https://example.com/a?b=1。")
    page = page_client(house.kefu).get(f"/knowledge-articles/{article.pk}/").content.decode()
    assert "<h2>步骤</h2>\n<ol><li>断电</li><li>换模块</li></ol>" in page
    assert "<ul><li>备件 &lt;b&gt;两个&lt;/b&gt;</li></ul>" in page
    assert '见 <a href="https://example.com/a?b=1" rel="noopener noreferrer">' in page


def test_the_quick_view_reads_as_prose_too(house):
    article = written(house, text="## 步骤\n- 备件 <b>两个</b>")
    part = page_client(house.kefu).get(f"/knowledge-articles/{article.pk}/?quick=1", headers={"HX-Request": "true"})
    assert "<h2>步骤</h2>\n<ul><li>备件 &lt;b&gt;两个&lt;/b&gt;</li></ul>" in part.content.decode()


def test_lines_that_only_look_like_a_list_stay_lines():
    assert prose("2.1.5 版固件\n-20 ℃ 也能用") == "<p>2.1.5 版固件<br>-20 ℃ 也能用</p>"


# drafts by themselves


def test_a_request_leaves_a_draft_when_it_is_archived_and_only_then(house, customer):
    request = house.service(customer, to=house.kefu, mark=2)
    assert not KnowledgeArticle.objects.exists()
    request.handle("换模块", by=house.kefu)
    request.feedback("好了", 5, by=house.jingli)
    article = KnowledgeArticle.objects.get()
    assert (article.status, article.request, article.title) == ("draft", request, "读数漂移")
    assert (article.author, article.knowledge_class.value) == (house.kefu, "faq")
    assert article.text == "## 问题\n读数比校验仪高三度\n\n## 处理方法\n换模块\n\n## 处理结果\n好了"
    assert titles(house.jingli2) == []


@pytest.mark.parametrize(("kind", "filed"), [("1", "faq"), ("2", "product"), ("3", "faq"), (None, "related")])
def test_it_is_filed_by_the_type_of_the_request(house, customer, kind, filed):
    house.service(customer, to=house.kefu, mark=5, type=kind and house.item("服务类型", kind))
    assert KnowledgeArticle.objects.get().knowledge_class.value == filed


def test_without_the_classes_the_request_is_archived_all_the_same(house, customer):
    for value in ("faq", "related"):
        house.item("知识类别", value).delete(by=house.admin)
    assert house.service(customer, to=house.kefu, mark=5).status == "archived"
    assert KnowledgeArticle.objects.get().knowledge_class is None


def test_archive_and_draft_are_one_transaction(house, customer, monkeypatch, unchanged):
    request = house.service(customer, to=house.kefu, handled=True)

    def fails(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr("liuke.service.learning.carry", fails)
    with unchanged(), pytest.raises(RuntimeError):
        request.feedback("好了", 5, by=house.jingli)
    assert ServiceRequest.objects.get().status == "handled"


def test_an_answer_saved_before_is_not_drafted_again(house, customer):
    request = house.service(customer, to=house.kefu, handled=True)
    sent = {"title": "读数漂移怎么办", "knowledge_class": "training", "text": "重新标定"}
    assert Api(house.kefu).post(f"service-requests/{request.pk}/save_as_article", **sent).status_code == 200
    request.refresh_from_db()
    request.feedback("好了", 5, by=house.jingli)
    article = KnowledgeArticle.objects.get()
    assert (article.title, article.author, article.knowledge_class.value) == ("读数漂移怎么办", house.kefu, "training")
    assert Event.objects.filter(verb="save_as_article", object_id=request.pk).count() == 1


def test_a_draft_saved_before_is_completed_by_what_came_later(house, customer, own_folder):
    request = house.service(customer, to=house.kefu, mark=2)  # sent back
    attach(house.kefu, request, "旧.pdf")
    sent = {"title": "读数漂移", "knowledge_class": "faq", "text": "重新标定，见旧图"}
    assert Api(house.kefu).post(f"service-requests/{request.pk}/save_as_article", **sent).status_code == 200
    article = KnowledgeArticle.objects.get()
    Attachment.of(article).get().delete(by=house.kefu)  # no business of its readers: it does not come back
    attach(house.kefu, request, "新.pdf")
    request.refresh_from_db()
    request.handle("换模块", by=house.kefu)
    request.feedback("好了", 5, by=house.jingli)
    article.refresh_from_db()
    assert article.text == "重新标定，见旧图\n\n## 处理方法\n换模块\n\n## 处理结果\n好了"
    assert [one.name for one in Attachment.of(article).filter(deleted_at=None)] == ["新.pdf"]


def test_what_was_reworded_is_not_told_again(house, customer):
    request = house.service(customer, to=house.kefu, handled=True)
    request.save_as_article("读数漂移", "标定一次即可", house.item("知识类别", "faq"), by=house.kefu)
    request.feedback("好了", 5, by=house.jingli)
    assert KnowledgeArticle.objects.get().text == "标定一次即可\n\n## 处理结果\n好了"


def test_what_has_readers_gets_nothing_that_nobody_released(house, customer, own_folder):
    request = house.service(customer, to=house.kefu, handled=True)
    request.save_as_article("读数漂移", "标定一次即可", house.item("知识类别", "faq"), by=house.kefu)
    article = KnowledgeArticle.objects.get()
    article.release(by=house.kefu)
    attach(house.kefu, request)
    request.feedback("王总已付款", 5, by=house.jingli)
    article.refresh_from_db()
    assert (article.text, article.addition) == ("标定一次即可", "## 处理结果\n王总已付款")
    assert not Attachment.of(article).exists()
    reader, address = page_client(house.jingli2), f"/knowledge-articles/{article.pk}/"
    for path in (address, f"{address}?tab=history", f"/api/v1{address}"):
        assert "王总已付款" not in reader.get(path).content.decode()
    assert "王总已付款" not in str(Api(house.jingli2).get(f"knowledge-articles/{article.pk}").json())


def added(house, customer):
    request = house.service(customer, to=house.kefu, handled=True)
    request.save_as_article("读数漂移", "标定一次即可", house.item("知识类别", "faq"), by=house.kefu)
    KnowledgeArticle.objects.get().release(by=house.kefu)
    request.feedback("又漂移了", 2, by=house.jingli)
    request.handle("换了探头", by=house.kefu)
    request.feedback("王总说好了", 4, by=house.jingli)
    return KnowledgeArticle.objects.get()


def test_those_who_release_are_told_of_what_came_later_and_take_it_in_reworded(house, customer, unchanged):
    article = added(house, customer)
    assert "换了探头" in article.addition
    told = Notice.objects.filter(kind="article.addition").values_list("user__username", flat=True)
    assert {"zhuguan", "kefu"} == set(told)
    pages, found = page_client(house.zhuguan), "/knowledge-articles/?scene=addition"
    assert article.title in pages.get(found).content.decode()
    assert "换了探头" in pages.get(f"/knowledge-articles/{article.pk}/").content.decode()
    form = pages.get(f"/knowledge-articles/{article.pk}/take_in/").content.decode()
    assert "标定一次即可\n\n## " in form
    sent = {"text": "标定一次；还漂移就换探头"}
    jingli, zhuguan, kefu = (Api(one) for one in (house.jingli, house.zhuguan, house.kefu))
    with unchanged():
        assert jingli.post(f"knowledge-articles/{article.pk}/take_in", sent).status_code == 403
        assert zhuguan.post(f"knowledge-articles/{article.pk}/take_in", text=" ").status_code == 422
    assert zhuguan.post(f"knowledge-articles/{article.pk}/take_in", sent).status_code == 200
    article.refresh_from_db()
    assert (article.text, article.addition, article.status) == (sent["text"], "", "released")
    with unchanged():
        assert kefu.post(f"knowledge-articles/{article.pk}/take_in", sent).status_code == 409
        assert kefu.post(f"knowledge-articles/{article.pk}/turn_down").status_code == 409
    assert article.title not in pages.get(found).content.decode()


def test_an_addition_left_alone_leaves_the_article_as_it_was(house, customer, unchanged):
    article = added(house, customer)
    jingli = Api(house.jingli)
    with unchanged():
        assert jingli.post(f"knowledge-articles/{article.pk}/turn_down").status_code == 403
    assert Api(house.kefu).post(f"knowledge-articles/{article.pk}/turn_down").status_code == 200
    article.refresh_from_db()
    assert (article.text, article.addition) == ("标定一次即可", "")


def test_saving_twice_or_without_an_answer_is_refused(house, customer, unchanged):
    open_one, done = house.service(customer, to=house.kefu), house.service(customer, to=house.kefu, mark=5)
    sent, api = {"title": "读数漂移", "knowledge_class": "faq", "text": "重新标定"}, Api(house.kefu)
    with unchanged():
        for request, code in ((open_one, "no_answer"), (done, "is_article")):
            told = api.post(f"service-requests/{request.pk}/save_as_article", **sent)
            assert (told.status_code, told.json()["code"]) == (409, code)


def test_the_form_starts_with_what_the_request_tells_and_keeps_what_was_typed(house, customer, unchanged):
    request, client = house.service(customer, to=house.kefu, handled=True), page_client(house.kefu)
    page = client.get(f"/service-requests/{request.pk}/save_as_article/").content.decode()
    assert 'value="读数漂移"' in page
    assert "## 处理方法\n重新标定" in page
    with unchanged():
        sent = {"title": "", "knowledge_class": "faq", "text": "写了很久的正文"}
        answer = client.post(f"/service-requests/{request.pk}/save_as_article/", sent)
    assert answer.status_code == 422
    assert "请填写标题" in answer.content.decode()
    assert "写了很久的正文" in answer.content.decode()


def test_who_may_not_see_the_case_sees_no_draft_of_it_though_he_releases_others(house, customer):
    house.service(customer, to=house.kefu, mark=5)
    written(house, by=house.jingli, title="别的草稿")
    role = Role.objects.get(code="service_staff")
    role.grants.filter(resource="service-requests").delete()
    releaser = house.again("kefu")
    assert titles(releaser) == ["别的草稿", "读数漂移"]  # his own answer
    Grant.objects.create(role=Role.objects.get(code="marketing_staff"), resource="knowledge-articles",
                         action="release", scope="all")  # fmt: skip
    assert titles(house.again("shichang")) == ["别的草稿"]


def test_the_article_leads_to_its_case_for_those_alone_who_may_see_it(house, customer):
    request = house.service(customer, to=house.kefu, mark=5)
    article = KnowledgeArticle.objects.get()
    article.release(by=house.kefu)
    seen, hidden = (page_client(one).get(f"/knowledge-articles/{article.pk}/").content.decode()
                    for one in (house.jingli, house.yewu))  # fmt: skip
    assert request.number in seen
    assert request.number not in hidden
    assert f"/service-requests/{request.pk}/" not in hidden
    told = Api(house.yewu).get(f"knowledge-articles/{article.pk}").json()
    assert not [name for name in told if name.startswith("request")]


# files


def test_the_files_of_a_request_go_along_and_each_stays_when_the_other_goes(house, customer, own_folder):
    request = house.service(customer, to=house.kefu)
    attach(house.kefu, request).delete(by=house.kefu)
    kept = attach(house.kefu, request, "校验记录.pdf")
    request.handle("重新标定", by=house.kefu)
    request.feedback("好了", 5, by=house.jingli)
    article = KnowledgeArticle.objects.get()
    (copy,) = Attachment.of(article)
    assert (copy.name, copy.size) == ("校验记录.pdf", len(PDF))
    assert copy.path != kept.path
    article.release(by=house.kefu)
    url = f"/knowledge-articles/{article.pk}/attachments/{copy.pk}/"
    page = page_client(house.yewu).get(f"/knowledge-articles/{article.pk}/").content.decode()
    assert url in page
    files.remove(kept.path)
    assert b"".join(page_client(house.yewu).get(url).streaming_content) == PDF
    assert page_client(house.yewu).get(f"/service-requests/{request.pk}/attachments/{kept.pk}/").status_code == 404


def test_a_disk_without_second_names_gets_a_copy(own_folder, monkeypatch):
    path = files.new_path("attachments", "bin")
    with files.create(path) as kept:
        kept.write(PDF)

    def knows_none(*_args):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("liuke.core.files.os.link", knows_none)
    other = files.double(path, "attachments")
    files.remove(path)
    assert (files.root() / other).read_bytes() == PDF


def test_a_file_that_is_gone_from_the_disk_holds_up_no_archiving(house, customer, own_folder):
    request = house.service(customer, to=house.kefu)
    files.remove(attach(house.kefu, request).path)
    request.handle("重新标定", by=house.kefu)
    request.feedback("好了", 5, by=house.jingli)
    assert not Attachment.of(KnowledgeArticle.objects.get()).exists()
