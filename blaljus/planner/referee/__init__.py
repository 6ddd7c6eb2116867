"""The rules that no plan may break, and how a plan is laid out to judge it. `check` asks them."""
