"""The seeded roles: requirements part 2, as far as it acts on what exists. Roles are data; these are first values.

A grant reads `resource: {act: scope}`; scopes are own, department, below (department and below) and all.
"""

from __future__ import annotations

Grants = dict[str, dict[str, str]]

LOOKED_UP: Grants = {  # what everybody on the staff reads, because forms and lists name it
    name: {"view": "all"} for name in ("users", "departments", "positions", "dictionary-items", "industries", "cities")
}
ASKED_FOR_SERVICE = {"view": "own", "handle": "own", "feedback": "own", "escalate": "own"}  # may be anybody (C-18)
ASKED_ABOUT_COMPLAINTS = {"view": "own", "accept": "own", "close": "own"}  # the same
HAS_TASKS = dict.fromkeys(  # given to anybody by anybody (EMP: own tasks)
    ("view", "create", "update", "delete", "accept", "start", "finish", "refuse", "reassign", "cancel"), "own"
)
MAINTAINED = dict.fromkeys(("view", "create", "update", "delete", "export", "import"), "all")
READS_PROMISES: Grants = {"service-agreements": {"view": "all"}, "service-dues": {"view": "all", "export": "all"}}
SORTINGS: Grants = {"customer-statuses": {"view": "all"}, "customer-categories": {"view": "all"}}
READS_CUSTOMERS: Grants = {
    name: {"view": "all"} for name in ("customers", "contacts", "interactions", "credit-assessments", *SORTINGS)
}
# The knowledge base: read by everybody, written by all who meet customers, released by service and the supervisors.
READS_KNOWLEDGE: Grants = {"knowledge-articles": {"view": "all"}}
CHECKS_NAMES: Grants = {"customer-check": {"use": "all"}}
FINDS_OPPORTUNITIES: Grants = {"opportunities": {"view": "all"}, "sales-stages": {"view": "all"}, **CHECKS_NAMES}


def _with(*parts: Grants) -> Grants:
    """Several sets of grants as one."""
    whole: Grants = {
        "service-requests": dict(ASKED_FOR_SERVICE), "complaints": dict(ASKED_ABOUT_COMPLAINTS),
        "tasks": dict(HAS_TASKS),
        "follow-up-visits": {"view": "own", "record": "own"},
    }  # fmt: skip
    for part in (LOOKED_UP, READS_KNOWLEDGE, *parts):
        for resource, acts in part.items():
            whole[resource] = {**whole.get(resource, {}), **acts}
    return whole


def _imports(every: str, below: str, reach: str, **more: str) -> Grants:
    """Rows go in by a file as far as one by one: of customers and opportunities, of what stands below them."""
    reaches = {
        "customers": every, "opportunities": every, "contacts": below, "interactions": below,
        "credit-assessments": below, "plan-items": reach, "follow-up-notes": below, **more,
    }  # fmt: skip
    return {name: {"import": scope} for name, scope in reaches.items()}


def _knows(reach: str, saves: str = "all", **more: str) -> Grants:
    """Articles are written, and changed as far as this; answers are saved as articles; some people release them too."""
    acts = {"create": "all", "update": reach, "delete": reach, **more}
    return {"knowledge-articles": acts, "service-requests": {"save_as_article": saves}}


WATCHES_TASKS: Grants = {"tasks": dict.fromkeys(("view", "export", "reassign"), "below")}  # TASK-02: of his staff
CARRIES_TASKS: Grants = {"tasks": {"export": "own", "import": "own"}}

# Commerce: products and stock are queried by all who sell or serve; orders of the own customers are entered by sales,
# and the back office sets their state, changes and deletes them.
FINDS_PRODUCTS: Grants = {name: {"view": "all"} for name in ("products", "warehouses", "stock-records")}
READS_HISTORY: Grants = {"historical-orders": {"view": "all"}}
READS_ORDERS: Grants = {"orders": {"view": "all"}, "order-lines": {"view": "all"}, **READS_HISTORY}


def _orders(reach: str) -> Grants:
    """Orders, and lines of those that are not confirmed yet, are entered as far as they are seen."""
    acts = dict.fromkeys(("view", "create", "export", "import"), reach)
    return {"orders": acts, "order-lines": acts, **FINDS_PRODUCTS}


KEEPS_COMMERCE: Grants = {
    "products": {**MAINTAINED, "disable": "all", "enable": "all"},
    "warehouses": MAINTAINED,
    "stock-records": {**MAINTAINED, "put_in": "all", "take_out": "all", "correct": "all"},
    "orders": {**MAINTAINED, "set_status": "all"},
    "order-lines": MAINTAINED,
    **READS_HISTORY,
}

IMPORTED_BY_ADMIN: Grants = {  # moving in from an older system is his work
    name: {"import": "all"} for name in ("customers", "contacts", "interactions", "credit-assessments", "opportunities")
}
REACTIVATES: Grants = {"customers": {"reactivate": "below"}}  # S-07
IMPORTS_THE_PAST: Grants = {name: {"import_history": "all"} for name in ("customers", "opportunities")}


