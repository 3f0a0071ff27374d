"""Who is told when the night is done: by mail, and in the groups of 企业微信, 钉钉 or 飞书."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.rulebook.said import Said


class Mail(Said):
    """The mail server and who gets the mail; no host or nobody to send to = no mail.

    The password never stands in the rules: it is read from `archive/mail_password`, and it goes over a closed line only.
    """

    host: str = ""
    port: int = Field(465, ge=1)
    security: Literal["ssl", "starttls", "none"] = "ssl"
    user: str = ""
    sender: str = ""  # '' = the user
    to: tuple[str, ...] = ()


class Notify(Said):
    """`notify.yaml`, the one file a home may lack. `link` is the newest page as the readers see it; `chat` are addresses of the chat library."""

    link: str = ""
    mail: Mail = Mail()
    chat: tuple[str, ...] = ()

    @property
    def wanted(self) -> bool:
        """Whether anybody is to be told."""
        return bool((self.mail.host and self.mail.to) or self.chat)
