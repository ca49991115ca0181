"""Tests of Insula, mirroring its packages."""
