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
        "purge": "admin .... ... .+.",  # SYS-12: only an administrator deletes for good, and only what lies in the bin
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
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
    },
    # xn: new, by jingli for jingli2 · xa: accepted, by zhuguan for jingli · xp: in progress, by kefu for jingli3
    # xo: done, by jingli for himself · xr: refused, by jingli for yewu · xx: new, by jingli for yewu, deleted
    "tasks": {
        "objects": "xn xa xp xo xr xx --",
        # TASK-02: executor and creator, and those above them; an administrator finds what he may purge
        "view": """
            admin    .....+.
            gaoguan  +++++..
            zhuguan  ++.++..
            bumen    ..+....
            jingli   ++.+++.
            jingli2  +......
            jingli3  ..+....
            yewu     ....+..
            shichang .
            kefu     ..+....
        """,
        "update": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  x+.xx..
            bumen    ..x....
            jingli   +x.9+9.
            jingli2  x......
            jingli3  ..x....
            yewu     ....x..
            shichang .
            kefu     ..+....
        """,
        "delete": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  x9.xx..
            bumen    ..x....
            jingli   +x.9+9.
            jingli2  x......
            jingli3  ..x....
            yewu     ....x..
            shichang .
            kefu     ..9....
        """,
        "restore": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  x9.xx..
            bumen    ..x....
            jingli   9x.99+.
            jingli2  x......
            jingli3  ..x....
            yewu     ....x..
            shichang .
            kefu     ..9....
        """,
        "purge": "admin .....+.",
        # what an executor does nobody does for him, however far he sees
        "accept": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  xx.xx..
            bumen    ..x....
            jingli   x9.9xx.
            jingli2  +......
            jingli3  ..9....
            yewu     ....9..
            shichang .
            kefu     ..x....
        """,
        "start": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  xx.xx..
            bumen    ..x....
            jingli   x+.9xx.
            jingli2  9......
            jingli3  ..9....
            yewu     ....9..
            shichang .
            kefu     ..x....
        """,
        "finish": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  xx.xx..
            bumen    ..x....
            jingli   x9.9xx.
            jingli2  9......
            jingli3  ..+....
            yewu     ....9..
            shichang .
            kefu     ..x....
        """,
        "refuse": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  xx.xx..
            bumen    ..x....
            jingli   x9.9xx.
            jingli2  +......
            jingli3  ..9....
            yewu     ....9..
            shichang .
            kefu     ..x....
        """,
        # 3.29: the creator may cancel
        "cancel": """
            admin    .....x.
            gaoguan  xxxxx..
            zhuguan  x+.xx..
            bumen    ..x....
            jingli   +x.9+9.
            jingli2  x......
            jingli3  ..x....
            yewu     ....x..
            shichang .
            kefu     ..+....
        """,
        "reassign": """
            admin    .....x.
            gaoguan  +++9+..
            zhuguan  ++.9+..
            bumen    ..+....
            jingli   +x.9+9.
            jingli2  x......
            jingli3  ..x....
            yewu     ....x..
            shichang .
            kefu     ..+....
        """,
        "list": EVERYBODY,
        "create": EVERYBODY,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
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
        "purge": "admin ... .. ..+.",
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
        "import": "zhuguan bumen jingli jingli2 jingli3",
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
        "purge": "admin .....+.",
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
        "import": "zhuguan bumen jingli jingli2 jingli3",
    },
    # c1 c2 c3: of jingli, jingli2, jingli3 · ch: of jingli, churned · cd: of jingli, deleted · cp: in the pool
    "customers": {
        "objects": "c1 c2 c3 ch cd -- cp",
        "view": """
            admin    +++++.+
            gaoguan  ++++..+
            zhuguan  +++++.+
            bumen    ++++..+
            jingli   +++++.+
            jingli2  ++++..+
            jingli3  ++++..+
            yewu     ++++..+
            shichang ++++..+
            kefu     ++++..+
        """,
        "update": """
            zhuguan  ++x99.x
            bumen    xx+x..x
            jingli   +xx99.x
            jingli2  x+xx..x
            jingli3  xx+x..x
        """,
        "delete": """
            admin    ++++9.+
            zhuguan  ++x+9.x
            bumen    xx+x..x
            jingli   +xx+9.x
            jingli2  x+xx..x
            jingli3  xx+x..x
        """,
        "restore": """
            admin    9999+.9
            zhuguan  99x9+.x
            bumen    xx9x..x
            jingli   9xx9+.x
            jingli2  x9xx..x
            jingli3  xx9x..x
        """,
        "purge": "admin 99999.9",
        "set_follow_status": """
            zhuguan  ++x99.x
            bumen    xx+x..x
            jingli   +xx99.x
            jingli2  x+xx..x
            jingli3  xx+x..x
        """,
        # CUST-13: ADM any, SUP and DPT of the department, AMG his own; those in the pool are claimed or assigned
        "transfer": """
            admin    +++99.9
            zhuguan  ++x99.x
            bumen    xx+x..x
            jingli   +xx99.x
            jingli2  x+xx..x
            jingli3  xx+x..x
        """,
        # POOL-01: the owner and his superiors; SAL what he has claimed
        "release": """
            admin    +++99.9
            zhuguan  ++x99.x
            bumen    xx+x..x
            jingli   +xx99.x
            jingli2  x+xx..x
            jingli3  xx+x..x
            yewu     xxxx..x
        """,
        "claim": """
            zhuguan  99999.+
            bumen    9999..+
            jingli   99999.+
            jingli2  9999..+
            jingli3  9999..+
            yewu     9999..+
        """,
        "assign": """
            admin    99999.+
            zhuguan  99999.+
            bumen    9999..+
        """,
        "copy": "",  # CUST-10: the super administrator alone
        # S-07: a supervisor, of those in his range
        "reactivate": """
            zhuguan  99x+9.x
            bumen    xx9x..x
        """,
        "list": EVERYBODY,
        "create": "admin zhuguan bumen jingli jingli2 jingli3",
        "create_objects": "jingli jingli2 jingli3 POOL",  # the owner of the new customer: AMG for himself only, or none
        "create_for": """
            admin    ++++
            zhuguan  ++++
            bumen    ++++
            jingli   +22+
            jingli2  2+2+
            jingli3  22++
        """,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
    },
    # k1 k2 k3: at c1, c2, c3 · kh: at ch, who is churned · kd: at c1, deleted · kc: at cd, which lies in the bin
    "contacts": {
        "objects": "k1 k2 k3 kh kd kc --",
        "view": """
            admin    +++++..
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
        "purge": "admin 9999+..",
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
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
    },
    # CONT and INT share a row of the matrix; an interaction is deleted and restored by its author alone (INT-04).
    # t1 t2 t3: at c1, c2, c3, by their owners · ty: at c1, by yewu · th: at ch, who is churned · td: at c1, by jingli,
    # deleted · tc: at cd, which lies in the bin
    "interactions": {
        "objects": "t1 t2 t3 ty th td tc --",
        "view": """
            admin    ++++++..
            gaoguan  +++++...
            zhuguan  +++++...
            bumen    +++++...
            jingli   ++++++..
            jingli2  +++++...
            jingli3  +++++...
            yewu     +++++...
            shichang +++++...
            kefu     +++++...
        """,
        "update": """
            zhuguan  ++x+9...
            bumen    xx+xx...
            jingli   +xx+99..
            jingli2  x+xxx...
            jingli3  xx+xx...
        """,
        "delete": """
            zhuguan  xxxxx...
            bumen    xxxxx...
            jingli   +xxx99..
            jingli2  x+xxx...
            jingli3  xx+xx...
            yewu     xxx+x...
            kefu     xxxxx...
        """,
        "restore": """
            zhuguan  xxxxx...
            bumen    xxxxx...
            jingli   9xxx9+..
            jingli2  x9xxx...
            jingli3  xx9xx...
            yewu     xxx9x...
            kefu     xxxxx...
        """,
        "purge": "admin 99999+..",
        "list": EVERYBODY,
        "create": "zhuguan bumen jingli jingli2 jingli3 yewu kefu",
        "create_objects": "c1 c2 c3 ch cd",  # the customer of the new interaction
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
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
    },
    # CUST-19: assessed by whoever may change the customer; never changed, deleted or restored.
    # q1 q2 q3: of c1, c2, c3 · qc: of cd, which lies in the bin
    "credit-assessments": {
        "objects": "q1 q2 q3 qc --",
        "view": """
            admin    +++..
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
        "update": "",
        "delete": "",
        "restore": "",
        "purge": "admin 999..",
        "list": EVERYBODY,
        "create": "zhuguan bumen jingli jingli2 jingli3",
        "create_objects": "c1 c2 c3 ch cd",
        "create_for": """
            zhuguan  ++292
            bumen    22+92
            jingli   +2292
            jingli2  2+292
            jingli3  22+92
        """,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
        "import": "admin zhuguan bumen jingli jingli2 jingli3",
    },
    # Open ones are seen by those who have to do with them (assignee, creator, the customer's manager), by EXE, SUP and
    # SVC all, by DPT those of the department; the archive by ADM, EXE, SUP, DPT, AMG, SVC. Anybody may be the assignee
    # (SVC-02, C-18), and then sees and handles what he was given.
    # e1 e3 ey: new, at c1 by jingli, at c3 by jingli3, at c1 by yewu · ga gk: at c1, assigned to jingli, to kefu
    # gy: at c3 by kefu, assigned to yewu · he: at c1, handled · va: the same, archived · ed: deleted, ec: at cd
    "service-requests": {
        "objects": "e1 e3 ey  ga gk gy  he va ed ec --",
        "view": """
            admin    ... ... .++..
            gaoguan  +++ +++ ++...
            zhuguan  +++ +++ +++..
            bumen    .+. ..+ .+...
            jingli   +.+ ++. +++..
            jingli2  ... ... .+...
            jingli3  .+. ..+ .+...
            yewu     ..+ ..+ .....
            shichang ... ... .....
            kefu     +++ +++ ++...
        """,
        "update": """
            zhuguan  +++ +++ +99..
            jingli   +.+ ++. +99..
            jingli2  ... ... .x...
            jingli3  .+. ..+ .x...
            yewu     ..+ ..+ .....
            kefu     xxx x++ +9...
        """,
        "delete": """
            zhuguan  +++ 999 999..
            jingli   +.x 99. 999..
            jingli2  ... ... .x...
            jingli3  .+. ..x .x...
            yewu     ..+ ..x .....
            kefu     xxx xx9 xx...
        """,
        "restore": """
            zhuguan  999 999 99+..
            jingli   9.x 99. 99+..
            jingli2  ... ... .x...
            jingli3  .9. ..x .x...
            yewu     ..9 ..x .....
            kefu     xxx xx9 xx...
        """,
        "purge": "admin ... ... .9+..",
        # SUP any, DPT those of the own department
        "assign": """
            zhuguan  +++ 999 999..
            bumen    .+. ..9 .x...
        """,
        "reassign": """
            zhuguan  999 +++ 999..
            bumen    .9. ..+ .x...
        """,
        "handle": """
            admin    ... ... .xx..
            gaoguan  xxx xxx xx...
            zhuguan  xxx xxx xxx..
            bumen    .x. ..x .x...
            jingli   x.x +x. xxx..
            jingli2  ... ... .x...
            jingli3  .x. ..x .x...
            yewu     ..x ..+ .....
            shichang ... ... .....
            kefu     xxx x+x 99...
        """,
        # the assignee, the customer's manager, SUP and DPT for the own department
        "feedback": """
            admin    ... ... .xx..
            gaoguan  xxx xxx xx...
            zhuguan  9x9 999 +99..
            bumen    .9. ..9 .x...
            jingli   9.9 99. +99..
            jingli2  ... ... .x...
            jingli3  .9. ..9 .x...
            yewu     ..x ..9 .....
            shichang ... ... .....
            kefu     xxx x9x +9...
        """,
        "escalate": """
            admin    ... ... .xx..
            gaoguan  xxx xxx xx...
            zhuguan  +++ +++ +99..
            bumen    .+. ..+ .x...
            jingli   +.+ ++. +99..
            jingli2  ... ... .x...
            jingli3  .+. ..+ .x...
            yewu     ..+ ..+ .....
            shichang ... ... .....
            kefu     xxx x++ +9...
        """,
        # KB-02: whoever writes articles makes one of what he sees answered; va has one already, by itself
        "save_as_article": """
            zhuguan  999 999 +99..
            bumen    .9. ..9 .9...
            jingli   9.9 99. +99..
            jingli2  ... ... .9...
            jingli3  .9. ..9 .9...
            yewu     ..9 ..9 .....
            shichang ... ... .....
            kefu     999 999 +9...
        """,
        "list": EVERYBODY,
        "create": "zhuguan jingli jingli2 jingli3 yewu kefu",
        "create_objects": "c1 c2 c3 ch cd",  # the customer that calls
        "create_for": """
            zhuguan  ++++2
            jingli   ++++2
            jingli2  ++++2
            jingli3  ++++2
            yewu     ++++2
            kefu     ++++2
        """,
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
        "import": "zhuguan jingli jingli2 jingli3",
    },
    # Rounds go with their request, and are neither entered nor changed by hand. r1: of h1 · rv: of v1
    "service-handlings": {
        "objects": "r1 rv --",
        "view": """
            admin    .+.
            gaoguan  ++.
            zhuguan  ++.
            bumen    .+.
            jingli   ++.
            jingli2  .+.
            jingli3  .+.
            kefu     ++.
        """,
        "update": "",
        "delete": "",
        "restore": "",
        "purge": "admin .9.",
        "list": "admin gaoguan zhuguan bumen jingli jingli2 jingli3 kefu",
        "create": "",
        "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
        "import": "",
    },
    # Users, roles, permissions, departments, dictionary and base data: ADM alone. Users, departments and base data are
    # read by all staff, because forms and lists name them (contract: `users` is readable by all staff).
    # PERM-07: who has open work is neither disabled nor deleted.
    # us: jingli2, who has work · ux: somebody disabled · ua: admin himself · ud: somebody deleted · uf: without work
    "users": {
        "objects": "us ux ua ud -- uf",
        "view": """
            admin    ++++.+
            gaoguan  +++..+
            zhuguan  +++..+
            bumen    +++..+
            jingli   +++..+
            jingli2  +++..+
            jingli3  +++..+
            yewu     +++..+
            shichang +++..+
            kefu     +++..+
        """,
        "update": "admin +++9.+",
        "delete": "admin 9+99.+",
        "restore": "admin 999+.9",
        "purge": "admin 999+.9",
        "reset_password": "admin +++9.+",
        "end_access": "admin +++9.+",
        "reset_second_factor": "admin 9999.9",  # nobody has one; with one in tests/test_second_factor.py
        "hand_over": "admin +++9.+",
        "disable": "admin 9999.+",
        "enable": "admin 9+99.9",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
        "import": "admin",
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
        "purge": "admin 99+.",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
        "import": "admin",
    },
    "roles": {
        "objects": "rf ru rd --",
        "view": "admin +++.",
        "update": "admin ++9.",
        "delete": "admin +99.",
        "restore": "admin 99+.",
        "purge": "admin 99+.",
        "list": "admin",
        "create": "admin",
        "export": "admin",
        "import": "admin",
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
        "purge": "admin 99+9.",
        "list": EVERYBODY,
        "create": "admin",
        "export": "admin",
        "import": "admin",
    },
    # xu: of customers, with a value on c1 · xf: of contacts, a choice · xd: of customers, deleted. NFR-10: ADM alone
    "custom-fields": {
        "objects": "xu xf xd --",
        "view": "admin +++.",
        "update": "admin ++9.",
        "delete": "admin ++9.",
        "restore": "admin 99+.",
        "purge": "admin 999.",
        "list": "admin",
        "create": "admin",
        "export": "admin",
        "import": "admin",
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
        "purge": "admin 99+.",
        "list": f"admin {SALES}",
        "create": "admin",
        "export": "admin",
        "import": "admin",
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
        "purge": "admin ..+.",
        "list": "gaoguan zhuguan bumen jingli jingli2 jingli3",
        "create": "zhuguan bumen",
        "export": "",
        "import": "zhuguan bumen",
    },
}
TABLE["management-reports"] = {
    # RPT-06, matrix 2.2 row "Management report": SUP writes, EXE receives, AMG may be chosen (2.3).
    # g1: a draft of zhuguan · g2: sent by him to gaoguan and jingli · gd: a draft of his, deleted
    "objects": "g1 g2 gd --",
    "view": """
            gaoguan  .+..
            zhuguan  +++.
            jingli   .+..
            jingli2  ....
            jingli3  ....
        """,
    "update": "zhuguan +99.",
    "delete": "zhuguan +99.",
    "restore": "zhuguan 99+.",
    "submit": "zhuguan +99.",
    "purge": "admin ..+.",
    "list": "gaoguan zhuguan jingli jingli2 jingli3",
    "create": "zhuguan",
    "export": "gaoguan zhuguan jingli jingli2 jingli3",
    "import": "",
}
for _name in ("positions", "industries", "cities"):
    TABLE[_name] = TABLE["departments"]
# wf: free · wm: worked · wd: deleted
TABLE["calendar-days"] = TABLE["custom-fields"] | {"objects": "wf wm wd --", "purge": "admin 99+."}
# SVC-08, S-13: agreements are kept by SUP and read by all who serve; promises go with their request.
# s1: of c1 · s3: of c3 · sx: deleted, of c1 · sc: of cd, who lies in the bin
READ_PROMISES = "gaoguan zhuguan bumen jingli jingli2 jingli3 kefu"
TABLE["service-agreements"] = {
    "objects": "s1 s3 sx sc --",
    "view": """
            gaoguan  ++...
            zhuguan  +++..
            bumen    ++...
            jingli   ++...
            jingli2  ++...
            jingli3  ++...
            kefu     ++...
        """,
    "update": "zhuguan ++9..",
    "delete": "zhuguan ++9..",
    "restore": "zhuguan 99+..",
    "purge": "admin ..+..",
    "list": READ_PROMISES,
    "create": "zhuguan",
    "create_objects": "c1 c3 ch cd",
    "create_for": "zhuguan +++2",
    "export": "zhuguan",
    "import": "zhuguan",
}
# m1: of ga, who is jingli's · mk: of gk, who is kefu's
TABLE["service-dues"] = {
    "objects": "m1 mk --",
    "view": """
            gaoguan  ++.
            zhuguan  ++.
            bumen    ...
            jingli   ++.
            jingli2  ...
            jingli3  ...
            kefu     ++.
        """,
    "update": "",
    "delete": "",
    "restore": "",
    "purge": "",
    "list": READ_PROMISES,
    "create": "",
    "export": "gaoguan zhuguan bumen jingli jingli2 jingli3",
    "import": "",
}
# KB-01: read by everybody once released; a draft is its author's and theirs who release: SVC, SUP, DPT below.
# j1 j3: drafts of jingli, of jingli3 · jr: released, of jingli · jw: withdrawn, of jingli
# jv: made by itself of va, which kefu had answered · jx: a draft of jingli, deleted
WRITE_ARTICLES = "zhuguan bumen jingli jingli2 jingli3 yewu shichang kefu"
TABLE["knowledge-articles"] = {
    "objects": "j1 j3 jr jw jv jx --",
    "view": """
            admin    ..+..+.
            gaoguan  ..+....
            zhuguan  ++++++.
            bumen    .++....
            jingli   +.++.+.
            jingli2  ..+....
            jingli3  .++....
            yewu     ..+....
            shichang ..+....
            kefu     ++++++.
        """,
    # what readers have is changed by those alone who release it
    "update": """
            zhuguan  +++++9.
            bumen    .+x....
            jingli   +.x+.9.
            jingli2  ..x....
            jingli3  .+x....
            yewu     ..x....
            shichang ..x....
            kefu     +++++9.
        """,
    "delete": """
            zhuguan  ++9++9.
            bumen    .+x....
            jingli   +.x+.9.
            jingli2  ..x....
            jingli3  .+x....
            yewu     ..x....
            shichang ..x....
            kefu     ++9++9.
        """,
    "restore": """
            zhuguan  99999+.
            bumen    .9x....
            jingli   9.x9.+.
            jingli2  ..x....
            jingli3  .9x....
            yewu     ..x....
            shichang ..x....
            kefu     99999+.
        """,
    "purge": "admin ..9..+.",
    "release": """
            zhuguan  ++9++9.
            bumen    .+x....
            kefu     ++9++9.
        """,
    "withdraw": """
            zhuguan  99+999.
            bumen    .9x....
            kefu     99+999.
        """,
    # none of them has an addition
    **dict.fromkeys(
        ("take_in", "turn_down"),
        """
            zhuguan  999999.
            bumen    .9x....
            kefu     999999.
        """,
    ),
    "list": EVERYBODY,
    "create": WRITE_ARTICLES,
    "export": "admin gaoguan zhuguan bumen",
    "import": "zhuguan bumen",
}
# CMP-01…04: seen by those who have to do with them (staff, recorder, the customer's manager) and their heads, by ADM,
# EXE, SUP and SVC all. Anybody may be the staff of one (C-18), and then looks into it and closes it; so does the
# customer's manager close it, and SVC and SUP any.
# ts1: of c1 by jingli, kefu looks into it · ts3: of c3 by kefu, yewu looks into it · tsc: as ts1, closed · tsd: deleted
# tse: of cd, which lies in the bin
TABLE["complaints"] = {
    "objects": "ts1 ts3 tsc tsd tse --",
    "view": """
            admin    ++++..
            gaoguan  +++...
            zhuguan  ++++..
            bumen    .+....
            jingli   +.++..
            jingli2  ......
            jingli3  .+....
            yewu     .+....
            shichang ......
            kefu     +++...
        """,
    "update": """
            zhuguan  ++99..
            bumen    .+....
            jingli   +.99..
            jingli2  ......
            jingli3  .+....
            yewu     .+....
            kefu     ++9...
        """,
    "delete": """
            zhuguan  ++99..
            bumen    .x....
            jingli   +.99..
            jingli2  ......
            jingli3  .x....
            yewu     .x....
            kefu     x+x...
        """,
    "restore": """
            zhuguan  999+..
            bumen    .x....
            jingli   9.9+..
            jingli2  ......
            jingli3  .x....
            yewu     .x....
            kefu     x9x...
        """,
    "purge": "admin 999+..",
    "accept": """
            admin    xxxx..
            gaoguan  xxx...
            zhuguan  ++99..
            bumen    .x....
            jingli   x.xx..
            jingli2  ......
            jingli3  .x....
            yewu     .+....
            shichang ......
            kefu     ++9...
        """,
    # whoever looks into it passes it on, whoever recorded it and whosever the customer is
    "hand_on": """
            admin    xxxx..
            gaoguan  xxx...
            zhuguan  ++99..
            bumen    .x....
            jingli   x.xx..
            jingli2  ......
            jingli3  .x....
            yewu     .+....
            shichang ......
            kefu     ++9...
        """,
    "close": """
            admin    xxxx..
            gaoguan  xxx...
            zhuguan  ++99..
            bumen    .+....
            jingli   +.99..
            jingli2  ......
            jingli3  .+....
            yewu     .+....
            shichang ......
            kefu     ++9...
        """,
    "raise_request": """
            zhuguan  ++99..
            jingli   +.99..
            jingli2  ......
            jingli3  .+....
            yewu     .+....
            kefu     ++9...
        """,
    "list": EVERYBODY,
    "create": "zhuguan bumen jingli jingli2 jingli3 yewu kefu",
    "create_objects": "c1 c2 c3 ch cd",
    "create_for": """
            zhuguan  ++++2
            bumen    ++++2
            jingli   ++++2
            jingli2  ++++2
            jingli3  ++++2
            yewu     ++++2
            kefu     ++++2
        """,
    "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
    "import": "zhuguan bumen jingli jingli2 jingli3",
}
# VISIT-01, VISIT-02: made by the system, seen by whoever served, the customer's manager and their heads, by ADM, EXE,
# SUP and SVC all; the customer is called back by the same people, SVC any. The page of a link is tried in
# liuke/service/tests/test_visits.py.
# wa: of c1, kefu served · wy: of c3, yewu served · wx: as wa, answered
_CALLED_BACK = """
            admin    xxx.
            gaoguan  xxx.
            zhuguan  ++9.
            bumen    .+..
            jingli   +.9.
            jingli2  ....
            jingli3  .+..
            yewu     .+..
            shichang ....
            kefu     ++9.
        """
TABLE["follow-up-visits"] = {
    "objects": "wa wy wx --",
    "view": """
            admin    +++.
            gaoguan  +++.
            zhuguan  +++.
            bumen    .+..
            jingli   +.+.
            jingli2  ....
            jingli3  .+..
            yewu     .+..
            shichang ....
            kefu     +++.
        """,
    **dict.fromkeys(("record", "send", "give_up"), _CALLED_BACK),
    "list": EVERYBODY,
    "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
}
# CUST-07, CUST-08: kept by ADM and SUP, read by all who read customers.
TABLE["customer-statuses"] = TABLE["departments"] | {
    "import": "admin zhuguan",
    "view": TABLE["departments"]["view"].replace("zhuguan  ++..", "zhuguan  +++."),
    "update": """
            admin    ++9.
            zhuguan  ++9.
        """,
    "delete": """
            admin    +99.
            zhuguan  +99.
        """,
    "restore": """
            admin    99+.
            zhuguan  99+.
        """,
    "create": "admin zhuguan",
    "export": "admin zhuguan",
}
TABLE["customer-categories"] = TABLE["customer-statuses"]

# Product / stock query: all who sell or serve, ADM does not. Kept by the back office alone (PROD-03).
# v1: a product, in use · vd: disabled · vx: deleted · h: warehouses · b: stock records
FINDS_PRODUCTS = "gaoguan zhuguan bumen jingli jingli2 jingli3 yewu shichang kefu"
_KEPT_BY_OFFICE = dict.fromkeys(("update", "delete", "restore", "create", "export", "import"), "")
TABLE["products"] = {
    "objects": "v1 vd vx --",
    "view": "\n".join(f"{name} ++.." for name in FINDS_PRODUCTS.split()),
    "purge": "admin ..+.",
    "disable": "",
    "enable": "",
    "list": FINDS_PRODUCTS,
    **_KEPT_BY_OFFICE,
}
TABLE["warehouses"] = {
    "objects": "h1 hx --",
    "view": "\n".join(f"{name} +.." for name in FINDS_PRODUCTS.split()),
    "purge": "admin .+.",
    "list": FINDS_PRODUCTS,
    **_KEPT_BY_OFFICE,
}
TABLE["stock-records"] = TABLE["warehouses"] | {"objects": "b1 bx --", "put_in": "", "take_out": "", "correct": ""}
# Quotation, contract, order: SUP, DPT all, AMG and SAL of their own customers, EXE and SVC read; status set, change and
# delete by the back office alone. A churned customer may order again (S-07).
# o1 o2 o3: of c1, c2, c3 · oh: of ch, who is churned · oc: of cd, who lies in the bin · od: of c1, deleted
TABLE["orders"] = {
    "objects": "o1 o2 o3 oh oc od --",
    "view": """
        gaoguan  ++++...
        zhuguan  ++++...
        bumen    ++++...
        jingli   +..+...
        jingli2  .+.....
        jingli3  ..+....
        yewu     .......
        kefu     ++++...
    """,
    "update": "",
    "delete": "",
    "restore": "",
    "purge": "admin .....+.",
    "ship": "",
    "pay": "",
    "list": "gaoguan zhuguan bumen jingli jingli2 jingli3 yewu kefu",
    "create": "zhuguan bumen jingli jingli2 jingli3 yewu",
    "create_objects": "c1 c2 c3 ch cd",
    "create_for": """
        zhuguan  ++++2
        bumen    ++++2
        jingli   +22+2
        jingli2  2+222
        jingli3  22+22
        yewu     22222
    """,
    "export": "gaoguan zhuguan bumen jingli jingli2 jingli3 yewu",
    "import": "zhuguan bumen jingli jingli2 jingli3 yewu",
}
# l1 l2 l3: of o1, o2, o3 · lx: of o1, deleted · op: an order of c1 that has been confirmed
TABLE["order-lines"] = {
    "objects": "l1 l2 l3 lx --",
    "view": """
        gaoguan  +++..
        zhuguan  +++..
        bumen    +++..
        jingli   +....
        jingli2  .+...
        jingli3  ..+..
        yewu     .....
        kefu     +++..
    """,
    "update": "",
    "delete": "",
    "restore": "",
    "purge": "admin ...+.",
    "list": TABLE["orders"]["list"],
    "create": TABLE["orders"]["create"],
    "create_objects": "o1 o2 o3 oh oc od op",
    "create_for": """
        zhuguan  ++++229
        bumen    ++++229
        jingli   +22+229
        jingli2  2+22222
        jingli3  22+2222
        yewu     2222222
    """,
    "export": "zhuguan bumen jingli jingli2 jingli3 yewu",
    "import": TABLE["orders"]["import"],
}
# CHURN, S-26: an account manager sees and acts on his own, a supervisor on those of his people; a department head and
# the management look on. y1 y2 y3: of customers of jingli, jingli2, jingli3 · yp: postponed by jingli
# yc: confirmed by jingli, its customer is churned · yx: its customer lies in the bin
TABLE["churn-alerts"] = {
    "objects": "y1 y2 y3 yp yc yx --",
    "view": """
            admin    +++++..
            gaoguan  +++++..
            zhuguan  ++.++..
            bumen    ..+....
            jingli   +..++..
            jingli2  .+.....
            jingli3  ..+....
        """,
    "postpone": """
            zhuguan  ++.+9..
            jingli   +..+9..
            jingli2  .+.....
            jingli3  ..+....
        """,
    "confirm": """
            zhuguan  99.+9..
            jingli   9..+9..
            jingli2  .9.....
            jingli3  ..9....
        """,
    "list": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
    "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
}
# z1 z2 z3: of customers of jingli, jingli2, jingli3 · zc: of yc · zd: of yx
TABLE["churn-measures"] = {
    "objects": "z1 z2 z3 zc zd --",
    "view": """
            admin    ++++..
            gaoguan  ++++..
            zhuguan  ++.+..
            bumen    ..+...
            jingli   +..+..
            jingli2  .+....
            jingli3  ..+...
        """,
    "list": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
    "export": "admin gaoguan zhuguan bumen jingli jingli2 jingli3",
}

# Which act of the table each kind of address is, after the name of the resource. `verb` stands for every declared verb.
PAGES = {
    "": "list",
    "count/": "list",
    "stats/": "list",
    "export/": "export",
    "export.csv": "export",
    "export.xlsx": "export",
    "print/": "export",
    "sums/": "list",
    "where/": "list",
    "columns/": "list",
    "views/new/": "list",
    "views/<int:pk>/edit/": "list",  # of one's own views; others do not exist
    "views/<int:pk>/delete/": "list",
    "batch/": "list",
    "batch/update/": "update",  # the outcome for each record stands in the answer
    "batch/delete/": "delete",
    "batch/restore/": "restore",
    "batch/purge/": "purge",
    "batch/export/": "export",
    "batch/print/": "export",
    "batch/<verb>/": "<verb>",
    "import/": "import",
    "import/template.csv": "import",
    "import/template.xlsx": "import",
    "import/<int:pk>/": "import",  # one's own; another's does not exist
    "import/<int:pk>/check/": "import",
    "import/<int:pk>/result/": "import",
    "import/<int:pk>/errors/": "import",
    "import/<int:pk>/undo/": "import",
    "new/": "create",
    "choices/<slug:field>/": "list",
    "<int:pk>/": "view",
    "<int:pk>/timeline/": "view",
    "<int:pk>/print/": "view",
    "<int:pk>/report/": "view",
    "<int:pk>/edit/": "update",
    "<int:pk>/delete/": "delete",
    "<int:pk>/restore/": "restore",
    "<int:pk>/purge/": "purge",
    "<int:pk>/<verb>/": "<verb>",
}
OPERATIONS = {  # of the API
    ("get", ""): "list",
    ("post", ""): "create",
    ("get", "/{id}"): "view",
    ("patch", "/{id}"): "update",
    ("delete", "/{id}"): "delete",
    ("post", "/{id}/restore"): "restore",
    ("post", "/{id}/purge"): "purge",
    ("post", "/{id}/<verb>"): "<verb>",
}


def report_paths(home: str) -> list[str]:
    """The addresses of a report: its page, its files, its sheet of paper."""
    return [home, *(f"{home}{more}" for more in ("print/", "export.csv", "export.xlsx"))]


CARRIES_FEEDBACK = "admin gaoguan zhuguan bumen jingli jingli2 jingli3"
HEARS_FEEDBACK = EVERYBODY  # anybody may be asked to look into a complaint

# Everything that is no Resource: address, method, who gets in (all others 403), and what to send.
# {own} and {other} are a token, notice or errand of the person, and of somebody else; the latter does not exist (404).
ONE_OFF: list[tuple[str, str, str, str]] = [
    ("get", "", EVERYBODY, "+"),
    ("get", "help/", EVERYBODY, "+"),
    ("get", "profile/", EVERYBODY, "+"),
    ("get", "password/", EVERYBODY, "+"),
    ("post", "password/", EVERYBODY, "2"),  # with a wrong old password
    ("post", "profile/tokens/new/", EVERYBODY, "2"),  # without a password
    ("get", "administration/", "admin", "+"),
    ("get", "roles/templates/", "admin", "+"),
    ("post", "roles/templates/three-audit/", "admin", "+"),
    ("post", "roles/templates/three-system/", "admin", "+"),
    ("post", "roles/templates/three-security/", "admin", "+"),
    ("post", "profile/tokens/{own_token}/revoke/", EVERYBODY, "+"),
    ("post", "profile/tokens/{other_token}/revoke/", EVERYBODY, "."),
    ("post", "preferences/theme/", EVERYBODY, "+"),
    ("post", "preferences/language/", EVERYBODY, "+"),
    ("post", "preferences/density/", EVERYBODY, "+"),
    ("get", "notices/", EVERYBODY, "+"),
    ("get", "customers/changes/", EVERYBODY, "+"),
    ("get", "users/pick/", EVERYBODY, "+"),
    ("get", "recycle-bin/", EVERYBODY, "+"),
    ("get", "notices/bell/", EVERYBODY, "+"),
    ("post", "notices/read/", EVERYBODY, "+"),
    (
        "post",
        "at-hand/opened/",
        EVERYBODY,
        "+",
    ),  # whose record is noted and told: liuke/workspace/tests/test_at_hand.py
    ("post", "at-hand/starred/", EVERYBODY, "+"),
    ("post", "notices/{own_notice}/open/", EVERYBODY, "+"),
    ("post", "notices/{other_notice}/open/", EVERYBODY, "."),
    ("get", "search/", EVERYBODY, "+"),  # who sees what in it: tests/test_search_everywhere.py
    ("get", "search/suggestions/", EVERYBODY, "+"),
    ("get", "palette/", EVERYBODY, "+"),
    ("get", "errands/", EVERYBODY, "+"),
    ("post", "errands/{own_errand}/cancel/", EVERYBODY, "+"),
    ("post", "errands/{other_errand}/cancel/", EVERYBODY, "."),
    ("get", "errands/{own_errand}/file/", EVERYBODY, "."),  # it has none yet; with one in liuke/core/tests/test_errands
    ("get", "errands/{other_errand}/file/", EVERYBODY, "."),
    ("get", "customers/similar/", "admin zhuguan bumen jingli jingli2 jingli3", "+"),  # who enters customers
    ("get", "customers/check/", SALES, "+"),
    ("post", "customers/check/", SALES, "2"),  # an empty question; whole ones in liuke/customers/tests
    *(("get", path, EVERYBODY, "+") for path in report_paths("customers/statistics/")),
    *(("get", path, EVERYBODY, "+") for path in report_paths("contacts/statistics/")),
    *(("get", path, EVERYBODY, "+") for path in report_paths("complaints/statistics/")),
    *(("get", path, EVERYBODY, "+") for path in report_paths("follow-up-visits/statistics/")),
    # matrix 2.2, rows "Four analyses" and "Decision analysis"
    *(
        ("get", path, "gaoguan zhuguan bumen", "+")
        for name in ("churn", "composition", "contribution", "funnel", "service")
        for path in (*report_paths(f"reports/{name}/"), f"api/v1/reports/{name}")
    ),
    # the feedback list: whoever sees one of its sources; a task of an entry in liuke/service/tests/test_feedback.py
    *(
        ("get", path, HEARS_FEEDBACK if path == "feedback/" else CARRIES_FEEDBACK, "+")
        for path in report_paths("feedback/")
    ),
    ("get", "api/v1/feedback", HEARS_FEEDBACK, "+"),
    ("get", "feedback/{missing}/{missing}/task/", HEARS_FEEDBACK, "."),
    ("post", "feedback/{missing}/{missing}/task/", HEARS_FEEDBACK, "."),
    ("post", "api/v1/feedback/{missing}/{missing}/task", HEARS_FEEDBACK, "."),
    ("get", "service/assign/", "zhuguan bumen jingli jingli2 jingli3 yewu kefu", "+"),
    ("get", "service/queues/", EVERYBODY, "+"),
    ("get", "service/caller/", "zhuguan jingli jingli2 jingli3 yewu kefu", "+"),  # who enters requests
    ("get", "service/goods/", FINDS_PRODUCTS, "+"),
    ("post", "service/similar/", EVERYBODY, "+"),  # who is offered what: liuke/service/tests/test_similar.py
    ("get", "service/similar/{missing}/", EVERYBODY, "."),
    ("post", "service/read/{missing}/", EVERYBODY, "."),
    ("get", "service/handle/", EVERYBODY, "+"),
    ("get", "service/feedback/", EVERYBODY, "+"),
    ("get", "profile/second-factor/", EVERYBODY, "+"),
    ("post", "profile/second-factor/", EVERYBODY, "2"),  # set up in tests/test_second_factor.py
    ("post", "profile/sessions/end/", EVERYBODY, "+"),
    ("post", "profile/sessions/{missing}/end/", EVERYBODY, "."),
    ("post", "users/{missing}/sessions/{missing}/end/", "admin", "."),
    ("post", "users/{missing}/tokens/{missing}/revoke/", "admin", "."),
    ("get", "settings/", "admin", "+"),
    ("post", "settings/", "admin", "2"),  # an empty form; a whole one in liuke/base/tests
    ("post", "roles/{role}/grants/", "admin", "+"),
    ("post", "roles/{missing}/grants/", "admin", "."),
    ("post", "roles/{role}/preview/", "admin", "+"),
    ("post", "roles/{missing}/preview/", "admin", "."),
    ("post", "roles/preview/leave/", EVERYBODY, "+"),
    ("get", "access/{missing}/{missing}/", "admin", "."),  # what it tells: tests/test_why.py
    ("get", "roles/{role}/fields/", "admin", "+"),
    ("get", "roles/{missing}/fields/", "admin", "."),
    ("post", "roles/{role}/fields/", "admin", "+"),
    ("post", "roles/{missing}/fields/", "admin", "."),
    ("get", "jobs/", "admin", "+"),
    ("get", "monitor/", "admin", "+"),
    ("get", "audit/", "admin", "+"),
    ("get", "audit/export.csv", "admin", "+"),
    ("get", "audit/export.xlsx", "admin", "+"),
    ("post", "audit/verify/", "admin", "+"),
    ("get", "backups/", "admin", "+"),
    ("post", "backups/make/", "admin", "+"),
    ("get", "backups/clear/", "admin", "+"),
    ("post", "backups/clear/", "admin", "2"),  # without the word
    ("get", "backups/{missing}/", "admin", "."),
    ("get", "backups/{missing}/restore/", "admin", "."),
    ("post", "backups/{missing}/restore/", "admin", "."),
    ("post", "churn-alerts/check/", "admin", "+"),
    ("post", "jobs/plan-overdue/run/", "admin", "+"),
    ("post", "jobs/no-such-job/run/", "admin", "."),
    ("post", "jobs/clear-house/run/", "admin", "."),  # asked back on its own page
    ("post", "jobs/restore-backup/run/", "admin", "."),
    ("get", "sales-system/", "admin", "+"),
    ("post", "sales-system/test/", "admin", "2"),  # there is no mapping; with one in liuke/integrations
    ("get", "sales-system/preview/", "admin", "+"),
    ("get", "sales-system/tables/", "admin", "+"),
    ("post", "sales-system/run/", "admin", "+"),
    ("get", "sales-system/customers/", "admin", "+"),
    ("get", "sales-system/customers/{missing}/link/", "admin", "."),
    ("post", "sales-system/customers/{missing}/create/", "admin", "."),
    ("post", "sales-system/customers/{missing}/ignore/", "admin", "."),
    ("post", "sales-system/customers/{missing}/heed/", "admin", "."),
    ("post", "api/v1/sales-system/push", "admin", "9"),  # orders are kept here; taken in liuke/integrations
    ("get", "api/v1/openapi.json", EVERYBODY, "+"),  # asks for a token
    ("get", "api/v1/nothing-of-the-kind", EVERYBODY, "."),
]
SIGNING = ("login/", "login/code/", "logout/", "relogin/")  # tried in test_signing.py and test_second_factor.py
BY_LINK = ("call-back/<str:word>/",)  # for customers, who do not sign in; tried in liuke/service/tests/test_visits.py

# Files of a record (CUST-18, DOC-02): who sees the record fetches them, who may change it adds some; removed and put
# back they are by who may change the record (and by whoever put them there). Signs as above, for the records of TABLE;
# each has one file, which none of these people has put there.
FILES: dict[str, dict[str, str]] = {
    # c1 c2 c3: of jingli, jingli2, jingli3 · ch: churned, read-only · cd: deleted
    "customers": {
        "objects": "c1 c2 c3 ch cd --",
        "fetch": f"{EVERYBODY} ++++..",
        "add": """
            zhuguan  ++x9..
            bumen    xx+x..
            jingli   +xx9..
            jingli2  x+xx..
            jingli3  xx+x..
        """,
    },
    # go with their customer; kd: deleted · kc: its customer is deleted
    "contacts": {
        "objects": "k1 k2 k3 kh kd kc --",
        "fetch": f"{EVERYBODY} ++++...",
        "add": """
            zhuguan  ++x9...
            bumen    xx+x...
            jingli   +xx9...
            jingli2  x+xx...
            jingli3  xx+x...
        """,
    },
    # ty: by yewu at c1 · th: of ch, who is churned · td: deleted · tc: of cd, which is deleted
    "interactions": {
        "objects": "t1 t2 t3 ty th td tc --",
        "fetch": f"{EVERYBODY} +++++...",
        "add": """
            zhuguan  ++x+9...
            bumen    xx+xx...
            jingli   +xx+9...
            jingli2  x+xxx...
            jingli3  xx+xx...
        """,
    },
    # as OPP-13 and OPP-14: unassigned ones are open to sales, then assignee and superiors; closed ones stay as they are
    "opportunities": {
        "objects": "u1 uy a1 a3 w1 d1 --",
        "fetch": """
            gaoguan  +++++..
            zhuguan  +++.+..
            bumen    ++.+...
            jingli   +++.+..
            jingli2  ++.....
            jingli3  ++.+...
            yewu     ++.....
            shichang ++.....
        """,
        "add": """
            gaoguan  xx++9..
            zhuguan  +++.9..
            bumen    ++.+...
            jingli   +++.9..
            jingli2  ++.....
            jingli3  ++.+...
            yewu     x+.....
        """,
    },
    # as the table above; archived ones stay as they are
    "service-requests": {
        "objects": "e1 gk gy he va ed --",
        "fetch": """
            admin    ....+..
            gaoguan  +++++..
            zhuguan  +++++..
            bumen    ..+.+..
            jingli   ++.++..
            jingli2  ....+..
            jingli3  ..+.+..
            yewu     ..+....
            shichang .......
            kefu     +++++..
        """,
        "add": """
            zhuguan  ++++9..
            jingli   ++.+9..
            yewu     ..+....
            jingli3  ..+.x..
            kefu     x+++9..
        """,
    },
    # j1: a draft of jingli · jr jw: released, withdrawn, of jingli · jx: deleted
    "knowledge-articles": {
        "objects": "j1 jr jw jx --",
        "fetch": """
            admin    .+...
            gaoguan  .+...
            zhuguan  +++..
            bumen    .+...
            jingli   +++..
            jingli2  .+...
            jingli3  .+...
            yewu     .+...
            shichang .+...
            kefu     +++..
        """,
        "add": """
            zhuguan  +++..
            jingli   +x+..
            kefu     +++..
        """,
    },
}
FILES["complaints"] = {  # as the table above; closed ones stay as they are
    "objects": "ts1 ts3 tsc tsd --",
    "fetch": """
            admin    +++..
            gaoguan  +++..
            zhuguan  +++..
            bumen    .+...
            jingli   +.+..
            jingli2  .....
            jingli3  .+...
            yewu     .+...
            shichang .....
            kefu     +++..
        """,
    "add": """
            zhuguan  ++9..
            bumen    .+...
            jingli   +.9..
            jingli2  .....
            jingli3  .+...
            yewu     .+...
            kefu     ++9..
        """,
}
for _files in FILES.values():
    _files["remove"] = _files["restore"] = _files["add"]
