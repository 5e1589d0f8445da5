"""Whether the tables are those this Liuke was written for."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.loader import MigrationLoader


def is_present() -> bool:
    """Whether the database has every migration of this Liuke, and none that it does not know. Raises db.Error."""
    loader = MigrationLoader(connection)
    ours = {name for name in loader.disk_migrations if name[0] in loader.migrated_apps}
    applied = {name for name in loader.applied_migrations if name[0] in loader.migrated_apps}
    return ours == applied
