"""The dossier on paper: everything the reader may see of a customer, and nothing else."""

from __future__ import annotations

from liuke.core.clock import today


def test_the_dossier_has_all_facts_and_sections(house, as_):
    customer = house.customer(house.jingli, name="纸上的客户", notes="要纸质档案")
    house.contact(customer, name="史济民")
    house.interaction(customer, detail="谈了很久的细节", notes="下次带样品")
    house.assessment(customer, basis="从不拖欠")
    house.opportunity(house.jingli, house.jingli, customer=customer, subject="四期产线")
    page = as_(house.jingli).get(f"/customers/{customer.pk}/print/").content.decode()
    for text in (
        "纸上的客户",
        customer.number,
        "要纸质档案",
        "史济民",
        "谈了很久的细节",
        "下次带样品",
        "从不拖欠",
        "四期产线",
        "打印人",
    ):
        assert text in page, text
    assert today().isoformat() in page


def test_a_strangers_opportunity_is_not_on_the_paper(house, as_):
    customer = house.customer(house.jingli)
    chance = house.opportunity(house.jingli, house.jingli3, customer=customer, subject="保密的项目")
    for username in ("jingli", "zhuguan", "kefu", "admin"):
        page = as_(house.again(username)).get(f"/customers/{customer.pk}/print/").content.decode()
        assert "保密" not in page
        assert chance.number not in page


def test_markup_stays_text_on_paper(house, as_):
    customer = house.customer(house.jingli, notes="<script>alert(1)</script>")
    house.interaction(customer, detail="<b>粗</b>", notes="<i>斜</i>")
    page = as_(house.jingli).get(f"/customers/{customer.pk}/print/").content.decode()
    for markup in ("<script>alert", "<b>粗", "<i>斜"):
        assert markup not in page


def test_a_customer_in_the_bin_is_printed_by_nobody_who_may_not_restore_it(house, as_):
    customer = house.customer(house.jingli)
    customer.delete(by=house.jingli)
    assert as_(house.jingli2).get(f"/customers/{customer.pk}/print/").status_code == 404
