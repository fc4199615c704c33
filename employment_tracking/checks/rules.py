"""What is looked for: of each rule its name, how serious it is, its sentence, and the records that it finds.

The SQL of a rule gives ``record_id`` and ``detail``. It reads ``wanted``, the records in question (all counted ones of a
programme, or the few that an entry touches), and ``counted``, every counted record of the programme, so that one text
serves the night and the moment. What a rule compares with are values of the year (``Programme.rule``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from employment_tracking.models import RecordFlag
from iran.text import to_persian_digits

Code, Severity = RecordFlag.Code, RecordFlag.Severity
OLDEST_WORKER_YEARS = 90


@dataclass(frozen=True)
class Check:
    code: str
    severity: str
    sentence: Promise
    sql: str


def said(code: str, detail: Mapping) -> str:
    """A finding as a sentence, with its counts in Persian digits."""
    shown = {name: to_persian_digits(str(value)) if isinstance(value, int) else value for name, value in detail.items()}
    return str(CHECKS[code].sentence) % shown


_PERSON_OF_OTHER_AGENCY = """
SELECT wanted.id, '{}'::jsonb FROM wanted
WHERE EXISTS (SELECT FROM employment_tracking_claimdispute dispute
              WHERE dispute.against_id = wanted.id AND dispute.status = 'open')
   OR EXISTS (SELECT FROM employment_tracking_jobrecord other
              JOIN quotas_programme elsewhere ON elsewhere.id = other.programme_id
              WHERE other.national_id = wanted.national_id AND other.programme_id <> wanted.programme_id
                AND elsewhere.year = %(year)s AND other.status NOT IN ('void', 'duplicate'))
"""
_MOBILE_SHARED = """
SELECT wanted.id, jsonb_build_object('count', same.records) FROM wanted
JOIN (SELECT mobile, count(*) AS records FROM counted WHERE mobile IN (SELECT mobile FROM wanted)
      GROUP BY mobile HAVING count(*) >= %(shared_mobile)s) same USING (mobile)
"""
# The registrar, whoever has or had a role for the agency or the county, and the agency's own contact.
_MOBILE_OF_STAFF = """
SELECT DISTINCT wanted.id, '{}'::jsonb FROM wanted
JOIN accounts_user person ON person.mobile = wanted.mobile
WHERE person.id = wanted.registered_by_id
   OR EXISTS (SELECT FROM accounts_roleassignment held
              WHERE held.user_id = person.id AND (held.agency_id = wanted.agency_id OR held.county_id = %(county)s))
UNION
SELECT wanted.id, '{}'::jsonb FROM wanted
JOIN accounts_executiveagency agency ON agency.id = wanted.agency_id AND agency.contact_mobile = wanted.mobile
"""
_START_OUTSIDE_YEAR = """
SELECT wanted.id, '{}'::jsonb FROM wanted
WHERE wanted.starts_on NOT BETWEEN %(opens_on)s AND %(closes_on)s OR wanted.starts_on > wanted.registered_on
"""
_AGE_IMPOSSIBLE = """
SELECT wanted.id, jsonb_build_object('age', extract(year FROM age(wanted.starts_on, wanted.birth_on))::int) FROM wanted
WHERE wanted.birth_on > wanted.starts_on - make_interval(years => %(youngest)s)
   OR wanted.birth_on < wanted.starts_on - make_interval(years => %(oldest)s)
"""
_LINE_UNAPPROVED = """
SELECT wanted.id, '{}'::jsonb FROM wanted
WHERE wanted.line_id IS NULL
  AND EXISTS (SELECT FROM applicants_businessline line WHERE line.programme_id = %(programme)s)
"""
_LINE_RESTRICTED = """
SELECT wanted.id, jsonb_build_object('line', line.title, 'reason', restriction.reason) FROM wanted
JOIN applicants_linerestriction restriction ON restriction.line_id = wanted.line_id
JOIN applicants_businessline line ON line.id = wanted.line_id
"""
_ADDRESS_CLUSTER = """
SELECT wanted.id, jsonb_build_object('count', greatest(house.records, box.records)) FROM wanted
LEFT JOIN (SELECT address_key, city, village, count(*) AS records FROM counted
           WHERE address_key <> '' AND address_key IN (SELECT address_key FROM wanted)
           GROUP BY address_key, city, village HAVING count(*) >= %(cluster)s) house USING (address_key, city, village)
