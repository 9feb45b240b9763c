"""The embedded engine's folder: killed processes, two at once, damage. No Elasticsearch counterpart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from services.search.engine import PUBLIC, Document, Query
from services.search.engine.embedded import EmbeddedEngine
from shared.problems import Unavailable

pytestmark = pytest.mark.embedded
ROOT = Path(__file__).parents[3]

WRITES_UNTIL_KILLED = """
    import itertools, sys
    from pathlib import Path
    from services.search.engine import Document
    from services.search.engine.embedded import EmbeddedEngine

    engine = EmbeddedEngine(Path(sys.argv[1]))
    target = engine.begin_rebuild()
    for number in itertools.count():
        id_ = f"{number:08}-0000-7000-8000-000000000000"
        engine.index([Document(id=id_, title="农村公路", published=True)])
        print(number, flush=True)
"""


def test_killed_while_writing_nothing_that_was_confirmed_is_lost(tmp_path):
    folder = tmp_path / "index"
    for _ in range(3):
        before = len(list(folder.glob("v*"))) if folder.exists() else 0
        assert before <= 2
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITES_UNTIL_KILLED), str(folder)],
            stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert process.stdout
        confirmed = -1
        for line in process.stdout:
            confirmed = int(line)
            if confirmed == 12:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
        confirmed = max([confirmed, *map(int, process.stdout.read().split())])

        engine = EmbeddedEngine(folder)
        assert engine.count() >= confirmed + 1
        assert engine.search(Query("公路"), PUBLIC).total == engine.count()
        assert len(list(folder.glob("v*"))) == 1  # the rebuild that was cut off is gone
        engine.index([Document(id="after", title="农村公路", published=True)])
        engine.close()


def test_closed_and_opened_again(tmp_path):
    engine = EmbeddedEngine(tmp_path)
    engine.index([Document(id="a", title="公路", published=True)])
    target = engine.begin_rebuild()
    engine.index([Document(id=id_, title="公路", published=True) for id_ in "bc"], target)
    engine.finish_rebuild(target)
    engine.close()
    assert not engine.healthy()
    engine.close()

    engine = EmbeddedEngine(tmp_path)
    assert engine.search(Query("公路"), PUBLIC).total == 2
    assert engine.healthy()
    engine.close()


def test_one_process_at_a_time(tmp_path):
    first = EmbeddedEngine(tmp_path)
    with pytest.raises(Unavailable, match="另一个进程"):
        EmbeddedEngine(tmp_path)
    first.close()
    EmbeddedEngine(tmp_path).close()


@pytest.mark.parametrize("damage", ["meta", "pointer", "format", "empty"])
def test_a_folder_that_cannot_be_read_starts_empty_so_that_it_is_rebuilt(tmp_path, damage):
    engine = EmbeddedEngine(tmp_path)
    engine.index([Document(id="a", title="公路", published=True)])
    engine.close()
    (index,) = tmp_path.glob("v*")
    if damage == "meta":
        (index / "meta.json").write_text("{")
    elif damage == "pointer":
        (tmp_path / "CURRENT").write_text("v1-nothing")
    elif damage == "format":
        (tmp_path / "CURRENT").write_text("v0-old")
    else:
        (tmp_path / "CURRENT").write_text("")

    engine = EmbeddedEngine(tmp_path)
    assert engine.count() == 0
    engine.index([Document(id="a", title="公路", published=True)])
    assert engine.count() == 1
    engine.close()


DISK_FULL = """
    import resource, sys
    from pathlib import Path
    from services.search.engine import PUBLIC, Document, Query
    from services.search.engine.embedded import EmbeddedEngine
    from shared.problems import Unavailable

    def documents(first, number):
        for n in range(first, first + number):
            yield Document(id=str(n), title="公路", body=f"{n * n} 农村公路养护 {n * n * 7919} " * 100, published=True)

    engine = EmbeddedEngine(Path(sys.argv[1]))
    engine.index(documents(0, 5))
    for _ in range(2):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        try:
            engine.index(documents(5, 3_000))
        except Unavailable as problem:
            print(problem.detail, engine.search(Query("公路"), PUBLIC).total)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        engine.index(documents(0, 10))
        print(engine.search(Query("公路"), PUBLIC).total)
"""


def test_no_room_on_the_disk(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DISK_FULL), str(tmp_path / "index")],
        capture_output=True, text=True, timeout=60, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    refused = "检索索引暂时无法写入，请检查磁盘空间。"
    lines = [line for line in done.stdout.splitlines() if "[error" not in line]
    assert lines == [f"{refused} 5", "10", f"{refused} 10", "10"], done.stderr
