from django.urls import path

from . import views
from .jobs_page import job_urls
from .notices import notice_urls

urlpatterns = [path("", views.home), path("help/", views.help_page), *notice_urls, *job_urls]
