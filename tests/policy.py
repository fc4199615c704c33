"""Who may ask which address: the one table that the access matrix holds the whole site against.

A new address needs a line here, or the matrix fails. ``allowed`` names the principals who get an answer with their own
objects; everybody else is refused, and everybody gets 404 for an object that is not his.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.addresses import Address
from tests.desk_objects import desk_object
from tests.places import (
    application,
    approved_name,
    campaign,
    case,
    inquiry,
    job,
    job_paper,
    letter,
    meeting,
    message_text,
    name_on_agenda,
    own_call,
    payment,
    person_in_hand,
    referral,
    reminder,
    reserve_name,
    signed_meeting,
    uploaded_list,
)
from tests.world import World

PRINCIPALS = (
    "nobody",
    "head",
    "expert",
    "bank_officer",
    "branch_officer",
    "agency_user",
    "group_member",
    "operator",
    "inspector",
    "supervisor",
    "admin",
)
EVERYBODY = frozenset(PRINCIPALS)
SIGNED_IN = EVERYBODY - {"nobody"}
OFFICE = frozenset({"head", "expert"})
BANK = frozenset({"bank_officer", "branch_officer"})
OPERATOR = frozenset({"operator"})
DESK_PEOPLE = OFFICE | {"admin"}
NOBODY: frozenset[str] = frozenset()

Places = Callable[[World, int], dict]


@dataclass(frozen=True)
class Rule:
    """``places`` fills an address's places from a county; its number is 0 for one's own tenant, 1 for the colleague's.

    ``tenants``: principals for whom the colleague's object of the same county is foreign too. ``methods``: those that
    the allowed are sure to be answered. ``public``: rows that are nobody's own. ``fixed``: places that name no row.
    """

    allowed: frozenset[str]
    places: Places | None = None
    tenants: frozenset[str] = frozenset()
    methods: tuple[str, ...] = ("GET",)
    content_type: str = "application/x-www-form-urlencoded"
    skip: bool = False
    public: bool = False
    fixed: dict | None = None

    def objects(self, own: World, foreign: World, principal: str) -> Iterator[tuple[str, dict]]:
        if self.places is None:
            yield "own", self.fixed or {}
            return
        yield "own", self.places(own, 0)
        yield "own" if self.public else "foreign", self.places(foreign, 0)
        if principal in self.tenants:
            yield "foreign", self.places(own, 1)


def page(allowed, *methods: str, **more) -> Rule:
    return Rule(allowed=frozenset(allowed), methods=methods or ("GET",), **more)


def of_bank(*methods: str, **more) -> Rule:
    return Rule(allowed=BANK, places=referral, tenants=BANK, methods=methods, **more)


def of_office(places, *methods: str) -> Rule:
    return Rule(allowed=OFFICE, places=places, methods=methods)


def of_agency(places, *methods: str) -> Rule:
    return Rule(allowed=frozenset({"agency_user"}), places=places, tenants=frozenset({"agency_user"}), methods=methods)


def api(allowed, places=None, *methods: str, tenants=frozenset()) -> Rule:
    return Rule(
        allowed=frozenset(allowed), places=places, methods=methods, tenants=tenants, content_type="application/json"
    )


READERS = OFFICE | {"supervisor"}
MEETING_READERS = OFFICE | {"group_member", "supervisor"}
API_TENANTS = BANK | {"agency_user"}

POLICY: dict[str, Rule] = {
    # open to all
    "healthz": page(EVERYBODY),
    "readyz": page(EVERYBODY),
    "metrics": page(EVERYBODY),
    "login": page(EVERYBODY, "GET", "POST"),
    "logout": page(SIGNED_IN, "POST"),
    "landing": page(SIGNED_IN),
    "letter-verify": Rule(allowed=EVERYBODY, places=letter, public=True),
    "demo-clock": page(OFFICE, ""),
    # lists from Excel
    "list-index": page(OFFICE | {"agency_user"}),
    "list-upload": page(OFFICE | {"agency_user"}, "POST"),
    **{
        f"list-{act}": Rule(
            allowed=OFFICE | {"agency_user"}, places=uploaded_list, tenants=frozenset({"agency_user"}), methods=methods
        )
        for act, methods in {
            "detail": ("GET",),
            "register": ("POST",),
            "cancel": ("POST",),
            "take-back": ("POST",),
            "faulty-rows": (),
        }.items()
    },
    # agencies
    "agency-home": page({"agency_user"}),
    "agency-applications": page({"agency_user"}),
    "job-register": page({"agency_user"}, "GET", "POST"),
    **{f"job-{step}": page({"agency_user"}, "POST") for step in ("check", "edit", "claim")},
    "job-detail": of_agency(job, "GET"),
    "job-correct": of_agency(job, "GET", "POST"),
    "job-evidence": Rule(
        allowed=OFFICE | {"agency_user"}, places=job_paper, tenants=frozenset({"agency_user"}), methods=()
    ),
    "claim-list": page({"agency_user"}),
    "agency-pace": page({"agency_user"}),
    "agency-loans": page({"agency_user"}),
    "agency-loans-export": page({"agency_user"}),
    "reminder-letter": Rule(
        allowed=OFFICE | {"agency_user", "supervisor"}, places=reminder, tenants=frozenset({"agency_user"})
    ),
    # quotas and pace, the office's side
    "pace-board": page(OFFICE),
    "pace-export": page(OFFICE),
    "loans-without-job": page(OFFICE),
    "loans-without-job-export": page(OFFICE),
    "reminder-list": page(OFFICE),
    "reminder-new": page(OFFICE),
    "reminder-check": page(OFFICE, "POST"),
    "reminder-issue": page(OFFICE, "POST"),
    # the operators' desk
    "call-desk": page(OPERATOR),
    "call-next": page(OPERATOR, "POST"),
    **{
        f"call-{act}": Rule(allowed=OPERATOR, places=person_in_hand, tenants=OPERATOR, methods=("POST",))
        for act in ("record", "renew", "release")
    },
    "call-correct": Rule(allowed=OPERATOR, places=own_call, tenants=OPERATOR, methods=("GET", "POST")),
    "call-verify": page(EVERYBODY, "GET", "POST"),
    # verification
    "campaign-list": page(READERS),
    "campaign-new": page(OFFICE, "GET", "POST"),
    "campaign-detail": Rule(allowed=READERS, places=campaign),
    **{f"campaign-{verb}": of_office(campaign, "POST") for verb in ("start", "pause", "resume")},
    "campaign-end": of_office(campaign, "GET", "POST"),
    "case-list": Rule(allowed=READERS, places=campaign),
    "case-export": Rule(allowed=READERS, places=campaign),
    "case-detail": Rule(allowed=READERS, places=case),
    "case-reopen": Rule(allowed=READERS, places=case, methods=("POST",)),
    "field-queue": page(READERS),
    "field-assign": page(OFFICE, "POST"),
    # inquiries
    "inquiry-list": page(OFFICE),
    "inquiry-ask": page(OFFICE, "POST"),
    "inquiry-answers": page(OFFICE, "POST"),
    "inquiry-answers-record": page(OFFICE, "POST"),
    "inquiry-answer": of_office(inquiry, "GET", "POST"),
    "inquiry-evidence": Rule(allowed=OFFICE, places=inquiry, methods=()),
    "inquiry-detail": Rule(allowed=OFFICE, places=approved_name),
    "inquiry-reject": of_office(approved_name, "POST"),
    # referrals, the office's side
    "referral-list": page(OFFICE),
    "referral-export": page(OFFICE),
    "referral-letters": page(OFFICE, ""),
    "referral-ready": page(OFFICE),
    "referral-check": page(OFFICE, "POST"),
    "referral-issue": page(OFFICE, "POST"),
    "referral-issued": Rule(allowed=OFFICE, fixed={"key": "no-such-key"}, methods=()),
    "referral-detail": Rule(allowed=OFFICE, places=referral),
    "referral-letter": Rule(allowed=OFFICE | BANK, places=referral, tenants=BANK),
    "referral-cancel": of_office(referral, "POST"),
    # the banks' desk
    **{f"bank-{tab}": page(BANK) for tab in ("inbox", "payable", "paid", "ended")},
    **{f"bank-export-{tab}": page(BANK) for tab in ("inbox", "payable", "paid", "ended")},
    "bank-confirm-check": page(BANK, "POST"),
    "bank-confirm-many": page(BANK, "POST"),
    "bank-confirmed": Rule(allowed=BANK, fixed={"key": "no-such-key"}, methods=()),
    "bank-referral": of_bank("GET"),
    "bank-answer": of_bank("POST"),
    "bank-answered": of_bank("GET"),
    "bank-take-back": of_bank("POST"),
    "bank-file": of_bank("POST"),
    "payment-new": of_bank("GET"),
    "payment-check": of_bank("POST"),
    "payment-record": of_bank("POST"),
    "payment-done": Rule(allowed=BANK, places=payment, tenants=BANK, methods=()),
    # the working group
    "meeting-list": page(MEETING_READERS),
    "meeting-new": page(OFFICE, "GET", "POST"),
    "meeting-detail": Rule(allowed=MEETING_READERS, places=meeting),
    "meeting-describe": of_office(meeting, "GET", "POST"),
    "meeting-prepare": of_office(meeting, "POST"),
    "meeting-attendance": of_office(meeting, "GET", "POST"),
    "meeting-open": of_office(meeting, "POST"),
    "name-take-up": of_office(meeting, "GET", "POST"),
    "name-detail": Rule(allowed=MEETING_READERS, places=name_on_agenda),
    "name-decide": of_office(name_on_agenda, "POST"),
    "interest-declare": of_office(name_on_agenda, "POST"),
    "name-remove": of_office(name_on_agenda, "POST"),
    "unflagged-approve": of_office(meeting, "GET", "POST"),
    "below-line-reserve": of_office(meeting, "GET", "POST"),
    "sign-check": Rule(allowed=OFFICE, places=meeting),
    "meeting-sign": Rule(allowed=frozenset({"head"}), places=meeting, methods=("POST",)),
    "minutes-print": Rule(allowed=MEETING_READERS, places=signed_meeting),
    "minutes-pdf": Rule(allowed=MEETING_READERS, places=signed_meeting),
    "reserve-list": page(MEETING_READERS),
    "reserve-promote": Rule(allowed=frozenset({"head"}), places=reserve_name, methods=("POST",)),
    "condition-meet": of_office(reserve_name, "POST"),
    # the supervisor
    **{
        f"oversight-{name}": page({"supervisor"})
        for name in ("home", "applications", "referrals", "jobs", "pace", "loans")
    },
    "oversight-application": Rule(allowed=frozenset({"supervisor"}), places=application),
    "oversight-referral": Rule(allowed=frozenset({"supervisor"}), places=referral),
    "oversight-job": Rule(allowed=frozenset({"supervisor"}), places=job),
    # the API
    "api-schema": page(EVERYBODY),
    "api-docs": page(EVERYBODY),
    "api-nowhere": page(()),
    "api-programme-list": api(SIGNED_IN - {"operator", "inspector"}),
    "api-programme-detail": Rule(allowed=SIGNED_IN - {"operator", "inspector", "admin"}, fixed={"year": "1401"}),
    "api-programme-summary": Rule(allowed=OFFICE | {"group_member", "supervisor"}, fixed={"year": "1401"}),
    "api-application-list": api(READERS | {"agency_user"}),
    "api-application-detail": api(READERS | {"agency_user"}, application, "GET", tenants=frozenset({"agency_user"})),
    "api-referral-list": api(READERS | BANK, None, "GET"),
    "api-referral-detail": api(READERS | BANK, referral, "GET", tenants=BANK),
    "api-referral-answer": api(BANK, referral, "POST", tenants=BANK),
    "api-referral-payments": api(BANK, referral, "POST", tenants=BANK),
    "api-jobrecord-list": api(READERS | {"agency_user"}, None, "GET"),
    "api-jobrecord-detail": api(READERS | {"agency_user"}, job, "GET", tenants=frozenset({"agency_user"})),
    # the gateway's callbacks: 404 for everybody who does not know the secret
    "sms-delivery": Rule(allowed=NOBODY, fixed={"secret": "not-the-secret"}),
    "sms-inbound": Rule(allowed=NOBODY, fixed={"secret": "not-the-secret"}),
    # the office's desk: its own doors
    "admin:index": page(DESK_PEOPLE),
    "admin:login": page(EVERYBODY, "GET", "POST"),
    "admin:logout": page(SIGNED_IN, "POST"),
    "admin:password_change": page(DESK_PEOPLE, "GET", "POST"),
    "admin:password_change_done": page(DESK_PEOPLE),
    "admin:autocomplete": page(DESK_PEOPLE, ""),
    "admin:jsi18n": page(EVERYBODY),
    "admin:view_on_site": Rule(allowed=DESK_PEOPLE, fixed={"content_type_id": "1", "object_id": "1"}, methods=()),
    "admin:app_list": Rule(allowed=DESK_PEOPLE, fixed={"app_label": "applicants"}, methods=()),
    "admin:auth_user_password_change": Rule(allowed=frozenset({"admin"}), fixed={"id": "999999999"}, methods=()),
    "admin:applicants_application_act": Rule(allowed=OFFICE, fixed={"name": "return"}, methods=()),
    "admin:applicants_application_export": page(OFFICE),
    "admin:employment_tracking_claimdispute_act": Rule(allowed=OFFICE, fixed={"name": "keep"}, methods=()),
    "admin:messaging_inboundmessage_act": Rule(allowed=OFFICE, fixed={"name": "close"}, methods=()),
    "admin:messaging_messagetemplate_text": of_office(message_text, "GET", "POST"),
    "admin:messaging_messagetemplate_count": of_office(message_text, "POST"),
    "admin:messaging_sendingpause_resume": page(DESK_PEOPLE, "POST"),
    "admin:messaging_sendingpause_stop": page(DESK_PEOPLE, "POST"),
    "admin:employment_tracking_jobrecord_act": Rule(allowed=OFFICE, fixed={"name": "void"}, methods=()),
}

PEOPLE_DESK = frozenset({"admin"})
MESSAGE_MODELS = ("inboundmessage", "messagetemplate", "optout", "outboundmessage", "sendingrules")
# Who may open the list of each model on the desk; the row itself must moreover be of his county.
DESK: dict[str, frozenset[str]] = {
    "accounts_bank": DESK_PEOPLE,
    "accounts_branch": DESK_PEOPLE,
    "accounts_county": DESK_PEOPLE,
    "accounts_executiveagency": DESK_PEOPLE,
    "accounts_user": PEOPLE_DESK,
    "applicants_applicant": OFFICE,
    "applicants_application": OFFICE,
    "applicants_businessline": OFFICE,
    "applicants_importedlist": OFFICE,
    "applicants_inquiry": OFFICE,
    "audit_auditentry": PEOPLE_DESK,  # the whole trail; the office reads the history on each record
    "background_backgroundtask": DESK_PEOPLE,  # to each his own
    "banks_disbursement": OFFICE,
    "banks_referral": OFFICE,
    "employment_tracking_claimdispute": OFFICE,
    "employment_tracking_jobrecord": OFFICE,
    "employment_tracking_recordflag": OFFICE,
    **{f"messaging_{model}": OFFICE for model in MESSAGE_MODELS},
    "messaging_sendingpause": DESK_PEOPLE,
    "quotas_creditmovement": OFFICE,
    "quotas_creditnotice": OFFICE,
    "quotas_creditpool": OFFICE,
    "quotas_jobquota": OFFICE,
    "quotas_programme": OFFICE,
    "working_group_meeting": OFFICE,
    "working_group_member": OFFICE,
}
# Rows that belong to no county, so that another county's office may open them too.
SHARED_ON_DESK = {
    "messaging_optout",
    "messaging_sendingpause",
    "audit_auditentry",
    "accounts_bank",
    "accounts_branch",
    "accounts_county",
    "accounts_executiveagency",
    "accounts_user",
}
DESK_ACTS = ("changelist", "add", "change", "delete", "history")


def rule_of(address: Address) -> Rule | None:
    if address.name in POLICY:
        return POLICY[address.name]
    if address.name == "admin:" and address.places in (("object_id",), ("url",)):
        return Rule(allowed=NOBODY, skip=True)  # Django's own detours to the addresses above, and its 404
    label, _, act = address.name.removeprefix("admin:").rpartition("_")
    if not address.name.startswith("admin:") or act not in DESK_ACTS or label not in DESK:
        return None
    return desk_rule(label, act)


def desk_rule(label: str, act: str) -> Rule:
    """Lists and forms of one model on the desk. Adding and deleting is for whom the roles say; here: at most these."""
    if act == "delete":  # nothing with a history is deleted
        return Rule(allowed=NOBODY, places=lambda world, number: {"object_id": str(desk_object(world, label).pk)})
    if act in ("changelist", "add"):
        return Rule(allowed=DESK[label], methods=("GET",) if act == "changelist" else ())

    def places(world: World, number: int) -> dict:
        return {"object_id": str(desk_object(world, label).pk)}

    return Rule(
        allowed=DESK[label],
        places=places,
        methods=() if label == "background_backgroundtask" else ("GET",),
        public=label in SHARED_ON_DESK,
    )
