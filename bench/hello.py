"""The yardstick: the smallest page Flask can give, served as ours are. ``python -m bench.hello PORT``."""

import sys

from flask import Flask

from hto_track.cli.server import run_server
from hto_track.cli.serving import default_workers


def create_app() -> Flask:
    """One page of two words."""
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "Hello, world"

    return app


if __name__ == "__main__":
    run_server(
        create_app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        workers=default_workers(),
        scheduler=None,
        when_ready=lambda: None,
    )
