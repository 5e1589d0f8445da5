"""Who may do what to which record: written by hand from the requirements, never computed from the code.

Sources: matrix 2.2 with the readings of 2.3, OPP-13, OPP-14, PLAN-07, and the head of requirements part 2.
Known readings: a salesperson's right to create and edit customers is a switch of the role, off by default (2.3);
SAL and SVC add contacts but do not edit them; a deleted record is seen only by those who may restore it, who are
those who may delete it; a record that is seen but lies outside of the act's range is 403.

One line for each role, one sign for each object of the resource in the order of `objects`:
    +  done (200, 201, 204, or a redirect)     x  403, no permission      .  404, does not exist for this person
    9  409, not in this state                  2  422, a choice outside of the person's range
A line of a single sign means that sign for every object; roles that are not named are x for every object.
The object `--` is an id that was never given out.
"""

from __future__ import annotations

ROLES = ("admin", "gaoguan", "zhuguan", "bumen", "jingli", "jingli2", "jingli3", "yewu", "shichang", "kefu")
EVERYBODY = " ".join(ROLES)
SALES = "gaoguan zhuguan bumen jingli jingli2 jingli3 yewu shichang"  # OPP-13: who finds unassigned opportunities

TABLE: dict[str, dict[str, str]] = {
    # u: unassigned, entered by jingli, jingli2, jingli3, yewu · a: entered by jingli, jingli2, jingli3 and assigned
    # to them · w1: won by jingli · d1: unassigned, entered and deleted by jingli
    "opportunities": {
        "objects": "u1 u2 u3 uy  a1 a2 a3  w1 d1 --",
        "view": """
            gaoguan  ++++ +++ +..
            zhuguan  ++++ ++. +..
            bumen    ++++ ..+ ...
            jingli   ++++ +.. ++.
            jingli2  ++++ .+. ...
            jingli3  ++++ ..+ ...
            yewu     ++++ ... ...
            shichang ++++ ... ...
        """,
        # unassigned: SUP, DPT, AMG any, SAL own; afterwards the assignee and his superiors (gaoguan heads the company)
        "update": """
            gaoguan  xxxx +++ 9..
            zhuguan  ++++ ++. 9..
            bumen    ++++ ..+ ...
            jingli   ++++ +.. 99.
            jingli2  ++++ .+. ...
            jingli3  ++++ ..+ ...
            yewu     xxx+ ... ...
        """,
        "set_stage": """
            gaoguan  xxxx +++ 9..
            zhuguan  9999 ++. 9..
            bumen    9999 ..+ ...
            jingli   9999 +.. 99.
            jingli2  9999 .+. ...
            jingli3  9999 ..+ ...
            yewu     xxx9 ... ...
        """,
        "delete": """
            zhuguan  xxxx xx. x..
            bumen    xxxx ..x ...
            jingli   +xxx 9.. 99.
            jingli2  x+xx .9. ...
            jingli3  xx+x ..9 ...
            yewu     xxx+ ... ...
        """,
        "restore": """
            zhuguan  xxxx xx. x..
            bumen    xxxx ..x ...
            jingli   9xxx 9.. 9+.
            jingli2  x9xx .9. ...
            jingli3  xx9x ..9 ...
            yewu     xxx9 ... ...
        """,
        # EXE and SUP any they see, DPT of the own department
        "assign": """
            gaoguan  ++++ 999 9..
            zhuguan  ++++ 99. 9..
            bumen    xx+x ..9 ...
        """,
        "reassign": """
            gaoguan  9999 +++ 9..
            zhuguan  9999 ++. 9..
            bumen    xx9x ..+ ...
        """,
        # the own ones, and those of the department for SUP and DPT; the general manager does not
        "win": """
            zhuguan  99x9 ++. 9..
            bumen    xx9x ..+ ...
            jingli   9xxx +.. 99.
            jingli2  x9xx .+. ...
            jingli3  xx9x ..+ ...
        """,
        "lose": """
            zhuguan  99x9 ++. 9..
            bumen    xx9x ..+ ...
            jingli   9xxx +.. 99.
            jingli2  x9xx .+. ...
            jingli3  xx9x ..+ ...
        """,
        "reopen": """
            zhuguan  99x9 99. +..
            bumen    xx9x ..9 ...
        """,
        "list": SALES,
        "create": "zhuguan bumen jingli jingli2 jingli3 yewu shichang",
        "export": "gaoguan zhuguan bumen jingli jingli2 jingli3",
    },
    # p: of a1, a2, a3, carried out by their assignees · py, pj: of a1, carried out by yewu, by jingli2
    # px: of a1, executed · pw: of w1 · pd: of a1, deleted
    "plan-items": {
        "objects": "p1 p2 p3  py pj  px pw pd --",
        "view": """
            gaoguan  +++ ++ ++..
            zhuguan  ++. ++ +++.
            bumen    ..+ .. ....
            jingli   +.. ++ +++.
            jingli2  .+. .+ ....
            jingli3  ..+ .. ....
            yewu     ... +. ....
        """,
        "update": """
            zhuguan  ++. ++ 999.
            bumen    ..+ .. ....
            jingli   +.. ++ 999.
            jingli2  .+. .x ....
            jingli3  ..+ .. ....
        """,
        "delete": """
            zhuguan  ++. ++ 999.
            bumen    ..+ .. ....
            jingli   +.. ++ 999.
            jingli2  .+. .x ....
            jingli3  ..+ .. ....
        """,
        "restore": """
            zhuguan  99. 99 99+.
            bumen    ..9 .. ....
            jingli   9.. 99 99+.
            jingli2  .9. .x ....
            jingli3  ..9 .. ....
        """,
        "execute": """
            zhuguan  ++. ++ 999.
            bumen    ..+ .. ....
            jingli   +.. ++ 999.
            jingli2  .+. .+ ....
            jingli3  ..+ .. ....
            yewu     ... +. ....
        """,
        "list": "gaoguan zhuguan bumen jingli jingli2 jingli3 yewu",
        "create": "zhuguan bumen jingli jingli2 jingli3",
        "create_objects": "a1 a2 a3 u1 w1 d1",  # the opportunity a new step is meant for
        "create_for": """
            zhuguan  ++2992
            bumen    22+922
            jingli   +22992
            jingli2  2+2922
            jingli3  22+922
        """,
        "export": "gaoguan zhuguan bumen jingli jingli2 jingli3",
    },
    # n1 n2 n3: on a1, a2, a3, by their assignees · nz: on a1, by zhuguan · nw: on w1 · nd: on a1, by jingli, deleted
    "follow-up-notes": {
        "objects": "n1 n2 n3 nz nw nd --",
        "view": """
            gaoguan  +++++..
            zhuguan  ++.++..
            bumen    ..+....
            jingli   +..+++.
            jingli2  .+.....
            jingli3  ..+....
        """,
        "update": """
            gaoguan  xxxxx..
            zhuguan  xx.+x..
            bumen    ..x....
            jingli   +..x99.
            jingli2  .+.....
            jingli3  ..+....
        """,
        "delete": """
            gaoguan  xxxxx..
            zhuguan  xx.+x..
            bumen    ..x....
            jingli   +..x99.
            jingli2  .+.....
            jingli3  ..+....
        """,
        "restore": """
            gaoguan  xxxxx..
            zhuguan  xx.9x..
            bumen    ..x....
            jingli   9..x9+.
            jingli2  .9.....
            jingli3  ..9....
        """,
        "list": "gaoguan zhuguan bumen jingli jingli2 jingli3",
        "create": "gaoguan zhuguan bumen jingli jingli2 jingli3",
        "create_objects": "a1 a2 a3 u1 w1 d1",
        "create_for": """
            gaoguan  +++992
            zhuguan  ++2992
            bumen    22+922
            jingli   +22992
            jingli2  2+2922
            jingli3  22+922
        """,
        "export": "gaoguan zhuguan bumen jingli jingli2 jingli3",
    },
    # c1 c2 c3: of jingli, jingli2, jingli3 · ch: of jingli, churned · cd: of jingli, deleted
    "customers": {
        "objects": "c1 c2 c3 ch cd --",
        "view": """
            admin    +++++.
            gaoguan  ++++..
            zhuguan  +++++.
            bumen    ++++..
            jingli   +++++.
            jingli2  ++++..
            jingli3  ++++..
            yewu     ++++..
            shichang ++++..
            kefu     ++++..
        """,
        "update": """
            zhuguan  ++x99.
            bumen    xx+x..
            jingli   +xx99.
            jingli2  x+xx..
            jingli3  xx+x..
        """,
        "delete": """
            admin    ++++9.
            zhuguan  ++x+9.
            bumen    xx+x..
            jingli   +xx+9.
            jingli2  x+xx..
            jingli3  xx+x..
        """,
        "restore": """
            admin    9999+.
            zhuguan  99x9+.
            bumen    xx9x..
            jingli   9xx9+.
            jingli2  x9xx..
            jingli3  xx9x..
        """,
        "list": EVERYBODY,
        "create": "admin zhuguan bumen jingli jingli2 jingli3",
        "create_objects": "jingli jingli2 jingli3",  # the owner of the new customer: AMG for himself only
        "create_for": """
            admin    +++
            zhuguan  +++
            bumen    +++
            jingli   +22
            jingli2  2+2
            jingli3  22+
        """,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
    },
    # k1 k2 k3: at c1, c2, c3 · kh: at ch, who is churned · kd: at c1, deleted · kc: at cd, which lies in the bin
    "contacts": {
        "objects": "k1 k2 k3 kh kd kc --",
        "view": """
            admin    ++++...
            gaoguan  ++++...
            zhuguan  +++++..
            bumen    ++++...
            jingli   +++++..
            jingli2  ++++...
            jingli3  ++++...
            yewu     ++++...
            shichang ++++...
            kefu     ++++...
        """,
        "update": """
            zhuguan  ++x99..
            bumen    xx+x...
            jingli   +xx99..
            jingli2  x+xx...
            jingli3  xx+x...
        """,
        "delete": """
            zhuguan  ++x99..
            bumen    xx+x...
            jingli   +xx99..
            jingli2  x+xx...
            jingli3  xx+x...
        """,
        "restore": """
            zhuguan  99x9+..
            bumen    xx9x...
            jingli   9xx9+..
            jingli2  x9xx...
            jingli3  xx9x...
        """,
        "list": EVERYBODY,
        "create": "zhuguan bumen jingli jingli2 jingli3 yewu kefu",
        "create_objects": "c1 c2 c3 ch cd",  # the customer of the new contact
        "create_for": """
            zhuguan  ++292
            bumen    22+92
            jingli   +2292
            jingli2  2+292
            jingli3  22+92
            yewu     +++92
            kefu     +++92
        """,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
    },
    # Users, roles, permissions, departments, dictionary and base data: ADM alone. Users, departments and base data are
    # read by all staff, because forms and lists name them (contract: `users` is readable by all staff).
    # us: jingli2 · ux: somebody disabled · ua: admin himself · ud: somebody deleted
    "users": {
        "objects": "us ux ua ud --",
        "view": """
            admin    ++++.
            gaoguan  +++..
            zhuguan  +++..
            bumen    +++..
            jingli   +++..
            jingli2  +++..
            jingli3  +++..
            yewu     +++..
            shichang +++..
            kefu     +++..
        """,
        "update": "admin +++9.",
        "delete": "admin ++99.",
        "restore": "admin 999+.",
        "reset_password": "admin +++9.",
        "disable": "admin +999.",
        "enable": "admin 9+99.",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
    },
    # df: an empty department · du: with people in it · dd: deleted; and so on for all base data: free, in use, deleted
    "departments": {
        "objects": "df du dd --",
        "view": """
            admin    +++.
            gaoguan  ++..
            zhuguan  ++..
            bumen    ++..
            jingli   ++..
            jingli2  ++..
            jingli3  ++..
            yewu     ++..
            shichang ++..
            kefu     ++..
        """,
        "update": "admin ++9.",
        "delete": "admin +99.",
        "restore": "admin 99+.",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
    },
    "roles": {
        "objects": "rf ru rd --",
        "view": "admin +++.",
        "update": "admin ++9.",
        "delete": "admin +99.",
        "restore": "admin 99+.",
        "list": "admin",
        "create": "admin",
        "export": "admin",
    },
    # fi: an item that is not editable
    "dictionary-items": {
        "objects": "if iu id fi --",
        "view": """
            admin    ++++.
            gaoguan  ++.+.
            zhuguan  ++.+.
            bumen    ++.+.
            jingli   ++.+.
            jingli2  ++.+.
            jingli3  ++.+.
            yewu     ++.+.
            shichang ++.+.
            kefu     ++.+.
        """,
        "update": "admin ++99.",
        "delete": "admin +999.",
        "restore": "admin 99+9.",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
    },
    # Stages stand beside the opportunities: read by those who find these.
    "sales-stages": {
        "objects": "sf su sd --",
        "view": """
            admin    +++.
            gaoguan  ++..
            zhuguan  ++..
            bumen    ++..
            jingli   ++..
            jingli2  ++..
            jingli3  ++..
            yewu     ++..
            shichang ++..
        """,
        "update": "admin ++9.",
        "delete": "admin +99.",
        "restore": "admin 99+.",
        "list": f"admin {SALES}",
        "create": "admin",
        "export": "admin",
    },
    # Territory and industries of an account manager (OPP-05, LEAD-05). Not in the matrix; read as its row "Opportunity
    # assign": kept by SUP, by DPT for the own department; read by those who assign and by account managers.
    # f1 f3: of jingli, jingli3 · fd: of jingli2, deleted
    "sales-profiles": {
        "objects": "f1 f3 fd --",
        "view": """
            gaoguan  ++..
            zhuguan  +++.
            bumen    ++..
            jingli   ++..
            jingli2  ++..
            jingli3  ++..
        """,
        "update": """
            zhuguan  ++9.
            bumen    x+..
        """,
        "delete": """
            zhuguan  ++9.
            bumen    x+..
        """,
        "restore": """
            zhuguan  99+.
            bumen    x9..
        """,
        "list": "gaoguan zhuguan bumen jingli jingli2 jingli3",
        "create": "zhuguan bumen",
        "export": "",
    },
}
for _name in ("positions", "industries", "cities"):
    TABLE[_name] = TABLE["departments"]

