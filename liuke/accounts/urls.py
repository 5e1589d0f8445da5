from django.urls import path

from . import views
from .access import access_page
from .picking import pick_page
from .preview import leave, start
from .role_templates import template_urls
from .signing import access_urls

urlpatterns = [
    path("login/", views.sign_in),
    *access_urls,
    path("logout/", views.sign_out),
    path("relogin/", views.sign_in_again),
    path("password/", views.own_password),
    path("profile/", views.profile),
    path("profile/tokens/new/", views.new_token),
    path("profile/tokens/<int:pk>/revoke/", views.revoke_token),
    path("preferences/theme/", views.set_preference, {"name": "theme"}),
    path("preferences/density/", views.set_preference, {"name": "density"}),
    path("preferences/language/", views.set_preference, {"name": "language"}),
    path("users/pick/", pick_page),
    path("roles/<int:pk>/preview/", start),
    path("roles/preview/leave/", leave),
    *template_urls,
    path("access/<slug:name>/<int:pk>/", access_page),
    path("roles/<int:pk>/grants/", views.save_grants),
    path("roles/<int:pk>/fields/", views.role_fields),
]
