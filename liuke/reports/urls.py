from django.urls import path

from .views import management_print

urlpatterns = [path("management-reports/<int:pk>/print/", management_print)]
