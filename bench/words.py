"""Chinese names and texts of plausible length, from a seeded dice."""

from __future__ import annotations

import random

PLACES = (
    "北京",
    "上海",
    "天津",
    "重庆",
    "南京",
    "苏州",
    "杭州",
    "宁波",
    "广州",
    "深圳",
    "济南",
    "青岛",
    "武汉",
    "成都",
    "西安",
)
NAMES = tuple("华鑫盛宏达恒泰瑞丰利通远博嘉信诚德隆昌正佳润源海天成力联合新科创")
TRADES = ("机械", "电子", "化工", "医药", "食品", "纺织", "建筑", "能源", "物流", "港口", "软件", "精密", "汽配")
KINDS = ("有限公司", "股份有限公司", "集团有限公司", "科技有限公司", "贸易有限公司")
FAMILY = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡")
GIVEN = ("伟", "芳", "娜", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "秀英", "志强", "建国")
PRODUCTS = ("数控机床", "工业机器人", "检测仪器", "控制系统", "传感器", "输送设备", "备品备件", "软件许可")
STEPS = ("电话沟通需求", "上门拜访负责人", "提交初步方案", "安排产品演示", "商务谈判", "跟进合同")
SOURCES = ("老客户介绍", "展会", "网络推广", "电话营销", "主动来访", "")
COMMON = {"customer_name": "有限", "subject": "项目", "needed_product": "设备", "address": "市", "number": "0"}
RARE = "罕见"  # stands in one of a thousand texts: the rare value of every text filter


def company(dice: random.Random) -> str:
    middle = RARE if dice.random() < 0.001 else "".join(dice.sample(NAMES, 2))
    return f"{dice.choice(PLACES)}{middle}{dice.choice(TRADES)}{dice.choice(KINDS)}"


def person(dice: random.Random) -> str:
    return dice.choice(FAMILY) + dice.choice(GIVEN)


def product(dice: random.Random) -> str:
    return f"{RARE if dice.random() < 0.001 else ''}{dice.choice(PRODUCTS)}"


def subject(dice: random.Random) -> str:
    return f"{product(dice)}{dice.choice(('采购', '改造', '升级', '维保'))}项目"


def summary(dice: random.Random) -> str:
    return f"{person(dice)}介绍，计划{dice.choice(('新建', '扩建', '改造'))}生产线，需要{product(dice)}"


def description(dice: random.Random) -> str:
    return f"{summary(dice)}。" * dice.randrange(1, 5)


def source(dice: random.Random) -> str:
    return dice.choice(SOURCES)


def step(dice: random.Random) -> str:
    return dice.choice(STEPS)
