"""What an office does on a busy day, at the same time: lives, an import of 1,000 rows, searches, exports."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import Processes
from shared.problems import Unavailable

ROWS, LIVES, CLIENTS, LOOKS = 1000, 8, 3, 4
LOOKS_AGAIN = 5
PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
HEADINGS = [
    "序号",
    "建议编号",
    "标题",
    "领衔代表",
    "主办单位",
    "交办日期",
    "答复日期",
    "办理结果",
    "代表评价",
]


def carry(processes: Processes, folder: Path) -> None:
    """Put the load on a network that is ready. Raises what a client was answered other than it should be."""
    system = Client.as_system(processes.settings)
    system.command("/divisions", divisions=[PROVINCE])
    players = lives.cast(system, "43", "busy")
    file = folder / "ledger.xlsx"
    file.write_bytes(_ledger())
    office = Client.as_office(processes.settings, "43")
    with ThreadPoolExecutor(CLIENTS + 3) as pool:
        work = [pool.submit(lives.Life(players, f"busy-{number}").live) for number in range(LIVES)]
        work.append(pool.submit(office.import_ledger, file, "43"))
        for look in range(LOOKS):
            work.append(pool.submit(patiently, players.liaison.get, "/search", text="公路", congress="43"))
            work.append(
                pool.submit(patiently, office.export_ledger, folder / f"export-{look}.xlsx", "43", 2023)
            )
            work.append(pool.submit(Client.signed_in, system.base, "busy-deputy", lives.PASSWORD))
        for one in work:
            one.result()


def patiently(look: Callable[..., Any], *args: Any, **params: Any) -> Any:
    """Look again when a part of the network does not answer in time: on a full machine that is no fault of the hub."""
    for _ in range(LOOKS_AGAIN):
        try:
            return look(*args, **params)
        except Unavailable:
            continue
    return look(*args, **params)


def _ledger() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for number in range(ROWS):
        row = [
            number + 1,
            f"第{number + 1}号",
            f"关于整治第{number}处公路急弯的建议",
            "代表busy",
            "busy承办单位",
        ]
        book.active.append([*row, "2023-02-20", "2023-05-10", "A类", "满意"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
