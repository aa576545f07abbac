"""Nothing of somebody who was erased comes back by a file: what is stored of them may be in it, anything else not."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.participants import Participant
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.known import Known
from hto_track.services.importing.parsing import ParsedFile


def check_erased(session: Session, parsed: dict[str, ParsedFile], known: Known) -> Iterator[Fault]:
    """The rows that would add to, or change, what is left of people who were erased."""
    stored = [row.id for row in known.stored.get("participants", ())]
    query = select(Participant.code).where(Participant.id.in_(stored), Participant.erased_on.is_not(None))
    erased = set(session.scalars(query)) if stored else set()
    if not erased:
        return
    for name, file in parsed.items():
        columns = [column.name for column in file.format.columns]
        for draft in known.drafts[name]:
            if draft.values.get("participant_code") in erased and draft.is_news(columns):
                yield file.fault(
                    draft.parsed,
                    "participant_code",
                    _l("somebody whose data may be kept: this person was erased, leave the row out"),
                )
