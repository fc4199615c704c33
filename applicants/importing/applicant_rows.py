"""Writing the valid rows of a list of applicants: persons who are new, their applications and the first event."""

from datetime import date

from applicants.importing.copying import copy_rows, new_ids
from applicants.importing.report import Result
from applicants.models import Applicant, Application, ApplicationEvent, ImportedList
from applicants.workflow import new_tracking_codes

_OF_PERSON = (
    "first_name",
    "last_name",
    "father_name",
    "birth_on",
    "gender",
    "mobile",
    "address",
    "postal_code",
    "sheba",
)
_OF_APPLICATION = (
    "track", "is_pioneer", "promised_jobs", "requested_rial", "licence_number", "licence_expires_on", "heads_household",
    "is_graduate", "is_earlier_registrant", "lives_underserved", "has_skill_certificate",
)  # fmt: skip


def write_applicants(result: Result, *, imported_list: ImportedList, by, today: date) -> int:
    """Register every valid row. Who is known already is not written over. Gives the number of applications."""
    sound = result.sound
    if not sound:
        return 0
    people = _write_people(result, sound)
    ids = new_ids(Application._meta.db_table, len(sound))
    columns = {name: _chosen(result.columns[name], sound) for name in _OF_APPLICATION}
    lines = _chosen(result.columns["line"], sound)
    columns |= {
        "id": ids,
        "applicant_id": people,
        "programme_id": imported_list.programme_id,
        "agency_id": [agency.pk for agency in _chosen(result.columns["agency"], sound)],
        "line_id": [line.pk if line else None for line, _title in lines],
        "line_title": [title for _line, title in lines],
        "wished_bank_id": [bank.pk if bank else None for bank in _chosen(result.columns["bank"], sound)],
        "pioneer_agreement": "",
        "status": Application.Status.REGISTERED.value,
        "tracking_code": new_tracking_codes(imported_list.programme.year, len(sound)),
        "imported_list_id": imported_list.pk,
        "registered_by_id": by.pk if by else None,
    }
    copy_rows(Application._meta.db_table, columns)
    copy_rows(
        ApplicationEvent._meta.db_table,
        {
            "application_id": ids, "from_status": "", "to_status": Application.Status.REGISTERED.value, "reason": "",
            "letter_number": "", "happened_by_id": by.pk if by else None,
        },
    )  # fmt: skip
    return len(sound)


def _chosen(values: list, positions: list[int]) -> list:
    return [values[position] for position in positions]


def _write_people(result: Result, sound: list[int]) -> list[int]:
    """The person of each valid row, made where nobody has the number yet."""
    known = result.columns["person"]
    new = [position for position in sound if known[position] is None]
    if new:
        ids = new_ids(Applicant._meta.db_table, len(new))
        numbers = _chosen(result.columns["person_id"], new)
        natural = [len(number) == 10 for number in numbers]
        columns = {name: _chosen(result.columns[name], new) for name in _OF_PERSON}
        columns |= {
            "id": ids,
            "kind": [(Applicant.Kind.NATURAL if is_person else Applicant.Kind.LEGAL).value for is_person in natural],
            "national_id": [number if is_person else None for number, is_person in zip(numbers, natural, strict=True)],
            "legal_id": [None if is_person else number for number, is_person in zip(numbers, natural, strict=True)],
        }
        copy_rows(Applicant._meta.db_table, columns)
        for position, person in zip(new, ids, strict=True):
            known[position] = person
    return _chosen(known, sound)
