"""One's agenda in a calendar of one's own: a secret address, what was told there, and how it ends.

The address is made from the subscription and its nonce with the secret key: its owner can be shown it again, and nobody else
can make it. Whoever has it reads what its owner may read at that moment; when they may no more, it is not there.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.documents.calendar_file import CalendarEntry
from hto_track.models.accounts import Grant, User
from hto_track.models.agenda import CalendarEvent, CalendarSubscription
from hto_track.models.cohorts import Cohort
from hto_track.services import audit, facts, form_answers
from hto_track.services.accounts import GRANT_COLUMNS, grants_of
from hto_track.services.agenda import cohort_items, own_items
from hto_track.services.agenda_items import Items
from hto_track.services.attempts import A_QUARTER, Limit, count_attempt, require_room
from hto_track.services.calendar_entries import calendar_name, entries_of
from hto_track.services.calendar_memory import PAST, Told, content_of, news, remember, remembered
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, may, may_anywhere, require, require_anywhere
from hto_track.services.refusals import NotFound
from hto_track.services.standings import cohorts_in_reach, subject_of
from hto_track.services.transaction import noting, reading, writing
from hto_track.services.views import CohortSummary

FEED_PATH = "/agenda/"
"""Where feeds are; a test holds it to the table of pages."""
KEY_LENGTH = 40
"""Of hexadecimal figures: 160 bits."""
WRONG_ADDRESSES = Limit(name="calendar", most=60, within=A_QUARTER)
"""From one network; not those of sign-in, for an old address in somebody's calendar is asked for day and night."""
NOTED_EVERY = timedelta(hours=1)

Named = Cohort | CohortSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A calendar that reads along: one's own agenda, or that of a cohort. ``address`` is the key to it."""

    id: int
    cohort_code: str | None
    cohort_name: str | None
    address: str
    made_at: datetime
    last_read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """An agenda that somebody may read elsewhere: their own, or that of a cohort; ``subscription`` once they do."""

    cohort_code: str | None = None
    cohort_name: str | None = None
    subscription: Subscription | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeed:
    """What a calendar reads."""

    name: str
    entries: tuple[CalendarEntry, ...]


def own_calendars(actor: Actor, cohort_code: str | None = None) -> tuple[OwnCalendar, ...]:
    """The actor's own agenda, then by code those of the cohorts that they read elsewhere, and that of ``cohort_code``.

    Forbidden for who has no agenda; NotFound for a cohort that is not in their reach.
    """
    require_anywhere(actor, Action.VIEW_AGENDA)
    session = reading()
    in_reach = cohorts_in_reach(session, actor, Action.VIEW_AGENDA)
    asked = next((cohort_id for cohort_id, code in in_reach.items() if code == cohort_code), None)
    if cohort_code is not None and asked is None:
        raise NotFound
    rows = {
        row.cohort_id: row
        for row in session.scalars(select(CalendarSubscription).where(CalendarSubscription.user_id == actor.user_id))
    }
    shown = select(Cohort).where(Cohort.id.in_([one for one in in_reach if one in rows or one == asked]))
    cohorts = sorted(session.scalars(shown), key=lambda cohort: cohort.code)
    return tuple(
        OwnCalendar(
            cohort_code=cohort.code if cohort else None,
            cohort_name=(cohort.name or cohort.code) if cohort else None,
            subscription=_view(row, cohort) if row else None,
        )
        for cohort, row in ((cohort, rows.get(cohort.id if cohort else None)) for cohort in (None, *cohorts))
    )


def subscribe(actor: Actor, cohort_code: str | None = None) -> Subscription:
    """An address for the actor's own agenda, or for that of a cohort; the one there is, where there is one.

    NotFound or Forbidden as the policy says.
    """
    with writing() as session:
        cohort = _cohort(session, actor, cohort_code)
        cohort_id = cohort.id if cohort else None
        row = _find(session, _account(actor), cohort_id)
        if row is None:
            row = CalendarSubscription(
                user_id=_account(actor), cohort_id=cohort_id, nonce=_nonce(), made_at=clock.now()
            )
            session.add(row)
            session.flush()
            _record(session, actor, "subscribe_calendar", row, cohort)
        return _view(row, cohort)


