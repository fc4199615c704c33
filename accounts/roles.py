"""What each role may do. The only place where roles become permissions.

``app.verb_noun`` names a kind of act; which rows it may touch is said by ``visible_to`` of each queryset. ``view_``,
``add_`` and ``change_`` names are also what the office's desk asks for its lists and forms.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICE = "office", _("labour office expert")
    OFFICE_HEAD = "office_head", _("head of the labour office")
    BANK_OFFICER = "bank_officer", _("bank officer")
    AGENCY_USER = "agency_user", _("agency user")
    GROUP_MEMBER = "group_member", _("working group member")
    OPERATOR = "operator", _("phone operator")
    INSPECTOR = "inspector", _("field inspector")
    SUPERVISOR = "supervisor", _("provincial supervisor")
    ADMIN = "admin", _("technical administrator")


OFFICE_ROLES = frozenset({Role.OFFICE, Role.OFFICE_HEAD, Role.ADMIN})

_READ_PROGRAMME = {
    "quotas.view_summary",
    "quotas.view_programme",
    "quotas.view_creditnotice",
    "quotas.view_creditpool",
    "quotas.view_creditmovement",
    "quotas.view_commitment",
    "quotas.view_jobquota",
    "applicants.view_applicant",
    "applicants.view_application",
    "applicants.view_businessline",
    "applicants.view_inquiry",
    "applicants.view_supportedworker",
    "applicants.view_importedlist",
    "working_group.view_member",
    "working_group.view_meeting",
    "banks.view_referral",
    "banks.view_disbursement",
    "employment_tracking.view_jobrecord",
    "employment_tracking.view_campaign",
    "employment_tracking.view_verificationcase",
    "audit.view_history",
    "background.view_backgroundtask",
}
_STOP_SENDING = {"messaging.view_sendingpause", "messaging.change_sendingpause"}
_OFFICE = (
    _READ_PROGRAMME
    | _STOP_SENDING
    | {
        "messaging.view_outboundmessage",
        "messaging.view_inboundmessage",
        "messaging.change_inboundmessage",
        "messaging.view_messagetemplate",
        "messaging.change_messagetemplate",
        "messaging.view_sendingrules",
        "messaging.add_sendingrules",
        "messaging.change_sendingrules",
        "messaging.view_optout",
        "accounts.view_executiveagency",
        "accounts.view_bank",
        "accounts.view_branch",
        "accounts.view_county",
        "accounts.add_branch",
        "accounts.change_branch",
        "accounts.change_executiveagency",
        "quotas.change_programme",
        "quotas.record_notice",
        "quotas.add_jobquota",
        "quotas.change_jobquota",
        "applicants.add_applicant",
        "applicants.change_applicant",
        "applicants.add_application",
        "applicants.change_application",
        "applicants.add_businessline",
        "applicants.change_businessline",
        "applicants.add_inquiry",
        "applicants.change_inquiry",
        "applicants.add_supportedworker",
        "applicants.change_supportedworker",
        "applicants.import_list",
        "applicants.assess_application",
        "working_group.add_member",
        "working_group.change_member",
        "working_group.attend_meeting",
        "working_group.prepare_meeting",
        "working_group.add_meeting",
        "working_group.change_meeting",
        "working_group.decide",
        "banks.issue_referral",
        "employment_tracking.add_jobrecord",
        "employment_tracking.change_jobrecord",
        "employment_tracking.import_jobs",
        "employment_tracking.import_known_workers",
        "employment_tracking.view_claimdispute",
        "employment_tracking.decide_claim",
        "employment_tracking.view_recordflag",
        "employment_tracking.remind_agency",
        "employment_tracking.run_campaign",
        "employment_tracking.reopen_case",
        "employment_tracking.assign_inspector",
    }
)

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OFFICE: frozenset(_OFFICE),
    Role.OFFICE_HEAD: frozenset(_OFFICE | {"working_group.sign_minutes", "working_group.promote_reserve"}),
    Role.BANK_OFFICER: frozenset({"banks.view_own_referrals", "banks.answer_referral"}),
    Role.AGENCY_USER: frozenset(
        {
            "employment_tracking.view_own_jobs",
            "employment_tracking.register_own_job",
            "employment_tracking.import_own_jobs",
            "applicants.view_own_applications",
        }
    ),
    Role.GROUP_MEMBER: frozenset({"working_group.attend_meeting", "quotas.view_summary"}),
    Role.OPERATOR: frozenset({"employment_tracking.make_calls"}),
    Role.INSPECTOR: frozenset(),
    Role.SUPERVISOR: frozenset(
        {
            "oversight.supervise",
            "quotas.view_summary",
            "working_group.attend_meeting",
            "employment_tracking.view_campaign",
            "employment_tracking.view_verificationcase",
            "employment_tracking.reopen_case",
        }
    ),
    Role.ADMIN: frozenset(
        {
            "quotas.view_summary",
            "audit.view_auditentry",
            "audit.view_history",
            "background.view_backgroundtask",
            *_STOP_SENDING,
            *(
                f"accounts.{verb}_{model}"
                for verb in ("view", "add", "change")
                for model in ("user", "roleassignment", "county", "executiveagency", "bank", "branch")
            ),
        }
    ),
}
