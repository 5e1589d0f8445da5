"""Chinese names, phones and days that look like those of a real house, from a seeded dice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

FAMILY = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
)
GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华建国文辉力波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂"
    "进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士"
)
PLACES = tuple("东南西北中新海江山湖星云金银")
BRAND = tuple(
    "华鑫盛宏达恒泰瑞丰利通远博嘉信诚德隆昌正佳润源海天成力联合新科创凯腾飞龙兴旺安康明辉光耀宇航宝晟铭睿智卓越冠群英东方南北中亚欧"
    "美晶蓝绿金银铁石江河湖山川林森木春夏秋冬永长久健良优品尚雅致锐捷迅驰骏马鹏鸿雁翔云霄汉唐元清和顺吉祥如意福禄寿喜"
)
TRADES = (
    "机械", "精密机械", "电子", "电子科技", "化工", "新材料", "医药", "医疗器械", "食品",
    "纺织", "服饰", "建筑工程", "装饰", "能源", "新能源", "物流", "港口机械", "船舶",
    "软件", "信息技术", "网络科技", "自动化", "仪器仪表", "汽车零部件", "模具", "包装", "印刷",
    "环保科技", "水务", "电气", "电缆", "光电", "半导体", "智能装备", "数控设备", "五金",
    "塑胶", "橡胶", "陶瓷", "玻璃", "家具", "农业", "生物科技", "检测技术",
)  # fmt: skip
KINDS = ("有限公司",) * 6 + ("股份有限公司", "集团有限公司", "有限责任公司", "（集团）有限公司")
ROADS = (
    "人民路", "中山路", "解放路", "建设路", "工业大道", "科技园路", "滨江大道", "长江路", "创业路", "振兴路",
)  # fmt: skip


class Dice:
    """What happens to happen; the same seed, the same house."""

    def __init__(self, seed: int, until: datetime, years: int = 5) -> None:
        self.random = Random(seed)  # noqa: S311  data, not secrets
        self.until = until
        self.span = timedelta(days=365 * years)
        self.one, self.chance = self.random.choice, self.random.random

    def some(self, share: float, value: Any, otherwise: Any = None) -> Any:
        return value if self.chance() < share else otherwise

    def number(self, low: int, high: int) -> int:
        return low + int(self.chance() * (high - low))

    def person(self) -> str:
        return self.one(FAMILY) + self.one(GIVEN) + self.some(0.7, self.one(GIVEN), "")

    def company(self, place: str) -> str:
        brand = self.one(BRAND) + self.one(BRAND) + self.some(0.25, self.one(BRAND), "")
        return f"{place}{brand}{self.one(TRADES)}{self.one(KINDS)}"

    def address(self, place: str) -> str:
        return f"{place}市{self.one(PLACES)}{self.one(PLACES)}区{self.one(ROADS)} {self.number(1, 999)} 号"

    def phone(self) -> str:
        return f"0{self.number(310, 999)}-{self.number(20_000_000, 90_000_000)}"

    def mobile(self) -> str:
        return f"1{self.one('35789')}{self.number(0, 10**9):09d}"

    def moment(self, place: int, of: int) -> datetime:
        """When the `place`th of so many rows came: in their order, over the years, at working hours."""
        day = (self.until - self.span * (1 - (place + 1) / of)).astimezone(UTC).replace(hour=1, minute=0, second=0)
        return min(day + timedelta(seconds=self.number(0, 8 * 3600)), self.until)

    def after(self, moment: datetime, days: int) -> datetime:
        """Some time in the next days, and not in the future."""
        return moment + min(timedelta(days=days), self.until - moment) * self.chance()

    def day(self, first: int, last: int) -> date:
        return date(self.number(first, last), self.number(1, 13), self.number(1, 29))
