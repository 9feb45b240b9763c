"""`jianyi subscriber`: what an operator reads, and what is refused without leaving anything behind."""

from __future__ import annotations

import pytest

from jianyi.subscribers import binding_keys
from shared.problems import Invalid
from subscribers.reading import CITY, Network

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


def refused(network: Network, *arguments: str, **environment: str) -> str:
    said = network.jianyi("subscriber", *arguments, **environment)
    assert said.returncode == 1 and "Traceback" not in said.stderr, said.stderr
    return said.stderr


def names(network: Network) -> set[str]:
    """Of all users and queues at the broker."""
    return {
        *(user["name"] for user in network.broker.manage("GET", "users")),
        *(queue["name"] for queue in network.broker.manage("GET", "queues")),
    }


def test_an_account_is_opened_listed_and_closed(network: Network) -> None:
    said = network.jianyi(
        "subscriber", "add", "oa", "--jurisdiction", CITY, "--types", "reply.*", "--types", "suggestion.closed"
    )  # fmt: skip
    assert said.returncode == 0 and "长沙市及以下" in said.stdout and "sub.oa" in said.stdout
    listed = network.jianyi("subscriber", "list", COLUMNS="200").stdout
    assert "reply.*.43.01.#" in listed and "suggestion.closed.43.01.#" in listed
    assert "已取消" in network.jianyi("subscriber", "remove", "oa").stdout
    assert "sub.oa" not in names(network)


def test_only_the_chosen_events_come(network: Network) -> None:
    network.open_account("replies", CITY, "reply.*")
    before = network.published()
    network.live()
    told = [event for id, event in network.published().items() if id not in before]
    replies = [
        e for e in told if e["type"].startswith("reply.") and (e["jurisdiction"] + ".").startswith(f"{CITY}.")
    ]
    assert network.waiting("sub.replies") == len(replies) > 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["add", "Wrong Name", "--jurisdiction", CITY], "小写字母"),
        (["add", "wrong", "--jurisdiction", "99"], "没有登记"),
        (["add", "wrong", "--jurisdiction", "#"], "区划代码"),
        (["add", "wrong", "--jurisdiction", "43/../accounts"], "区划代码"),
        (["add", "wrong", "--jurisdiction", CITY, "--types", "nothing.*"], "没有“nothing.*”"),
        (["add", "wrong", "--jurisdiction", CITY, "--types", "#"], "没有“#”"),
        (["add", "wrong", "--jurisdiction", CITY, "--types", "suggestion.submitted.v1"], "没有“suggestion"),
        (["password", "wrong"], "没有订阅账号“wrong”"),
        (["remove", "wrong"], "没有订阅账号“wrong”"),
        (["remove", "../users/guest"], "没有订阅账号"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(network: Network, wrong: list[str], told: str) -> None:
    before = names(network)
    assert told in refused(network, *wrong)
    assert names(network) == before


def test_a_name_is_given_once(network: Network) -> None:
    network.open_account("once", CITY)
    assert "已经有订阅账号 once" in refused(network, "add", "once", "--jurisdiction", "43")


def test_what_fails_on_the_way_leaves_nothing(network: Network) -> None:
    elsewhere = network.broker.new_vhost("empty")  # without the exchange of events
    before = names(network)
    refused(network, "add", "halfway", "--jurisdiction", CITY, JIANYI_BROKER_URL=elsewhere)
    assert names(network) == before


def test_a_management_interface_that_does_not_answer_or_not_to_us(network: Network) -> None:
    url = network.broker.management_url
    nobody = refused(network, "list", JIANYI_BROKER_MANAGEMENT_URL="http://guest:guest@127.0.0.1:9")
    assert "JIANYI_BROKER_MANAGEMENT_URL" in nobody and "guest:guest" not in nobody
    stranger = refused(
        network, "list", JIANYI_BROKER_MANAGEMENT_URL=url.replace("guest:guest", "guest:wrong")
    )
    assert "不接受" in stranger and "wrong" not in stranger
    assert "没有设置 JIANYI_BROKER_MANAGEMENT_URL" in refused(
        network, "list", JIANYI_BROKER_MANAGEMENT_URL=""
    )


def test_embedded_there_is_nothing_to_read_from(network: Network) -> None:
    nothing = {"JIANYI_BROKER_URL": "", "JIANYI_DATABASE_URL": "", "JIANYI_SEARCH_URL": ""}
    assert "内嵌方式没有消息队列" in refused(network, "list", **nothing)


def test_keys_are_the_events_and_the_jurisdiction() -> None:
    assert binding_keys("43.01", [], judgements=True) == ["*.*.43.01.#"]
    assert binding_keys("43.01", ["feedback.given"], judgements=True) == ["feedback.given.43.01.#"]
    assert binding_keys("43", ["suggestion.*", "*.issued"]) == ["suggestion.*.43.#", "*.issued.43.#"]
    assert binding_keys("cn", ["reply.issued"]) == ["reply.issued.#"]
    with pytest.raises(Invalid):
        binding_keys("43", ["*"])


def test_without_the_right_to_judgements_no_key_reaches_one() -> None:
    keys = binding_keys("43", [])
    assert {"suggestion.*.43.#", "reply.*.43.#", "feedback.opened.43.#"} <= set(keys)
    assert not any(key.startswith(("*.", "feedback.given", "feedback.*", "dissatisfaction.")) for key in keys)
    assert binding_keys("43", ["feedback.*"]) == ["feedback.opened.43.#"]
    with pytest.raises(Invalid, match="代表评价"):
        binding_keys("43", ["feedback.given"])
