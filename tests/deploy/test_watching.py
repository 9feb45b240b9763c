"""Alerts, dashboard and manual speak of the same metrics, and these are the ones that the services have."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from services.evaluation.handlers import handlers as evaluation
from services.gateway.handlers import handlers as gateway
from services.gateway.watching import Watch
from services.supervision.handlers import handlers as supervision
from shared.metrics import ServiceMetrics

DEPLOY = Path(__file__).parents[2] / "deploy"
OF_KUBERNETES = {  # kube-state-metrics
    "kube_deployment_status_replicas_unavailable", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready",
}  # fmt: skip


def run(*command: str, cwd: Path) -> str:
    """What a command that succeeded has said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "alerts/jianyi.rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    return dict(json.loads((DEPLOY / "dashboards/jianyi.json").read_text()))


@pytest.fixture(scope="module")
def in_manual(manual: str) -> dict[str, set[str]]:
    """The metrics of the manual's table with their labels."""
    rows = re.findall(r"^\| `(jianyi_\w+)(?:\{([\w, ]*)\})?` \|", manual, re.MULTILINE)
    return {name: set(labels.split(", ")) - {""} for name, labels in rows}


def base(series: str) -> str:
    """The metric that a series in a query belongs to."""
    return re.sub(r"_(bucket|sum|count)$", "", series)


def measured() -> dict[str, set[str]]:
    """The metrics that services can show, with their labels."""
    found: dict[str, set[str]] = {}
    http = CollectorRegistry()
    Watch("gateway", http)
    for registry in (ServiceMetrics("any").registry, http):
        for collector in registry._collector_to_names:
            name = collector._name + ("_total" if collector._type == "counter" else "")
            found[name] = set(collector._labelnames)
    return found


def test_the_manual_lists_what_is_measured(in_manual: dict[str, set[str]]) -> None:
    for name, labels in measured().items():
        assert in_manual[name] == labels, name
    own = set(in_manual) - set(measured())
    assert own == {"jianyi_deadlines", "jianyi_feedback_open", "jianyi_plugin_orders"}
    # Their names show only with data, in tests/unit.
    assert supervision.gauges and evaluation.gauges and gateway.gauges


def test_promtool_proves_each_alert(promtool: str, rules: list[dict[str, Any]]) -> None:
    checked = run(promtool, "check", "rules", "jianyi.rules.yml", cwd=DEPLOY / "alerts")
    assert f"SUCCESS: {len(rules)} rules found" in checked
    tested = run(promtool, "test", "rules", "jianyi.test.yml", cwd=DEPLOY / "alerts")
    assert "SUCCESS" in tested and "FAILED" not in tested


def test_each_alert_is_shown_firing(rules: list[dict[str, Any]]) -> None:
    tests = yaml.safe_load((DEPLOY / "alerts/jianyi.test.yml").read_text())["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    fired = {case["alertname"] for case in cases if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in rules}
    silent = {case["alertname"] for case in cases if not case["exp_alerts"]}
    # The two that have no silent case share one case of the firing kind with a series that must stay silent.
    assert fired - silent == {"JianyiCommandsFail"}


def test_each_alert_leads_to_its_runbook(rules: list[dict[str, Any]], manual: str) -> None:
    headings = {
        re.sub(r"[^\w-]", "", h.lower().replace(" ", "-"))
        for h in re.findall(r"^#+ (.*)$", manual, re.MULTILINE)
    }
    for rule in rules:
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operators.md"
        assert anchor == rule["alert"].lower()
        assert anchor in headings
        assert {"summary", "description"} <= set(rule["annotations"])


def queries(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def test_alerts_and_dashboard_use_metrics_and_labels_that_exist(
    rules: list[dict[str, Any]], dashboard: dict[str, Any], in_manual: dict[str, set[str]]
) -> None:
    for query in [*(rule["expr"] for rule in rules), *queries(dashboard)]:
        for series, selector in re.findall(r"\b((?:jianyi|kube)_\w+)(?:\{([^}]*)\})?", query):
            assert base(series) in in_manual or series in OF_KUBERNETES, query
            if series.startswith("jianyi_"):
                used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector)) - {"namespace", "le"}
                assert used <= in_manual[base(series)], query


def test_every_metric_is_on_the_dashboard(dashboard: dict[str, Any], in_manual: dict[str, set[str]]) -> None:
    shown = {base(series) for query in queries(dashboard) for series in re.findall(r"\bjianyi_\w+", query)}
    assert shown >= set(in_manual) - {"jianyi_feedback_open"}


def test_the_dashboards_queries_can_be_read(promtool: str, dashboard: dict[str, Any], tmp_path: Path) -> None:
    expressions = [query.replace("$__rate_interval", "5m") for query in queries(dashboard)]
    assert len(expressions) > 15
    rules = [{"record": f"panel:{index}", "expr": expression} for index, expression in enumerate(expressions)]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    checked = run(promtool, "check", "rules", "panels.yml", cwd=tmp_path)
    assert f"SUCCESS: {len(expressions)} rules found" in checked


def test_the_dashboards_panels_have_room(dashboard: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        assert panel["type"] == "row" or panel["description"], panel["title"]


def test_prometheus_takes_the_example_of_how_to_find_the_services(promtool: str, tmp_path: Path) -> None:
    settings = yaml.safe_load((DEPLOY / "alerts/scrape.example.yml").read_text())
    # Debian's Prometheus is built without knowing Kubernetes; the rest is checked.
    settings["scrape_configs"][0].pop("kubernetes_sd_configs")
    settings["scrape_configs"][0]["static_configs"] = [{"targets": ["127.0.0.1:9100"]}]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(settings))
    (tmp_path / "jianyi.rules.yml").write_bytes((DEPLOY / "alerts/jianyi.rules.yml").read_bytes())
    checked = run(promtool, "check", "config", "prometheus.yml", cwd=tmp_path)
    assert "prometheus.yml is valid prometheus config file syntax" in checked


def test_the_example_keeps_the_metrics_ports_and_no_other() -> None:
    [job] = yaml.safe_load((DEPLOY / "alerts/scrape.example.yml").read_text())["scrape_configs"]
    rules = [rule for rule in job["relabel_configs"] if rule.get("action") == "keep"]
    [kept] = [
        rule["regex"]
        for rule in rules
        if rule["source_labels"] == ["__meta_kubernetes_pod_container_port_name"]
    ]
    assert [name for name in ("web", "metrics", "m-intake") if re.fullmatch(kept, name)] == [
        "metrics",
        "m-intake",
    ]
