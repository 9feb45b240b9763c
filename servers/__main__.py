"""python -m servers run [--fast] -- COMMAND ...   run a command with the real servers, and end them after it;
                                                --fast: for tests, with data that is thrown away
python -m servers install                       install what is missing, and set up Elasticsearch
python -m servers doctor                        say what is installed and what is missing
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from servers import elasticsearch, packages
from servers.real import real_servers
from servers.server import ServerFailed


def run(arguments: list[str]) -> int:
    fast = arguments[:1] == ["--fast"]
    command = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    if not command:
        print(__doc__)
        return 2
    with real_servers(fast=fast) as servers:
        child = subprocess.Popen(command, env=os.environ | servers.environment())
        # Ctrl-C reaches the command by itself, and a request to end is passed on: it decides when it is done.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
    return code if code >= 0 else 128 - code


def install() -> int:
    packages.install()
    elasticsearch.installed()
    return 0


def doctor() -> int:
    for part in packages.PARTS.values():
        print(f"{part.name:14} {part.find() or 'MISSING: ' + part.needed_for}")
    folder = elasticsearch.cache()
    prepared = folder if folder.exists() else "not set up yet: python -m servers install"
    print(f"{'elasticsearch':14} {prepared}")
    if missing := packages.missing():
        print(f"\nInstall what is missing with:\n  sudo {' '.join(packages.install_command(missing))}")
    return 1 if missing else 0


def main() -> int:
    match sys.argv[1:]:
        case ["run", *arguments]:
            return run(arguments)
        case ["install"]:
            return install()
        case ["doctor"]:
            return doctor()
    print(__doc__)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (packages.Missing, ServerFailed) as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