def renew_address(actor: Actor, subscription_id: int, form: SentForm | None = None) -> Subscription:
    """Another address for a subscription of the actor's own: the old one is not there from now on. NotFound."""
    with writing() as session:
        row, cohort = _own(session, actor, subscription_id)
        if form_answers.answered(session, actor, form) is None:
            row.nonce, row.last_read_at = _nonce(), None
            _record(session, actor, "renew_calendar", row, cohort)
            form_answers.remember(session, actor, form, {"subscription": row.id})
        return _view(row, cohort)


def end_subscription(actor: Actor, subscription_id: int) -> None:
    """End a subscription of the actor's own, with what was told there: its address is not there from now on. NotFound."""
    with writing() as session:
        row, cohort = _own(session, actor, subscription_id)
        _record(session, actor, "end_calendar", row, cohort)
        session.execute(delete(CalendarEvent).where(CalendarEvent.subscription_id == row.id))
        session.delete(row)


def read_feed(token: str, network: str) -> CalendarFeed:
    """What the calendar with this address reads; it notes what it told when that is new, and when it was read, by the hour.

    NotFound for an address that is none (any more), or of somebody who may not read it any more; TooOften for a network that
    tried too many such addresses.
    """
    require_room([(WRONG_ADDRESSES, network)])
    session = reading()
    row = _genuine(session, token)
    if row is None:
        count_attempt(WRONG_ADDRESSES, network)
        raise NotFound
    now, on = clock.now(), clock.today()
    cohort, items = _reads(session, row)
    found = news(items.items, remembered(session, row.id), now, on)
    told = found.told if found.is_nothing and _is_noted(row, now) else _tell(row.id, row.nonce)
    return _feed(told, cohort)


def download_own(actor: Actor) -> CalendarFeed:
    """The actor's own agenda as it stands, to be read in once. Forbidden for who has none."""
    require_anywhere(actor, Action.VIEW_AGENDA)
    return _once(own_items(reading(), actor, clock.today()), None)


def download_cohort(actor: Actor, cohort_code: str) -> CalendarFeed:
    """The agenda of a cohort as it stands, to be read in once; NotFound or Forbidden as the policy says."""
    session = reading()
    cohort = _cohort(session, actor, cohort_code)
    assert cohort is not None
    return _once(cohort_items(session, actor, cohort.id, clock.today()), cohort)


def _tell(subscription_id: int, nonce: str) -> tuple[Told, ...]:
    """Note what is new, one reader at a time: who comes second finds it told. NotFound when the address just ended."""
    with noting() as session:
        row = session.scalars(
            select(CalendarSubscription)
            .where(CalendarSubscription.id == subscription_id, CalendarSubscription.nonce == nonce)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            raise NotFound
        now = clock.now()
        _, items = _reads(session, row)
        found = news(items.items, remembered(session, row.id), now, clock.today())
        if not found.is_nothing:
            remember(session, row.id, found)
        if not _is_noted(row, now):
            row.last_read_at = now
        return found.told


def _is_noted(row: CalendarSubscription, now: datetime) -> bool:
    return row.last_read_at is not None and row.last_read_at > now - NOTED_EVERY


def _reads(session: Session, row: CalendarSubscription) -> tuple[CohortSummary | None, Items]:
    """What the owner of a subscription may read at this moment; NotFound when that is nothing."""
    actor, on = _owner(session, row.user_id), clock.today()
    if row.cohort_id is None:
        if not may_anywhere(actor, Action.VIEW_AGENDA):
            raise NotFound
        return None, own_items(session, actor, on)
    cohort = facts.cohort_grounds(session, [row.cohort_id])[row.cohort_id].cohort
    if not may(actor, Action.VIEW_AGENDA, subject_of(cohort)):
        raise NotFound
    return cohort, cohort_items(session, actor, cohort.id, on)


def _owner(session: Session, user_id: int) -> Actor:
    """Whose a subscription is, with the roles of this moment; NotFound when they were erased."""
    rows = session.execute(
        select(User.email, User.name, *GRANT_COLUMNS)
        .outerjoin(Grant, Grant.user_id == User.id)
        .where(User.id == user_id, User.erased_at.is_(None))
        .order_by(Grant.id)
    ).all()
    if not rows:
        raise NotFound
    return Actor(email=rows[0].email, name=rows[0].name, user_id=user_id, grants=grants_of(row[2:] for row in rows))


def _genuine(session: Session, token: str) -> CalendarSubscription | None:
    """The subscription that an address is of; None for one that nobody was given, or that was renewed since."""
    number, _, key = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= 9):
        return None
    row = session.scalars(select(CalendarSubscription).where(CalendarSubscription.id == int(number))).one_or_none()
    if row is None or not hmac.compare_digest(key.encode(), _key(row).encode()):
        return None
    return row