# Which act of the table each kind of address is, after the name of the resource. `verb` stands for every declared verb.
PAGES = {
    "": "list",
    "stats/": "list",
    "export.csv": "export",
    "export.xlsx": "export",
    "new/": "create",
    "choices/<slug:field>/": "list",
    "<int:pk>/": "view",
    "<int:pk>/edit/": "update",
    "<int:pk>/delete/": "delete",
    "<int:pk>/restore/": "restore",
    "<int:pk>/<verb>/": "<verb>",
}
OPERATIONS = {  # of the API
    ("get", ""): "list",
    ("post", ""): "create",
    ("get", "/{id}"): "view",
    ("patch", "/{id}"): "update",
    ("delete", "/{id}"): "delete",
    ("post", "/{id}/restore"): "restore",
    ("post", "/{id}/<verb>"): "<verb>",
}

# Everything that is no Resource: address, method, who gets in (all others 403), and what to send.
# {own} and {other} are a token or notice of the person, and of somebody else; the latter does not exist (404).
ONE_OFF: list[tuple[str, str, str, str]] = [
    ("get", "", EVERYBODY, "+"),
    ("get", "help/", EVERYBODY, "+"),
    ("get", "profile/", EVERYBODY, "+"),
    ("get", "password/", EVERYBODY, "+"),
    ("post", "password/", EVERYBODY, "2"),  # with a wrong old password
    ("post", "profile/tokens/new/", EVERYBODY, "+"),
    ("post", "profile/tokens/{own_token}/revoke/", EVERYBODY, "+"),
    ("post", "profile/tokens/{other_token}/revoke/", EVERYBODY, "."),
    ("post", "preferences/theme/", EVERYBODY, "+"),
    ("post", "preferences/language/", EVERYBODY, "+"),
    ("get", "notices/", EVERYBODY, "+"),
    ("get", "notices/bell/", EVERYBODY, "+"),
    ("post", "notices/read/", EVERYBODY, "+"),
    ("post", "notices/{own_notice}/open/", EVERYBODY, "+"),
    ("post", "notices/{other_notice}/open/", EVERYBODY, "."),
    ("get", "settings/", "admin", "+"),
    ("post", "settings/", "admin", "2"),  # an empty form; a whole one in liuke/base/tests
    ("post", "roles/{role}/grants/", "admin", "+"),
    ("post", "roles/{missing}/grants/", "admin", "."),
    ("get", "jobs/", "admin", "+"),
    ("post", "jobs/plan-overdue/run/", "admin", "+"),
    ("post", "jobs/no-such-job/run/", "admin", "."),
    ("get", "api/v1/openapi.json", EVERYBODY, "+"),  # asks for a token
    ("get", "api/v1/nothing-of-the-kind", EVERYBODY, "."),
]
SIGNING = ("login/", "logout/", "relogin/")  # tried in liuke/accounts/tests/test_signing.py
