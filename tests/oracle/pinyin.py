"""What a name may be typed as, by a second opinion: the readings of PyPI pypinyin for names of PyPI Faker.

    python3 tests/oracle/pinyin.py 10000 > names.json     # the whole run, see scripts/test --all
    python3 tests/oracle/pinyin.py --frozen > tests/fixtures/pinyin.json

Each entry is a name with every reading of each of its signs, as pypinyin tells with heteronym=True. Nothing of Anju is
used here. Names that no generator makes, and the surnames that are read otherwise, are in every run.
"""

import json
import random
import sys

from faker import Faker
from pypinyin import Style, pinyin

# Surnames that are read otherwise than their signs (pypinyin's own table of surnames says so too).
BY_HAND = (
    "单雄信 仇英 解缙 曾国藩 翟天临 缪斯 区少坚 查良镛 盖叫天 任贤齐 朴树 冼星海 折彦质 华罗庚 乐毅 覃海洋 黑明 秘宜 种师道 "
    "那英 宓妃 尹天仇 宁静 訾玉 不害 车晓 燕青 柏杨 祭遵 能元皓 郗恺 隗嚣 句践 行义 幺立祥 佴明 牟其中 谌容 卜式 万俟卨 尉迟恭 "
    "单于夜 澹台灭明 长孙无忌 欧阳修 司马迁 诸葛亮 上官婉儿 慕容复 令狐冲 𠮷田花 李𠮷 阿卜杜拉·买买提 古丽·米娜 吕布 "
    "女娲 长乐 行重 曲藏 乐乐 重重 朝朝"
).split()


def entry(name):
    # Sign by sign: a phrase that pypinyin happens to know would hide the other readings of its signs.
    readings = []
    for sign in name:
        heard = pinyin(sign, heteronym=True, style=Style.NORMAL)[0]
        readings.append([] if heard == [sign] else heard)
    return {"name": name, "readings": readings}


def main():
    frozen = "--frozen" in sys.argv
    count = 60 if frozen else int(sys.argv[1])
    Faker.seed(2026)
    random.seed(2026)
    names = set()
    faker = Faker("zh_CN")
    while len(names) < count:
        # Faker has some hundred surnames and as many given names; two given names make more of them.
        names.add(faker.name() if len(names) < count // 2 else faker.last_name() + faker.first_name() + faker.first_name()[:1])
    entries = []
    for name in [*BY_HAND, *sorted(names)]:
        entries.append(entry(name))
    json.dump(entries, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


main()
