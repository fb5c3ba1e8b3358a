"""Somebody else's record, and markup in every field that a page shows."""

import json
from urllib.parse import quote

import frappe
from frappe.utils.password import update_password

from involvement_app.tests import factories
from involvement_app.tests.portal.visitor import PASSWORD, PortalTestCase, Visitor

MARKUP = """"'><script>alert(1)</script><img src=x onerror=alert(1)><b>bold</b>{{ 1303*7 }}&amp;"""
SHOWN = "<script>alert(1)</script>"


METHOD = "/api/method/"
# where Frappe looks for the document before it asks who wants it
OF_A_DOCUMENT = (
	"/api/resource/{0}/{1}",
	"/printview?doctype={0}&name={1}",
	METHOD + "frappe.utils.print_format.download_pdf?doctype={0}&name={1}",
	METHOD + "frappe.realtime.can_subscribe_doc?doctype={0}&docname={1}",
	METHOD + "run_doc_method?method=validate&dt={0}&dn={1}",
)


class TestWhetherThereIsOne(PortalTestCase):
	"""Frappe's own functions tell a stranger of no login, nobody in the CRM and no record of ours."""

	def answers(self, visitor, doctype: str, name: str) -> list[tuple]:
		document = quote(json.dumps({"doctype": doctype, "name": name}))
		paths = [way.format(quote(doctype), quote(name)) for way in OF_A_DOCUMENT]
		pages = [
			visitor.get(path) for path in (*paths, METHOD + "run_doc_method?method=validate&docs=" + document)
		]
		return [(page.status, page.html, page.goes_to.replace(quote(quote(name)), "")) for page in pages]

	def test_a_stranger_hears_the_same_of_what_is_there_and_what_is_not(self):
		for doctype, there in (
			("User", self.me.user),
			("Contact", self.me.person),
			(self.me.doctype, self.me.name),
		):
			with self.subTest(doctype):
				missing = "nobody@nowhere.example"
				found = self.answers(self.guest, doctype, there)
				self.assertEqual(found, self.answers(self.guest, doctype, missing))
				self.assertEqual({status for status, _html, _to in found}, {403, 302})

	def test_nobody_learns_when_what_they_may_not_read_was_changed(self):
		way = METHOD + "run_doc_method?method=validate&docs="
		mine, theirs = (
			self.signed_in().get(way + quote(json.dumps({"doctype": doctype, "name": name})))
			for doctype, name in (("User", self.me.user), (self.other.doctype, self.other.name))
		)
		self.assertEqual((mine.status, theirs.status), (417, 403))
		self.assertNotIn("modified", theirs.html)


