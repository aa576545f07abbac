"""The job process of a simulated year: told a moment on each line of its input, it does what is due then, and says so.

It is the product's own scheduler but for the clock: nobody can wait a year, so ``clock.now`` says what it was told.
"""

import logging
import sys
from datetime import datetime

from hto_track import clock
from hto_track.app import create_app
from hto_track.extensions import db
from hto_track.jobs.election import Election
from hto_track.jobs.running import run_due
from hto_track.jobs.scheduler import work


def main() -> None:
    """One tick of the scheduler a line, until the input ends or somebody kills it."""
    logging.basicConfig(level=logging.ERROR)
    app = create_app()
    with app.app_context():
        election = Election(db.engine)
    for line in sys.stdin:
        moment = datetime.fromisoformat(line.strip())
        clock.now = lambda moment=moment: moment  # type: ignore[misc]
        work(app, election, run_due)
        print("done", flush=True)


if __name__ == "__main__":
    main()
