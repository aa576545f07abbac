"""Files that were handed in, to take home: never shown as a page of ours."""

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from hto_track.services.hand_ins import handed_in_file
from hto_track.web.access import signed_in_actor


def file(hand_in_id: int) -> ResponseReturnValue:
    """A file, under the name it was handed in with and as the kind it was found to be."""
    kept = handed_in_file(signed_in_actor(), hand_in_id)
    answer = send_file(
        BytesIO(kept.content),
        mimetype=kept.media_type,
        as_attachment=True,
        download_name=kept.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
