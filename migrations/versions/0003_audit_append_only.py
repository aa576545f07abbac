"""The audit trail refuses changes and deletions in the database itself; its contents can be deleted, for an erasure."""

from alembic import op

revision = "0003_audit_append_only"
down_revision = "0002_first_rows"
branch_labels = None
depends_on = None

REFUSAL = "the audit trail is append-only"
REFUSED = {"audit_entries": ("UPDATE", "DELETE"), "audit_contents": ("UPDATE",)}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, changes in REFUSED.items():
            for change in changes:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table, changes in REFUSED.items():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(changes)} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, changes in REFUSED.items():
            for change in changes:
                op.execute(f"DROP TRIGGER {table}_no_{change.lower()}")
        return
    for table in REFUSED:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_audit_change()")
