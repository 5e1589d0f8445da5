from django.urls import path

from .changes import changes_page
from .checking import check_page, similar_part
from .dossier import dossier_page
from .views import life_part

urlpatterns = [
    path("customers/changes/", changes_page),
    path("customers/similar/", similar_part),
    path("customers/check/", check_page),
    path("customers/<int:pk>/timeline/", life_part),
    path("customers/<int:pk>/print/", dossier_page),
]
