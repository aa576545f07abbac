"""The rows that every installation starts with: the revision, the head of the audit trail, the official school holidays."""

import csv
from datetime import date

import sqlalchemy as sa
from alembic import op

from hto_track.config import ROOT

revision = "0002_first_rows"
down_revision = "0001_first_schema"
branch_labels = None
depends_on = None

REVISION = sa.table("revision", sa.column("id", sa.Integer), sa.column("number", sa.Integer))
AUDIT_HEAD = sa.table(
    "audit_head",
    sa.column("id", sa.Integer),
    sa.column("entries", sa.Integer),
    sa.column("hash", sa.String),
    sa.column("seal", sa.String),
)
SCHOOL_HOLIDAYS = sa.table(
    "school_holidays",
    sa.column("school_year", sa.String),
    sa.column("region", sa.String),
    sa.column("name", sa.String),
    sa.column("first_day", sa.Date),
    sa.column("last_day", sa.Date),
)


def upgrade() -> None:
    op.bulk_insert(REVISION, [{"id": 1, "number": 0}])
    op.bulk_insert(AUDIT_HEAD, [{"id": 1, "entries": 0, "hash": "0" * 64, "seal": ""}])
    with (ROOT / "hto_track" / "data" / "school_holidays.csv").open(encoding="utf-8", newline="") as file:
        op.bulk_insert(
            SCHOOL_HOLIDAYS,
            [
                row
                | {
                    "first_day": date.fromisoformat(row["first_day"]),
                    "last_day": date.fromisoformat(row["last_day"]),
                }
                for row in csv.DictReader(file)
            ],
        )


def downgrade() -> None:
    op.execute(sa.delete(SCHOOL_HOLIDAYS))
    op.execute(sa.delete(AUDIT_HEAD))
    op.execute(sa.delete(REVISION))
