import json

from django.core.management.base import BaseCommand, CommandError

from iran.calendar import programme_today
from iran.money import million_rial
from iran.text import to_ascii_digits
from quotas.models import Programme
from working_group.proposal import KNOWN_STRATEGIES, Proposal, Row, StrategyUnknownError, propose


class Command(BaseCommand):
    help = "Print the ranked list that fits the credit: who is proposed, on which bank, and who waits in reserve."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--programme", required=True, metavar="YEAR", help="Solar Hijri year, such as 1401")
        parser.add_argument("--county", default="", metavar="CODE", help="where several counties have that year")
        parser.add_argument("--strategy", default="strict", choices=KNOWN_STRATEGIES)
        parser.add_argument("--json", action="store_true", help="print JSON only")

    def handle(self, *args, **options) -> None:
        programme = self.programme(options["programme"], county=options["county"])
        try:
            proposal = propose(programme, today=programme_today(), strategy=options["strategy"])
        except StrategyUnknownError as error:
            raise CommandError(str(error), returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(proposal), ensure_ascii=False))
            return
        for row in proposal.rows:
            place = row.ranked
            self.stdout.write(
                f"{'+' if row.chosen else '-'} {place.rank} {place.application.applicant} "
                f"{million_rial(row.amount_rial)} {row.pool or ''}".rstrip()
            )

    def programme(self, year: str, *, county: str) -> Programme:
        found = Programme.objects.select_related("county")
        typed = to_ascii_digits(year).strip()
        found = (
            found.filter(year=int(typed)) if typed.isascii() and typed.isdigit() and len(typed) == 4 else found.none()
        )
        if county:
            found = found.filter(county__code=county)
        programmes = list(found)
        if not programmes:
            raise CommandError(f"There is no programme of {year}.", returncode=2)
        if len(programmes) > 1:
            raise CommandError("Several counties have this year: name one with --county.", returncode=2)
        return programmes[0]


def as_json(proposal: Proposal) -> dict:
    """The list as scripts read it: ASCII digits, rial, applications by their number."""
    return {
        "credit_rial": proposal.credit_rial,
        "requested_rial": proposal.requested_rial,
        "chosen": len(proposal.chosen),
        "chosen_rial": proposal.chosen_rial,
        "left_rial": proposal.left_rial,
        "jobs": proposal.jobs,
        "cut_line": proposal.cut_line,
        "reserve": [row.ranked.application.pk for row in proposal.reserve],
        "optimal": None,  # nothing is optimised: ``strict`` goes down the ranking
        "rows": [_row(row) for row in proposal.rows],
    }


def _row(row: Row) -> dict:
    application = row.ranked.application
    pool = row.pool
    return {
        "application": application.pk,
        "rank": row.ranked.rank,
        "score": row.ranked.score,
        "kind": application.track,
        "pioneer": application.is_pioneer,
        "amount_rial": row.amount_rial,
        "pool": None if pool is None else pool.bank.code if pool.bank_id else "general",
        "chosen": row.chosen,
    }
