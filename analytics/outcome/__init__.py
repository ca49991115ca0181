"""Functional outcome: described, compared between groups, modelled, validated."""
