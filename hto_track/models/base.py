"""What all tables share: constraint names and the column types that both databases keep exactly."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """Every table; constraints are named so that each migration can find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as its text: SQLite has no exact number with a fraction."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Text without exponent or trailing zeros, so that equal values are stored equally."""
        return None if value is None else format(value.normalize(), "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The decimal that the text says."""
        return None if value is None else Decimal(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC without its zone, as SQLite keeps it; ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class MomentText(TypeDecorator[datetime]):
    """A moment kept as the text of ``moment_text``, byte for byte the same on both databases, so that it can be hashed."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Its text; ValueError for a moment without a zone."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class JsonText(TypeDecorator[dict[str, Any]]):
    """Plain JSON kept as the text of ``json_text``, byte for byte, so that it can be hashed; None is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        """Its text."""
        return None if value is None else json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """What the text says."""
        return None if value is None else json.loads(value)


def moment_text(moment: datetime) -> str:
    """A moment as ``MomentText`` keeps it: in UTC, always as long, so that texts are in order of time."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def json_text(value: dict[str, Any]) -> str:
    """Plain JSON as ``JsonText`` keeps it."""
    return json.dumps(value, ensure_ascii=False)


def _values(members: type[StrEnum]) -> Sequence[str]:
    return [member.value for member in members]


def one_of(members: type[StrEnum]) -> Any:
    """A text column that holds one value of ``members``, checked by the database."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        values_callable=_values,
        length=24,
        name=members.__name__.lower(),
    )
