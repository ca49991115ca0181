"""Atlases of arterial territories: the user's own, the published one, the schematic one."""
