"""The office's pages of quotas, pace and verification, beside the lists of its desk."""

from django.urls import path

from employment_tracking.views import campaigns, cases, loans, pace, reminders

urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign-detail"),
    path("campaigns/<int:pk>/start/", campaigns.campaign_start, name="campaign-start"),
    path("campaigns/<int:pk>/pause/", campaigns.campaign_pause, name="campaign-pause"),
    path("campaigns/<int:pk>/resume/", campaigns.campaign_resume, name="campaign-resume"),
    path("campaigns/<int:pk>/end/", campaigns.campaign_end, name="campaign-end"),
    path("campaigns/<int:pk>/cases/", cases.cases_of_campaign, name="case-list"),
    path("campaigns/<int:pk>/cases/excel/", cases.cases_export, name="case-export"),
    path("campaigns/cases/<int:pk>/", cases.case_detail, name="case-detail"),
    path("campaigns/cases/<int:pk>/reopen/", cases.case_reopen, name="case-reopen"),
    path("campaigns/visits/", cases.queue, name="field-queue"),
    path("campaigns/visits/assign/", cases.queue_assign, name="field-assign"),
    path("pace/", pace.pace_board, name="pace-board"),
    path("pace/excel/", pace.pace_export, name="pace-export"),
    path("pace/reminders/", reminders.reminder_list, name="reminder-list"),
    path("pace/reminders/new/", reminders.reminder_new, name="reminder-new"),
    path("pace/reminders/check/", reminders.reminder_check, name="reminder-check"),
    path("pace/reminders/issue/", reminders.reminder_issue, name="reminder-issue"),
    path("loans-without-job/", loans.office_loans, name="loans-without-job"),
    path("loans-without-job/excel/", loans.office_loans_export, name="loans-without-job-export"),
]
