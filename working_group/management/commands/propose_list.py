import json

from django.core.management.base import CommandError

from abarkuh_loans.commands import ScriptCommand
from iran.calendar import programme_today
from iran.money import million_rial
from quotas.lookup import ProgrammeNotNamedError, named
from working_group.proposal import KNOWN_STRATEGIES, Proposal, Row, StrategyUnknownError, propose


class Command(ScriptCommand):
    help = "Print the ranked list that fits the credit: who is proposed, on which bank, and who waits in reserve."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--programme", required=True, metavar="YEAR", help="Solar Hijri year, such as 1401")
        parser.add_argument("--county", default="", metavar="CODE", help="where several counties have that year")
        parser.add_argument("--strategy", default="strict", choices=KNOWN_STRATEGIES)

    def handle(self, *args, **options) -> None:
        try:
            programme = named(options["programme"], county=options["county"])
            proposal = propose(programme, today=programme_today(), strategy=options["strategy"])
        except ProgrammeNotNamedError as error:
            raise CommandError(str(error), returncode=2) from error
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
