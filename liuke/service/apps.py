from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "liuke.service"
    default_auto_field = "django.db.models.BigAutoField"
