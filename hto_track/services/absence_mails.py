"""The project leader hears once of three absences in a row without word, when the third is recorded (issue 4).

Kept true as long as it has not gone: a mark that ends the row takes the mail out of the outbox again.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hto_track.models.ledger import MailState, OutboxMail
from hto_track.rules.attendance import ABSENCES_IN_A_ROW, absent_in_a_row
from hto_track.rules.facts import Lesson
from hto_track.rules.span import span_of
from hto_track.services import mail_texts
from hto_track.services.attendance_lists import AttendanceRow, LessonList
from hto_track.services.cohort_leaders import leader_addresses
from hto_track.services.digests import leader_key
from hto_track.services.facts import CohortGround
from hto_track.services.outbox import Mail, queue_mails

KIND = "absent_in_a_row"


def follow_absences(session: Session, ground: CohortGround, listed: LessonList, codes: Iterable[str], on: date) -> None:
    """Queue what marks just stored of these participants make news, and take back what they make untrue."""
    rows = {code: absent_in_a_row(listed.known[code], span_of(listed.known[code], on)) for code in codes}
    if not rows:
        return
    people = {listed.rows[code].id: code for code in rows}
    told: dict[str, set[str]] = {code: set() for code in rows}
    query = select(OutboxMail).where(OutboxMail.kind == KIND, OutboxMail.participant_id.in_(people))
    stale = []
    for mail in session.scalars(query):
        row = rows[people[mail.participant_id or 0]]
        if _is_long(row) and mail.period in _periods(row):
            told[people[mail.participant_id or 0]].add(mail.period)
        elif mail.state is MailState.WAITING:
            stale.append(mail.id)
    if stale:  # one that is on its way stays
        session.execute(delete(OutboxMail).where(OutboxMail.id.in_(stale), OutboxMail.lease.is_(None)))
    news = {code: row for code, row in rows.items() if _is_long(row) and not told[code]}
    if news:
        addresses = leader_addresses(session, ground.cohort)
        queue_mails(
            session,
            [_mail(ground, listed.rows[code], row, address) for code, row in news.items() for address in addresses],
        )


def _is_long(row: tuple[Lesson, ...]) -> bool:
    return len(row) >= ABSENCES_IN_A_ROW


def _periods(row: tuple[Lesson, ...]) -> set[str]:
    """What a mail about this row is dated by: its first lesson, which an earlier mark that comes late may change."""
    return {_period(lesson) for lesson in row}


def _period(lesson: Lesson) -> str:
    return f"lesson {lesson.number}"


def _mail(ground: CohortGround, person: AttendanceRow, row: tuple[Lesson, ...], address: str) -> Mail:
    text = mail_texts.absent_in_a_row(person.name, person.participant, ground.cohort, [lesson.on for lesson in row])
    return Mail(
        kind=KIND,
        subject_key=f"{person.participant}:{leader_key(address)}",
        period=_period(row[0]),
        recipient=address,
        subject=text.subject,
        body=text.body,
        participant_id=person.id,
    )
