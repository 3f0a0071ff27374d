"""Sends the message of a night by mail and into chat groups; the door to the chat library. What cannot be sent is told and never raised."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from pipeline.notice import Notice
from pipeline.rulebook.notify import Mail, Notify

_SECONDS = 30  # a server that does not answer keeps the night no longer than this


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message: `mail` or the kind of chat, and why it could not be sent ('' = it was). Holds no address and no key."""

    way: str
    trouble: str = ""


def notify(settings: Notify, notice: Notice, password: str) -> tuple[Sent, ...]:
    """Send the message every way the house wants, and return what became of each."""
    mail = settings.mail
    sent = [Sent("mail", _mail(mail, notice, password))] if mail.host and mail.to else []
    return (*sent, *_chats(settings, notice))


def _mail(mail: Mail, notice: Notice, password: str) -> str:
    """Send one mail to all, and return what went wrong."""
    try:
        message = _message(mail, notice)
        with _server(mail) as server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if password and mail.security != "none":
                server.login(mail.user or mail.sender, password)
            refused = server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        return "用户名或密码不对(archive/mail_password)"
    except smtplib.SMTPResponseException as error:
        return f"邮件服务器不接受({error.smtp_code})"
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors, a wrong address is a ValueError
        return f"邮件发不出去({type(error).__name__})"
    return f"{len(refused)} 个收件人被拒" if refused else ""


def _message(mail: Mail, notice: Notice) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = mail.sender or mail.user
    message["To"] = ", ".join(mail.to)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain="daybook.invalid")
    message.set_content(notice.text)
    return message


def _server(mail: Mail) -> smtplib.SMTP:
    if mail.security == "ssl":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)


def _chats(settings: Notify, notice: Notice) -> Iterator[Sent]:
    if not settings.chat:
        return
    try:
        import apprise  # noqa: PLC0415 - an extra: most houses send mail or nothing
    except ImportError:
        yield from (Sent(_kind(url), "没有安装群通知:pip install daybook[notify]") for url in settings.chat)
        return
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it would print addresses with their keys
    for url in settings.chat:
        chat = apprise.Apprise()
        if not chat.add(url):
            yield Sent(_kind(url), "rules/notify.yaml 里的地址写法不对")
        elif not chat.notify(title=notice.subject, body=notice.text):
            yield Sent(_kind(url), "对方没有收下,请看网络和机器人的钥匙")
        else:
            yield Sent(_kind(url))


def _kind(url: str) -> str:
    return url.partition(":")[0] or "chat"
