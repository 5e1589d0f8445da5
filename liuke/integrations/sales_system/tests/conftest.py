"""The foreign sales system of the tests: made once, read by many. `sales` points Liuke at it."""

import os
import random

import pytest

from liuke.base.models import SystemSetting
from liuke.commerce.source import EXTERNAL

from .foreign import Foreign, url

CUSTOMERS = [
    ("K1", "北京太阳科技有限公司"), ("K2", "Müller & Söhne GmbH"), ("K3", "上海明日贸易有限责任公司"),
    ("K4", "Acme Ltd."),
]  # fmt: skip


@pytest.fixture(scope="session")
def foreign():
    """20,000 orders in a schema of chance names in MariaDB."""
    if not url():
        pytest.skip("LIUKE_TEST_MARIADB_URL is not set")
    seed = int(os.environ.get("LIUKE_TEST_SEED") or random.SystemRandom().randint(1, 999_999))
    print(f"the schema of LIUKE_TEST_SEED={seed}")
    made = Foreign(seed)
    made.build(CUSTOMERS)
    yield made
    made.drop()


@pytest.fixture
def sales(monkeypatch, tmp_path, settings, db):
    """`sales(mapping, url)`: Liuke reads that sales system from now on."""
    settings.DATA_DIR = tmp_path
    SystemSetting.objects.update_or_create(key="sales_source", defaults={"value": EXTERNAL})

    def point(mapping, address=""):
        path = tmp_path / "sales-system.toml"
        path.write_text(mapping, encoding="utf-8")
        monkeypatch.setenv("LIUKE_SALES_MAPPING", str(path))
        monkeypatch.setenv("LIUKE_SALES_URL", address)

    return point


@pytest.fixture
def known(house):
    """Customers here that are those of the sales system: by number, by name, by name without its legal form."""
    by_number = house.customer(house.jingli, name="太阳科技总部", external_number="K1")
    by_name = house.customer(house.jingli, name="Müller & Söhne GmbH")
    by_key = house.customer(house.jingli2, name="上海明日贸易（有限公司）")
    return {"K1": by_number, "K2": by_name, "K3": by_key}
