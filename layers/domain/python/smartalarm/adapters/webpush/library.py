"""pywebpush, loaded without aiohttp: its asynchronous half, which nothing here calls, is a quarter of a cold start."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

_NAME = "aiohttp"


def web_pusher() -> Any:
    """The class `pywebpush.WebPusher`, loaded at the first call (about 150 ms; 300 with aiohttp)."""
    stand_in = None if _NAME in sys.modules or "pywebpush" in sys.modules else _stand_in()
    if stand_in is not None:
        sys.modules[_NAME] = stand_in
    try:
        from pywebpush import WebPusher  # noqa: PLC0415  only those who send should pay
    finally:
        if stand_in is not None and sys.modules.get(_NAME) is stand_in:
            del sys.modules[_NAME]  # whoever imports it after us gets the real one
    return WebPusher


def _stand_in() -> ModuleType:
    """What pywebpush's annotations name; it calls none of it unless `send_async` is called."""
    module = ModuleType(_NAME)
    vars(module).update(ClientSession=object, ClientResponse=object, client=SimpleNamespace(ClientSession=object))
    return module