LEFT JOIN (SELECT postal_code, count(*) AS records FROM counted
           WHERE postal_code <> '' AND postal_code IN (SELECT postal_code FROM wanted)
           GROUP BY postal_code HAVING count(*) >= %(cluster)s) box USING (postal_code)
WHERE house.records IS NOT NULL OR box.records IS NOT NULL
"""
# A worker's supporter is on his record, or in the supporter's own list of workers.
_HOUSEHOLD_OF_SUPPORTER = """
SELECT one.id, jsonb_build_object('count', count(DISTINCT other.id) + 1) FROM (
    SELECT wanted.*, coalesce(wanted.supporter_id, listed.application_id) AS under FROM wanted
    LEFT JOIN applicants_supportedworker listed
           ON listed.programme_id = wanted.programme_id AND listed.national_id = wanted.national_id
    WHERE wanted.supporter_id IS NOT NULL OR listed.id IS NOT NULL
) one
JOIN LATERAL (
    SELECT mate.* FROM counted mate WHERE mate.supporter_id = one.under
    UNION ALL
    SELECT mate.* FROM applicants_supportedworker listed
    JOIN counted mate ON mate.national_id = listed.national_id AND mate.supporter_id IS NULL
    WHERE listed.application_id = one.under AND listed.programme_id = one.programme_id
) other ON other.id <> one.id
       AND (other.postal_code <> '' AND other.postal_code = one.postal_code
            OR other.address_key <> '' AND (other.address_key, other.city, other.village)
                                         = (one.address_key, one.city, one.village))
GROUP BY one.id
"""
_ON_LIST = """
SELECT wanted.id, jsonb_build_object('employer', min(known.employer)) FROM wanted
JOIN employment_tracking_knownworker known USING (national_id)
JOIN applicants_importedlist list ON list.id = known.imported_list_id
WHERE list.programme_id = %(programme)s AND list.kind = '{kind}' AND list.status = 'registered'
GROUP BY wanted.id
"""

CHECKS: dict[str, Check] = {
    check.code: check
    for check in (
        Check(
            Code.PERSON_OF_OTHER_AGENCY, Severity.SUSPICION,
            _("Another agency claims this person, or another county has registered him in the same year."),
            _PERSON_OF_OTHER_AGENCY,
        ),
        Check(
            Code.MOBILE_SHARED, Severity.SUSPICION,
            _("This mobile stands on %(count)s job records. Ask each person for his own number and correct it."),
            _MOBILE_SHARED,
        ),
        Check(
            Code.MOBILE_OF_STAFF, Severity.SERIOUS,
            _("The mobile is the number of the registrar or of a colleague, not of the worker."),
            _MOBILE_OF_STAFF,
        ),
        Check(
            Code.START_OUTSIDE_YEAR, Severity.SERIOUS,
            _("The day on which work began lies outside the programme's year or after its registration."),
            _START_OUTSIDE_YEAR,
        ),
        Check(
            Code.AGE_IMPOSSIBLE, Severity.SERIOUS,
            _("The person would have been %(age)s years old when work began. Look at the date of birth."),
            _AGE_IMPOSSIBLE,
        ),
        Check(
            Code.LINE_UNAPPROVED, Severity.NOTE,
            _("The job is not in the year's list of approved lines. Choose the line that fits it."),
            _LINE_UNAPPROVED,
        ),
        Check(
            Code.LINE_RESTRICTED, Severity.SERIOUS,
            _("The line «%(line)s» is excluded this year: %(reason)s"),
            _LINE_RESTRICTED,
        ),
        Check(
            Code.ADDRESS_CLUSTER, Severity.SUSPICION,
            _("%(count)s job records have this address or postal code."),
            _ADDRESS_CLUSTER,
        ),
        Check(
            Code.HOUSEHOLD_OF_SUPPORTER, Severity.SUSPICION,
            _("%(count)s workers of this supporter live at one address. Are they one household?"),
            _HOUSEHOLD_OF_SUPPORTER,
        ),
        Check(
            Code.STATE_EMPLOYEE, Severity.SERIOUS,
            _("This person is in the list of state employees: %(employer)s"),
            _ON_LIST.format(kind="employees"),
        ),
        Check(
            Code.INSURED_ELSEWHERE, Severity.SERIOUS,
            _("This person is insured by another employer: %(employer)s"),
            _ON_LIST.format(kind="insured"),
        ),
    )
}  # fmt: skip
