"""What the sample staff have written down, and which drafts of closed requests they have released."""

from __future__ import annotations

from typing import NamedTuple


class Article(NamedTuple):
    ago: int
    kind: str  # knowledge class
    who: str
    title: str
    text: str
    readers: tuple[str, ...] = ()  # whom it was released for; without readers it is still a draft


ARTICLES: tuple[Article, ...] = (
    Article(120, "常见问题", "kefu", "MTC-20 固件温漂处理步骤",
            "固件 2.1.3 在炉温超过 60 ℃ 时存在温漂，读数偏高 2～4 ℃。\n\n## 适用\n- MTC-20 温控模块，固件 2.1.4 及以前\n- 读数缓慢偏高，断电重启后短时恢复\n\n"
            "## 步骤\n1. 远程读取标定系数，核对固件版本\n2. 升级到 2.1.5\n3. 在 25 ℃ 与 80 ℃ 两点重新标定\n4. 连续观察 24 小时\n\n"
            "## 如果没有恢复\n寄出备用模块，旧模块返厂检测标定电阻。",
            ("jingli", "jingli2", "jingli3", "zhuguan", "yewu")),
    Article(96, "培训教材", "zhuguan", "电磁流量计现场标定操作",
            "新同事第一次独立到现场之前，请完整读一遍，并跟随老师做过两次。\n\n## 带什么\n- 手操器、备用耦合剂、接地线\n- 校准证书复印件\n\n"
            "## 怎么做\n1. 确认满管：关出口阀静置十分钟\n2. 检查接地电阻小于 10 欧\n3. 执行零点标定，记录前后读数\n4. 请客户在记录单上签字\n\n"
            "## 容易错的地方\n- 空管时标定，零点会整体偏移\n- 变频器未停机，信号有 50 Hz 干扰",
            ("kefu", "yewu", "jingli")),
    Article(75, "产品教材", "jingli", "涡街流量计选型三问",
            "客户问选型时，先问三件事。\n\n1. 介质是什么，温度压力各多少\n2. 最小流量是多少：低于下限流速读数归零\n3. 前后直管段有多长：前 15D、后 5D，不够就加整流器\n\n"
            "振动大的管道改用电磁或质量流量计。",
            ("kefu", "yewu", "jingli2", "shichang")),
    Article(52, "营销知识", "shichang", "水务客户最关心的四个问题",
            "走访了十二家水务公司之后整理。\n\n- 数据能不能直接进水务平台：支持 Modbus TCP 与 SL 651\n- 电池能用几年：每小时上报一次可用六年\n- 井下进水怎么办：IP68，泡水一年无故障\n"
            "- 校准证书谁来出：随货附三方证书，两年后上门复校",
            ("jingli", "jingli3")),
    Article(33, "相关知识", "kefu", "防爆合格证怎么核验",
            "防爆合格证有效期五年。证书过期不影响已安装设备继续使用，但安环检查会要求出示换证说明。\n\n"
            "## 核验\n1. 记下铭牌上的证书编号\n2. 在发证机构网站输入编号查询\n3. 查不到时联系客服，附上铭牌照片",
            ("jingli3", "bumen")),
    Article(2, "常见问题", "jingli", "4G 远传终端离线的检查顺序",
            "## 顺序\n1. 看信号灯：慢闪是没有注册上网络\n2. 换卡后重设 APN\n3. 固件低于 2.1.5 的先升级"),
)  # fmt: skip

# what requests have taught, by their summaries
RELEASED = {
    "电磁流量计空管时仍有读数": ("jingli", "yewu"), "质量流量计零点漂移怎么查": ("kefu", "jingli2", "jingli3"),
    "锅炉蒸汽流量计读数跳变": ("jingli",), "差压变送器量程如何迁移": ("yewu", "jingli"),
}  # fmt: skip
