"""Earlier suggestions like the one that is being written, on both engines."""

from __future__ import annotations

import pytest

from services.search.engine import PUBLIC

TITLES = {
    "campus": ("关于治理中小学校园周边交通拥堵的建议", "上学放学时段，校门口车辆乱停，学生过街不安全。建议设置护学岗，错峰接送。"),
    "rural": ("关于加快农村公路建设的建议", "通村公路路面窄、等级低，会车困难。建议增加投入，拓宽路面。"),
    "care": ("关于发展社区居家养老服务的建议", "老龄化加快，社区缺少日间照料和助餐服务。建议建设嵌入式养老机构。"),
    "lift": ("关于支持老旧小区加装电梯的建议", "老旧小区多为步梯房，老年人上下楼困难。建议简化审批，增加补贴。"),
    "insurance": ("关于建立社保费信息系统联合运维机制的建议", "三部门系统互不相通，参保群众多头跑。建议建立联合运维中心。"),
    "water": ("关于加强农村饮用水水源地保护的建议", "部分农村饮用水水源地保护不力，存在污染隐患。"),
}  # fmt: skip


@pytest.fixture
def library(library):
    for name, (title, body) in TITLES.items():
        library.put(name, title=title, body=body)
    return library


@pytest.mark.parametrize(
    ("title", "body", "first"),
    [
        ("校园周边交通", "", "campus"),  # six characters
        ("社区养老", "", "care"),
        ("老小区加装电梯", "", "lift"),
        ("社保费征缴", "", "insurance"),
        ("农村公路", "", "rural"),
        ("农村饮水安全", "村民饮用水水源受到污染，应当保护。", "water"),
        (
            "关于保障学生安全的建议",
            "校门口车辆多，学生过街危险，放学时拥堵，建议错峰接送，安排护学岗。",
            "campus",
        ),
        ("", "老人上下楼不方便，希望老旧小区能够加装电梯，简化审批手续，给予补贴。", "lift"),
    ],
)
def test_the_most_similar_comes_first(library, title, body, first):
    assert library.like(title, body)[:1] == [first]


@pytest.mark.parametrize(
    ("title", "body"), [("", ""), ("关于", ""), ("建议", "好"), ("？！", "<>"), ("量子通信", "")]
)
def test_nothing_is_like_nothing(library, title, body):
    assert library.like(title, body) == []


def test_others_are_not_like_it(library):
    assert library.like("校园周边交通") == ["campus"]


def test_not_like_itself(library):
    title, body = TITLES["rural"]
    assert library.like(title, body)[0] == "rural"
    assert "rural" not in library.like(title, body, exclude="rural")


def test_the_number_asked_for(library):
    for number in range(8):
        library.put(f"rural {number}", title="农村公路养护")
    assert len(library.like("农村公路")) == 5
    assert len(library.engine.similar("农村公路", "", PUBLIC, limit=9)) == 9


def test_a_whole_text_while_typing(library):
    for title, body in TITLES.values():
        for length in range(1, len(title)):
            assert set(library.like(title[:length], body[: length * 3])) <= set(TITLES)