def _watches_churn(reach: str, act: bool = False) -> Grants:
    """Whoever sees alerts sees their measures; postponing and confirming is for managers and their supervisors."""
    seen = {"view": reach, "export": reach}
    acts = {"postpone": reach, "confirm": reach} if act else {}
    return {"churn-alerts": {**seen, **acts}, "churn-measures": seen}


# Complaints: taken in by whoever speaks with customers, looked into by service staff (2.1: SVC) or whom they name.
TAKES_COMPLAINTS: Grants = {"complaints": dict.fromkeys(("create", "update", "delete", "raise_request"), "own")}


def _settles_complaints(reach: str) -> Grants:
    return {"complaints": dict.fromkeys(("view", "create", "update", "accept", "close"), reach)}


def _calls_back(reach: str) -> Grants:
    """Heads see how customers were called back, and do it where the people in charge are theirs."""
    return {"follow-up-visits": {"view": reach, "record": "below", "export": reach}}


def _leads(reach: str) -> Grants:
    """A supervisor (all that he sees) or a department head (his department and below)."""
    below = {"update": "below", "delete": "below"}
    return {
        "customers": {
            "view": "all", "create": "all", "export": "all", **below, "transfer": "below", "release": "below",
            "claim": "all", "assign": "all",
        },
        "contacts": {"view": "all", "create": "below", "export": "all", **below},
        "interactions": {"view": "all", "create": "below", "export": "all", **below},
        "credit-assessments": {"view": "all", "create": "below", "export": "all"},
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
        "saved-views": {"share": "all"},
        "service-requests": {
            "view": reach, "archive": "all", "export": "all", "assign": reach, "feedback": "below", "escalate": reach,
        },
        "service-handlings": {"view": "all", "export": "all"},
        "tasks": {**WATCHES_TASKS["tasks"], "import": "own"},
        **READS_PROMISES,
        **CHECKS_NAMES,
    }  # fmt: skip


ACCOUNT_MANAGER: Grants = {
    "customers": {
        "view": "all", "create": "own", "update": "own", "delete": "own", "export": "own", "transfer": "own",
        "release": "own", "claim": "all",
    },
    "contacts": {"view": "all", "create": "own", "update": "own", "delete": "own", "export": "own"},
    "interactions": {"view": "all", "create": "own", "update": "own", "delete": "own", "export": "own"},
    "credit-assessments": {"view": "all", "create": "own", "export": "own"},
    **SORTINGS,
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
    "service-requests": {
        "create": "all", "update": "own", "delete": "own", "export": "own", "import": "all", "archive": "all",
    },
    "service-handlings": {"view": "all", "export": "all"},
    **CARRIES_TASKS,
    **READS_PROMISES,
    **CHECKS_NAMES,
}  # fmt: skip


def _analyses(reach: str) -> Grants:
    """Matrix 2.2, rows "Four analyses" and "Decision analysis"."""
    return {name: {"view": reach, "export": reach} for name in ("customer-analyses", "decision-analysis")}


RECEIVES_REPORTS: Grants = {"management-reports": {"view": "own", "export": "own"}}
WRITES_REPORTS: Grants = {
    "management-reports": dict.fromkeys(("view", "create", "update", "delete", "export", "submit"), "own")
}
SERVES_ALL = dict.fromkeys(("create", "update", "delete", "import"), "all")

ADMINISTRATOR: Grants = {
    **dict.fromkeys(
        (
            "departments",
            "positions",
            "roles",
            "dictionary-items",
            "industries",
            "cities",
            "sales-stages",
            "custom-fields",
            "calendar-days",
            *SORTINGS,
        ),
        MAINTAINED,
    ),
    "users": {**MAINTAINED, "reset_password": "all", "disable": "all", "enable": "all"},
    "customers": {
        "view": "all",
        "create": "all",
        "delete": "all",
        "export": "all",
        "transfer": "all",
        "release": "all",
        "assign": "all",
    },
    "contacts": {"view": "all", "export": "all"},
    "interactions": {"view": "all", "export": "all"},
    "credit-assessments": {"view": "all", "export": "all"},
    "service-requests": {"archive": "all", "export": "all"},
    "service-handlings": {"view": "all", "export": "all"},
    "knowledge-articles": {"export": "all"},
    "complaints": {"view": "all", "export": "all"},
    "follow-up-visits": {"view": "all", "export": "all"},
    "settings": {"update": "all"},
    "jobs": {"view": "all", "run": "all"},
    "monitor": {"view": "all"},
    "audit": {"view": "all", "export": "all", "verify": "all"},
    "backups": {"view": "all", "create": "all", "fetch": "all", "restore": "all", "clear": "all"},
    "sales-system": {"view": "all", "run": "all", "link": "all", "push": "all"},
    **CARRIES_TASKS,
    "saved-views": {"share": "all"},
}

