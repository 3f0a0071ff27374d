"""A mail server and a web server on loopback that write down what they are given."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "d@example.com", "a password"


@dataclass(frozen=True)
class Letter:
    """A mail as the server took it: who wanted it sent, to whom, what it says, and who had logged in ('' = nobody)."""

    to: tuple[str, ...]
    message: EmailMessage
    user: str = ""


@dataclass
class Post:
    """Where the mail server listens, the mails it took, and the passwords it was shown."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)


class _Clerk:
    """Says yes to every mail, save at the one step it refuses; what it takes is written down."""

    def __init__(self, post: Post, refusing: str) -> None:
        self.post, self.refusing = post, refusing

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the server calls it so
        envelope.mail_from = address
        return "550 no" if self.refusing == "MAIL FROM" else "250 ok"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the server calls it so
        if self.refusing in ("RCPT TO", address):
            return "550 no"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server calls it so
        if self.refusing == "DATA":
            return "550 no"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.post.letters.append(Letter(tuple(envelope.rcpt_tos), message, session.auth_data or ""))
        return "250 taken"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _way: str, login: Any) -> AuthResult:
        user, password = login.login.decode(), login.password.decode()
        self.post.passwords.append(password)
        return AuthResult(success=(user, password) == (USER, PASSWORD), handled=False, auth_data=user)


@contextmanager
def mail_server(
    refusing: str = "", *, security: str = "none", certificate: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """Run a mail server; over a closed line (`ssl`, `starttls`) it takes mail only from the user with the password.

    `refusing` is the step answered with 550, or the one address nobody knows.
    """
    post = Post()
    clerk = _Clerk(post, refusing)
    closed = certificate is not None
    loop = asyncio.new_event_loop()
    server = partial(
        SMTP,
        clerk,
        hostname="loopback",
        loop=loop,
        tls_context=certificate if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=clerk.authenticate,
        auth_required=closed and security == "starttls",
        auth_require_tls=security != "ssl",
    )
    listening = loop.run_until_complete(
        loop.create_server(server, "127.0.0.1", 0, ssl=certificate if security == "ssl" else None)
    )
    post.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield post
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@dataclass
class Heard:
    """Where a web server listens, the paths that were asked for and the bodies that were posted, in order."""

    port: int
    bodies: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def web_server(answer: int = 200) -> Iterator[Heard]:
    """Take what is posted, and answer with one code."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.paths.append(self.path)
            heard.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8"))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server: socketserver.TCPServer = HTTPServer(("127.0.0.1", 0), Take)
    heard = Heard(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
