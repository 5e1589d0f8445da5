from django.apps import AppConfig


class SalesSystemConfig(AppConfig):
    name = "liuke.integrations.sales_system"
    label = "sales_system"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs  # noqa: F401  a person may ask for a reading before anything else looks for jobs
