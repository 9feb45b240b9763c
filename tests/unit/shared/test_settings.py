"""Settings come from the environment over a file over the defaults; a wrong one is told by its name, and nothing starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.settings import BadSettings, Settings, load, unknown_variables

SERVERS = {
    "JIANYI_BROKER_URL": "amqp://broker/jianyi",
    "JIANYI_DATABASE_URL": "postgresql://database/jianyi",
    "JIANYI_SEARCH_URL": "http://search:9200",
}


def test_with_nothing_set_all_is_embedded():
    assert load({}) == Settings()
    assert load({}).embedded


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("JIANYI_PORT", "八千", "1 到 65535 的整数，现在是“八千”"),
        ("JIANYI_PORT", "0", "1 到 65535"),
        ("JIANYI_PORT", "65530", "最大 65528"),
        ("JIANYI_METRICS_PORT", "-1", "0 到 65535"),
        ("JIANYI_METRICS_PORT", "9100", "内嵌时不设"),
        ("JIANYI_HOST", "http://here", "一个本机地址"),
        ("JIANYI_BROKER_URL", "localhost:5672", "amqp://"),
        ("JIANYI_DATABASE_URL", "mysql://localhost", "postgresql://"),
        ("JIANYI_SEARCH_URL", "localhost:9200", "http://"),
        ("JIANYI_SECRET", "short", "至少 32 个随机字符"),
        ("JIANYI_LOG_LEVEL", "LOUD", "DEBUG、INFO"),
        ("JIANYI_CLOCK", "sundial", "system 或 case"),
        ("JIANYI_DEMO", "maybe", "yes 或 no"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(name: str, value: str, wanted: str):
    with pytest.raises(BadSettings) as refused:
        load({name: value})
    assert name in refused.value.detail and wanted in refused.value.detail


def test_a_secret_is_not_repeated_where_others_may_read_it():
    with pytest.raises(BadSettings) as refused:
        load({"JIANYI_SECRET": "my-weak-one"})
    assert "my-weak-one" not in refused.value.detail


@pytest.mark.parametrize("left_out", SERVERS)
def test_real_servers_come_all_or_none(left_out: str):
    with pytest.raises(BadSettings, match=f"还缺 {left_out}"):
        load({name: url for name, url in SERVERS.items() if name != left_out})
    assert not load(SERVERS).embedded


def test_the_environment_comes_before_the_file(tmp_path: Path):
    file = tmp_path / "设置.toml"
    file.write_text('port = 8100\nhome = "数据"\ndemo = false\n', encoding="utf-8")
    settings = load({"JIANYI_CONFIG": str(file), "JIANYI_PORT": "8200"})
    assert (settings.port, settings.home, settings.demo) == (8200, Path("数据"), False)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"port = ", "不是正确的 TOML"),
        ("home = '数据'".encode("gbk"), "不是正确的 TOML"),
        (b"prot = 8100", "不认识的设置：prot"),
        (b"port = 'many'", "里的 port 应当是"),
        (b"port = [8100]", "里的 port 应当是"),
        (b"demo = 3", "里的 demo 应当是"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, content: bytes, wanted: str):
    file = tmp_path / "jianyi.toml"
    file.write_bytes(content)
    with pytest.raises(BadSettings) as refused:
        load({"JIANYI_CONFIG": str(file)})
    assert str(file) in refused.value.detail and wanted in refused.value.detail


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(BadSettings, match="没有这个文件"):
        load({"JIANYI_CONFIG": str(tmp_path / "none.toml")})


def test_a_misspelt_variable_is_found():
    assert unknown_variables({"JIANYI_BROKER": "amqp://x", "JIANYI_PORT": "1", "HOME": "/"}) == [
        "JIANYI_BROKER"
    ]


@pytest.mark.parametrize(
    ("changed", "has_demo"),
    [
        ({}, True),
        ({"JIANYI_DEMO": "no"}, False),
        ({"JIANYI_CLOCK": "case"}, False),
        (SERVERS, False),
    ],
)
def test_the_demo_is_there_for_trying_out_only(changed: dict[str, str], has_demo: bool):
    assert load(changed).has_demo is has_demo


def test_each_process_begins_with_another_node_of_the_brokers_cluster():
    nodes = {f"amqp://broker{number}/jianyi" for number in range(3)}
    settings = load(SERVERS | {"JIANYI_SECRET": "x" * 32, "JIANYI_BROKER_URL": ";".join(nodes)})
    assert set(settings.broker.split(";")) == nodes
    assert settings.broker == settings.broker  # the same order as long as the process lives
    first = {load(SERVERS | {"JIANYI_BROKER_URL": ";".join(nodes)}).broker.split(";")[0] for _ in range(100)}
    assert first == nodes
