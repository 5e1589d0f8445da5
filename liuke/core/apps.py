from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "liuke.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("resources")
        from liuke.core import batches, exports, planner, watching, written  # noqa: F401  every process knows every kind of errand
        from liuke.core.imports import running, undoing  # noqa: F401
        from liuke.core.reports import files  # noqa: F401
        from liuke.core.search.index import keep_up

        connection_created.connect(planner.settle)
        post_migrate.connect(watching.watch_tables, sender=self)
        written.follow(keep_up)
