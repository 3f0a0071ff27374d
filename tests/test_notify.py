"""After a night people are told, without a word about customers; and whoever cannot be told never costs a night."""

from __future__ import annotations

import json
import re
import socket
import ssl
import sys
from datetime import date, datetime
from typing import Any

import apprise
import pytest
import trustme
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.dues.owed import Owed
from pipeline.notice import Notice, failed, notice
from pipeline.notify import Sent, notify
from pipeline.rulebook.notify import Mail, Notify
from tests.servers import PASSWORD, USER, mail_server, web_server
from tests.spoilt import copied, refusal
from tests.workbooks import drop, new_home, register, visit, xlsx

ON = "2026-11-05"
TOLD = Notice("夜账 11-05:退回 1 份", "文件:退回 1\n报告:最新.html\n")


def mail(port: int, **other) -> Mail:
    return Mail(**{"host": "127.0.0.1", "port": port, "security": "none", "sender": "yezhang@example.com", "to": ("a@example.com", "b@example.com"), **other})  # fmt: skip


def nobody_there() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def home(tmp_path):
    """A home with one good visit, and one with a phone that is wrong."""
    home = new_home(tmp_path / "home", "李明", "张红")
    drop(home, "孙丽13800002222.xlsx", xlsx({"5日": register(ON, visit(), visit("孙丽", "1380000"))}))
    return home


def tell(home, text: str) -> None:
    (home.rules / "notify.yaml").write_text(text, "utf-8")


def to_mail(port: int) -> str:
    return f"mail: {{host: 127.0.0.1, port: {port}, security: none, sender: d@example.com, to: [boss@example.com]}}\n"


def night(home, *options: str):
    return CliRunner().invoke(main, ["--home", str(home.root), "run", "--on", ON, *options])


def test_after_a_night_the_manager_gets_a_mail_with_counts_debts_and_the_page(home):
    with mail_server() as server:
        tell(home, f"link: 'http://server/最新.html'\n{to_mail(server.port)}")
        result = night(home)
    [letter] = server.letters
    got, text = letter.message, letter.message.get_content()

    assert 0 == result.exit_code
    assert "已通知(邮件)" in result.output
    assert ("夜账 11-05 我们店:退回 1 份,缺交 2 份", "boss@example.com") == (got["Subject"], got["To"])
    assert ("boss@example.com",) == letter.to
    assert "部分收下 1" in text
    assert "新增或更新 1 条,暂不收 1 条" in text
    assert "销售活动日报表 张红、李明" in text
    assert "http://server/最新.html" in text


def test_no_customer_and_no_phone_leaves_the_house(home):
    with mail_server() as server:
        tell(home, to_mail(server.port))
        night(home)
    said = server.letters[0].message.as_string() + server.letters[0].message.get_content()

    assert not [word for word in ("孙丽", "王先生", "1380000", "13800001111", "13800002222") if word in said]


def test_a_consultant_typed_as_a_phone_is_masked_too():
    said = {"on": ON, "counts": dict.fromkeys(["accepted", "partial", "returned", "quarantined", "duplicate", "waiting"], 0), "records": {}}  # fmt: skip
    missing = [Owed("13800001111", "daily_activity", "日报", ON, datetime(2026, 11, 5, 23, 59), None)]

    assert "138****1111" in notice(said, missing, "", "最新.html").text
    assert "13800001111" not in notice(said, missing, "", "最新.html").text


def test_a_mail_that_cannot_be_sent_costs_nothing_and_is_said_and_logged(home):
    tell(home, to_mail(nobody_there()))
    result = night(home)
    log = [
        json.loads(line) for path in (home.archive / "logs").iterdir() for line in path.read_text("utf-8").splitlines()
    ]

    assert 0 == result.exit_code
    assert "通知没有送到(邮件)" in result.output
    assert (home.outbox / ON / "运行报告.html").exists()
    assert [("mail", True)] == [(line["way"], bool(line["trouble"])) for line in log if line["event"] == "notify"]


def test_nobody_is_told_of_a_dry_run_nor_where_nobody_asked(home):
    with mail_server() as server:
        assert "通知" not in night(home).output
        tell(home, to_mail(server.port))
        night(home, "--dry-run")

    assert [] == server.letters


def test_a_night_that_could_not_run_is_told_too(home):
    with mail_server() as server:
        tell(home, to_mail(server.port))
        (home.inbox / "孙丽13800002222.xlsx").unlink()
        home.inbox.rmdir()
        result = night(home)

    [message] = [letter.message for letter in server.letters]
    assert 3 == result.exit_code
    assert "没有跑成" in message["Subject"]
    assert "收表或出报表的文件夹不能用" in message.get_content()
    assert str(home.root) not in message.get_content()


def test_a_home_made_before_there_was_mail_goes_on(home):
    (home.rules / "notify.yaml").unlink()

    assert 0 == night(home).exit_code


@pytest.mark.parametrize("refused", ["MAIL FROM", "RCPT TO", "DATA"])
def test_what_the_mail_server_refuses_is_told_with_its_code(refused):
    with mail_server(refused) as server:
        (sent,) = notify(Notify(mail=mail(server.port)), TOLD, "")

    assert "mail" == sent.way
    assert sent.trouble


def test_a_password_never_goes_over_an_open_line():
    with mail_server() as server:
        (open_line,) = notify(Notify(mail=mail(server.port, user="d")), TOLD, "secret")
        (downgraded,) = notify(Notify(mail=mail(server.port, user="d", security="starttls")), TOLD, "secret")

    assert Sent("mail") == open_line
    assert downgraded.trouble
    assert [""] == [letter.user for letter in server.letters]
    assert [] == server.passwords


