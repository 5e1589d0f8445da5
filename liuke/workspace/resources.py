"""The workspace has no entity of its own yet; it signs its entries into the menu."""

from django.utils.translation import gettext_lazy as _

from liuke.core import grantable, menu

menu.declare_group("workspace", _("Workspace"), "layout-dashboard", 10)
menu.declare_entry("workspace", 1, _("Home"), "/", "home", lambda user: True)
menu.declare_entry("workspace", 2, _("Notices"), "/notices/", "bell", lambda user: True)
menu.declare_entry("workspace", 3, _("Task centre"), "/errands/", "progress-check", lambda user: True)
grantable.declare("jobs", _("Jobs"), ("view", "run"))
menu.declare_entry("admin", 91, _("Jobs"), "/jobs/", "clock-play", lambda user: user.reach("jobs", "view") is not None)
