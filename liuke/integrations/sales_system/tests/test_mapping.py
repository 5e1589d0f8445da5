"""A mapping that is wrong is told with every place at once; a right one is read as it is meant."""

import sqlite3
from pathlib import Path

import pytest
from django.utils import translation

from liuke.integrations.sales_system import names
from liuke.integrations.sales_system.mapping import CHANGED, Constant, Mapping, Section, read
from liuke.integrations.sales_system.names import Condition, Name, Table
from liuke.integrations.sales_system.queries import Queries
from liuke.integrations.sales_system.refusing import MappingError
from liuke.integrations.sales_system.source import opened

ORDERS = """
[orders]
table = "so"
[orders.columns]
external_id = "no"
customer_name = "buyer"
order_date = "day"
"""


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def problems(text):
    with pytest.raises(MappingError) as refusal:
        read(text)
    return refusal.value.problems


def test_the_sample_in_the_package_is_right():
    sample = Path(__file__).parent.parent / "sample_mapping.toml"
    found = read(sample.read_text(encoding="utf-8"))
    assert list(found.sections) == ["products", "warehouses", "stock", "orders", "order_lines"]
    assert found.sections["orders"].words["fulfilment"]["已发货"] == 5
    assert (found.key, found.timeout, found.overlap, found.skip_bad_rows) == ("customer_number", 30, 90, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[orders", "The mapping is no valid TOML"),
        ("", "There is no section"),
        ("[order]\ntable = 'x'", "“order” is not known; is “orders” meant?"),
        (ORDERS.replace('order_date = "day"', ""), "[orders.columns] “order_date” is missing"),
        (ORDERS.replace('customer_name = "buyer"', ""),
         "[orders.columns] “customer_number” or “customer_name” is needed"),
        (ORDERS.replace("order_date", "orderdate"), "“orderdate” is not known; is “order_date” meant?"),
        (ORDERS.replace('table = "so"', 'table = "so; drop table x"'),
         "[orders.table] “so; drop table x” is no table name"),
        (ORDERS.replace('"no"', "7"), "[orders.columns.external_id] A text is expected"),
        (ORDERS.replace('"no"', '"no + 1"'), "[orders.columns.external_id] “no + 1” is no column name"),
        (ORDERS + "[orders.fulfilment]\nok = 7", "[orders.fulfilment.ok] “7” is none of 1、2、3、4、5、6"),
        (ORDERS.replace('"so"\n', '"so"\njoins = ["join x"]\n'), "[orders.joins] “join x” is no join"),
        (ORDERS.replace('"so"\n', '"so"\nwhere = ["1 = 1 or x"]\n'), "[orders.where] “1 = 1 or x” is no condition"),
        (ORDERS + "[customers]\nmatch = ['phone']", "[customers.match] A list of external_number"),
        (ORDERS + "[customers]\nkey = 'customer_number'", "[customers.key] “customer_number” is none of customer_name"),
        (ORDERS + "[source]\ntimeout_seconds = 0", "[source.timeout_seconds] A whole number from 1 to 600"),
        (ORDERS + "[stock]\ntable='s'\n[stock.columns]\nproduct='p'\nwarehouse='w'\nquantity='q'",
         "[stock] The section products is needed, too"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text, told):
    assert any(told in problem for problem in problems(text)), problems(text)


def test_all_mistakes_are_told_at_once():
    assert len(problems(ORDERS.replace('"no"', "7").replace("order_date", "day") + "[sauce]\n")) == 4


def test_names_joins_and_conditions_are_read_as_sql_writes_them():
    assert names.read_name("[订单 明细].数量") == Name("订单 明细", "数量")
    assert names.read_name('"Order Details"."qty"') == Name("Order Details", "qty")
    assert names.read_table("erp.so_head as h") == Table("so_head", "erp", "h")
    join = names.read_join("LEFT OUTER JOIN kh ON kh.id = so.kh and kh.firm=so.firm")
    assert (join.table, join.outer) == (Table("kh"), True)
    assert join.on == ((Name("kh", "id"), Name("so", "kh")), (Name("kh", "firm"), Name("so", "firm")))
    assert names.read_condition("so.kind in ('A', 'B')") == Condition(Name("so", "kind"), "in", ["A", "B"])
    assert names.read_condition("so.deleted <> 1") == Condition(Name("so", "deleted"), "!=", 1)
    assert names.read_condition("so.closed is not null") == Condition(Name("so", "closed"), "not null")


def test_a_value_may_stand_for_a_whole_column():
    found = read(ORDERS.replace('"day"', '{ value = "2026-01-01" }'))
    assert found.sections["orders"].columns["order_date"] == Constant("2026-01-01")


NASTY = ['a"b', "select", "x'; DROP TABLE goods; --", "50%(a)s %", "c:d :e", "`k`", "表 名", "Größe?", "[b"]


def test_names_of_every_kind_reach_their_database_as_names_and_nothing_else(tmp_path):
    """A table and columns called like SQL, and conditions that try to be more than values."""
    path, named = tmp_path / "nasty.sqlite3", {name: '"' + name.replace('"', '""') + '"' for name in NASTY}
    table, *columns = named.values()
    db = sqlite3.connect(path)
    db.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", NASTY[1:])
    db.commit()
    db.close()
    words = [f"[{name}]" for name in NASTY]
    sections = {"orders": Section("orders", names.read_table(words[0]), {
        "external_id": names.read_name(words[1]), "order_date": names.read_name(words[2]),
        "customer_name": names.read_name(words[3]), "notes": names.read_name(f"{words[0]}.{words[4]}"),
        "delivery_address": names.read_name(words[5]), CHANGED: names.read_name(words[6]),
    }, where=(names.read_condition(f"{words[7]} = 'Größe?'"),
              names.read_condition(f"{words[1]} <> '; DROP --'")))}  # fmt: skip
    mapping = Mapping(sections)
    with opened(f"sqlite:///{path}", mapping) as source:
        queries = Queries(mapping, source)
        assert list(source.rows(queries.select("orders"))) == [tuple(NASTY[1:7])]
        assert list(source.rows(queries.select("orders", {"orders": "' OR 1 = 1 --"}))) == [tuple(NASTY[1:7])]
        assert list(source.rows(queries.select("orders", {"orders": "～"}))) == []


@pytest.mark.parametrize(
    "text", ["so; DROP TABLE x", "so -- x", "(SELECT 1) as x", "so, other", "so as a b", 'so"', "a.b.c.d"]
)
def test_a_table_is_a_name_and_nothing_else(text):
    with pytest.raises(ValueError, match="no table name"):
        names.read_table(text)


@pytest.mark.parametrize("text", ["a = b", "a = 1 OR 1 = 1", "a = 'x' -- ", "a in (SELECT 1)", "f(a) = 1", "1 = 1; --"])
def test_a_condition_compares_a_column_with_values_and_nothing_else(text):
    with pytest.raises(ValueError, match="no condition"):
        names.read_condition(text)


def test_what_is_not_there_is_named_with_what_is_near(tmp_path):
    db = sqlite3.connect(tmp_path / "x.sqlite3")
    db.executescript("CREATE TABLE so_head (number, buyer, order_day, cust_id); CREATE TABLE customer (id, name)")
    db.close()
    text = ORDERS.replace('"so"\n', '"so_haed as h"\njoins = ["join customer as c on c.id = h.custid"]\n')
    text = text.replace('"buyer"', '"k.name"').replace('"day"', '"c.nme"')
    mapping = read(text)
    with pytest.raises(MappingError) as refusal, opened(f"sqlite:///{tmp_path / 'x.sqlite3'}", mapping) as source:
        Queries(mapping, source)
    assert refusal.value.problems == [
        "[orders.table] There is no table “so_haed”; near: so_head",
        "[orders.columns.customer_name] “k” is neither the table of this section nor joined; there are: c、h",
        "[orders.columns.order_date] The table customer has no column “nme”; near: name",
    ]
    right = read(text.replace("so_haed", "so_head").replace('"k.name"', '"c.name"').replace('"c.nme"', '"order_day"'))
    with pytest.raises(MappingError) as refusal, opened(f"sqlite:///{tmp_path / 'x.sqlite3'}", right) as source:
        Queries(right, source)
    assert "[orders.columns.external_id] The table so_head has no column “no”" in refusal.value.problems[0]
    assert "[orders.joins] The table so_head has no column “custid”; near: cust_id" in refusal.value.problems
