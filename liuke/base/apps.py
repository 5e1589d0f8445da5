from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "liuke.base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liuke.base import custom_store, reindexing, settings  # noqa: F401  search follows from now on

        settings.declare()
        custom_store.sign_in()
        settings.declare_required()  # core, which is made ready first, has found all resources
