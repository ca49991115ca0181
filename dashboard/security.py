"""What protects the dashboard: who may ask, what a page may load, how large a question may be."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from dash import Dash
from flask import Response, abort, request

from data_loader.errors import InsulaError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_BYTES = 4 * 2**20
_CALLBACK_ROUTE = "/_dash-update-component"


def check_host(host: str) -> None:
    """Refuse to listen where others could reach: there is no authentication yet.

    Raises:
        InsulaError: the address is not a loopback one.
    """
    if host not in LOOPBACK:
        raise InsulaError(
            f"Insula listens on loopback only ({', '.join(LOOPBACK)}), not on {host}: it has no"
            " log-in yet. Reach it from elsewhere through an SSH tunnel."
        )


def protect(app: Dash) -> None:
    """Guard every route of the app's server; to be called when all callbacks are registered."""
    server = app.server
    server.config["TRUSTED_HOSTS"] = [*LOOPBACK, "[::1]"]
    server.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES

    @cache
    def policy() -> str:
        return _policy(app)

    @server.before_request
    def check_request() -> None:
        if request.method not in ("GET", "HEAD", "POST", "OPTIONS"):
            abort(405)
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            abort(403)
        if request.path == _CALLBACK_ROUTE:
            _check_callback(app)

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def _policy(app: Dash) -> str:
    scripts = " ".join(["'self'", *app.csp_hashes()])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _check_callback(app: Dash) -> None:
    """Answer 400 to what is no callback of this app; Dash itself would answer 500."""
    try:
        body: Any = orjson.loads(request.get_data(cache=True))
        output = body["output"]
        shaped = isinstance(body["inputs"], list) and isinstance(body.get("state", []), list)
        # A callback that only writes the address has no outputs.
        spread = isinstance(body.get("outputs"), dict | list | None)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        abort(400)
    if not (isinstance(output, str) and output in app.callback_map and shaped and spread):
        abort(400)