@pytest.fixture(scope="module")
def authority():
    """Whoever signs certificates for the tests' mail server."""
    return trustme.CA()


@pytest.fixture
def certificate(authority):
    """The mail server's certificate, for the one address it has."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Let this machine trust that authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_over_a_closed_line_the_mail_goes_with_the_password(certificate, security):
    with mail_server(security=security, certificate=certificate) as server:
        (sent,) = notify(Notify(mail=mail(server.port, user=USER, security=security)), TOLD, PASSWORD)
    [letter] = server.letters

    assert Sent("mail") == sent
    assert (("a@example.com", "b@example.com"), USER) == (letter.to, letter.user)
    assert (TOLD.subject, TOLD.text.split()) == (letter.message["Subject"], letter.message.get_content().split())


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_told_and_where_the_right_one_belongs(certificate):
    with mail_server(security="starttls", certificate=certificate) as server:
        (sent,) = notify(Notify(mail=mail(server.port, user=USER, security="starttls")), TOLD, "1234")

    assert Sent("mail", "用户名或密码不对(archive/mail_password)") == sent
    assert [] == server.letters


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_a_server_nobody_vouches_for_gets_neither_password_nor_mail(certificate, security):
    with mail_server(security=security, certificate=certificate) as server:
        (sent,) = notify(Notify(mail=mail(server.port, user=USER, security=security)), TOLD, PASSWORD)

    assert "SSLCertVerificationError" in sent.trouble
    assert ([], []) == (server.letters, server.passwords)


def test_an_address_nobody_knows_is_counted_and_the_others_get_their_mail():
    with mail_server("b@example.com") as server:
        (sent,) = notify(Notify(mail=mail(server.port)), TOLD, "")

    assert Sent("mail", "1 个收件人被拒") == sent
    assert [("a@example.com",)] == [letter.to for letter in server.letters]


def test_a_subject_of_two_lines_cannot_add_a_header():
    with mail_server() as server:
        (sent,) = notify(Notify(mail=mail(server.port)), Notice("夜账\nBcc: x@example.com", ""), "")
    subject = failed(date(2026, 11, 5), "店\nBcc: x@example.com", "").subject

    assert sent.trouble
    assert "\n" not in subject


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("mail: {host: smtp.example.com, sender: a@example.com}", "mail.to", "发给谁"),
        ("mail: {to: [a@example.com], user: a}", "mail.host", "邮件服务器"),
        ("mail: {host: smtp.example.com, to: [a@example.com]}", "mail.sender", "名义"),
        ("mail: {host: smtp.example.com, to: [店长], user: a}", "mail.to.0", "不是邮箱"),
        ("mail: {hosts: smtp.example.com}", "mail.hosts", "不认识"),
        ("mail: {security: tls}", "mail.security", "starttls"),
    ],
)
def test_mail_that_could_never_be_sent_is_refused_before_the_night(tmp_path, text, key, said):
    (problem,) = (each for each in refusal(copied(tmp_path), ("notify.yaml", "mail: {}", text)) if each.key == key)

    assert "rules/notify.yaml" == problem.file
    assert said in problem.message


def test_a_group_is_told_through_its_robot():
    with web_server() as server:
        sent = notify(Notify(chat=(f"json://127.0.0.1:{server.port}/key",)), TOLD, "")
    (body,) = map(json.loads, server.bodies)

    assert (Sent("json"),) == sent
    assert TOLD.subject == body["title"]
    assert TOLD.text.strip() == body["message"].strip()


ROBOTS = {
    "wecombot": ("wecombot://botkey123", lambda said: said["text"]["content"]),
    "dingtalk": ("dingtalk://12345678", lambda said: said["text"]["content"]),
    "feishu": ("feishu://tokenabc123", lambda said: said["content"]["text"]),
}


@pytest.mark.parametrize("kind", ROBOTS)
def test_the_robots_of_the_three_groups_say_it_in_their_own_form(kind, monkeypatch):
    """Each robot's address is fixed in the chat library; only its host is exchanged for one of this machine."""
    url, words = ROBOTS[kind]
    robot: Any = type(apprise.Apprise.instantiate(url))
    with web_server() as server:
        monkeypatch.setattr(
            robot, "notify_url", re.sub(r"https://[^/]+", f"http://127.0.0.1:{server.port}", robot.notify_url)
        )
        sent = notify(Notify(chat=(url,)), TOLD, "")
    (body,) = map(json.loads, server.bodies)

    assert (Sent(kind),) == sent
    assert url.partition("://")[2] in server.paths[0]
    assert [TOLD.subject, *TOLD.text.splitlines()] == words(body).splitlines()


@pytest.mark.parametrize("url", ["json://127.0.0.1:{port}/key", "nonsense", "wecombot://"])
def test_a_group_that_cannot_be_told_is_named_without_its_key(url):
    with web_server(500) as server:
        (sent,) = notify(Notify(chat=(url.format(port=server.port),)), TOLD, "")

    assert sent.trouble
    assert "key" not in sent.way + sent.trouble


def test_a_house_without_the_chat_library_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    (sent,) = notify(Notify(chat=("wecombot://key",)), TOLD, "")

    assert "wecombot" == sent.way
    assert "daybook[notify]" in sent.trouble
