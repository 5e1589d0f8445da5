"""Wherever what comes from the sales system is shown, it is told since when it is known (R31)."""

import pytest

from liuke.base.models import SystemSetting
from liuke.commerce.models import SalesSync
from liuke.commerce.source import EXTERNAL, standing
from liuke.core import clock

pytestmark = pytest.mark.django_db
PAGES = ("reports/contribution", "reports/composition", "reports/churn", "churn-alerts", "products")


@pytest.mark.parametrize("page", PAGES)
def test_where_data_of_the_sales_system_stand_its_last_reading_stands(house, as_, page):
    person = as_(house.jingli if page == "products" else house.gaoguan)
    assert "销售系统" not in person.get(f"/{page}/").content.decode().split("<main", 1)[-1]
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": EXTERNAL})
    SalesSync.objects.create(finished_at=clock.now(), ok=True)
    assert standing() in person.get(f"/{page}/").content.decode()