def _key(row: CalendarSubscription) -> str:
    said = f"calendar\n{row.id}\n{row.nonce}"
    return hmac.new(_settings().secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()[:KEY_LENGTH]


def _nonce() -> str:
    return secrets.token_hex(16)


def _cohort(session: Session, actor: Actor, code: str | None) -> CohortSummary | None:
    """The cohort of that code, which the actor may read; None without one, for who has an agenda of their own."""
    if code is None:
        require_anywhere(actor, Action.VIEW_AGENDA)
        return None
    cohort = facts.cohort_ground(session, code).cohort
    require(actor, Action.VIEW_AGENDA, subject_of(cohort))
    return cohort


def _account(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound  # a calendar is of somebody with an account
    return actor.user_id


def _find(session: Session, user_id: int, cohort_id: int | None) -> CalendarSubscription | None:
    return session.scalars(
        select(CalendarSubscription).where(
            CalendarSubscription.user_id == user_id, CalendarSubscription.cohort_id.is_not_distinct_from(cohort_id)
        )
    ).one_or_none()


def _own(session: Session, actor: Actor, subscription_id: int) -> tuple[CalendarSubscription, Cohort | None]:
    found = session.execute(
        select(CalendarSubscription, Cohort)
        .outerjoin(Cohort, Cohort.id == CalendarSubscription.cohort_id)
        .where(CalendarSubscription.id == subscription_id, CalendarSubscription.user_id == _account(actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    row, cohort = found
    return row, cohort


def _record(
    session: Session, actor: Actor, action: str, row: CalendarSubscription, cohort: Cohort | CohortSummary | None
) -> None:
    audit.record(session, actor, action, audit.of_user(row.user_id), after={"cohort": cohort.code if cohort else None})


def _view(row: CalendarSubscription, cohort: Named | None) -> Subscription:
    return Subscription(
        id=row.id,
        cohort_code=cohort.code if cohort else None,
        cohort_name=(cohort.name or cohort.code) if cohort else None,
        address=f"{_settings().base_url}{FEED_PATH}{row.id}-{_key(row)}.ics",
        made_at=row.made_at,
        last_read_at=row.last_read_at,
    )


def _feed(told: tuple[Told, ...], cohort: CohortSummary | None) -> CalendarFeed:
    return CalendarFeed(
        name=calendar_name(cohort.name if cohort else None),
        entries=entries_of(told, _settings().base_url, of_cohort=cohort is not None),
    )


def _once(items: Items, cohort: CohortSummary | None) -> CalendarFeed:
    """What is there now, each time with a higher SEQUENCE: what is read in later takes the place of what was before."""
    now = clock.now()
    since = clock.today() - PAST
    told = (
        Told(key=item.key, content=content_of(item), sequence=int(now.timestamp()) // 60, told_at=now)
        for item in items.items
        if item.on >= since
    )
    return _feed(tuple(told), cohort)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings
