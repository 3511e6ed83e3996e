# SPDX-License-Identifier: Apache-2.0
"""Who comes at night. All are invented; id numbers are published specimens, telephone and
card numbers are nobody's. What a story types is unlike anything else on the machine, so that
a search for it finds only it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Resident:
    """A person with her card, the matter she comes for, and what she will answer."""

    name: str
    id_number: str
    address: str
    matter: str
    answers: dict[str, str | bool]
    sex: str = "2"
    ethnicity: str = "01"
    language: str = "zh"
    rating: str = "skip"

    @property
    def card(self) -> dict[str, str]:
        return {"name": self.name, "sex": self.sex, "ethnicity": self.ethnicity,
                "birth": self.id_number[6:14], "address": self.address,
                "idNumber": self.id_number, "issuer": "苏州市公安局平澜分局",
                "validFrom": "20190315", "validTo": "长期"}

    @property
    def words(self) -> list[str]:
        """What must be gone when she has left, also in groups as digits are shown."""
        typed = [self.answers[key] for key in PRIVATE if key in self.answers]
        found = [self.name, self.id_number, self.address, *typed]
        found.append(" ".join((self.id_number[:6], self.id_number[6:14], self.id_number[14:])))
        mobile = self.answers["mobile"]
        found.append(" ".join((mobile[:3], mobile[3:7], mobile[7:])))
        return found


# Answers that are hers alone; the others (a chosen form of work, a sum) stand in the catalogue
# or in many files by chance.
PRIVATE = ("mobile", "bank_card", "agent_name", "agent_id_no")

GRANDMOTHER = Resident(
    "王秀兰", "11010519491231002X", "平澜街道枫桥弄甲字捌拾肆号七零三室", "elder_allowance",
    {"mobile": "13987650421", "bank_card": "6229980153770264810", "agent": True,
     "agent_name": "𠮷㼆·买买提", "agent_id_no": "440524188001010014"})

RARE_NAME = Resident(
    "𠮷㼆·艾力", "440524188001010014", "平澜街道桐泾北巷壹佰零陆号后楼", "flex_employ_register",
    {"mobile": "13611870953", "work_kind": "self", "start": "20230917", "base": "17359"},
    sex="1", ethnicity="05")

ENGLISH = Resident(
    "李静娴", "34052419800101001X", "平澜街道葑门横街贰拾玖号阁楼", "flex_employ_register",
    {"mobile": "15050917346", "work_kind": "platform", "start": "20220228", "base": "8846"},
    language="en", rating="rate:5")

NO_PAPER = Resident(
    "欧阳梦蝶", "440524188001010014", "平澜街道盘胥路肆佰壹拾伍号丙座", "elder_allowance",
    {"mobile": "18862310577", "bank_card": "6229980153770339216", "agent": False}, sex="1")

REFUSED = Resident(
    "司徒静婉", "11010519491231002X", "平澜街道竹辉里叁拾号西厢", "disabled_two_subsidies",
    {"mobile": "17715208846", "living_subsidy": True, "care_subsidy": False, "agent": False})

ALL = (GRANDMOTHER, RARE_NAME, ENGLISH, NO_PAPER, REFUSED)
