from django.urls import path

from .views import check_now

urlpatterns = [path("churn-alerts/check/", check_now)]
