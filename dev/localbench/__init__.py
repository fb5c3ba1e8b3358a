"""A Frappe bench on one machine, from package registries alone. `plan.py` holds the table of its steps."""

import os

# Each of the many short processes would read all of Frappe's sources anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
