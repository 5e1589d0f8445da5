"""The page of the link: test, preview and run it, and say who their customers are (INTG-01)."""

import subprocess
import sys

import pytest
from django.conf import settings as django_settings

from liuke.base.models import SystemSetting
from liuke.commerce.models import Order, SalesSync
from liuke.core.errands import run_errand
from liuke.core.models import Errand
from liuke.integrations.sales_system.models import SourceCustomer, WaitingOrder
from liuke.integrations.sales_system.refusing import SalesSystemError
from liuke.integrations.sales_system.sync import Run

from .small import Small

pytestmark = pytest.mark.django_db
HOME = "/sales-system/"
SECRET = "geh3im!"


@pytest.fixture
def small(sales, tmp_path):
    made = Small(tmp_path)
    sales(made.mapping(), made.url)
    made.order("A1", "太阳总部")
    return made


@pytest.fixture
def page(house, as_):
    client = as_(house.admin)

    def get(path="", post=None):
        answer = client.get(HOME + path) if post is None else client.post(HOME + path, post, follow=True)
        return answer.status_code, answer.content.decode()

    return get


def test_the_test_of_the_connection_names_what_is_missing_with_what_is_near(small, page, unchanged):
    with unchanged():
        assert page("test/", {})[0] == 200
        small.do("ALTER TABLE so RENAME COLUMN buyer TO buyers")
        status, text = page("test/", {})
    assert (status, "buyers" in text, "orders.columns.customer_name" in text) == (422, True, True)


def test_the_preview_shows_twenty_rows_whose_they_are_and_what_is_wrong_and_writes_nothing(
    small, page, house, unchanged
):
    house.customer(house.jingli, name="太阳总部")
    small.order("A2", "无名", n="-1")
    for n in range(30):
        small.order(f"B{n}", "无名")
    with unchanged():
        text = page("preview/")[1]
    assert ("B17" in text, "B18" in text) == (True, False)  # twenty orders
    assert text.count("太阳总部") == 2  # as they call it, and who that is here
    assert text.count("quantity = &#39;-1&#39;") == 1


def test_a_reading_that_is_asked_for_runs_with_progress_and_is_seen_to_have_ended(small, page, house):
    house.customer(house.jingli, name="太阳总部")
    text = page("run/", {"full": "on"})[1]
    assert 'hx-trigger="every 2s"' in text
    run_errand(None, errand=Errand.objects.get().pk)
    assert Order.objects.count() == 1
    text = page()[1]
    assert ("every 2s" in text, SalesSync.objects.get().message in text) == (False, True)


def test_whoever_serves_pages_knows_the_errand_from_the_start():
    asked = "import django; django.setup(); from liuke.core import errands; print('sales-sync' in errands._kinds)"
    env = {
        "PATH": "",
        "DJANGO_SETTINGS_MODULE": "liuke.config.settings",
        "LIUKE_DATA_DIR": str(django_settings.DATA_DIR),
    }
    told = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"


def test_user_and_password_stand_on_no_page_nor_in_what_is_kept(sales, page, caplog):
    sales(Small.mapping(), f"mysql://chef:{SECRET}@127.0.0.1:1/erp?ssl_ca=/etc/{SECRET}")
    texts = [page()[1], page("test/", {})[1], page("preview/")[1], page("tables/")[1]]
    with pytest.raises(SalesSystemError) as refused:
        Run().run()
    texts += [str(refused.value), SalesSync.objects.get().message, caplog.text]
    assert all("127.0.0.1:1/erp" in text for text in texts[:6])
    assert not any(SECRET in text or "chef" in text for text in texts)


def test_a_mapping_with_a_password_that_others_may_read_is_told(sales, page, tmp_path):
    path = tmp_path / "sales-system.toml"
    for url, mode, told in (
        ("mysql://a:b@h/x", 0o644, True),
        ("mysql://a:b@h/x", 0o600, False),
        ("mysql://h:3306/x", 0o644, False),
    ):
        sales(Small.mapping().replace("[source]", f'[source]\nurl = "{url}"'))
        path.chmod(mode)
        assert ("chmod 600" in page()[1]) is told


@pytest.mark.parametrize("name", ["jingli", "zhuguan", "gaoguan"])
def test_strangers_see_and_do_nothing_here(small, house, as_, unchanged, name):
    Run().run()
    pk = SourceCustomer.objects.get().pk
    client = as_(getattr(house, name))
    with unchanged():
        for path in ("", "preview/", "tables/", "customers/"):
            assert client.get(HOME + path).status_code == 403
        for path in ("test/", "run/", f"customers/{pk}/create/", f"customers/{pk}/ignore/", f"customers/{pk}/link/"):
            assert client.post(HOME + path, {"customer": "x"}).status_code == 403


def test_nothing_is_run_while_orders_are_kept_here(small, page):
    SystemSetting.objects.filter(key="sales_source").delete()
    page("run/", {})
    assert not Errand.objects.exists()


def test_an_unknown_customer_is_linked_or_created_on_the_page_and_its_orders_come(small, page, house):
    small.order("A2", "月亮公司")
    Run().run()
    sun = house.customer(house.jingli, name="太阳集团")
    one, other = SourceCustomer.objects.order_by("name")
    assert "月亮公司" in page("customers/")[1]
    for source in (one, other):
        if source.name == "太阳总部":
            page(f"customers/{source.pk}/link/", {"customer": sun.number})
        else:
            page(f"customers/{source.pk}/create/", {})
    assert set(Order.objects.values_list("customer__name", flat=True)) == {"太阳集团", "月亮公司"}
    assert not WaitingOrder.objects.exists()
    page(f"customers/{other.pk}/create/", {})  # a second press
    assert Order.objects.count() == 2
