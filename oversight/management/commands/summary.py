import json

from django.core.management.base import CommandError

from abarkuh_loans.commands import ScriptCommand
from iran.calendar import DateError, parse_iso_or_jalali, programme_today
from oversight.summary import summary
from quotas.lookup import ProgrammeNotNamedError, named


class Command(ScriptCommand):
    help = "Print a programme's figures as of a day."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--programme", required=True, metavar="YEAR", help="Solar Hijri year, such as 1401")
        parser.add_argument("--county", default="", metavar="CODE", help="where several counties have that year")
        parser.add_argument("--as-of", metavar="DAY", help="Solar Hijri day, such as 1401/05/31; today where left out")

    def handle(self, *args, **options) -> None:
        try:
            programme = named(options["programme"], county=options["county"])
            as_of = parse_iso_or_jalali(options["as_of"]) if options["as_of"] else programme_today()
        except (ProgrammeNotNamedError, DateError) as error:
            raise CommandError(str(error), returncode=2) from error
        figures = summary(programme, as_of)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for name, value in figures.items():
            if not isinstance(value, list):
                self.stdout.write(f"{name}: {value}")
