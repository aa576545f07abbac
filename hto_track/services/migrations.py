"""The state of the schema: empty, current, or behind or ahead of the code."""

from enum import StrEnum

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import inspect

from hto_track.extensions import db


class Schema(StrEnum):
    """How the database stands to the code."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


def schema() -> Schema:
    """How the database that the settings name stands to the code."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        stands_at = set(MigrationContext.configure(connection).get_current_heads())
        has_tables = bool(inspect(connection).get_table_names())
    if stands_at == {script.get_current_head()}:
        return Schema.CURRENT
    if not stands_at <= {revision.revision for revision in script.walk_revisions()}:
        return Schema.AHEAD
    return Schema.BEHIND if stands_at or has_tables else Schema.EMPTY


def upgrade_schema() -> None:
    """Bring the database to the newest migration."""
    upgrade(directory=current_app.extensions["migrate"].directory)