class TestSomebodyElsesRecord(PortalTestCase):
	"""The same page, word for word, whether the record is another person's or there is none."""

	def assert_not_there(self, visitor, path: str, missing: str) -> None:
		theirs, nothing = visitor.get(path), visitor.get(missing)
		self.assertEqual((theirs.status, nothing.status), (404, 404))
		self.assertEqual(theirs.html, nothing.html)

	def test_an_offer(self):
		self.assert_not_there(
			self.signed_in(), f"/take-part/my/offers/{self.theirs.offer}", "/take-part/my/offers/IA-99999"
		)

	def test_the_page_for_saying_no(self):
		self.assert_not_there(
			self.signed_in(),
			f"/take-part/my/offers/{self.theirs.offer}/no-thank-you",
			"/take-part/my/offers/IA-99999/no-thank-you",
		)

	def test_an_application(self):
		self.assert_not_there(
			self.signed_in(),
			f"/take-part/my/offers/{self.theirs.application}",
			"/take-part/my/offers/IA-99999",
		)

	def test_a_place(self):
		self.assert_not_there(
			self.signed_in(), f"/take-part/my/places/{self.theirs.place}", "/take-part/my/places/IE-99999"
		)

	def test_the_page_for_leaving(self):
		self.assert_not_there(
			self.signed_in(),
			f"/take-part/my/places/{self.theirs.place}/leave",
			"/take-part/my/places/IE-99999/leave",
		)

	def test_an_opportunity_one_may_not_see(self):
		for visitor in (self.guest, self.signed_in()):
			self.assert_not_there(
				visitor, f"/take-part/opportunities/{self.invited.name}", "/take-part/opportunities/IO-99999"
			)

	def test_applying_for_an_opportunity_one_may_not_see(self):
		visitor = self.signed_in()
		self.assert_not_there(
			visitor,
			f"/take-part/opportunities/{self.invited.name}/apply",
			"/take-part/opportunities/IO-99999/apply",
		)

	def test_posting_to_it_changes_nothing(self):
		visitor = self.signed_in()
		token = {"csrf_token": visitor.get("/take-part/my/offers/" + self.mine.offer).fields()["csrf_token"]}
		before = self.state()
		for path, fields in (
			(f"my/offers/{self.theirs.offer}", {"choice": "Full"}),
			(f"my/offers/{self.theirs.offer}/no-thank-you", {}),
			(f"my/offers/{self.theirs.application}/no-thank-you", {}),
			(f"my/places/{self.theirs.place}", {"choice": "Decline"}),
			(f"my/places/{self.theirs.place}/leave", {}),
			(f"opportunities/{self.invited.name}/apply", {}),
			(f"opportunities/{self.draft.name}/apply", {}),
		):
			with self.subTest(path):
				self.assertEqual(visitor.post(f"/take-part/{path}", {**token, **fields}).status, 404)
		self.assertEqual(self.state(), before)

	def test_the_person_is_never_taken_from_the_request(self):
		visitor = self.signed_in()
		name = self.opportunity().name
		self.refresh()
		visitor.submit(
			f"/take-part/opportunities/{name}/apply",
			participant=self.other.name,
			user=self.other.user,
			owner=self.other.user,
		)
		self.assertEqual(
			self.value("Involvement Application", {"opportunity": name}, "participant"), self.me.name
		)
		page = visitor.get(f"/take-part/my?participant={self.other.name}&user={self.other.user}")
		self.assertIn(self.mine.offer, page.html)
		self.assertNotIn(self.theirs.offer, page.html)

	def test_ones_own_pages_name_nothing_of_anybody_else(self):
		visitor = self.signed_in()
		for path in self.participant_pages():
			html = visitor.get(path).html
			for secret in (
				*self.theirs.values(),
				self.other.name,
				self.other.preferred_name,
				self.other.user,
			):
				self.assertNotIn(secret, html, path)

	def test_a_guest_is_sent_to_sign_in_and_comes_back(self):
		for path in self.participant_pages():
			if path.endswith("/apply") or "/my" in path:
				page = self.guest.get(path)
				self.assertEqual(page.status, 303, path)
				self.assertTrue(page.goes_to.startswith("/take-part/sign-in?next="), path)

	def test_a_user_who_has_not_joined_is_told_so(self):
		visitor = Visitor().sign_in(self.newcomer())
		for path in self.participant_pages():
			if "/my" in path:
				page = visitor.get(path)
				self.assertEqual(page.status, 403, path)
				self.assertIn("not joined", page.text())
		self.assertEqual(visitor.get(f"/take-part/opportunities/{self.registered.name}").status, 404)

	def newcomer(self) -> str:
		user = factories.another(factories.PORTAL)
		while frappe.db.exists("Involvement Participant", {"user": user}):
			user = factories.another(factories.PORTAL)
		update_password(user, PASSWORD)
		self.refresh()
		self.addCleanup(frappe.db.delete, "__Auth", {"doctype": "User", "name": user})
		return user

	def test_the_portal_user_can_do_nothing_beside_the_portal(self):
		"""Law 3: no DocPerm, so nothing through REST, lists, counts or reports."""
		visitor = self.signed_in()
		json = {"Accept": "application/json"}
		for path in (
			"/api/resource/Involvement Application",
			f"/api/resource/Involvement Application/{self.mine.offer}",
			f"/api/resource/Involvement Participant/{self.me.name}",
			f"/api/resource/Involvement Opportunity/{self.open.name}",
			"/api/resource/Portal Token",
			"/api/method/frappe.client.get_count?doctype=Involvement%20Application",
			"/api/method/frappe.client.get_list?doctype=Involvement%20Engagement",
			"/api/method/frappe.desk.reportview.get?doctype=Involvement%20Participant",
		):
			with self.subTest(path):
				page = visitor.get(path, headers=json)
				self.assertNotEqual(page.status, 200, page.html[:300])

	def state(self) -> list:
		self.refresh()
		names = (*self.theirs.values(), *self.mine.values())
		return [
			frappe.get_all(
				doctype,
				filters={"name": ["in", names]},
				fields=["name", "status", "modified", "payment_choice"],
			)
			for doctype in ("Involvement Application", "Involvement Engagement")
		] + [frappe.db.count("Involvement Application")]


