"""The sample customers that fell silent: who they are, how they bought, and what was done about it."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """Days are told as "days ago"; `bought` are spans (from, to, gap) of orders, `acts` what people did."""

    owner: str
    name: str
    place: tuple[str, str, str, str, str]  # region, city, industry, address, web
    bought: tuple[tuple[int, int, int], ...]
    amount: int  # of a usual order, in hundreds
    acts: tuple[tuple[int, str, str, str], ...] = ()  # (ago, by, act, text)
    satisfaction: int = 4
    falls: bool = False
    talked: int = 24  # days since somebody last spoke with it


CASES = (
    Case("jingli", "台州椒江泵业有限公司", ("浙江", "", "机械制造", "椒江区三甲街道东太和路 102 号", "jiaojiang-pump"),
         ((810, 520, 46), (294, 224, 34)), 386,
         ((298, "jingli", "postpone", "电话了解停单原因：备件到货慢。协调仓库预留 20 套密封件。"),
          (296, "jingli", "postpone", "与采购经理蒋丽华面谈，给出季度框架价，账期 45 天。")), 2, True),
    Case("jingli", "嘉兴南湖食品机械有限公司", ("浙江", "", "机械制造", "南湖区大桥镇亚太路 705 号", "nanhu-food"),
         ((640, 211, 38),), 214,
         ((17, "jingli", "postpone", "电话联系设备科：新生产线改用进口变送器，旧线还在用我们的表。约周四上门看旧线。"),
          (9, "jingli", "postpone", "上门做了免费校准，带去旧线替换方案和 5% 老客户返利，对方答应月底前给答复。"),
          (3, "zhuguan", "postpone", "已批返利；请陈静本周内把替换方案的交期确认到 10 天以内。"))),
    Case("jingli2", "扬州邗江汽车部件有限公司", ("江苏", "", "汽车零部件", "邗江区汊河街道金荣路 18 号", "hanjiang-auto"),
         ((560, 192, 52),), 165),
    Case("jingli3", "芜湖长江船舶配件有限公司", ("安徽", "", "港口航运", "鸠江区裕溪口街道沿江路 9 号", "wuhu-ship"),
         ((600, 201, 44),), 298,
         ((8, "jingli3", "postpone", "船厂停工检修到下月，已把检修备件清单发给对方，复工前一周再联系。"),), 3),
    Case("jingli2", "常州武进恒纺机械有限公司", ("江苏", "", "纺织服装", "武进区湖塘镇鸣新路 256 号", "hengfang"),
         ((700, 297, 35),), 122,
         ((104, "jingli2", "postpone", "电话没人接，联系到原设备科长，说厂里在谈搬迁。"),
          (88, "jingli2", "postpone", "去厂里看过，车间已清空，留守人员说设备整体卖给了外地同行。"),
          (61, "jingli2", "confirm", "工厂搬迁后停产注销，设备已转卖，不会再采购。")), 3, True),
    Case("jingli", "绍兴柯桥蓝印染整有限公司", ("浙江", "", "纺织服装", "柯桥区滨海工业区镜海路 33 号", "lanyin-dye"),
         ((620, 279, 41), (69, 10, 29)), 187,
         ((85, "jingli", "postpone", "拜访新任采购主管，原来的供货记录对方没有交接，重新发了报价和业绩表。"),
          (78, "jingli", "postpone", "免费更换两台超期的温度变送器，对方同意恢复按季下单。"))),
    Case("jingli2", "无锡惠山锻压设备有限公司", ("江苏", "无锡", "机械制造", "惠山区洛社镇人民南路 66 号", "huishan-press"),
         ((650, 303, 47), (31, 31, 30)), 243,
         ((109, "jingli2", "postpone", "对方改为总部集采，本地没有采购权，已请总部联系人引荐。"),
          (84, "jingli2", "confirm", "集团统一改用自有品牌仪表，明确答复不再外购。"),
          (33, "zhuguan", "reactivate", "集团集采名单更新，我们重新入围，对方已询价。"))),
)  # fmt: skip
GOODS = ("涡街流量计", "电磁流量计", "压力变送器", "温度变送器", "智能差压变送器")
TALK = ("例行电话", "询问生产安排和备件库存，对方说近期没有采购计划，有需要再联系。")
