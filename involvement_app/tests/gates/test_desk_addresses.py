"""Frappe 15 has its desk under /app, Frappe 16 under /desk: a link asks Frappe (`get_url_to_form`, `get_url_to_list`,
`frappe.router.make_url`, `frappe.utils.get_form_link`) and never spells it out."""

import re
import unittest

from involvement_app.tests.gates.source import PACKAGE, ROOT, SKIPPED

SPELT_OUT = re.compile(r"""["'`]/(app|desk)/""")
# the tile's own address: Frappe 16 sends it on
ALLOWED = {"hooks.py"}


class TestDeskAddresses(unittest.TestCase):
	def test_no_link_spells_out_where_the_desk_is(self):
		found = []
		for path in sorted((ROOT / PACKAGE).rglob("*")):
			name = path.relative_to(ROOT / PACKAGE)
			ours = (
				path.suffix in (".py", ".js") and not SKIPPED & set(name.parts) and name.parts[0] != "tests"
			)
			if ours and str(name) not in ALLOWED:
				found += [str(name)] if SPELT_OUT.search(path.read_text()) else []
		self.assertEqual(found, [])
