"""How someone gets in, and that they are in: of every secret only its hash is kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hto_track.models.base import Base, UtcDateTime, one_of


class SignInMethod(StrEnum):
    """How a session began."""

    LINK = "link"
    CODE = "code"
    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 a word, not a secret
    COLLEGE = "college"
    """By the college's own sign-in (OpenID Connect)."""
    DEMO = "demo"


class SignInSession(Base):
    """That someone is signed in on a device. Ending it is deleting it."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    method: Mapped[SignInMethod] = mapped_column(one_of(SignInMethod))
    device: Mapped[str] = mapped_column(String(200))
    """What the browser says it is, for its owner to know it by."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LinkPurpose(StrEnum):
    """Why a link was mailed."""

    INVITATION = "invitation"
    SIGN_IN = "sign_in"


class SignInLink(Base):
    """A link that was mailed, with a code to type where it was asked for. It signs in once."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    request_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the word that the asking browser keeps: the code works there alone."""
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_tries: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(one_of(LinkPurpose))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A passkey of someone (WebAuthn): its public half."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyChallenge(Base):
    """A question put to a passkey: answered once, and soon."""

    __tablename__ = "passkey_challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    """Who registers a passkey; at a sign-in nobody yet."""
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CollegeIdentity(Base):
    """Who somebody is for the college's own sign-in: its issuer's name for them."""

    __tablename__ = "college_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptCount(Base):
    """How often something was tried since ``counted_from``; kept by the hash of what it is counted for."""

    __tablename__ = "attempt_counts"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    counted_from: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int]
