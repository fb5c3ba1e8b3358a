"""A Frappe bench on one machine, from package registries alone. `plan.py` holds the table of its steps."""
