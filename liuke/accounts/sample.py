"""The people of the demo company 海川仪表 and where they sit."""
# ruff: noqa: E501 — one row of the table on a line or two, however wide Chinese is

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password

from .models import Department, Position, Role, User

PASSWORD = "liuke-demo"  # noqa: S105 — printed for everybody, in a house that holds samples only


class Person(NamedTuple):
    username: str
    name: str
    position: str
    role: str
    department: str
    try_this: str


# zhuguan first: the login that shows most.
PEOPLE = (
    Person("zhuguan", "林国栋", "销售主管", "sales_supervisor", "销售部",
           "打开「等待指派」的销售机会，按地区与行业挑一位客户经理指派出去"),
    Person("jingli", "陈静", "客户经理", "account_manager", "销售部", "首页有今天到期和逾期的计划：记下执行效果，再把一条机会标为「开发成功」"),
    Person("jingli2", "周明远", "客户经理", "account_manager", "销售部", "补全由成功机会转来的客户资料"),
    Person("yewu", "赵小满", "业务员", "salesperson", "销售部", "录入一条新的销售机会，执行交给自己的计划"),
    Person("bumen", "顾维钧", "部门主管", "department_head", "大客户部", "只能指派给本部门的客户经理；看不到销售部已指派的机会"),
    Person("jingli3", "沈若兰", "客户经理", "account_manager", "大客户部", "跟进大客户：写跟进记录，推进阶段"),
    Person("gaoguan", "方致远", "总经理", "executive", "公司", "查看全公司的机会与客户"),
    Person("shichang", "唐雨桐", "市场专员", "marketing_staff", "市场部", "把展会上得到的线索录成销售机会"),
    Person("kefu", "许文丽", "客服专员", "service_staff", "客服部", "查看客户档案，给客户添加新的联系人"),
    Person("shangwu", "邵文博", "商务专员", "back_office", "公司", "维护产品与库存；把订单标记为已发货、已回款"),
    Person("admin", "何建平", "系统管理员", "system_admin", "公司", "用户、角色与权限、数据字典、系统设置"),
)  # fmt: skip
# name: (part of, head); from above downward
DEPARTMENTS = {
    "公司": ("", "gaoguan"),
    "销售部": ("公司", "zhuguan"),
    "大客户部": ("公司", "bumen"),
    "市场部": ("公司", "shichang"),
    "客服部": ("公司", "kefu"),
}


def load() -> dict[str, User]:
    """Make departments, positions and people; returns the people by user name."""
    password = make_password(PASSWORD)  # once: Argon2 is slow on purpose
    roles = {role.code: role for role in Role.objects.alive()}
    admin = next(person for person in PEOPLE if person.role == "system_admin")
    people: dict[str, User] = {admin.username: _person(admin, password, roles, by=None)}
    chief = people[admin.username]
    departments = _departments(chief)
    positions = {name: Position(name=name).create(by=chief) for name in dict.fromkeys(p.position for p in PEOPLE)}
    for person in PEOPLE:
        place = {"department": departments[person.department], "position": positions[person.position]}
        if person is admin:
            chief.update(place, by=chief)
        else:
            people[person.username] = _person(person, password, roles, by=chief, **place)
    for name, (_above, head) in DEPARTMENTS.items():
        departments[name].update({"head": people[head]}, by=chief)
    return people


def _departments(by: User) -> dict[str, Department]:
    made: dict[str, Department] = {}
    for name, (above, _head) in DEPARTMENTS.items():
        made[name] = Department(name=name, parent=made.get(above)).create(by=by)
    return made


def _person(person: Person, password: str, roles: dict[str, Role], *, by: User | None, **place: Any) -> User:
    extension = 801 + PEOPLE.index(person)
    user = User(
        username=person.username, name=person.name, password=password, phone=f"0574-55551000 转 {extension}",
        email=f"{person.username}@haichuan.example", **place,
    )  # fmt: skip
    user.create(by=by)
    user.roles.add(roles[person.role])
    return user
