from django.urls import include, path

urlpatterns = [
    path("", include("liuke.accounts.urls")),
    path("", include("liuke.base.urls")),
    path("", include("liuke.workspace.urls")),
    path("", include("liuke.documents.urls")),
    path("", include("liuke.customers.urls")),
    path("", include("liuke.reports.urls")),
    path("", include("liuke.retention.urls")),
    path("", include("liuke.service.urls")),
    path("", include("liuke.integrations.sales_system.urls")),
    path("", include("liuke.core.urls")),  # asks the register; last, because its patterns are the widest
]

handler400 = "liuke.core.errors.bad_request"
handler403 = "liuke.core.errors.forbidden"
handler404 = "liuke.core.errors.not_found"
handler500 = "liuke.core.errors.server_error"
