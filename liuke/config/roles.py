"""The seeded roles: requirements part 2, as far as it acts on what exists. Roles are data; these are first values.

A grant reads `resource: {act: scope}`; scopes are own, department, below (department and below) and all.
"""

from __future__ import annotations

from typing import Any

Grants = dict[str, dict[str, str]]

LOOKED_UP: Grants = {  # what everybody on the staff reads, because forms and lists name it
    name: {"view": "all"} for name in ("users", "departments", "positions", "dictionary-items", "industries", "cities")
}
MAINTAINED = {"view": "all", "create": "all", "update": "all", "delete": "all", "export": "all"}
READS_CUSTOMERS: Grants = {"customers": {"view": "all"}, "contacts": {"view": "all"}}
FINDS_OPPORTUNITIES: Grants = {"opportunities": {"view": "all"}, "sales-stages": {"view": "all"}}


def _with(*parts: Grants) -> Grants:
    """Several sets of grants as one."""
    whole: Grants = {}
    for part in (LOOKED_UP, *parts):
        for resource, acts in part.items():
            whole[resource] = {**whole.get(resource, {}), **acts}
    return whole


def _leads(reach: str) -> Grants:
    """A supervisor (all that he sees) or a department head (his department and below)."""
    below = {"update": "below", "delete": "below"}
    return {
        "customers": {"view": "all", "create": "all", "export": "all", **below},
        "contacts": {"view": "all", "create": "below", "export": "all", **below},
        "opportunities": {
            "view": "all", "create": "all", "update": "all", "delete": "all", "export": "all", "assign": reach,
            "follow": "below", "win": "below", "lose": "below", "reopen": "below",
        },
        "plan-items": {
            "view": "all", "create": reach, "update": reach, "delete": reach, "export": "all", "execute": "below",
        },
        "follow-up-notes": {"view": "all", "create": "below", "update": "below", "delete": "below", "export": "all"},
        "sales-stages": {"view": "all"},
        "sales-profiles": {"view": "all", "create": reach, "update": reach, "delete": reach},
    }  # fmt: skip


ACCOUNT_MANAGER: Grants = {
    "customers": {"view": "all", "create": "own", "update": "own", "delete": "own", "export": "own"},
    "contacts": {"view": "all", "create": "own", "update": "own", "delete": "own", "export": "own"},
    "opportunities": {
        "view": "all", "create": "all", "update": "all", "delete": "all", "export": "own", "follow": "own",
        "win": "own", "lose": "own",
    },
    "plan-items": {
        "view": "own", "create": "own", "update": "own", "delete": "own", "export": "own", "execute": "own",
    },
    "follow-up-notes": {"view": "own", "create": "own", "update": "own", "delete": "own", "export": "own"},
    "sales-stages": {"view": "all"},
    "sales-profiles": {"view": "all"},
}  # fmt: skip

ADMINISTRATOR: Grants = {
    **dict.fromkeys(
        ("departments", "positions", "roles", "dictionary-items", "industries", "cities", "sales-stages"), MAINTAINED
    ),
    "users": {**MAINTAINED, "reset_password": "all", "disable": "all", "enable": "all"},
    "customers": {"view": "all", "create": "all", "delete": "all", "export": "all"},
    "contacts": {"view": "all", "export": "all"},
    "settings": {"update": "all"},
    "jobs": {"view": "all", "run": "all"},
}

# code: (name, description, grants)
ROLES: dict[str, tuple[str, str, Grants]] = {
    "system_admin": ("系统管理员", "用户、角色、权限、字典与基础资料", _with(ADMINISTRATOR)),
    "executive": (
        "高管", "查看全局，指派销售机会",
        _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, {
            "customers": {"export": "all"}, "contacts": {"export": "all"},
            "opportunities": {"assign": "all", "follow": "below", "export": "all"},
            "plan-items": {"view": "all", "export": "all"},
            "follow-up-notes": {
                "view": "all", "create": "below", "update": "below", "delete": "below", "export": "all",
            },
            "sales-profiles": {"view": "all"},
        }),
    ),
    "sales_supervisor": ("销售主管", "创建并指派销售机会，带领客户经理", _with(_leads("all"))),
    "department_head": ("部门主管", "在本部门及下级行使销售主管职责", _with(_leads("below"))),
    "account_manager": ("客户经理", "开发并维护自己的客户", _with(ACCOUNT_MANAGER)),
    "salesperson": (
        "业务员", "收集销售机会，执行计划",
        _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, {
            "contacts": {"create": "all"},
            "opportunities": {"create": "all", "update": "own", "delete": "all"},
            "plan-items": {"view": "own", "execute": "own"},
        }),
    ),
    "service_staff": ("服务人员", "受理服务、投诉与回访", _with(READS_CUSTOMERS, {"contacts": {"create": "all"}})),
    "marketing_staff": ("市场人员", "市场活动与线索", _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, {
        "opportunities": {"create": "all"},
    })),
    "finance": ("财务", "应收、回款与费用", _with(READS_CUSTOMERS)),
    "back_office": ("采购与后台", "订单、采购与库存", _with(READS_CUSTOMERS)),
    "hr": ("人事", "员工与部门", _with({})),
    "employee": ("普通员工", "查看客户档案，处理自己的事务", _with(READS_CUSTOMERS)),
}  # fmt: skip


def seed_roles() -> None:
    """Make the roles that do not exist yet; those an administrator has changed stay as they are."""
    from liuke.accounts.models import Grant, Role

    for code, (name, description, grants) in ROLES.items():
        if Role.objects.filter(code=code).exists():
            continue
        role: Any = Role(code=code, name=name, description=description).create(by=None)
        Grant.objects.bulk_create(
            Grant(role=role, resource=resource, action=action, scope=scope)
            for resource, acts in grants.items()
            for action, scope in acts.items()
        )