class TestMarkupInEveryField(PortalTestCase):
	@classmethod
	def arrange(cls):
		super().arrange()
		cls.settings = frappe.db.get_singles_dict("Involvement Settings")
		for make in (
			factories.preference,
			factories.experience_profile,
			factories.goal,
			factories.wellbeing_plan,
			factories.participant_bank_detail,
			factories.supporter,
		):
			make(cls.me)
		factories.supporter(cls.other, email=cls.me.user)  # so that a page names whom one acts for
		cls.certificate = factories.training_record(factories.training_course(), cls.me).name
		cls.letter = factories.reference_letter(cls.me, ready=True).name
		factories.participant_question(cls.me, answer="Yes")
		frappe.db.set_value("Participant Question", {"answer": "Yes"}, "status", "Answered")
		factories.participant_contact_note(cls.me, shared=1)
		for doctype in (
			"Training Course",
			"Training Record",
			"Reference Letter",
			"Involvement Opportunity",
			"Involvement Opportunity Criterion",
			"Opportunity Selector",
			"Involvement Application",
			"Involvement Engagement",
			"Involvement Invitation",
			"Involvement Session",
			"Involvement Participant",
			"Involvement Payment",
			"Involvement Expense Claim",
			"Involvement Expense Claim Line",
			"Involvement Preference",
			"Access Requirement",
			"Lived Experience Profile",
			"Personal Goal",
			"Wellbeing Support Plan",
			"Participant Bank Detail",
			"Participant Question",
			"Participant Contact Note",
			"Participant Supporter",
			"Past Involvement",
			"Participant Check",
			"Recruitment Panel",
			"Recruitment Panel Member",
			"Recruitment Panel Question",
			"Recruitment Panel Criterion",
			"Ambassador Role",
			"Ambassador Assignment",
			"Participant Story",
			"Participant Story Use",
		):
			cls.poison(doctype)
		for fieldname in (
			"organisation_name",
			"contact_email",
			"contact_phone",
			"support_line",
			"privacy_notice",
		):
			frappe.db.set_single_value("Involvement Settings", fieldname, MARKUP)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")

	@classmethod
	def poison(cls, doctype: str) -> None:
		"""Past the controllers, which would clean it: the page must not rely on them."""
		made = set(frappe.get_all(doctype, pluck="name")) - cls.before[doctype]
		free = [
			df.fieldname
			for df in frappe.get_meta(doctype).fields
			if df.fieldtype in ("Data", "Small Text", "Text", "Long Text", "Text Editor")
			and not df.unique
			and df.fieldname not in ("live_key", "dedupe_key")
		]
		for name in made:
			frappe.db.set_value(doctype, name, dict.fromkeys(free, MARKUP), update_modified=False)

	@classmethod
	def put_back(cls) -> None:
		for fieldname in (
			"organisation_name",
			"contact_email",
			"contact_phone",
			"support_line",
			"privacy_notice",
		):
			frappe.db.set_single_value("Involvement Settings", fieldname, cls.settings.get(fieldname))
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		super().put_back()

	def assert_harmless(self, page, shows: bool = True) -> None:
		self.assertNotIn(page.status, (303, 500), page.path)
		self.assertNotIn("<script>", page.html)
		self.assertNotIn("<img", page.html)
		self.assertNotIn("9121", page.text(), "a template read what somebody typed")
		self.assertEqual(
			[e for e in page.all("script") if not (e.get("src") or "").startswith("/assets/")], []
		)
		self.assertEqual(page.all("img"), [])
		for element in page.tree.iter():
			self.assertFalse([name for name in element.attrib if str(name).startswith("on")])
			self.assertFalse((element.get("href") or "").lower().startswith(("javascript:", "data:")))
		if shows:
			self.assertIn(SHOWN, page.text(), page.path)

	def test_pages_for_guests(self):
		own_words = (f"/take-part/opportunities/{self.open.name}", "/take-part/opportunities")
		for path in self.guest_pages():
			with self.subTest(path):
				self.assert_harmless(self.guest.get(path), shows=path in own_words)

	def test_pages_for_participants(self):
		visitor = self.signed_in()
		in_our_words = (
			"/take-part/my/agreement",
			"/take-part/my/access/new",
			"/take-part/my/consents",
			"/take-part/my/consents?done=saved",
			"/take-part/my/media",
			"/take-part/my/media?done=given",
			f"/take-part/my/places/{self.mine.place}/access",
		)
		# candidates are references and initials there
		panels, of_panels = "/take-part/my/panels/", ("/interests", "/close", "/decide")
		for path in self.participant_pages():
			if path.startswith("/take-part/my/payments"):
				continue
			with self.subTest(path):
				ours = path in in_our_words or (path.startswith(panels) and path.endswith(of_panels))
				self.assert_harmless(visitor.get(path), shows=not ours)

	def test_what_members_of_a_panel_scored(self):
		"""Words, names, initials and reasons, on the pages that show them once scores are open, and on one's own sheet."""
		for panel, participant in ((self.mine.open_panel, self.other.name), (self.mine.panel, self.me.name)):
			frappe.get_doc(
				doctype="Panel Score",
				name=frappe.generate_hash(),
				own_key=frappe.generate_hash(),
				panel=panel,
				participant=participant,
				candidate="C-1",
				kind="Lived experience",
				answer="Scored",
				appointable="Not appointable",
				total=2,
				member_name=MARKUP,
				words=MARKUP,
			).db_insert()
			for candidate in frappe.get_all("Recruitment Panel Candidate", {"parent": panel}, pluck="name"):
				frappe.db.set_value(
					"Recruitment Panel Candidate", candidate, {"initials": MARKUP, "reason": MARKUP}
				)
		self.refresh()
		visitor = self.signed_in()
		for path in (
			self.mine.open_panel,
			f"{self.mine.open_panel}/decide",
			f"{self.mine.panel}/score/C-1",
			f"{self.mine.panel}/interests",
		):
			# once scoring has begun, that page names no candidate
			shows = not path.endswith("/interests")
			with self.subTest(path):
				self.assert_harmless(visitor.get(f"/take-part/my/panels/{path}"), shows=shows)

	def test_what_one_prints(self):
		visitor = self.signed_in()
		for path in (f"certificates/{self.certificate}", f"letters/{self.letter}"):
			with self.subTest(path):
				self.assert_harmless(visitor.get(f"/take-part/my/training/{path}"))

	def test_the_privacy_notice_keeps_its_shape_and_nothing_active(self):
		frappe.db.set_single_value(
			"Involvement Settings",
			"privacy_notice",
			"<h1>Ours</h1><p>We keep <b>little</b>.</p><script>alert(1)</script>"
			'<a href="javascript:alert(1)" onclick="alert(1)">x</a><iframe src="//example.com"></iframe>',
		)
		frappe.clear_document_cache("Involvement Settings", "Involvement Settings")
		self.refresh()
		page = self.guest.get("/take-part/privacy")
		self.assert_harmless(page, shows=False)
		self.assertEqual(len(page.all("h1")), 1)
		self.assertIn("Ours", ["".join(h.itertext()) for h in page.all("h2")])
		self.assertEqual(page.all("iframe"), [])
		self.assertEqual("".join(page.all("strong")[0].itertext()), "little")

	def test_what_is_typed_comes_back_as_text(self):
		visitor = self.signed_in()
		page = visitor.submit(
			f"/take-part/my/places/{self.mine.place}", choice="Lower amount", amount=MARKUP[:20]
		)
		self.assertEqual(page.status, 422)
		self.assertEqual(page.fields()["amount"], MARKUP[:20].strip())
		self.assert_harmless(page)

	def test_what_is_typed_at_sign_in_comes_back_as_text(self):
		page = self.guest.submit("/take-part/sign-in", email=MARKUP, password="x", next=MARKUP)
		self.assertEqual(page.status, 422)
		self.assert_harmless(page, shows=False)
		self.assertEqual(page.fields()["next"], "/take-part/my")

	def test_only_web_addresses_become_links(self):
		for name in frappe.get_all("Involvement Session", {"opportunity": self.running.name}, pluck="name"):
			frappe.db.set_value(
				"Involvement Session", name, {"online_link": "javascript:alert(1)", "status": "Planned"}
			)
		self.refresh()
		visitor = self.signed_in()
		for path in ("/take-part/my", f"/take-part/my/places/{self.mine.place}"):
			self.assertNotIn("javascript:", visitor.get(path).html)
