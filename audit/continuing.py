"""A restored trail goes on where it ended, on a server that counts its transactions from elsewhere."""


def continue_trail(cursor) -> None:
    """Let the numbers of coming transactions lie above all of the trail's. As the owner, in the restoring transaction.

    Seals cover stretches of transaction numbers; on a younger server new entries would fall into old stretches.
    """
    cursor.execute(
        """
        SELECT greatest(0, greatest(
            (SELECT max(transaction) FROM audit_auditentry), (SELECT max(below_transaction) FROM audit_auditseal)
        ) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
        """
    )
    ahead = cursor.fetchone()[0] or 0
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION audit_epoch() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT {int(ahead)}::bigint'"
    )
