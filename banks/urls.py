"""Addresses of the office's inquiries and referrals and of the bank's desk."""

from django.urls import path

from banks.views import answers, bank_desk, inquiries, inquiry_answers, issue, payments, referrals

urlpatterns = [
    path("inquiries/", inquiries.inquiry_list, name="inquiry-list"),
    path("inquiries/ask/", inquiries.inquiry_ask, name="inquiry-ask"),
    path("inquiries/answers/", inquiry_answers.inquiry_answers, name="inquiry-answers"),
    path("inquiries/answers/record/", inquiry_answers.inquiry_answers_record, name="inquiry-answers-record"),
    path("inquiries/<int:pk>/answer/", inquiry_answers.inquiry_answer, name="inquiry-answer"),
    path("inquiries/<int:pk>/evidence/", inquiries.inquiry_evidence, name="inquiry-evidence"),
    path("inquiries/names/<int:application_pk>/", inquiries.inquiry_detail, name="inquiry-detail"),
    path("inquiries/names/<int:application_pk>/reject/", inquiries.inquiry_reject, name="inquiry-reject"),
    path("referrals/", referrals.referrals, name="referral-list"),
    path("referrals/export/", referrals.referrals_export, name="referral-export"),
    path("referrals/letters/", referrals.referral_letters, name="referral-letters"),
    path("referrals/ready/", issue.ready, name="referral-ready"),
    path("referrals/check/", issue.issue_check, name="referral-check"),
    path("referrals/issue/", issue.issue, name="referral-issue"),
    path("referrals/issued/<slug:key>/", issue.issued, name="referral-issued"),
    path("referrals/<int:pk>/", referrals.referral, name="referral-detail"),
    path("referrals/<int:pk>/letter/", referrals.referral_letter, name="referral-letter"),
    path("referrals/<int:pk>/cancel/", referrals.referral_cancel, name="referral-cancel"),
    path("bank/", bank_desk.inbox, name="bank-inbox"),
    path("bank/payable/", bank_desk.payable, name="bank-payable"),
    path("bank/paid/", bank_desk.paid, name="bank-paid"),
    path("bank/ended/", bank_desk.ended, name="bank-ended"),
    *[
        path(f"bank/export/{tab}/", bank_desk.export, {"tab": tab}, name=f"bank-export-{tab}")
        for tab in ("inbox", "payable", "paid", "ended")
    ],
    path("bank/confirm/", bank_desk.confirm_check, name="bank-confirm-check"),
    path("bank/confirm/all/", bank_desk.confirm_many, name="bank-confirm-many"),
    path("bank/confirmed/<slug:key>/", bank_desk.confirmed, name="bank-confirmed"),
    path("bank/referrals/<int:pk>/", answers.referral, name="bank-referral"),
    path("bank/referrals/<int:pk>/answer/", answers.referral_answer, name="bank-answer"),
    path("bank/referrals/<int:pk>/answered/", answers.answered, name="bank-answered"),
    path("bank/referrals/<int:pk>/take-back/", answers.referral_take_back, name="bank-take-back"),
    path("bank/referrals/<int:pk>/file/", answers.referral_file, name="bank-file"),
    path("bank/referrals/<int:pk>/payment/", payments.payment, name="payment-new"),
    path("bank/referrals/<int:pk>/payment/check/", payments.payment_check, name="payment-check"),
    path("bank/referrals/<int:pk>/payment/record/", payments.payment_record, name="payment-record"),
    path("bank/referrals/<int:pk>/payment/<int:number>/", payments.payment_done, name="payment-done"),
]
