"""The box over everything and the palette: each person finds what his lists show him, and no more."""

from __future__ import annotations

import re

import pytest

from liuke.accounts.models import Grant
from liuke.core.doors.search import keys_of

NAME = "北京华为技术有限公司"


@pytest.fixture
def own_only(house):
    """Account managers see no customers and contacts but their own."""
    mine = Grant.objects.filter(role__code="account_manager", action="view", resource__in=("customers", "contacts"))
    mine.update(scope="own")


@pytest.fixture
def firm(house):
    customer = house.customer(house.jingli, NAME, phone="010-82882000")
    house.contact(customer, "李雷", mobile="13812345678")
    return customer


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def main(answer):
    return text(answer).partition("<main")[2].partition("</main>")[0]


def hits(answer):
    return re.findall(r'<a (?:role="option" id="[^"]+" )?href="(/[a-z-]+/\d+/)"', text(answer))


def test_results_stand_under_their_kinds_with_a_way_to_all_of_them(firm, house, as_):
    for n in range(6):
        house.customer(house.jingli, f"湖湾机械{n}厂", phone=f"0571-8000000{n}")
    found = main(as_(house.jingli).get("/search/?q=hw"))
    assert found.index('id="k-customers"') < found.index('id="k-contacts"')
    assert 'href="/customers/?search=hw"' in found
    assert "全部 7 条" in found
    assert len(set(re.findall(r'href="(/customers/\d+/)"', found))) == 5
    assert f'href="/customers/{firm.pk}/"' not in found  # the newest five
    assert "李雷" in found  # by his customer's name


def test_without_a_word_there_is_a_box_and_nothing_else(firm, house, as_):
    page = main(as_(house.jingli).get("/search/"))
    assert 'name="q"' in page
    assert "没有找到" not in page
    assert hits(as_(house.jingli).get("/search/suggestions/?q=")) == []


def test_what_is_not_there_is_said_in_the_words_that_were_typed(house, as_):
    assert "没有找到“&lt;b&gt;”" in main(as_(house.jingli).get("/search/?q=<b>"))


def test_suggestions_lead_to_records_and_to_all_results(firm, house, as_):
    answer = as_(house.jingli).get("/search/suggestions/?q=bjhw")
    assert hits(answer) == [f"/customers/{firm.pk}/", f"/contacts/{firm.contacts.get().pk}/"]
    assert 'href="/search/?q=bjhw"' in text(answer)


@pytest.mark.parametrize(
    "path", ["search/?q=hw", "search/?q=hw&how=exact", "search/suggestions/?q=hw", "search/?q=" + NAME]
)
def test_nobody_finds_what_his_lists_do_not_show(path, own_only, firm, house, as_):
    for stranger in (house.jingli3, house.jingli2):
        found = as_(stranger).get(f"/{path}")
        assert [url for url in hits(found) if url.startswith(("/customers/", "/contacts/"))] == []
        assert "李雷" not in text(found)


def test_a_kind_nobody_granted_is_not_looked_through(firm, house, as_):
    Grant.objects.filter(role__code="account_manager", action="view", resource="contacts").delete()
    found = as_(house.jingli).get("/search/?q=hw")
    assert 'id="k-customers"' in text(found)
    assert 'id="k-contacts"' not in text(found)
    assert 'href="/contacts/where/"' not in text(found)
    assert "/contacts/" not in text(as_(house.jingli).get("/search/suggestions/?q=hw"))
    assert 'href="/contacts/"' not in text(as_(house.jingli).get("/palette/"))


def test_a_deleted_record_is_not_suggested(firm, house, as_):
    firm.delete(by=house.zhuguan)
    assert f"/customers/{firm.pk}/" not in hits(as_(house.zhuguan).get("/search/suggestions/?q=hw"))


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        (NAME, True),
        ("北京华为", False),
        ("hw", False),
        ("010-82882000", True),
        ("01082882000", True),
        ("82882000", False),
    ],
)
def test_exact_means_a_whole_name_number_or_phone(asked, is_found, firm, house, as_):
    found = hits(as_(house.jingli).get("/search/", {"q": asked, "how": "exact"}))
    assert (f"/customers/{firm.pk}/" in found) is is_found


def test_an_exact_number_finds_its_record_alone(firm, house, as_):
    other = house.customer(house.jingli, "另一家")
    assert hits(as_(house.jingli).get("/search/", {"q": firm.number, "how": "exact"})) == [f"/customers/{firm.pk}/"]
    assert f"/customers/{other.pk}/" in hits(as_(house.jingli).get("/search/", {"q": firm.number[:6]}))


def test_the_combined_query_leads_to_the_conditions_of_each_list(house, as_):
    page = main(as_(house.jingli).get("/search/"))
    assert 'href="/customers/where/"' in page
    assert as_(house.jingli).get("/customers/where/").status_code == 200


def test_the_palette_holds_the_menu_and_what_may_be_entered_and_nothing_else(house, as_):
    his, hers = (text(as_(person).get("/palette/")) for person in (house.jingli, house.kefu))
    for url in ("/customers/", "/opportunities/", "/customers/new/"):
        assert f'href="{url}"' in his
    assert 'href="/customers/new/"' not in hers
    assert 'href="/roles/"' not in his
    assert 'href="/roles/"' in text(as_(house.admin).get("/palette/"))


def test_a_line_of_the_palette_is_found_by_pinyin_and_initials():
    assert keys_of("销售机会").split() == ["销售机会", "xiaoshoujihui", "xsjh", "xiaoshoujikuai", "xsjk"]


@pytest.mark.parametrize("path", ["search/", "search/suggestions/", "palette/"])
def test_a_stranger_to_the_house_is_asked_to_sign_in(path, client, db):
    assert client.get(f"/{path}").status_code in (302, 401)
    assert client.post(f"/{path}").status_code in (302, 401, 403, 405)


@pytest.mark.parametrize("asked", ["\x00", "%00", "x" * 5000, "'\"*)(", "   "])
def test_no_sign_breaks_the_box(asked, firm, house, as_):
    for path in ("/search/", "/search/suggestions/"):
        assert as_(house.jingli).get(path, {"q": asked}).status_code == 200
