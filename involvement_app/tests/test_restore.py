"""Backup, loss of the server, restore: with the encryption key and without it (docs/backup-and-restore.md)."""

import json
import tempfile
import unittest
from pathlib import Path

from involvement_app.tests import spare_site
from involvement_app.tests.compat import DEEP, IntegrationTestCase

SECRET = "the password of the mail account"
KEY_CHECK = "Can the encryption key open what it locked?"
# a key of another server, as Frappe makes one by itself where there is none
OTHER_KEY = "c2l4dGVlbiBieXRlcyBtb3JlIHRoYW4gc2l4dGVlbiE="


def put_something_in() -> str:
	"""A participant, and an e-mail account with a password. Runs on the spare site; answers the participant."""
	import frappe
	from frappe.utils.password import set_encrypted_password

	from involvement_app.tests import factories

	frappe.flags.in_test = True  # no connection to the mail server is tried
	account = frappe.get_doc(
		doctype="Email Account",
		email_account_name="Restored",
		email_id="restored@example.org",
		enable_outgoing=1,
		default_outgoing=1,
		smtp_server="127.0.0.1",
		awaiting_password=1,
	).insert()
	set_encrypted_password("Email Account", account.name, SECRET)
	account.db_set("awaiting_password", 0)  # saving would try the mail server
	person = factories.participant()
	frappe.db.commit()  # a backup reads what is committed
	return person.name


def read_it() -> str:
	"""Runs on the spare site: the secret, or the name of the error."""
	import frappe
	from frappe.utils.password import get_decrypted_password

	try:
		return get_decrypted_password("Email Account", "Restored")
	except frappe.ValidationError as problem:
		return type(problem).__name__


@unittest.skipUnless(DEEP, "takes most of a minute: dev/deep")
@spare_site.needed
class TestRestore(IntegrationTestCase):
	"""One story in the order of the alphabet."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		bare = spare_site.kept_bare()
		bare.__enter__()
		cls.addClassCleanup(bare.__exit__, None, None, None)
		place = tempfile.TemporaryDirectory()
		cls.addClassCleanup(place.cleanup)
		cls.backup = Path(place.name)
		spare_site.bench("install-app", "involvement_app")
		cls.person = spare_site.call(f"{__name__}:put_something_in")

	def file(self, kind: str) -> Path:
		(found,) = self.backup.glob(f"*-{kind}")
		return found

	def configure(self, key: str | None) -> None:
		config = spare_site.folder() / "site_config.json"
		settings = json.loads(config.read_text())
		settings.pop("encryption_key", None)
		config.write_text(json.dumps({**settings, **({"encryption_key": key} if key else {})}))

	def health(self) -> dict[str, str]:
		shown = spare_site.bench("involvement-health", "--json", expect=1)  # the spare site has no scheduler
		return {row["asks"]: row["status"] for row in json.loads(shown)["findings"]}

	def test_1_a_backup_holds_database_files_and_the_key(self):
		spare_site.bench("backup", "--with-files", "--backup-path", str(self.backup))
		kept = json.loads(self.file("site_config_backup.json").read_text())
		self.assertTrue(kept["encryption_key"])
		for kind in ("database.sql.gz", "files.tar", "private-files.tar"):
			self.assertTrue(list(self.backup.glob(f"*-{kind}")), kind)

	def test_2_on_a_new_server_the_register_is_back_and_the_lost_key_is_noticed(self):
		self.configure(OTHER_KEY)
		spare_site.restore(self.file("database.sql.gz"))
		self.assertTrue(spare_site.ask(f"frappe.db.exists('Involvement Participant', {self.person!r})"))
		self.assertEqual(self.health()[KEY_CHECK], "fail")
		self.assertNotEqual(spare_site.call(f"{__name__}:read_it"), SECRET)

	def test_3_no_key_at_all_is_noticed_and_not_papered_over(self):
		self.configure(None)
		self.assertEqual(self.health()[KEY_CHECK], "fail")
		settings = json.loads((spare_site.folder() / "site_config.json").read_text())
		self.assertNotIn("encryption_key", settings)

	def test_4_with_the_key_from_the_backup_everything_opens_again(self):
		self.configure(json.loads(self.file("site_config_backup.json").read_text())["encryption_key"])
		self.assertEqual(self.health()[KEY_CHECK], "ok")
		self.assertEqual(spare_site.call(f"{__name__}:read_it"), SECRET)

	def test_5_where_the_key_is_gone_for_good_a_password_written_anew_opens(self):
		self.configure(OTHER_KEY)
		self.assertEqual(self.health()[KEY_CHECK], "fail")
		spare_site.ask(
			"(__import__('frappe.utils.password').utils.password.set_encrypted_password("
			f"'Email Account', 'Restored', {SECRET!r}), frappe.db.commit())"
		)
		self.assertEqual(self.health()[KEY_CHECK], "ok")
		self.assertEqual(spare_site.call(f"{__name__}:read_it"), SECRET)
