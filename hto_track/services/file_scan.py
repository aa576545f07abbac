"""The scan for viruses: a command of the installation's own choice (HTO_SCAN_COMMAND) reads a file from its standard input.

It answers by how it ends: 0 is clean, 1 is infected, anything else (and nothing in time) that it could not tell. What was not
found clean is not taken.
"""

import logging
import os
import subprocess

from flask import current_app
from flask_babel import lazy_gettext as _l

from hto_track.config import Settings
from hto_track.services.received_files import FIELD
from hto_track.services.refusals import refuse

LONGEST_SCAN = 30
"""In seconds."""
CLEAN, INFECTED = 0, 1
log = logging.getLogger(__name__)


def require_clean(content: bytes) -> None:
    """Nothing when the file is clean or no scan was set up; Refused when it is infected, or nobody could tell.

    Outside any transaction: a scan takes its time.
    """
    settings: Settings = current_app.extensions["hto_settings"]
    if not settings.scan_command:
        return
    ended = _run(settings.scan_command, content)
    if ended == INFECTED:
        raise refuse(_l("A virus was found in this file. It was not kept. Have your computer checked."), FIELD)
    if ended != CLEAN:
        message = _l(
            "This file could not be checked for viruses just now. Nothing was kept: try again in a few minutes."
        )
        raise refuse(message, FIELD)


def _run(command: tuple[str, ...], content: bytes) -> int | None:
    """How the command ended; None when it did not, or could not begin. It gets no secret of ours along."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  (what the installation set, never what somebody sent)
            command,
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_SCAN,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("The scan of a file failed: %s", type(error).__name__)
        return None
    if done.returncode not in (CLEAN, INFECTED):
        log.error("The scan of a file ended with %d", done.returncode)
    return done.returncode
