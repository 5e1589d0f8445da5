"""What is measured: lists of two entities, each with its data, the people who look at it, and its floor."""

from __future__ import annotations

from dataclasses import dataclass

OPPORTUNITY_ROWS = """
SELECT o.id, o.customer_name, o.number, o.status, s.name, o.success_rate, o.amount, u.name, o.expected_close,
       o.created_at
FROM marketing_opportunity o
LEFT JOIN marketing_salesstage s ON s.id = o.stage_id LEFT JOIN accounts_user u ON u.id = o.assignee_id
WHERE o.deleted_at IS NULL AND (o.status = 'unassigned' OR o.assignee_id IN ({scope}))
ORDER BY o.id DESC LIMIT 50 OFFSET {skip}
"""
CUSTOMER_ROWS = """
SELECT c.id, c.name, i.name, c.rating, c.address, u.name, m.name, c.created_at, c.pool_deadline, c.last_order_on,
       d.entry, c.status
FROM customers_customer c
LEFT JOIN base_industry i ON i.id = c.industry_id LEFT JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN accounts_user m ON m.id = c.created_by_id LEFT JOIN base_dictionaryitem d ON d.id = c.level_id
WHERE c.deleted_at IS NULL AND {scope}
ORDER BY c.id DESC LIMIT 50 OFFSET {skip}
"""


@dataclass(frozen=True)
class Section:
    name: str  # of the Resource
    people: dict[str, str]  # who looks: by the name of the demo the user name of a person like him
    rows: str  # the floor's question
    money: str  # a column to sort by
    sampled: int = 0  # so many of the combinations, all of them when 0


OPPORTUNITIES = Section(
    "opportunities", {name: name for name in ("gaoguan", "zhuguan", "jingli")}, OPPORTUNITY_ROWS, "-amount"
)
CUSTOMERS = Section(
    "customers", {"gaoguan": "gaoguan", "zhuguan": "zg01", "jingli": "jl0101"}, CUSTOMER_ROWS, "name", sampled=250
)
SECTIONS = {section.name: section for section in (OPPORTUNITIES, CUSTOMERS)}
