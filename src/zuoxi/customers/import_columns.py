# SPDX-License-Identifier: Apache-2.0
"""The columns of a list of customers: what their headings may be called, and what they are called here."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("姓名", "客户姓名", "客户名称", "名称", "客户", "联系人", "Name", "Customer"),
    "number": (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "联系方式",
        "移动电话",
        "电话号码",
        "Phone",
        "Mobile",
        "Telephone",
        "Number",
    ),
    "number2": ("电话2", "手机2", "备用电话", "固定电话", "座机", "Phone 2", "Landline"),
    "kind": ("类型", "客户类型", "Kind"),
    "grade": ("等级", "客户等级", "级别", "Grade"),
    "source": ("来源", "客户来源", "Source"),
    "seller": ("销售工号", "所属坐席", "工号", "Seller"),
    "tags": ("标签", "客户标签", "Tags"),
    "birthday": ("生日", "出生日期", "出生年月日", "Birthday"),
    "province": ("省", "省份", "Province"),
    "city": ("市", "城市", "City"),
    "district": ("区", "区县", "District"),
    "community": ("小区", "街道", "Community", "Street"),
    "building": ("楼栋", "楼号", "Building"),
    "unit": ("单元", "Unit"),
    "room": ("室", "房号", "Room"),
    "line": ("地址", "详细地址", "收货地址", "Address"),
    "note": ("备注", "说明", "Note", "Remark"),
}
LABELS: Final[dict[str, str | Promise]] = {
    "name": gettext_lazy("Name"),
    "number": gettext_lazy("Telephone number"),
    "number2": gettext_lazy("Second telephone number"),
    "kind": gettext_lazy("Kind"),
    "grade": gettext_lazy("Grade"),
    "source": gettext_lazy("Source"),
    "seller": gettext_lazy("Own customer of"),
    "tags": gettext_lazy("Tags"),
    "birthday": gettext_lazy("Birthday"),
    "province": gettext_lazy("Province"),
    "city": gettext_lazy("City"),
    "district": gettext_lazy("District"),
    "community": gettext_lazy("Community or street"),
    "building": gettext_lazy("Building"),
    "unit": gettext_lazy("Unit"),
    "room": gettext_lazy("Room"),
    "line": gettext_lazy("Address"),
    "note": gettext_lazy("What the next agent should know"),
}
KINDS: Final[dict[str, str]] = {
    "": "person", "个人": "person", "家庭": "household", "住户": "household", "公司": "company", "单位": "company",
    "企业": "company", "患者": "patient", "病人": "patient",
}  # fmt: skip
