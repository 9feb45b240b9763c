"""A process with the directory and the gateway on the embedded broker: `python serve.py HOME PORT [all]`; or with all."""

from shared.green import patch

patch()

import importlib  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import eventlet  # noqa: E402

from jianyi.network import RunningNetwork  # noqa: E402
from shared.problems import Problem  # noqa: E402
from shared.runtime import Runtime  # noqa: E402
from shared.settings import SERVICES as ALL  # noqa: E402
from shared.settings import Settings  # noqa: E402

SERVICES = ALL if sys.argv[3:] == ["all"] else ("directory", "gateway")

settings = Settings(home=Path(sys.argv[1]), port=int(sys.argv[2]), secret="s" * 40)
for service in SERVICES:
    handlers = importlib.import_module(f"services.{service}.handlers").handlers
    runtime = Runtime(handlers, settings)
    handlers.metadata.create_all(runtime.database.engine)
    runtime.database.close()
network = RunningNetwork(settings, SERVICES)
try:
    network.start()
except Problem as problem:
    sys.exit(problem.detail)
network.backbone("gateway").app.add_url_rule("/slow", "slow", lambda: eventlet.sleep(2) or "done")
print("ready", flush=True)
network.run_until_stopped()
