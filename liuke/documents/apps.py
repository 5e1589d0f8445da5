from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "liuke.documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .kinds import declare_options

        declare_options()
