"""Tests of `data_loader`."""
