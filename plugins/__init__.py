"""The practices that come with the product: every module or package in this folder that has a `PLUGIN` or `PLUGINS`."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def _bundled() -> list[Any]:
    found: list[Any] = []
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        loaded = importlib.import_module(module.name)
        found += getattr(loaded, "PLUGINS", None) or [loaded.PLUGIN]
    return found


BUNDLED = _bundled()
