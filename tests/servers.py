"""A mail server and a web server on loopback that write down what they are given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Heard:
    """Where a server listens, and what it was given: every line or body in order."""

    port: int
    lines: list[str] = field(default_factory=list)


@contextmanager
def serving(server: socketserver.TCPServer, heard: list[str]) -> Iterator[Heard]:
    """Run a server beside the test until the test is through."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Heard(server.server_address[1], heard)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def mail_server(refusing: str = "") -> Iterator[Heard]:
    """Speak SMTP (RFC 5321) as far as a client without encryption needs it; `refusing` is a command answered with 550."""
    heard: list[str] = []

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode("utf-8").rstrip("\r\n"):
                heard.append(line[:4].upper() + line[4:])
                word = line.split()[0].upper()
                if refusing and line.upper().startswith(refusing):
                    self.say("550 no")
                elif word == "DATA":
                    self.say("354 go on")
                    self.letter()
                else:
                    self.say("221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return

        def letter(self) -> None:
            while (line := self.rfile.readline().decode("utf-8").rstrip("\r\n")) != ".":
                heard.append(line)
            self.say("250 taken")

        def say(self, answer: str) -> None:
            self.wfile.write(f"{answer}\r\n".encode())

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Talk), heard) as server:
        yield server


@contextmanager
def web_server(answer: int = 200) -> Iterator[Heard]:
    """Take what is posted, and answer with one code."""
    heard: list[str] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8"))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(HTTPServer(("127.0.0.1", 0), Take), heard) as server:
        yield server
