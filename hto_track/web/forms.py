"""What came of a form: the refusals of a service, at their fields."""

from hto_track.services.refusals import Refused


def errors_by_field(refused: Refused) -> dict[str, str]:
    """The sentence for each field (the first of several); under "" what belongs to none."""
    errors: dict[str, str] = {}
    for refusal in refused.refusals:
        errors.setdefault(refusal.field or "", str(refusal.message))
    return errors
