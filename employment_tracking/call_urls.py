"""The operators' desk, and the page on which a called person checks the call."""

from django.urls import path

from employment_tracking.views import calls, genuine

urlpatterns = [
    path("calls/", calls.call_desk, name="call-desk"),
    path("calls/next/", calls.call_next, name="call-next"),
    path("calls/<int:pk>/record/", calls.call_record, name="call-record"),
    path("calls/<int:pk>/renew/", calls.call_renew, name="call-renew"),
    path("calls/<int:pk>/release/", calls.call_release, name="call-release"),
    path("calls/attempts/<int:pk>/correct/", calls.call_correct, name="call-correct"),
    path("verify/call/", genuine.call_verify, name="call-verify"),
]
