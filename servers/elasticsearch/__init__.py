"""One real Elasticsearch node, from the jars that Elastic publishes to the Maven registry.

No container and no download from elsewhere, but not quite the whole: what is not published as a jar is
missing. There is no `GET /` (so no `client.info()`: ask for `client.cluster.health()`), no
`_delete_by_query`, `_update_by_query` or `_reindex`, no Painless scripts, and of analyzers, tokenizers and
filters only those of the core (`whitespace`, `standard`, `keyword`, `simple`, `stop`). Bulk, aliases,
highlighting, aggregations, `more_like_this` and `search_after` are there. What runs here runs unchanged on a
full cluster.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from servers.packages import install, program
from servers.server import LOOPBACK, Server, ServerFailed, free_port

RECIPE = Path(__file__).parent
LOG_CONFIGURATION = """\
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
"""


class Elasticsearch(Server):
    name = "Elasticsearch"

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        program_home = installed()
        jars = program_home / "lib"
        options = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
        if self.fast:
            options.append("-XX:TieredStopAtLevel=1")  # starts sooner, searches a little more slowly
        return [
            *(str(program("java")), *options),
            *("--module-path", str(jars), "--add-modules", "ALL-MODULE-PATH"),
            *("-cp", str(program_home / "classes"), "ElasticsearchNode"),
            *(str(program_home), str(self.home / "data"), str(self.port), str(free_port())),
        ]

    def is_ready(self) -> bool:
        # URLError, also for an answer that is not 200, is an OSError: not ready.
        return bool(
            self.request("GET", "_cluster/health?wait_for_status=yellow&timeout=1s")["status"] != "red"
        )

    def request(self, method: str, path: str) -> Any:
        """Call its REST interface and return the answer."""
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Accept": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def delete_all(self) -> None:
        """Delete every index."""
        names = [row["index"] for row in self.request("GET", "_cat/indices?h=index&expand_wildcards=all")]
        if names:
            self.request("DELETE", ",".join(names))


def cache() -> Path:
    """The folder of the prepared node: another for every change of the recipe."""
    top = os.environ.get("JIANYI_CACHE") or Path.home() / ".cache" / "jianyi"
    recipe = b"".join((RECIPE / name).read_bytes() for name in ("pom.xml", "ElasticsearchNode.java"))
    recipe += LOG_CONFIGURATION.encode()
    return Path(top).resolve() / "elasticsearch" / hashlib.sha256(recipe).hexdigest()[:12]


def installed() -> Path:
    """The prepared node's folder, made at the first call: 45 MB from the Maven registry, once per machine."""
    folder = cache()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            install(["java", "maven"])
            with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
                _fetch_and_compile(Path(draft))
                Path(draft).rename(folder)
                Path(draft).mkdir()  # for the context manager to delete
    return folder


def _fetch_and_compile(home: Path) -> None:
    print("Fetching Elasticsearch's jars ...", flush=True)
    jars, module, classes = home / "lib", home / "modules" / "transport-netty4", home / "classes"
    for folder in (jars, module, classes, home / "config", home / "plugins"):
        folder.mkdir(parents=True)
    _run(
        "mvn",
        "-q",
        "-B",
        "-f",
        str(RECIPE / "pom.xml"),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={jars}",
    )
    # The HTTP transport is a module: a folder with its jars and its descriptor, apart from the core's.
    for jar in [*jars.glob("netty-*.jar"), *jars.glob("transport-netty4-*.jar")]:
        shutil.move(jar, module)
    with zipfile.ZipFile(next(module.glob("transport-netty4-*.jar"))) as jar_file:
        descriptor = jar_file.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties")
    (module / "plugin-descriptor.properties").write_bytes(descriptor)
    (home / "config" / "log4j2.properties").write_text(LOG_CONFIGURATION)
    _run("javac", "-cp", f"{jars}/*", "-d", str(classes), str(RECIPE / "ElasticsearchNode.java"))


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([str(program(name)), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerFailed(
            f"{name} failed while setting up Elasticsearch:\n{(done.stdout + done.stderr)[-3000:]}"
        )
