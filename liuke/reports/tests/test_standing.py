"""Wherever what comes from the sales system is shown, it is told since when it is known (R31)."""

import re

import pytest

from liuke.base.models import SystemSetting
from liuke.commerce.models import SalesSync
from liuke.commerce.source import EXTERNAL, standing
from liuke.core import clock

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<section[^>]* id="card-(\w+)"')
PAGES = ("reports/contribution", "reports/composition", "reports/churn", "churn-alerts", "products")


@pytest.mark.parametrize("page", PAGES)
def test_where_data_of_the_sales_system_stand_its_last_reading_stands(house, as_, page):
    person = as_(house.jingli if page == "products" else house.gaoguan)
    assert "销售系统" not in person.get(f"/{page}/").content.decode().split("<main", 1)[-1]
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": EXTERNAL})
    SalesSync.objects.create(finished_at=clock.now(), ok=True)
    assert standing() in person.get(f"/{page}/").content.decode()


@pytest.mark.parametrize(
    ("who", "cards"), [(who, ["briefing", "churn"]) for who in ("gaoguan", "jingli")] + [("kefu", [])]
)
def test_cards_whose_figures_come_from_orders_say_since_when(house, as_, who, cards):
    house.alert(house.customer(house.jingli))
    assert saying(as_(house.again(who))) == []
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": EXTERNAL})
    SalesSync.objects.create(finished_at=clock.now(), ok=True)
    assert saying(as_(house.again(who))) == cards


def saying(client) -> list[str]:
    """The cards of the home page that tell of the last reading."""
    parts = client.get("/").content.decode().split("</section>")
    return [CARD.search(part)[1] for part in parts if "销售系统" in part.rpartition("<section")[2]]
