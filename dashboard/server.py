"""The dashboard under gunicorn: threads, so that a download holds up no callback."""

import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from dashboard.security import check_host
from data_loader.errors import InsulaError

_THREADS = 8


def serve(create: Callable[[], Flask], *, host: str, port: int, workers: int) -> None:
    """Serve until stopped.

    Args:
        create: makes the application, once in every worker after it has started.
        host: loopback address.
        port: 0 takes any free one.
        workers: processes.

    Raises:
        InsulaError: the address is not a loopback one, or is taken.
    """
    check_host(host)
    _Server(create, bind=_free_address(host, port), workers=workers).run()


def _free_address(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InsulaError(
                f"Port {port} on {host} can't be used: {error.strerror}; try --port 0."
            ) from None
        port = probe.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, create: Callable[[], Flask], *, bind: str, workers: int) -> None:
        self._create, self._bind, self._workers = create, bind, workers
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self._bind,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "loglevel": "warning",
            "control_socket_disable": True,
            # A pasted list of subjects makes a long address; only this machine can send one.
            "limit_request_line": 0,
            "when_ready": lambda _: print(f"Insula is at http://{self._bind}", flush=True),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._create()