# code: (name, description, grants)
ROLES: dict[str, tuple[str, str, Grants]] = {
    "system_admin": (
        "系统管理员", "用户、角色、权限、字典与基础资料",
        _with(ADMINISTRATOR, IMPORTED_BY_ADMIN, IMPORTS_THE_PAST, _watches_churn("all")),
    ),
    "super_admin": (
        "超级管理员", "系统管理员，另可复制客户",
        _with(ADMINISTRATOR, IMPORTED_BY_ADMIN, IMPORTS_THE_PAST, _watches_churn("all"),
              {"customers": {"copy": "all"}}),
    ),
    "executive": (
        "高管", "查看全局，指派销售机会",
        _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, FINDS_PRODUCTS, READS_ORDERS, _watches_churn("all"), {
            "orders": {"export": "all"}, "customers": {"export": "all"}, "contacts": {"export": "all"},
            "interactions": {"export": "all"}, "credit-assessments": {"export": "all"},
            "opportunities": {"assign": "all", "follow": "below", "export": "all"},
            "plan-items": {"view": "all", "export": "all"},
            "follow-up-notes": {
                "view": "all", "create": "below", "update": "below", "delete": "below", "export": "all",
            },
            "sales-profiles": {"view": "all"},
            "service-requests": {"view": "all", "archive": "all", "export": "all"},
            "service-handlings": {"view": "all", "export": "all"},
            "knowledge-articles": {"export": "all"},
            "complaints": {"view": "all", "export": "all"}, "follow-up-visits": {"view": "all", "export": "all"},
            **WATCHES_TASKS,
            **READS_PROMISES,
        }, _analyses("all"), RECEIVES_REPORTS),
    ),
    "sales_supervisor": (
        "销售主管", "创建并指派销售机会，带领客户经理",
        _with(_leads("all"), _imports("all", "below", "all", **{"sales-profiles": "all"}), IMPORTS_THE_PAST,
              _orders("all"), READS_HISTORY, dict.fromkeys(SORTINGS, MAINTAINED), _analyses("all"), WRITES_REPORTS,
              _watches_churn("below", act=True), REACTIVATES, _settles_complaints("all"), _calls_back("all"),
              {"service-requests": SERVES_ALL, "service-agreements": MAINTAINED,
               "complaints": dict.fromkeys(("delete", "raise_request", "export", "import"), "all")},
              _knows("all", release="all", export="all", **{"import": "all"})),
    ),
    "department_head": (
        "部门主管", "在本部门及下级行使销售主管职责",
        _with(_leads("below"), _imports("all", "below", "below", **{"sales-profiles": "below"}), SORTINGS,
              _analyses("below"), _orders("all"), READS_HISTORY, _watches_churn("below"), REACTIVATES,
              _settles_complaints("below"), _calls_back("below"), {
                  "complaints": {"export": "below", "import": "below", "delete": "own"},  # a file is many entries
              },
              _knows("below", release="below", export="all", **{"import": "all"})),
    ),
    "account_manager": (
        "客户经理", "开发并维护自己的客户",
        _with(ACCOUNT_MANAGER, _imports("own", "own", "own", complaints="own"), _orders("own"), READS_HISTORY,
              RECEIVES_REPORTS, _watches_churn("own", act=True), TAKES_COMPLAINTS, _knows("own"),
              {name: {"export": "own"} for name in ("complaints", "follow-up-visits")}),
    ),
    "salesperson": (
        "业务员", "收集销售机会，执行计划",
        _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, _orders("own"), TAKES_COMPLAINTS, _knows("own", saves="own"), {
            "customers": {"claim": "all", "release": "own"}, "contacts": {"create": "all"},
            "interactions": {"create": "all", "delete": "own"},
            "opportunities": {"create": "all", "update": "own", "delete": "all"},
            "plan-items": {"view": "own", "execute": "own"},
            "service-requests": {"create": "own", "update": "own", "delete": "own"},
        }),
    ),
    "service_staff": ("服务人员", "受理服务、投诉与回访", _with(READS_CUSTOMERS, FINDS_PRODUCTS, READS_ORDERS,
                                                             TAKES_COMPLAINTS, _settles_complaints("all"), {
        "complaints": {"raise_request": "all"}, "follow-up-visits": {"view": "all", "record": "all"},
        "contacts": {"create": "all"}, "interactions": {"create": "all", "delete": "own"},
        "service-requests": {
            "view": "all", "create": "all", "update": "own", "delete": "own", "archive": "all",
        },
        "service-handlings": {"view": "all"},
        "service-agreements": {"view": "all"}, "service-dues": {"view": "all"},
    }, _knows("all", release="all"))),
    "marketing_staff": ("市场人员", "市场活动与线索", _with(READS_CUSTOMERS, FINDS_OPPORTUNITIES, FINDS_PRODUCTS, {
        "opportunities": {"create": "all"},
    }, _knows("own", saves="own"))),
    "finance": ("财务", "应收、回款与费用", _with(READS_CUSTOMERS, READS_ORDERS)),
    "back_office": ("采购与后台", "订单、采购与库存", _with(READS_CUSTOMERS, KEEPS_COMMERCE)),
    "hr": ("人事", "员工与部门", _with({})),
    "employee": ("普通员工", "查看客户档案，处理自己的事务", _with(READS_CUSTOMERS)),
}  # fmt: skip
