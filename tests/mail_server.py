"""A real SMTP server on a free port that answers as a test tells it to, and keeps what it accepted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

Answer = Callable[[EmailMessage], str]


@dataclass
class MailServer:
    """``accepted`` is what it took, in order. ``to_recipient`` and ``to_message`` are its answers to RCPT and DATA."""

    port: int = 0
    accepted: list[EmailMessage] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_message: Answer = lambda message: "250 OK"
    drops_after_message: bool = False

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        answer = self.to_message(message)
        if answer.startswith("250"):
            self.accepted.append(message)
        if self.drops_after_message:
            assert server.transport is not None
            server.transport.abort()
        return answer


class _OnFreePort(Controller):
    """Binds port 0 and connects to what it got."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that takes everything until told otherwise."""
    handler = MailServer()
    controller = _OnFreePort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()


def use_mail_server(app: Flask, port: int) -> None:
    """Let ``app`` send to this port."""
    settings = app.extensions["hto_settings"]
    app.extensions["hto_settings"] = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
