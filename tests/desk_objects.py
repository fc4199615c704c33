"""For each model on the office's desk a row that belongs to a county."""

from audit.models import AuditEntry
from quotas.models import CreditMovement
from tests.world import World


def desk_object(world: World, label: str):
    """A row of that model which belongs to this county."""
    if label.startswith("messaging_"):
        return world.messages[label.removeprefix("messaging_")]
    own = {
        "accounts_bank": lambda: world.banks[0],
        "accounts_branch": lambda: world.branches[0],
        "accounts_county": lambda: world.county,
        "accounts_executiveagency": lambda: world.agencies[0],
        "accounts_user": lambda: world.users["operator"],
        "applicants_applicant": lambda: world.applications["new"].applicant,
        "applicants_application": lambda: world.applications["new"],
        "applicants_businessline": lambda: world.programme.business_lines(manager="everything").first(),
        "applicants_importedlist": lambda: world.lists["applicants"],
        "applicants_inquiry": lambda: world.inquiry,
        "audit_auditentry": lambda: AuditEntry.objects.of(world.applications["new"]).first(),
        "background_backgroundtask": lambda: world.lists["applicants"].task,
        "banks_disbursement": lambda: world.disbursement,
        "banks_referral": lambda: world.referrals[0],
        "employment_tracking_claimdispute": lambda: world.dispute,
        "employment_tracking_jobrecord": lambda: world.jobs[0],
        "employment_tracking_recordflag": lambda: world.jobs[0].flags(manager="everything").first(),
        "quotas_creditmovement": lambda: CreditMovement.everything.filter(pool__programme=world.programme).first(),
        "quotas_creditnotice": lambda: world.programme.credit_notices(manager="everything").first(),
        "quotas_creditpool": lambda: world.programme.pools(manager="everything").first(),
        "quotas_jobquota": lambda: world.programme.job_quotas(manager="everything").first(),
        "quotas_programme": lambda: world.programme,
        "working_group_meeting": lambda: world.meetings["planned"],
        "working_group_member": lambda: world.county.members(manager="everything").first(),
    }
    return own[label]()
