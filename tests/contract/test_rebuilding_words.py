"""Whatever a service can derive anew, the command line can ask for and has a word for."""

from __future__ import annotations

import importlib

from jianyi.cli.rebuilding import LABELS
from shared.settings import SERVICES


def test_each_projection_has_its_word():
    known = (
        importlib.import_module(f"services.{service}.handlers").handlers.projections for service in SERVICES
    )
    assert {what for projections in known for what in projections} == set(LABELS)
