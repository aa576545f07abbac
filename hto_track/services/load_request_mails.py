"""What is told about requests for room: to who decides when one is asked, to who asked when it is answered."""

# mypy: disable-error-code="no-any-return"
# ... because flask_babel has no types.

from datetime import date, timedelta
from urllib.parse import quote

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.models.ledger import OutboxMail
from hto_track.models.load import RequestKind, RequestState
from hto_track.services import audit
from hto_track.services.cohort_leaders import leader_addresses
from hto_track.services.digests import leader_key
from hto_track.services.facts import CohortGround
from hto_track.services.letters import Button, MailText, address_of, greeting, in_its_language, letter
from hto_track.services.load_request_rows import RequestView
from hto_track.services.outbox import Mail, queue_mails, take_back

ASKED, ANSWERED = "load_request_asked", "load_request_answered"
WAITS = timedelta(minutes=10)
"""As long as an answer waits: what is undone within it was never told."""
AHEAD_PAGE = "/vooruit"


def tell_deciders(session: Session, ground: CohortGround, request: RequestView) -> None:
    """Queue the mail to the project leaders: somebody asks for an extension, or for hours of release."""
    text = _asked(ground.cohort.code, request)
    queue_mails(
        session,
        [
            Mail(
                kind=ASKED,
                subject_key=f"{_subject(request)}:{leader_key(address)}",
                period=str(request.id),
                recipient=address,
                subject=text.subject,
                body=text.body,
                participant_id=request.participant_id,
                not_before=clock.now() + WAITS,
            )
            for address in leader_addresses(session, ground.cohort)
        ],
    )


def take_question_back(session: Session, request: RequestView) -> None:
    """What is withdrawn, and of which nobody heard yet, is not told."""
    mine = OutboxMail.participant_id == request.participant_id
    take_back(session, (ASKED,), mine & (OutboxMail.period == str(request.id)))


def tell_participant(session: Session, request: RequestView, address: str) -> None:
    """Queue the mail to who asked, in place of one that still waits."""
    take_answer_back(session, request)
    text = _answered(request)
    mail = Mail(
        kind=ANSWERED,
        subject_key=_subject(request),
        period=clock.now().isoformat(),
        recipient=address,
        subject=text.subject,
        body=text.body,
        participant_id=request.participant_id,
        not_before=clock.now() + WAITS,
    )
    queue_mails(session, [mail])


def take_answer_back(session: Session, request: RequestView) -> bool:
    """Take the answer out of the outbox; whether it had not gone yet."""
    return bool(take_back(session, (ANSWERED,), OutboxMail.subject_key == _subject(request)))


def what_is_asked(request: RequestView) -> str:
    """In a few words: ``uitstel voor A4 tot 14 juli``, ``4 uur vrij van werk in week 27``."""
    if request.kind is RequestKind.EXTENSION and request.asked_due_on is not None:
        return _(
            "an extension of %(code)s until %(day)s", code=request.code, day=formats.day_plain(request.asked_due_on)
        )
    return _(
        "%(hours)s free from work in %(week)s",
        hours=formats.hours(request.minutes or 0),
        week=formats.week(request.monday or date.min),
    )


@in_its_language
def _asked(cohort_code: str, request: RequestView) -> MailText:
    what = what_is_asked(request)
    said = [_("%(name)s asks for %(what)s, because a week ahead is too full.", name=request.name, what=what)]
    if request.note:
        said.append(_("%(name)s writes: %(note)s", name=request.given_name, note=" ".join(request.note.split())))
    return MailText(
        subject=_("%(name)s asks for %(what)s", name=request.given_name, what=what),
        body=letter(
            greeting(None),
            *said,
            question=_("Is that possible?"),
            button=Button(
                label=_("To the question"),
                address=address_of(f"/groepen/{quote(cohort_code, safe='')}/vragen"),
            ),
        ),
    )


@in_its_language
def _answered(request: RequestView) -> MailText:
    what = what_is_asked(request)
    is_granted = request.state is RequestState.GRANTED
    said = (
        _("You asked for %(what)s, and you get it.", what=what)
        if is_granted
        else _("You asked for %(what)s. That is not possible.", what=what)
    )
    answer = [" ".join(request.answer.split())] if request.answer else []
    return MailText(
        subject=_("You get %(what)s", what=what) if is_granted else _("You do not get %(what)s", what=what),
        body=letter(
            greeting(request.given_name),
            said,
            *answer,
            question=_("Do your weeks fit now?") if is_granted else _("What else can move?"),
            button=Button(label=_("To my weeks ahead"), address=address_of(AHEAD_PAGE)),
        ),
    )


def _subject(request: RequestView) -> str:
    return audit.of_participant(request.participant, "requests", request.id)
