from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "liuke.commerce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import cards, listeners  # noqa: F401  totals follow whatever is written
