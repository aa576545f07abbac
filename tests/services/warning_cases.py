"""What tests of warnings, mails and jobs share: hours that wait, evaluations, and a look into the tables."""

from datetime import date, timedelta

from sqlalchemy import delete, func, select, update

from hto_track.models.internship import InternshipEntry
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.warnings import Warning, WarningEvent
from hto_track.rules.facts import Activity, EnrolmentStatus, EntryState
from hto_track.rules.warnings import WarningCode
from hto_track.services.transaction import reading, writing
from tests.cast import Cast

WAITING_SINCE = date(2026, 4, 6)
AMBER_FROM = WAITING_SINCE + timedelta(days=14)
RED_FROM = WAITING_SINCE + timedelta(days=28)


def let_hours_wait(cast: Cast, on: date = WAITING_SINCE) -> None:
    """Bram logs three hours that Dirk does not confirm: two weeks later a warning, four weeks later a red one."""
    with writing() as session:
        session.add(
            InternshipEntry(
                participant_id=cast.participant_id,
                placement_id=cast.placement_id,
                worked_on=on,
                break_minutes=0,
                minutes=180,
                activity=Activity.OBSERVE,
                state=EntryState.SUBMITTED,
                submitted_on=on,
            )
        )


def let_only_hours_warn(cast: Cast) -> None:
    """Everyone has completed the programme, so that unconfirmed hours are the only warning there can be; Bram's wait."""
    with writing() as session:
        for person in session.scalars(select(Participant)):
            person.status = EnrolmentStatus.COMPLETED
            person.status_on = date(2026, 3, 9)
    let_hours_wait(cast)


def confirm_hours() -> None:
    """Take the waiting hours away."""
    with writing() as session:
        session.execute(delete(InternshipEntry))


def story(code: WarningCode = WarningCode.UNCONFIRMED) -> list[tuple[str, date, str]]:
    """What happened to the warnings of a code: kind, date and level, in order."""
    query = (
        select(WarningEvent)
        .join(Warning, Warning.id == WarningEvent.warning_id)
        .where(Warning.code == code)
        .order_by(WarningEvent.id)
    )
    session = reading()
    session.rollback()
    return [(event.kind.value, event.on, event.level.value) for event in session.scalars(query)]


def mails() -> list[OutboxMail]:
    """Everything in the outbox, in order."""
    session = reading()
    session.rollback()
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def warnings_stored() -> int:
    """How many warnings there ever were."""
    session = reading()
    session.rollback()
    return session.scalar(select(func.count()).select_from(Warning)) or 0


def let_all_be_sent() -> None:
    """Let every mail that waits have gone out."""
    with writing() as session:
        session.execute(update(OutboxMail).values(state=MailState.SENT))
