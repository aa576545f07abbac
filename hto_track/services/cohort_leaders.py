"""Where mail to the project leader of a cohort goes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.services.views import CohortSummary


def leader_addresses(session: Session, cohort: CohortSummary) -> tuple[str, ...]:
    """Where the weekly mail about the cohort goes, and who else leads it here; each address once, in lower case."""
    query = (
        select(User.email)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.role == Role.PROJECT_LEADER, Grant.cohort_id == cohort.id, User.erased_at.is_(None))
    )
    own = [cohort.leader_email] if cohort.leader_email else []
    return tuple(dict.fromkeys(address.lower() for address in (*own, *sorted(session.scalars(query)))))
