"""The production server: gunicorn with threads, and one scheduler beside it that is started again when it dies."""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from hto_track.cli.application import Faults

THREADS = 4
STOP_SECONDS = 10
LONGEST_PAUSE_SECONDS = 60.0
STEADY_SECONDS = 60.0
"""A scheduler that ran this long was well: when it dies, it is started again without delay."""
log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class SupervisedScheduler:
    """One scheduler process: started again when it dies, after a pause that doubles each time it dies young."""

    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _start_after: float = 0.0
    _pause: float = field(default=1.0)

    def keep_running(self) -> None:
        """See that it runs; to be called every second or so."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._process = None
            self._pause = (
                1.0 if now - self._started_at > STEADY_SECONDS else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            )
            self._start_after = now + self._pause
            log.warning("The scheduler stopped; it is started again in %d s", self._pause)
        if self._process is None and now >= self._start_after:
            command = [sys.executable, "-m", "hto_track", "scheduler", "--parent", str(os.getpid())]
            self._process = subprocess.Popen(command, env=dict(self.environment))  # noqa: S603  (ourselves)
            self._started_at = now

    def stop(self) -> None:
        """Ask it to stop, and end it when it does not: what it was doing is taken up by the next one."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process; it looks after the scheduler as it does after its workers, every second."""

    scheduler: SupervisedScheduler | None = None

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.scheduler is not None:
            self.scheduler.keep_running()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app, self._options = make_app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make_app()


def require_free(host: str, port: int) -> None:
    """Faults when something else listens on ``port`` already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise Faults(f"Cannot listen on {host} port {port} ({reason}): choose another with --port") from None


def run_server(
    make_app: Callable[[], Flask],
    *,
    host: str,
    port: int,
    workers: int,
    scheduler: SupervisedScheduler | None,
    when_ready: Callable[[], None],
) -> None:
    """Serve until stopped. Each worker makes its own application; ``when_ready`` is called once the port is open."""
    _Arbiter.scheduler = scheduler
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # what proxies say is believed by ProxyFix alone, as the settings allow
        "when_ready": lambda _arbiter: when_ready(),
        "on_exit": lambda _arbiter: scheduler.stop() if scheduler else None,
    }
    if os.path.isdir("/dev/shm"):  # noqa: S108, PTH112  (gunicorn's heartbeat files, made unguessable by itself)
        options["worker_tmp_dir"] = "/dev/shm"  # noqa: S108
    _Arbiter(_Server(make_app, options)).run()
