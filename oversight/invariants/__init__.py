"""Do the data keep what the design promises? Everything that data can show is recomputed from the ground.

The database holds most of these rules by itself; here they are asked once more from the outside, as an auditor would,
so that a change with the guards switched off, a restored backup or a fault of ours does not stay unseen. Each check is
one statement over whole tables; nothing is written.
"""

from dataclasses import dataclass

from django.db import connections

from audit.verification import verify
from oversight.invariants.credit import CREDIT
from oversight.invariants.decisions import DECISIONS, changed_minutes
from oversight.invariants.ladder import LADDER, overdue_cases
from oversight.invariants.people import PEOPLE
from oversight.invariants.steps import STEPS

STATEMENTS = {**CREDIT, **PEOPLE, **DECISIONS, **STEPS, **LADDER}
MOST_PER_CHECK = 200


@dataclass(frozen=True)
class Violation:
    """One place where an invariant does not hold."""

    invariant: str
    where: str
    detail: str


def check(*, using: str = "reader") -> dict:
    """Run every check. Gives ``{"checked": [names], "violations": [{"invariant", "where", "detail"}]}``.

    ``using`` is the database role that reads. The reader does not see whole rows, so the trail is read by the site's.
    """
    found: list[Violation] = []
    with connections[using].cursor() as cursor:
        for name, statement in STATEMENTS.items():
            cursor.execute(f"SELECT * FROM ({statement}) found LIMIT {MOST_PER_CHECK}")
            found += [Violation(name, where, detail) for where, detail in cursor.fetchall()]
    found += [Violation("W1_minutes_unchanged", where, detail) for where, detail in changed_minutes(using=using)]
    found += [Violation("V5_no_case_overdue", where, detail) for where, detail in overdue_cases(using=using)]
    found += [_of_trail(fault) for fault in verify(using="default" if using == "reader" else using)["broken"]]
    return {
        "checked": [*STATEMENTS, "W1_minutes_unchanged", "V5_no_case_overdue", "T1_audit_trail"],
        "violations": [vars(violation) for violation in found],
    }


def _of_trail(fault: dict) -> Violation:
    place = f"{fault['table']}:{fault['row']}"
    return Violation(
        "T1_audit_trail", place if fault["version"] is None else f"{place}#{fault['version']}", fault["fault"]
    )
