"""Migration operations: a table is put under audit, or made append-only, where the table is made."""

from django.db import migrations


class Track(migrations.RunSQL):
    """Attach the audit triggers to a table, with the columns that are too large or too secret to copy left out."""

    def __init__(self, table: str, *, leave_out: tuple[str, ...] = ()) -> None:
        self.table, self.leave_out = table, leave_out
        super().__init__(
            sql=f"SELECT audit_track('{table}', ARRAY[{', '.join(repr(c) for c in leave_out)}]::text[])",
            reverse_sql=f"SELECT audit_untrack('{table}')",
        )

    def deconstruct(self):
        return self.__class__.__name__, [self.table], {"leave_out": self.leave_out}


class AppendOnly(migrations.RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table, for every role that cannot switch triggers off."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            sql=f"SELECT audit_append_only('{table}')",
            reverse_sql=(f"DROP TRIGGER append_only_row ON {table}; DROP TRIGGER append_only_table ON {table};"),
        )

    def deconstruct(self):
        return self.__class__.__name__, [self.table], {}
