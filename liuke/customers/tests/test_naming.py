"""Which names mean the same company: a table made by hand."""

from __future__ import annotations

import pytest

from liuke.customers.naming import customer_key, name_key, phone_key, whole_of

SAME = [
    ("北京太阳科技有限公司", "北京太阳科技有限责任公司"),
    ("北京太阳科技有限公司", "北京太阳科技股份有限公司"),
    ("北京太阳科技有限公司", "北京太阳科技"),
    ("北京太阳科技有限公司", " 北京 太阳科技 有限公司 "),
    ("北京太阳科技有限公司", "北京太阳科技（有限公司）"),
    ("北京太阳科技有限公司", "北京太阳科技公司"),
    ("华为技术（深圳）有限公司", "华为技术(深圳)有限公司"),
    ("华为技术（深圳）有限公司", "华为技术深圳有限公司"),
    ("宁波甬江印染集团有限公司", "宁波甬江印染集团"),
    ("宁波甬江印染集团有限公司", "宁波甬江印染有限公司"),
    ("海尔集团公司", "海尔集团"),
    ("海尔集团公司", "海尔"),
    ("ＡＢＣ仪表有限公司", "ABC仪表有限公司"),
    ("abc 仪表有限公司", "ABC仪表公司"),
    ("上海３６０数码公司", "上海360数码有限公司"),
    ("Acme Corporation", "ACME Corp."),
    ("Acme Co., Ltd.", "acme"),
    ("Acme Holdings Inc", "Acme Holding"),
    ("苏州·恒达精密机械有限公司", "苏州恒达精密机械有限公司"),
    ("苏州恒达精密-机械有限公司", "苏州恒达精密机械有限公司"),
    ("台州椒江泵业股份", "台州椒江泵业股份有限公司"),
    ("绍兴越城纺织机械厂", "绍兴越城纺织机械厂 "),
    ("美的控股有限公司", "美的集团股份有限公司"),
]
DIFFERENT = [
    ("北京太阳科技有限公司", "上海太阳科技有限公司"),
    ("北京太阳科技有限公司", "北京太阳能科技有限公司"),
    ("北京太阳科技有限公司", "北京太阳科技有限公司杭州分公司"),
    ("北京太阳科技有限公司杭州分公司", "北京太阳科技有限公司宁波分公司"),
    ("绍兴越城纺织机械厂", "绍兴越城纺织机械有限公司"),
    ("Zinc", "Z"),
    ("Acme One Ltd", "Acme Two Ltd"),
    ("360数码公司", "36数码公司"),
    ("集团公司", "公司"),
    ("华为", "中兴"),
]
BRANCHES = [
    ("北京太阳科技有限公司杭州分公司", "北京太阳科技股份有限公司"),
    ("中国工商银行股份有限公司宁波分行", "中国工商银行"),
    ("Acme Co., Ltd. 上海办事处", "Acme Co., Ltd."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_are_the_same(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_not(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(("branch", "company"), BRANCHES)
def test_a_branch_belongs_to_its_company_and_is_not_it(branch, company):
    assert name_key(branch) != name_key(company)
    assert whole_of(name_key(branch)) == name_key(company)


def test_a_name_without_letters_has_no_key():
    assert name_key("（）…") == ""


@pytest.mark.parametrize(
    "phone",
    ["0574-87651234", "0574 8765 1234", "（0574）87651234", "0574-87651234 转 801", "０５７４-８７６５１２３４"],
)
def test_a_telephone_number_is_its_digits(phone):
    assert phone_key(phone) == "057487651234"


def test_a_country_code_does_not_make_another_number():
    assert phone_key("+86 138 0013 8000") == phone_key("0086-13800138000") == phone_key("13800138000") == "13800138000"
    assert phone_key("8612345") == "8612345"


def test_people_of_one_name_differ_by_their_telephone():
    assert customer_key("individual", "王 伟", "13800138000") == customer_key("individual", "王伟", "138 0013 8000")
    assert customer_key("individual", "王伟", "13800138000") != customer_key("individual", "王伟", "13900139000")
