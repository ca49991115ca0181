"""The dashboard's server, asked without a browser."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app


@pytest.fixture(scope="session")
def client(soop_folder: Path) -> FlaskClient:
    """A client of the dashboard on the real SOOP cohort."""
    return create_app(soop_folder).test_client()
