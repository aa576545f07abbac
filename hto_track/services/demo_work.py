"""What the demo has of assignments beyond its files: what is expected, work that waits for assessment, and feedback."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, Attempt, DueDateChange, HandIn, HandInKind
from hto_track.models.participants import Participant
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import AttemptOutcome
from hto_track.services import facts
from hto_track.services.hand_ins import keep_file
from hto_track.services.policy import Action, Actor, require
from hto_track.services.received_files import received_file
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing

CRITERIA = {
    "A1": "Een portfolio van 2 tot 4 bladzijden.\n\n- Wie je bent en wat je vak is\n- Drie leerdoelen, elk met een datum\n"
    "- Wat je van je begeleider nodig hebt",
    "A2": "Een verslag van twee lessen die je bijwoonde, 3 tot 5 bladzijden.\n\n- Wat je zag, per lesfase\n"
    "- Wat de docent deed, en wat leerlingen daarna deden\n- Wat je zelf zou overnemen, en waarom",
    "A3": "Een profiel van je doelgroep, 2 tot 4 bladzijden.\n\n- Wie de leerlingen zijn en waar ze vandaan komen\n"
    "- Wat zij al kunnen, en hoe je dat weet\n- Wat dat betekent voor je lessen",
    "A4": "Een lesplan voor 45 minuten, en een opname of verslag van 10 minuten microteaching.\n\n"
    "- Lesdoel: wat kan een leerling na afloop dat die nu niet kan?\n"
    "- Opbouw in fasen, met tijd en werkvorm\n- Hoe je nagaat of het doel is gehaald\n"
    "- Wat je van de feedback van je groep meeneemt\n\nGoed is het als een collega de les morgen kan geven.",
    "A5": "Een les die je zelf gaf op je stageschool.\n\n- Je lesplan, en wat anders liep\n"
    "- De feedback van je begeleider, in diens eigen woorden\n- Twee dingen die je de volgende keer anders doet",
    "A6": "Een reflectie van hooguit 2 bladzijden op je drie leerdoelen.\n\n- Waar sta je nu?\n- Waaraan zie je dat?\n"
    "- Wat pak je na de zomer op?",
}
FEEDBACK = {
    "A3": "Je beschrijft de leerlingen goed. Wat nog mist: wat zij al kunnen, en hoe je dat weet. Vul dat aan met twee"
    " voorbeelden uit je observaties.",
    "A4": "Je opbouw is helder en je houdt de tijd in de gaten. Het lesdoel is nog te ruim: schrijf op wat een leerling na"
    " afloop zelf kan laten zien. Kijk daarna of je afsluiting dat ook toetst.",
}
MOVED = ("A7", date(2026, 8, 31), date(2026, 5, 20), "De eerste week na de zomer was te vol")
"""An assignment that was due sooner: when, when that was moved, and why; everybody knows by now."""
LINK = "https://video.example.org/microteaching-lassen"
EVENING, LATER = time(20, 15), timedelta(minutes=47)


def add_demo_work(actor: Actor, cohort_code: str, file: bytes) -> None:
    """Write down what is expected, hand in ``file`` (a PDF) or a link for each attempt that waits, and give feedback.

    No figure changes: the attempts themselves are of the imported files. NotFound, Forbidden.
    """
    with writing() as session:
        cohort = facts.cohort_ground(session, cohort_code).cohort
        require(actor, Action.IMPORT_FILES, subject_of(cohort))
        for assignment in session.scalars(select(Assignment).where(Assignment.cohort_id == cohort.id)):
            assignment.criteria = CRITERIA.get(assignment.code)
            if assignment.code == MOVED[0]:
                session.add(_moved(actor, assignment))
        rows = session.execute(
            select(Attempt, Assignment.code)
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .join(Participant, Participant.id == Attempt.participant_id)
            .where(Assignment.cohort_id == cohort.id)
            .order_by(Participant.code, Assignment.code, Attempt.number)
        )
        waiting = []
        for attempt, code in rows:
            if attempt.outcome is None:
                waiting.append(attempt)
            elif attempt.outcome is AttemptOutcome.FAILED:
                attempt.feedback = FEEDBACK.get(code)
        for number, attempt in enumerate(waiting):
            _hand_in(session, attempt, file, with_link=number == 1)


def _moved(actor: Actor, assignment: Assignment) -> DueDateChange:
    _code, was_due_on, moved_on, reason = MOVED
    at = datetime.combine(moved_on, EVENING, AMSTERDAM)
    return DueDateChange(
        assignment_id=assignment.id,
        changed_at=at,
        changed_by=actor.ref,
        was_opens_on=assignment.opens_on,
        was_due_on=was_due_on,
        reason=reason,
        told_at=at + LATER,
    )


def _hand_in(session: Session, attempt: Attempt, file: bytes, *, with_link: bool) -> None:
    at = datetime.combine(attempt.submitted_on, EVENING, AMSTERDAM)
    kept = received_file("Lesplan en microteaching.pdf", file)
    keep_file(session, kept)
    session.add(
        HandIn(
            attempt_id=attempt.id,
            handed_in_at=at,
            kind=HandInKind.FILE,
            file_name=kept.name,
            content_sha256=kept.sha256,
        )
    )
    if with_link:
        session.add(HandIn(attempt_id=attempt.id, handed_in_at=at + LATER, kind=HandInKind.LINK, link=LINK))
