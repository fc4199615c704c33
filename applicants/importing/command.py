"""What the two import commands share: arguments, exit codes, and the JSON that other programs read."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import CommandError
from django.utils.translation import gettext as _

from abarkuh_loans.commands import BAD_ARGUMENTS, ScriptCommand
from accounts.models import ExecutiveAgency
from applicants.importing import workflow
from applicants.importing.findings import FAULT
from applicants.importing.guard import COMMAND
from applicants.importing.refusals import FileRefusedError
from applicants.importing.report import Result
from iran.calendar import programme_today
from quotas.lookup import ProgrammeNotNamedError, named
from quotas.models import Programme

NOTHING = {"read": 0, "valid": 0, "faulty": 0, "corrected": 0, "committed": 0, "rows": []}
REFUSED = 1


class ImportCommand(ScriptCommand):
    """Exit code 0 done, 1 the file is refused, 2 the arguments are wrong. Without ``--commit`` nothing is written."""

    kind: str
    agency_required = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.xlsx")
        parser.add_argument("--programme", required=True, help="the Solar Hijri year, such as 1401")
        parser.add_argument("--county", default="", help="the county's code, where there are several")
        parser.add_argument("--agency", required=self.agency_required, metavar="CODE")
        parser.add_argument("--commit", action="store_true", help="register the valid rows")

    def handle(self, *, file: str, programme: str, county: str, agency: str | None, commit: bool, **options) -> None:
        try:
            year = named(programme, county=county)
            body = self._agency(year, agency) if agency else None
            content = self._content(file)
        except (ArgumentError, ProgrammeNotNamedError) as error:
            self._stop(str(error), BAD_ARGUMENTS, "bad_arguments", options["json"])
        try:
            result = self._import(year, body, Path(file).name, content, commit=commit)
        except FileRefusedError as error:
            self._stop(str(error), REFUSED, error.code, options["json"])
        self._print(result, commit=commit, as_json=options["json"])

    def _import(self, programme, agency, name: str, content: bytes, *, commit: bool) -> Result:
        about = {
            "kind": self.kind,
            "programme": programme,
            "agency": agency,
            "content": content,
            "today": programme_today(),
        }
        if commit:
            return workflow.import_now(**about, name=name, by=None, limits=COMMAND)
        return workflow.check_now(**about, limits=COMMAND)

    def _agency(self, programme: Programme, code: str) -> ExecutiveAgency:
        agency = ExecutiveAgency.objects.filter(county=programme.county_id, code=code).first()
        if agency is None:
            known = ExecutiveAgency.objects.filter(county=programme.county_id).order_by("code")
            codes = ", ".join(known.values_list("code", flat=True))
            raise ArgumentError(
                _("There is no executive agency «%(code)s» in the county; there are: %(codes)s.")
                % {"code": code, "codes": codes}
            )
        return agency

    def _content(self, file: str) -> bytes:
        try:
            with Path(file).open("rb") as source:
                return source.read(COMMAND.max_bytes + 1)  # the guard refuses one byte too many
        except (OSError, ValueError) as error:
            raise ArgumentError(
                _("The file «%(file)s» cannot be opened: %(why)s.")
                % {"file": file, "why": getattr(error, "strerror", None) or error}
            ) from error

    def _stop(self, sentence: str, exit_code: int, code: str, as_json: bool) -> None:
        if not as_json:
            raise CommandError(sentence, returncode=exit_code)
        self.stdout.write(json.dumps({**NOTHING, "error": sentence, "code": code}, ensure_ascii=False))
        self.stderr.write(sentence)
        sys.exit(exit_code)

    def _print(self, result: Result, *, commit: bool, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"read {result.read}, valid {result.valid}, faulty {result.faulty}, corrected {result.corrected}, "
            f"committed {result.committed}"
        )
        for finding in result.findings:
            if finding.level == FAULT:
                self.stdout.write(f"row {finding.row}, column {finding.column} ({finding.field}): {finding.message}")
        if not commit:
            self.stdout.write("Nothing was written; add --commit to register the valid rows.")


class ArgumentError(ValueError):
    """An argument of the command names nothing that exists."""
