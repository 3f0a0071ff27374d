"""Reads `rules/` into one Rulebook, or says everything that is wrong with it, and knows where a word is added.

    every file ─ YAML ─ its shape ─┬─ cross checks ─ Rulebook
                                   └─ faults ─ the files once more, with line numbers ─ RulesError

The files are read a second time only when something is wrong: places cost time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pipeline.errors import Problem, RulesError
from pipeline.read_yaml import exact, parsed
from pipeline.rulebook.checks.check import check
from pipeline.rulebook.checks.fault import Fault
from pipeline.rulebook.checks.shape import shaped
from pipeline.rulebook.form import Form, Kind
from pipeline.rulebook.house import Calendar, FollowUp, House, Privacy, Target, Targets
from pipeline.rulebook.invoices import Invoices
from pipeline.rulebook.notify import Notify
from pipeline.rulebook.outreach import Outreach
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stock import Stock
from pipeline.rulebook.visits import Visits
from pipeline.rulebook.words import Sentence, Vocabulary
from pipeline.text import nearest

_WHOLE: Mapping[str, Any] = {  # one object a file, and what stands in for one that cannot be read while the others are checked
    "house": House(), "follow_up": FollowUp(interval_days={}), "targets": Targets(monthly=Target(prospects=0, conversions=0)),
    "calendar": Calendar(), "privacy": Privacy(), "notify": Notify(), "visits": Visits(),
    "outreach": Outreach(), "stock": Stock(), "invoices": Invoices(),
}  # fmt: skip
_OPTIONAL = frozenset(
    {"notify", "visits", "outreach", "stock", "invoices"}
)  # a home made before there was such a file goes on without it
_LISTS: Mapping[str, Any] = {
    "vocabulary": Vocabulary,
    "wording": Sentence,
    "kinds": Kind,
    "row_words": tuple[str, ...],
}  # name: entry
_TROUBLES: Mapping[str, str] = {  # what the YAML reader says → what a clerk can do about it
    "\\t": "缩进用了 Tab,请改成空格", "mapping values": "冒号的位置不对;内容里有冒号时,整句加引号", "expected ':'": "少了冒号,或冒号后少了空格",
    "end of stream": "引号没有成对", "',' or": "括号没有成对,或少了逗号", "block end": "缩进和上面对不齐", "tag": "不能用 ! 或 @ 开头,请加引号",
    "alias": "不能用 * 开头,请加引号", "cannot start any token": "不能这样开头,请加引号",
}  # fmt: skip
_PLAIN = re.compile("[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9]*")  # needs no quotes in YAML
_Raw: TypeAlias = dict[str, Any]
_KEPT: Final = 2  # as many as are held against each other
_kept: list[tuple[str, Rulebook]] = []  # the rules read last, by what their folders said


def read_rules(folder: Path) -> Rulebook:
    """Return the rules of a home's `rules/` folder: those read before in this process, and all that was made of them, where it says the very same.

    Raises RulesError with every problem of every file: file, 1-based line, key, what is wrong, the nearest known word.
    """
    if not folder.is_dir():
        raise RulesError([Problem(folder.name, 1, "", "找不到这个文件夹")])
    said = _said(folder)
    for known, rules in _kept:
        if known == said:
            return rules
    rules = _understood(folder)
    if said and said == _said(folder):  # nobody was writing meanwhile
        _kept[:] = [(said, rules), *_kept[: _KEPT - 1]]
    return rules


def _said(folder: Path) -> str:
    """Return a hash over everything the folder says, '' where something cannot be read."""
    told = hashlib.sha256()
    try:
        for path in sorted(folder.rglob("*.y*ml")):
            content = path.read_bytes()
            told.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode() + content)
    except OSError:
        return ""
    return told.hexdigest()


def _understood(folder: Path) -> Rulebook:
    reading = _Reading(folder)
    found = reading.everything()
    if found is not None:
        reading.faults += check(found, reading.doubtful)
    if reading.faults or reading.problems or found is None:
        places = {fault: reading.place(fault) for fault in reading.faults}
        told = [Problem(*places[fault], fault.message, fault.nearest) for fault in reading.faults]
        raise RulesError(
            sorted({*reading.problems, *told}, key=lambda problem: (problem.file, problem.line, problem.key))
        )
    return found


def with_word(text: str, keys: Sequence[str | int], word: str) -> str:
    """Return a rule file's text with a word added to the list under these keys; every other letter of it stays as it was.

    A list that its mapping does not have yet is begun. Raises KeyError where not even the mapping is there.
    """
    body = text.removeprefix("\ufeff")
    node = YAML(pure=True).compose(body)
    for key in keys[:-1]:
        node = _under(node, key)
    entry = word if _PLAIN.fullmatch(word) else json.dumps(word, ensure_ascii=False)
    try:
        node = _under(node, keys[-1])
    except KeyError:
        entry = f"{keys[-1]}: [{entry}]"
    return text[: len(text) - len(body)] + _appended(body, node, entry)


def _under(node: Any, key: str | int) -> Any:
    """Return what stands under a key of a node."""
    if isinstance(key, int):
        return node.value[key]
    return {name.value: value for name, value in node.value}[key]


def _appended(text: str, node: Any, entry: str) -> str:
    """Return the text with an entry more in a list or mapping, written as its others are."""
    if not node.value:
        return _put(text, node.start_mark.index + 1, entry)
    mapping = isinstance(node.value[0], tuple)  # pairs of key and value
    first, last = (node.value[0][0], node.value[-1][1]) if mapping else (node.value[0], node.value[-1])
    if node.flow_style:
        return _put(text, last.end_mark.index, f", {entry}")
    start = first.start_mark
    lead = (
        " " * start.column if mapping else text[start.index - start.column : start.index]
    )  # the dash and what is before it
    newline = "\r\n" if "\r\n" in text else "\n"
    end = text.find(newline, last.end_mark.index)
    return _put(text, len(text) if end < 0 else end, f"{newline}{lead}{entry}")


def _put(text: str, place: int, piece: str) -> str:
    return text[:place] + piece + text[place:]


class _Reading:
    """One reading of the folder: what was wrong, and which names stand there although they could not be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.problems: list[Problem] = []
        self.doubtful: dict[str, set[str]] = {}
        self.files: dict[str, Path] = {}  # form id → its file
        self.marked: dict[Path, Any] = {}

    def everything(self) -> Rulebook | None:
        """Return the rules as far as they can be read, or None where a file that others lean on cannot be read at all."""
        self.strangers()
        whole = {name: self.whole(name, stand_in) for name, stand_in in _WHOLE.items()}
        lists = {name: self.entries(name, kind) for name, kind in _LISTS.items()}
        forms = self.forms()
        if any(found is None for found in lists.values()):
            return None
        kinds = lists.pop("kinds")
        return Rulebook.model_validate({**whole, **lists, "core_kinds": kinds, "forms": forms})

    def strangers(self) -> None:
        """Name files that nobody reads: most likely misspelt."""
        for path in sorted([*self.folder.glob("*.y*ml"), *(self.folder / "forms").glob("*.yml")]):
            if path.suffix == ".yml" or path.stem not in {*_WHOLE, *_LISTS}:
                message = "文件名要以 .yaml 结尾" if path.suffix == ".yml" else "不认识这个文件,没有人读它"
                self.problems.append(Problem(self.shown(path), 1, "", message, nearest(path.stem, [*_WHOLE, *_LISTS])))

    def whole(self, name: str, stand_in: Any) -> Any:
        """Return a file that is one object."""
        if name in _OPTIONAL and not (self.folder / f"{name}.yaml").exists():
            return stand_in
        raw = self.load(self.folder / f"{name}.yaml")
        if raw is None:
            return stand_in
        found, faults = shaped(type(stand_in), raw, name, ())
        self.faults += faults
        return stand_in if found is None else found

    def entries(self, name: str, kind: Any) -> _Raw | None:
        """Return a file of named entries without those that are wrong; None if it cannot be read at all."""
        raw = self.load(self.folder / f"{name}.yaml")
        if raw is None:
            return None
        sound: _Raw = {}
        for key, entry in raw.items():
            found, faults = shaped(dict[str, kind], {key: entry}, name, ())
            self.faults += faults
            if found is None:
                self.doubtful.setdefault(name, set()).add(str(key))
            else:
                sound |= found
        return sound

    def forms(self) -> dict[str, Form]:
        """Return the forms that are sound, by id."""
        forms: dict[str, Form] = {}
        paths = sorted((self.folder / "forms").glob("*.yaml"))
        if not paths:
            self.problems.append(Problem(self.shown(self.folder / "forms"), 1, "", "一张表的规则也没有"))
        for path in paths:
            raw = self.load(path)
            name = str(raw.get("form", path.stem)) if raw is not None else path.stem
            if name in self.files:
                self.problems.append(
                    Problem(self.shown(path), 1, "form", f"{name} 已在 {self.shown(self.files[name])} 里")
                )
                continue
            self.files[name] = path
            found, faults = shaped(Form, raw, "forms", (name,)) if raw is not None else (None, [])
            self.faults += faults
            if isinstance(found, Form):
                forms[name] = found
            else:
                self.doubtful.setdefault("forms", set()).add(name)
                own = raw.get("kinds") if raw is not None else None
                self.doubtful.setdefault("kinds", set()).update(map(str, own if isinstance(own, dict) else ()))
        return forms

    def load(self, path: Path) -> _Raw | None:
        """Return a file's mapping, or None with the problem noted."""
        try:
            raw = parsed(path.read_text("utf-8-sig"))
        except FileNotFoundError:
            self.problems.append(Problem(self.shown(path), 1, "", "缺少这个文件"))
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.problems.append(Problem(self.shown(path), line, "", "不是 UTF-8 编码,请另存为 UTF-8"))
        except OSError as error:
            self.problems.append(Problem(self.shown(path), 1, "", f"文件打不开({error.strerror})"))
        except (YAMLError, RecursionError) as error:
            self.problems.append(_trouble(self.shown(path), error))
        else:
            if isinstance(raw, dict):
                return raw
            self.problems.append(Problem(self.shown(path), 1, "", "文件是空的" if raw is None else "应写成 名字: 内容"))
        return None

    def place(self, fault: Fault) -> tuple[str, int, str]:
        """Return file, line and dotted key of a fault; a key that is not there has the line of what it should stand in."""
        path, keys = self.folder / f"{fault.file}.yaml", fault.keys
        if fault.file == "forms":
            path, keys = self.files[str(keys[0])], keys[1:]
        if path not in self.marked:
            self.marked[path] = exact(RoundTripConstructor).load(path.read_text("utf-8-sig"))
        return self.shown(path), _line(self.marked[path], keys), ".".join(map(str, keys))

    def shown(self, path: Path) -> str:
        """Return a path as the clerk knows it: `rules/forms/….yaml`."""
        return path.relative_to(self.folder.parent).as_posix()


def _line(node: Any, keys: Iterable[str | int]) -> int:
    line = 0
    for key in keys:
        if isinstance(node, CommentedMap) and key in node:
            line, node = node.lc.key(key)[0], node[key]
        elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
            line, node = node.lc.item(key)[0], node[key]
        else:
            break
    return line + 1


def _trouble(file: str, error: YAMLError | RecursionError) -> Problem:
    """Return the problem of a file that is no YAML."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, 1, "", "里面有不该有的字符,或括号套得太深")
    said = " ".join((str(error.context or ""), str(error.problem or "")))
    if isinstance(error, DuplicateKeyError):
        return Problem(
            file, error.problem_mark.line + 1, said.partition('duplicate key "')[2].partition('"')[0], "这一项写了两次"
        )
    message = next(
        (told for sign, told in _TROUBLES.items() if sign in said), "请检查这一行和上一行的缩进、冒号、引号和括号"
    )
    # What was opened and never closed is told where it was opened.
    mark = error.context_mark if "成对" in message and error.context_mark else error.problem_mark
    return Problem(file, mark.line + 1, "", f"YAML 写不通:{message}")
