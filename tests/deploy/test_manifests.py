"""Both overlays build with the kubectl that is there, and hold together where the API server does not look."""

from __future__ import annotations

import base64
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from shared.settings import SERVICES, Settings, load

ROOT = Path(__file__).parents[2]
OVERLAYS = ("province-shared", "county-local")
# The oldest version whose schemas kubernetes-validate has, and the newest.
VERSIONS = ("1.25.0", "1.37.0")
KNOWN_SETTINGS = {f"JIANYI_{field.name.upper()}" for field in fields(Settings)}
Object = dict[str, Any]


@pytest.fixture(scope="session")
def build(kubectl: str) -> Callable[[Path], list[Object]]:
    def build(path: Path) -> list[Object]:
        done = subprocess.run([kubectl, "kustomize", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return list(yaml.safe_load_all(done.stdout))

    return build


@pytest.fixture(scope="session", params=OVERLAYS)
def objects(request: pytest.FixtureRequest, build: Callable[[Path], list[Object]]) -> list[Object]:
    return build(ROOT / "deploy/k8s/overlays" / request.param)


def of(objects: list[Object], *kinds: str) -> list[Object]:
    return [o for o in objects if o["kind"] in kinds]


def pods(objects: list[Object]) -> Iterator[tuple[str, Object, Object]]:
    """(name, metadata, spec) of each pod that would be made."""
    for o in of(objects, "Deployment", "StatefulSet", "Job"):
        template = o["spec"]["template"]
        yield o["metadata"]["name"], template["metadata"], template["spec"]
    for o in of(objects, "Pod"):
        yield o["metadata"]["name"], o["metadata"], o["spec"]


def containers(spec: Object) -> list[Object]:
    return [*spec.get("initContainers", []), *spec["containers"]]


def ports(spec: Object) -> dict[str, int]:
    return {p["name"]: p["containerPort"] for c in containers(spec) for p in c.get("ports", [])}


def selected(objects: list[Object], selector: Object) -> list[Object]:
    """Specs of the pods that a selector matches; an empty one matches all."""
    wanted = selector.get("matchLabels", {}).items()
    return [spec for _, metadata, spec in pods(objects) if wanted <= metadata.get("labels", {}).items()]


def environment(objects: list[Object], spec: Object) -> dict[str, str]:
    """The variables that the containers of a pod get."""
    found: dict[str, str] = {}
    for container in containers(spec):
        for source in container.get("envFrom", []):
            [(kind, reference)] = source.items()
            wanted = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind]
            [o] = [o for o in of(objects, wanted) if o["metadata"]["name"] == reference["name"]]
            values = o.get("data", {})
            found |= (
                values
                if wanted == "ConfigMap"
                else {k: base64.b64decode(v).decode() for k, v in values.items()}
            )
        found |= {variable["name"]: variable["value"] for variable in container.get("env", [])}
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_what_kubernetes_takes(objects: list[Object], version: str) -> None:
    checked_by = {
        kubernetes_validate.validate(o, version, strict=True) for o in objects
    }  # raises for what is wrong
    assert checked_by == {version.rpartition(".")[0]}


def test_no_name_is_used_twice(objects: list[Object]) -> None:
    names = [(o["kind"], o["metadata"]["name"]) for o in objects]
    assert len(names) == len(set(names))


def test_all_is_in_the_namespace_which_is_there_and_restricted(objects: list[Object]) -> None:
    [namespace] = of(objects, "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    others = [o for o in objects if o is not namespace]
    assert {o["metadata"]["namespace"] for o in others} == {namespace["metadata"]["name"]}


def test_every_variable_is_one_that_the_settings_know(objects: list[Object]) -> None:
    for name, _, spec in pods(objects):
        assert set(environment(objects, spec)) <= KNOWN_SETTINGS, name
        assert spec["enableServiceLinks"] is False, name  # or Kubernetes would add others


def test_services_select_pods_and_name_ports_that_these_have(objects: list[Object]) -> None:
    services = of(objects, "Service")
    assert services
    for service in services:
        chosen = selected(objects, {"matchLabels": service["spec"]["selector"]})
        assert len(chosen) == 1
        for port in service["spec"]["ports"]:
            assert port["targetPort"] in ports(chosen[0])


def test_the_ingress_leads_to_a_port_of_a_service(objects: list[Object]) -> None:
    there = {(s["metadata"]["name"], p["name"]) for s in of(objects, "Service") for p in s["spec"]["ports"]}
    for ingress in of(objects, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                assert (backend["name"], backend["port"]["name"]) in there


def test_probes_ask_ports_that_are_there(objects: list[Object]) -> None:
    for name, _, spec in pods(objects):
        for container in spec["containers"]:
            asked = {key: container[key]["httpGet"] for key in container if key.endswith("Probe")}
            paths = {key: ask["path"] for key, ask in asked.items()}
            if name != "migrate":
                assert paths == {
                    "startupProbe": "/healthz",
                    "livenessProbe": "/healthz",
                    "readinessProbe": "/readyz",
                }
            assert {ask["port"] for ask in asked.values()} <= set(ports(spec)), name


def test_ports_are_those_that_the_settings_say(objects: list[Object]) -> None:
    for name, _, spec in pods(objects):
        set_to = environment(objects, spec)
        there = ports(spec)
        web, metrics = int(set_to["JIANYI_PORT"]), int(set_to.get("JIANYI_METRICS_PORT", 0))
        if name == "migrate":
            assert there == {}
        elif metrics:
            assert there == {"metrics": metrics} | ({"web": web} if name == "gateway" else {})
        else:
            each = {f"m-{service}": web + 1 + index for index, service in enumerate(SERVICES)}
            assert there == {"web": web} | each


def test_network_policies_select_pods_and_ports_that_are_there(objects: list[Object]) -> None:
    for policy in of(objects, "NetworkPolicy"):
        chosen = selected(objects, policy["spec"]["podSelector"])
        assert chosen, policy["metadata"]["name"]
        numbers = {number for spec in chosen for number in ports(spec).values()}
        for rule in policy["spec"].get("ingress", []):
            for port in rule["ports"]:
                if isinstance(port["port"], str):
                    assert all(port["port"] in ports(spec) for spec in chosen)
                else:
                    assert set(range(port["port"], port.get("endPort", port["port"]) + 1)) <= numbers


def test_nothing_goes_in_or_out_unless_a_policy_lets_it(objects: list[Object]) -> None:
    closed = [p["spec"] for p in of(objects, "NetworkPolicy") if p["spec"]["podSelector"] == {}]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in closed


def test_only_the_gateway_takes_people_in(objects: list[Object]) -> None:
    [web] = [p for p in of(objects, "NetworkPolicy") if p["metadata"]["name"] == "web"]
    for spec in selected(objects, web["spec"]["podSelector"]):
        assert "web" in ports(spec)
    assert sum("web" in ports(spec) for _, _, spec in pods(objects)) == 1


def test_every_container_is_locked_down_and_sized(objects: list[Object]) -> None:
    for name, _, spec in pods(objects):
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in containers(spec):
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
            assert "memory" in container["resources"]["limits"], name


def test_what_is_mounted_is_there_and_home_can_be_written(objects: list[Object]) -> None:
    for o in of(objects, "Deployment", "StatefulSet", "Job"):
        spec = o["spec"]["template"]["spec"]
        claims = {claim["metadata"]["name"] for claim in o["spec"].get("volumeClaimTemplates", [])}
        volumes = {volume["name"] for volume in spec["volumes"]} | claims
        home = Path(environment(objects, spec)["JIANYI_HOME"])
        for container in containers(spec):
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
            mounted = [Path(mount["mountPath"]) for mount in container["volumeMounts"]]
            assert any(home.is_relative_to(path) for path in mounted)


def test_service_accounts_are_there(objects: list[Object]) -> None:
    there = {o["metadata"]["name"] for o in of(objects, "ServiceAccount")}
    assert {spec["serviceAccountName"] for _, _, spec in pods(objects)} <= there


def test_the_image_is_the_one_of_this_version(objects: list[Object]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {c["image"] for _, _, spec in pods(objects) for c in containers(spec)} == {f"jianyi:{version}"}


def test_a_shared_province_runs_every_service_twice(build: Callable[[Path], list[Object]]) -> None:
    objects = build(ROOT / "deploy/k8s/overlays/province-shared")
    deployments = {o["metadata"]["name"]: o["spec"] for o in of(objects, "Deployment")}
    assert set(deployments) == set(SERVICES)
    for service, spec in deployments.items():
        [container] = spec["template"]["spec"]["containers"]
        assert container["args"] == ["serve", service]
        assert spec["replicas"] == 2
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"].items() <= labels.items()
        assert labels["app.kubernetes.io/component"] == service
    [budget] = of(objects, "PodDisruptionBudget")
    assert len(selected(objects, budget["spec"]["selector"])) == len(SERVICES)


def test_the_example_secret_starts_nothing(build: Callable[[Path], list[Object]]) -> None:
    objects = build(ROOT / "deploy/k8s/overlays/province-shared")
    for _, _, spec in pods(objects):
        values = environment(objects, spec)
        assert values["JIANYI_SECRET"] == ""
        for url in ("JIANYI_BROKER_URL", "JIANYI_DATABASE_URL", "JIANYI_SEARCH_URL"):
            assert re.search(r"\.invalid(:\d+)?(/|$)", values[url])


def test_a_local_county_is_embedded(build: Callable[[Path], list[Object]]) -> None:
    objects = build(ROOT / "deploy/k8s/overlays/county-local")
    [(_, _, spec)] = pods(objects)
    assert not {"JIANYI_BROKER_URL", "JIANYI_DATABASE_URL", "JIANYI_SEARCH_URL"} & set(
        environment(objects, spec)
    )
    [everything] = of(objects, "StatefulSet")
    assert everything["spec"]["replicas"] == 1
    assert not of(objects, "Secret", "PodDisruptionBudget")


def test_a_local_county_opens_no_demo_accounts(build: Callable[[Path], list[Object]]) -> None:
    objects = build(ROOT / "deploy/k8s/overlays/county-local")
    [(_, _, spec)] = pods(objects)
    settings = load(environment(objects, spec))
    assert settings.embedded and not settings.has_demo


def test_the_pod_for_restoring_fits_the_volume(build: Callable[[Path], list[Object]]) -> None:
    overlay = ROOT / "deploy/k8s/overlays/county-local"
    pod = yaml.safe_load((overlay / "restore.yaml").read_text())
    for version in VERSIONS:
        kubernetes_validate.validate(pod, version, strict=True)
    objects = build(overlay)
    [everything] = of(objects, "StatefulSet")
    name, claim = (
        everything["metadata"]["name"],
        everything["spec"]["volumeClaimTemplates"][0]["metadata"]["name"],
    )
    assert pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] == f"{claim}-{name}-0"
    assert pod["metadata"]["namespace"] == everything["metadata"]["namespace"]
    template = everything["spec"]["template"]["spec"]
    assert pod["spec"]["securityContext"] == template["securityContext"]
    assert pod["spec"]["containers"][0]["image"] == template["containers"][0]["image"]


def test_the_manuals_own_overlay_replaces_the_example_secret(
    build: Callable[[Path], list[Object]], manual: str, tmp_path: Path
) -> None:
    """The files that the manual shows, with a filled-in secret.env."""
    k8s = tmp_path / "k8s"
    subprocess.run(["cp", "-r", str(ROOT / "deploy/k8s"), str(k8s)], check=True)
    mine = tmp_path / "my-province"
    mine.mkdir()
    for text, name in re.findall(r"```yaml\n(# (\S+)\n.*?)```", manual, re.DOTALL):
        (mine / name).write_text(text.replace("../jianyi/deploy/k8s", "../k8s"))
    (mine / "secret.env").write_text(
        "JIANYI_SECRET=a-real-one\nJIANYI_BROKER_URL=amqps://u:p@broker/jianyi\n"
    )
    objects = build(mine)
    values = [environment(objects, spec) for _, _, spec in pods(objects)]
    assert {v["JIANYI_SECRET"] for v in values} == {"a-real-one"}
    assert {v["JIANYI_BROKER_URL"] for v in values} == {"amqps://u:p@broker/jianyi"}
    assert {c["image"] for _, _, spec in pods(objects) for c in containers(spec)} == {
        "images.example/jianyi:0.1.0"
    }
    assert [rule["host"] for i in of(objects, "Ingress") for rule in i["spec"]["rules"]] == [
        "jianyi.example.cn"
    ]
