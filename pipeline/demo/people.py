"""Invented people: the consultants with their habits, and customers whose names and numbers exist nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Habits:
    """How one consultant works and writes.

    `captures` is the share of first visitors who leave a phone, `keeps` the chance that a due call is made on a given day. `forms` is `new` for our
    blanks and `old` for the store's own; `tracker` is `groups` or `grid`; `card` is `stack`, `pair` or `each`.
    The rest names spellings of `spelling`.
    """

    name: str
    aliases: tuple[str, ...]
    captures: float
    keeps: float
    forms: str
    tracker: str
    card: str
    time: str
    phone: str
    level: str
    date: str
    tick: str
    nightly: bool = False


CONSULTANTS = (
    Habits(
        "李明", ("小李",), 0.78, 0.95, "new", "groups", "stack", "clock", "text", "plain", "date", "√", nightly=True
    ),
    Habits("王芳", ("芳姐",), 0.74, 0.92, "old", "grid", "each", "dot", "text", "letter", "han", "✓"),
    Habits("张伟", ("老张",), 0.70, 0.90, "old", "groups", "pair", "wide", "spaces", "plain", "iso", "是"),
    Habits("刘洋", ("小刘",), 0.72, 0.16, "new", "grid", "stack", "semicolon", "spaces", "wide", "dots", "●"),
    Habits(
        "陈静", ("静静",), 0.76, 0.93, "new", "groups", "each", "han", "number", "grade", "serial", "1", nightly=True
    ),
    Habits("赵磊", ("石头",), 0.34, 0.88, "old", "groups", "stack", "half", "dashes", "web", "slash", "Y"),
)
NAMES = tuple(each.name for each in CONSULTANTS)
HABITS = {each.name: each for each in CONSULTANTS}

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = ("子涵", "宇轩", "欣怡", "浩然", "梓萱", "俊杰", "雨桐", "建国", "秀兰", "志强", "丽娟", "海涛", "晓燕", "国庆", "文静", "思远", "佳琪", "明哲",
         "春梅", "立新", "嘉豪", "若曦", "振华", "玉兰", "天佑", "静怡", "永康", "巧玲", "博文", "诗涵")  # fmt: skip
MODELS = ("云途", "云途PLUS", "远景S7", "301", "星驰GT", "远景S5")
RIVALS = ("海风X3", "锐界星", "东麓V6", "北辰M5")
SOURCES = ("来店/电", "来店/电", "来店/电", "VIP购车/介绍", "基盘", "展示会", "汽车论坛", "短视频")
PLACES = ("东城区", "西湖路", "高新区", "南门街", "北苑小区", "开发区")
TRADES = ("教师", "个体", "工程师", "医生", "公务员", "餐饮")
COLOURS = ("珠光白", "曜石黑", "星空蓝", "火山灰")
REFUSALS = ("不愿留", "未留", "不方便", "随便看看", "没留")
UNREACHED = ("关机", "无人接听", "停机", "电话无人接听")
LOST_REASONS = ("价格偏高", "车型缺货", "品牌喜好", "促销政策", "交通不便")
LOOKED = (
    "看了外观和内饰,比较满意",
    "对比配置,关心油耗",
    "带家人一起看车",
    "问了置换补贴",
    "想了解分期政策",
    "关注后排空间",
    "等优惠再定",
)
CALLED = ("问了优惠,再考虑", "约周末来店", "家人还在商量", "已发配置单", "关注现车颜色", "等拍牌", "对价格有顾虑")
_ONLY_THE_CAR = 0.12  # of those without a name
PREFIXES = ("138", "139", "136", "158", "188")


class Strangers:
    """Gives out names and numbers, each number once: the prefix, four noughts, four digits."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._tails = rng.sample(range(1000, 10000), 4000)
        self._names: set[str] = set()

    def phone(self) -> str:
        """Return a number nobody has."""
        return f"{self._rng.choice(PREFIXES)}0000{self._tails.pop()}"

    def name(self) -> str:
        """Return a full name not given out before."""
        while True:
            name = self._rng.choice(SURNAMES) + self._rng.choice(GIVEN)
            if name not in self._names:
                self._names.add(name)
                return name

    def stand_in(self) -> str:
        """Return what is written of somebody who leaves no name: a surname with a title, or a number plate."""
        if self._rng.random() < _ONLY_THE_CAR:
            return f"川A{self._rng.randrange(10000, 99999)}"
        return self._rng.choice(SURNAMES) + self._rng.choice(("先生", "女士"))
