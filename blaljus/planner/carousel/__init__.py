"""Which group is at which station when, in one slot (körschema)."""
