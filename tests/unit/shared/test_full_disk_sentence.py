"""A disk that is full is told as such, and what was begun is not half there."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.database import Database
from shared.problems import Unavailable


def test_nothing_is_half_written(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'intake.db'}", "intake")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE text (body TEXT)")
        connection.exec_driver_sql("PRAGMA max_page_count = 3")  # SQLite refuses as on a full disk
    with pytest.raises(Unavailable, match="磁盘已满"), database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO text VALUES ('first')")
        connection.exec_driver_sql("INSERT INTO text VALUES (hex(zeroblob(100000)))")
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM text").scalar() == 0
    database.close()
