"""After a night people are told, without a word about customers; and whoever cannot be told never costs a night."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import sys
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.dues import Owed
from pipeline.notice import Notice, failed, notice
from pipeline.notify import Sent, notify
from pipeline.rulebook.notify import Mail, Notify
from tests.servers import mail_server, web_server
from tests.spoilt import copied, refusal
from tests.workbooks import drop, new_home, register, visit, xlsx

ON = "2026-11-05"
TOLD = Notice("夜账 11-05:退回 1 份", "文件:退回 1\n报告:最新.html\n")


def mail(port: int, **other) -> Mail:
    return Mail(**{"host": "127.0.0.1", "port": port, "security": "none", "sender": "yezhang@example.com", "to": ("a@example.com", "b@example.com"), **other})  # fmt: skip


def letter(lines: list[str]):
    """Return the letter among what a mail server heard."""
    start, end = lines.index("DATA") + 1, lines.index("QUIT")
    return email.message_from_bytes("\n".join(lines[start:end]).encode(), policy=email.policy.default)


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
    got = letter(server.lines)
    text = got.get_content()

    assert 0 == result.exit_code
    assert "已通知(邮件)" in result.output
    assert ("夜账 11-05 我们店:退回 1 份,缺交 2 份", "boss@example.com") == (got["Subject"], got["To"])
    assert "部分收下 1" in text
    assert "新增或更新 1 条,暂不收 1 条" in text
    assert "销售活动日报表 张红、李明" in text
    assert "http://server/最新.html" in text


def test_no_customer_and_no_phone_leaves_the_house(home):
    with mail_server() as server:
        tell(home, to_mail(server.port))
        night(home)
    said = "\n".join([letter(server.lines)["Subject"], letter(server.lines).get_content()])

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

    assert [] == server.lines


def test_a_night_that_could_not_run_is_told_too(home):
    with mail_server() as server:
        tell(home, to_mail(server.port))
        (home.inbox / "孙丽13800002222.xlsx").unlink()
        home.inbox.rmdir()
        result = night(home)

    assert 3 == result.exit_code
    assert "没有跑成" in letter(server.lines)["Subject"]
    assert "收表或出报表的文件夹不能用" in letter(server.lines).get_content()
    assert str(home.root) not in letter(server.lines).get_content()


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
    assert 1 == server.lines.count("DATA")
    assert not [line for line in server.lines if line.startswith("AUTH")]


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


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the chat library imports what Python is about to drop
def test_a_group_is_told_through_its_robot():
    pytest.importorskip("apprise", reason="the extra daybook[notify] is not installed")
    with web_server() as server:
        sent = notify(Notify(chat=(f"json://127.0.0.1:{server.port}/key",)), TOLD, "")
    (body,) = map(json.loads, server.lines)

    assert (Sent("json"),) == sent
    assert TOLD.subject == body["title"]
    assert TOLD.text.strip() == body["message"].strip()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("url", ["json://127.0.0.1:{port}/key", "nonsense", "wecombot://"])
def test_a_group_that_cannot_be_told_is_named_without_its_key(url):
    pytest.importorskip("apprise", reason="the extra daybook[notify] is not installed")
    with web_server(500) as server:
        (sent,) = notify(Notify(chat=(url.format(port=server.port),)), TOLD, "")

    assert sent.trouble
    assert "key" not in sent.way + sent.trouble


def test_a_house_without_the_chat_library_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    (sent,) = notify(Notify(chat=("wecombot://key",)), TOLD, "")

    assert "wecombot" == sent.way
    assert "daybook[notify]" in sent.trouble
