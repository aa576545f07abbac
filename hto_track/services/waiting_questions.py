"""How many questions of participants wait for an answer, for the head of a board and for the overview."""

from hto_track.services.load_requests import DECIDES
from hto_track.services.policy import Action, Actor, may
from hto_track.services.standings import subject_of
from hto_track.services.views import CohortStandings


def count_questions(actor: Actor, standings: CohortStandings) -> int:
    """How many questions wait in a cohort that ``actor`` may answer. In no query at all: it is known with the standings."""
    subject = subject_of(standings.cohort)
    if not may(actor, Action.ANSWER_REQUEST, subject):
        return 0
    answered = {kind for kind, action in DECIDES.items() if may(actor, action, subject)}
    return sum(kind in answered for member in standings.members for kind in member.asks)
