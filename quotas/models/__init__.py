"""What the county was given and owes: the programme of a year, its credit, its job quotas."""

from quotas.models.credit import Commitment, CreditMovement, CreditNotice, CreditNoticeShare, CreditPool
from quotas.models.jobs import JobPlanMonth, JobQuota, JobQuotaNotice
from quotas.models.programme import (
    AgentBank,
    InquiryKind,
    LoanTerm,
    Programme,
    RankingCriterion,
    RequiredInquiry,
    Track,
    YearRule,
)

__all__ = [
    "AgentBank",
    "Commitment",
    "CreditMovement",
    "CreditNotice",
    "CreditNoticeShare",
    "CreditPool",
    "InquiryKind",
    "JobPlanMonth",
    "JobQuota",
    "JobQuotaNotice",
    "LoanTerm",
    "Programme",
    "RankingCriterion",
    "RequiredInquiry",
    "Track",
    "YearRule",
]
