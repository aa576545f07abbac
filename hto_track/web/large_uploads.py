"""Uploads that are larger than anything we take: read to their end and thrown away, piece by piece.

A browser hears an answer only once it has sent everything; one that is cut off shows a page of its own, without our words.
"""

import time
from contextlib import suppress

from flask import request

PIECE = 64 * 1024
MOST_READ = 1024**3
"""In bytes: what is larger is cut off after all."""
LONGEST = 300
"""In seconds."""


def read_to_its_end() -> None:
    """Read what still comes of this request, and keep none of it."""
    source = request.environ["wsgi.input"]
    left = min(request.content_length if request.content_length is not None else MOST_READ, MOST_READ)
    until = time.monotonic() + LONGEST
    with suppress(OSError):  # whoever sent it is gone
        while left > 0 and time.monotonic() < until:
            piece = source.read(min(PIECE, left))
            if not piece:
                return
            left -= len(piece)
