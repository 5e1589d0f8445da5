"""What stands in the menu of the workspace: its entries, and its one entity, the tasks."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuke.core import grantable, menu

from . import administration, administration_states, handing, tasks  # noqa: F401  signed in from now on

menu.declare_group("workspace", _("Workspace"), "layout-dashboard", 10)
menu.declare_entry("workspace", 1, _("Home"), "/", "home", lambda user: True)
menu.declare_entry("workspace", 5, _("Notices"), "/notices/", "bell", lambda user: True)
menu.declare_entry("workspace", 6, _("Task centre"), "/errands/", "progress-check", lambda user: True)
grantable.declare("jobs", _("Jobs"), ("view", "run"))
menu.declare_entry("admin", 91, _("Jobs"), "/jobs/", "clock-play", lambda user: user.reach("jobs", "view") is not None)
grantable.declare("monitor", _("Monitor"), ("view",))
menu.declare_entry(
    "admin", 90, _("Monitor"), "/monitor/", "activity", lambda user: user.reach("monitor", "view") is not None
)
grantable.declare("backups", _("Backups"), ("view", "create", "fetch", "restore", "clear"))
menu.declare_entry(
    "admin", 92, _("Backups"), "/backups/", "database-export", lambda user: user.reach("backups", "view") is not None
)
grantable.declare("audit", _("Audit log"), ("view", "export", "verify"))
menu.declare_entry(
    "admin", 93, _("Audit log"), "/audit/", "shield-check", lambda user: user.reach("audit", "view") is not None
)
menu.declare_entry(
    "admin", 1, pgettext_lazy("menu", "Administration area"), administration.HERE, "adjustments", administration.manages
)
