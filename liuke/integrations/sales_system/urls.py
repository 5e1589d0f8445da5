from django.urls import path

from liuke.core.api.door import api

from . import views
from .customers_page import customer_urls
from .push import push

urlpatterns = [
    path("sales-system/", views.home_page),
    path("sales-system/test/", views.test_connection),
    path("sales-system/preview/", views.preview_page),
    path("sales-system/tables/", views.tables_page),
    path("sales-system/run/", views.run_now),
    *customer_urls,
    path("api/v1/sales-system/push", api({"POST": push})),
]
