from django.urls import path

from working_group.views import decisions, meetings, reserve, signing

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting-list"),
    path("meetings/new/", meetings.meeting_new, name="meeting-new"),
    path("meetings/reserve/", reserve.reserve_list, name="reserve-list"),
    path("meetings/reserve/<int:pk>/promote/", reserve.reserve_promote, name="reserve-promote"),
    path("meetings/reserve/<int:pk>/condition-met/", reserve.condition_meet, name="condition-meet"),
    path("meetings/<int:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<int:pk>/describe/", meetings.meeting_describe, name="meeting-describe"),
    path("meetings/<int:pk>/prepare/", meetings.meeting_prepare, name="meeting-prepare"),
    path("meetings/<int:pk>/attendance/", meetings.meeting_attendance, name="meeting-attendance"),
    path("meetings/<int:pk>/open/", meetings.meeting_open, name="meeting-open"),
    path("meetings/<int:pk>/take-up/", meetings.name_take_up, name="name-take-up"),
    path("meetings/<int:pk>/names/<int:item_pk>/", decisions.name_detail, name="name-detail"),
    path("meetings/<int:pk>/names/<int:item_pk>/decide/", decisions.name_decide, name="name-decide"),
    path("meetings/<int:pk>/names/<int:item_pk>/interest/", decisions.interest_declare, name="interest-declare"),
    path("meetings/<int:pk>/names/<int:item_pk>/remove/", meetings.name_remove, name="name-remove"),
    path("meetings/<int:pk>/approve-unflagged/", decisions.unflagged_approve, name="unflagged-approve"),
    path("meetings/<int:pk>/reserve-below-line/", decisions.below_line_reserve, name="below-line-reserve"),
    path("meetings/<int:pk>/sign-check/", signing.sign_check, name="sign-check"),
    path("meetings/<int:pk>/sign/", signing.meeting_sign, name="meeting-sign"),
    path("meetings/<int:pk>/minutes/", signing.minutes_print, name="minutes-print"),
    path("meetings/<int:pk>/minutes.pdf", signing.minutes_pdf, name="minutes-pdf"),
]
