from django.urls import path

from . import views
from .administration import administration_urls
from .at_hand import at_hand_urls
from .audit_page import audit_urls
from .backups_page import backup_urls
from .errands import errand_urls
from .jobs_page import job_urls
from .monitor_page import monitor_urls
from .notices import notice_urls

urlpatterns = [
    path("", views.home),
    path("help/", views.help_page),
    *administration_urls,
    *notice_urls,
    *errand_urls,
    *job_urls,
    *monitor_urls,
    *backup_urls,
    *audit_urls,
    *at_hand_urls,
]
