"""Where every address leads. Each app keeps its own ``urls.py``; this page only joins them."""

from django.contrib import admin
from django.urls import include, path

from abarkuh_loans import health
from abarkuh_loans.metrics import metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("accounts.urls")),
    path("api/v1/", include("abarkuh_loans.api_urls")),
    path("lists/", include("applicants.urls")),
    path("agency/", include("employment_tracking.urls")),
    path("", include("employment_tracking.call_urls")),
    path("", include("banks.urls")),
    path("", include("demo.urls")),
    path("", include("tracking.urls")),
    path("", include("working_group.urls")),
    path("hooks/sms/", include("messaging.urls")),
    path("oversight/", include("oversight.urls")),
    path("admin/", include("employment_tracking.desk_urls")),
    path("admin/", admin.site.urls),
]
