"""Piccolo's engines made safe: pools that cancelled tasks cannot empty, few connections."""
