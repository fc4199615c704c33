"""The office's pages of quotas and pace, beside the lists of its desk."""

from django.urls import path

from employment_tracking.views import loans, pace, reminders

urlpatterns = [
    path("pace/", pace.pace_board, name="pace-board"),
    path("pace/excel/", pace.pace_export, name="pace-export"),
    path("pace/reminders/", reminders.reminder_list, name="reminder-list"),
    path("pace/reminders/new/", reminders.reminder_new, name="reminder-new"),
    path("pace/reminders/check/", reminders.reminder_check, name="reminder-check"),
    path("pace/reminders/issue/", reminders.reminder_issue, name="reminder-issue"),
    path("loans-without-job/", loans.office_loans, name="loans-without-job"),
    path("loans-without-job/excel/", loans.office_loans_export, name="loans-without-job-export"),
]
