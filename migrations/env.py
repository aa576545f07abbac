"""How Alembic runs here: inside the application, on its engine, in one transaction."""

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

import hto_track.models  # noqa: F401  (maps every table)
from hto_track.extensions import db


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what they are in the database: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database only: hto-track db upgrade")

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        **{
            key: value
            for key, value in current_app.extensions["migrate"].configure_args.items()
            if key not in ("render_as_batch", "compare_type")
        },
    )
    with context.begin_transaction():
        context.run_migrations()
