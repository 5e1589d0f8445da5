from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "liuke.marketing"
    default_auto_field = "django.db.models.BigAutoField"
