"""Check an agency's Excel list of created jobs and, with --commit, register its valid rows."""

from applicants.importing.command import ImportCommand
from applicants.models import ImportedList


class Command(ImportCommand):
    help = __doc__
    kind = ImportedList.Kind.JOBS.value
    agency_required = True
