"""Several who do something at the same moment, each in a thread and a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from hto_track.extensions import db
from hto_track.services.refusals import Refused


def at_once(app: Flask, *uses: Callable[[], object]) -> list[object]:
    """What each of ``uses`` gives when all begin together; a refusal is given as itself."""
    db.session.remove()
    start = Barrier(len(uses))

    def one(use: Callable[[], object]) -> object:
        with app.app_context():
            try:
                start.wait()
                return use()
            except Refused as refused:
                return refused
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(uses)) as threads:
        return list(threads.map(one, uses))
