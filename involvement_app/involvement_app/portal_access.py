"""A participant's way into the portal, without the CRM learning of it (architecture law 9).

Frappe rewrites the Contact of a User whenever the User is saved: `User.on_update` queues `create_contact`,
which puts the login's names on the first Contact with that e-mail address (another person's, where two share
one), and ERPNext does the like within the insert. For a participant's login the Contact is put back as it was,
`modified` included, before it is written. Nothing else about Contacts or logins is touched.

A participant's login holds no role of ours either: Frappe tells every signed-in user which roles anybody holds.
Who takes part is in the register, and the portal asks there.
"""

from contextlib import contextmanager

import frappe
from frappe import _
from frappe.utils import get_url

from involvement_app import lifecycle, messages
from involvement_app.involvement_app import participants, young_people

PARTICIPANT = participants.PARTICIPANT
FRAPPE_JOB = "frappe.core.doctype.user.user.create_contact"
SIGN_IN = "/take-part/sign-in"
HOME = "take-part/my"
HOME_OF_SUPPORTERS = "take-part/acting"
# without a picture Frappe asks gravatar.com about the address; one of ours would tell whose login it is
PICTURE = "/assets/frappe/images/default-avatar.png"


class CannotInvite(frappe.ValidationError):
	pass


@frappe.whitelist(methods=["POST"])
def invite(participant: str) -> dict:
	"""Give the person a way to sign in, and tell them; again, when they have one. Answers {channel, told}:
	how they hear of it, and whether it goes out by itself.

	Raises PermissionError (needs write on the participant), CannotInvite."""
	doc = frappe.get_doc("Involvement Participant", participant, for_update=True)
	doc.check_permission("write")
	_check_who(doc)
	if young_people.too_young_for_the_portal(doc.date_of_birth):
		frappe.throw(
			_(
				"{0} is too young for the portal (Involvement Settings). A guardian can act for them there."
			).format(doc.preferred_name),
			CannotInvite,
		)
	if not doc.user:
		_link(doc)
	return _tell(doc)


def _check_who(doc) -> None:
	participants.refuse_old_record(doc.name)
	if doc.status == "Left":
		frappe.throw(_("{0} has left the register.").format(doc.preferred_name), CannotInvite)
	own_address = frappe.db.get_value("User", frappe.session.user, "email")
	if doc.user == frappe.session.user or _address(doc) == (own_address or "").lower():
		frappe.throw(
			_("This is your own record. Please ask a colleague to invite you."), frappe.PermissionError
		)


def _address(doc) -> str:
	return (participants.email_of(doc.person_doctype, doc.person) or "").strip().lower()


def _link(doc) -> None:
	address = _address(doc)
	if not address:
		frappe.throw(
			_(
				"{0} has no e-mail address in the CRM. They can take part all the same: enter for them what they tell you."
			).format(doc.preferred_name),
			CannotInvite,
		)
	with _inviting(address):
		user = _existing_user(doc, address) or _new_user(doc, address)
	with lifecycle.server_side():
		doc.user = user
		doc.save()
	participants.forget_known()
	frappe.clear_cache(user=user)  # their home page is remembered there


def _existing_user(doc, address: str) -> str | None:
	"""The login that has this address already. It is linked as it is: the portal asks who the person is."""
	user = frappe.db.get_value("User", {"email": address}, ["name", "enabled"], as_dict=True)
	if not user:
		return None
	_check_free(user, doc)
	return user.name


def login_of_supporter(address: str, name: str, participant: str) -> str | None:
	"""The login of somebody who is to act for `participant`: theirs, or a new one without any role. Nothing is said
	about an address that is known already. Raises CannotInvite where it is the person's own."""
	person = frappe.get_doc(PARTICIPANT, participant)
	if address in {(person.user or "").lower(), _address(person)}:
		frappe.throw(
			_("E-mail address: this is the person's own. Somebody who acts for them needs another."),
			CannotInvite,
		)
	user = frappe.db.get_value("User", {"email": address}, "name")
	if user:
		return None if user in frappe.STANDARD_USERS else user
	with _inviting(address):
		return _new_login(address, name)


def _check_free(user, doc) -> None:
	if user.name in frappe.STANDARD_USERS:
		frappe.throw(_("This e-mail address belongs to the system."), CannotInvite)
	if not user.enabled:
		frappe.throw(
			_(
				"The login with this e-mail address is switched off. Ask your system manager to switch it on first."
			),
			CannotInvite,
		)
	if frappe.db.exists("Involvement Participant", {"user": user.name, "name": ["!=", doc.name]}):
		frappe.throw(
			_(
				"Another participant signs in with this e-mail address. Two people cannot share one: ask {0} for an address of their own."
			).format(doc.preferred_name),
			CannotInvite,
		)


def _new_user(doc, address: str) -> str:
	return _new_login(address, doc.preferred_name)


def _new_login(address: str, first_name: str) -> str:
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": address,
			"first_name": first_name,
			"user_type": "Website User",
			"send_welcome_email": 0,
			"user_image": PICTURE,
		}
	)
	user.flags.no_welcome_mail = True
	# bounded: a login without any role, for the person invited by somebody who may write their record, or for whom a
	# person has asked to act for them
	return user.insert(ignore_permissions=True).name


def _tell(doc) -> dict:
	staff = frappe.get_cached_value("User", doc.user, "user_type") == "System User"
	name = messages.send(
		"Involvement welcome",
		("Involvement Participant", doc.name),
		{"link": get_url(SIGN_IN), "organisation": _organisation(), "password": "1" if staff else None},
		about=doc,
	)
	row = frappe.db.get_value("Involvement Message", name, ["channel", "error"], as_dict=True)
	return {"channel": row.channel, "told": not row.error}


def _organisation() -> str:
	return frappe.db.get_single_value("Involvement Settings", "organisation_name", cache=True) or _("We")


# --- the Contact stays as it is -----------------------------------------------------------------


@contextmanager
def _inviting(address: str):
	"""The login's name while it is not on the participant yet."""
	frappe.local.involvement_inviting = address
	try:
		yield
	finally:
		frappe.local.involvement_inviting = None


def job_begins(method: str | None = None, kwargs: dict | None = None) -> None:
	"""Hook before_job."""
	if method == FRAPPE_JOB:
		frappe.local.involvement_saved_user = kwargs["user"].name


def job_ends() -> None:
	"""Hook after_job."""
	frappe.local.involvement_saved_user = None


def user_save_begins(doc, method=None) -> None:
	"""User before_save: what Frappe and other apps do within the save (in tests and installs the job too)."""
	frappe.local.involvement_saved_user = doc.name


def user_save_ends(doc, method=None) -> None:
	"""User on_update, after the User's own."""
	frappe.local.involvement_saved_user = None


def keep_contact(doc, method=None) -> None:
	"""Contact before_save: put back what the saving of a participant's login has changed, and leave out the login
	that Frappe finds by the address whenever a Contact is saved, a new one too."""
	before = doc.get_doc_before_save()
	saved_user = getattr(frappe.local, "involvement_saved_user", None)
	if before and saved_user and _is_participants(saved_user):
		_put_back(doc, before)
	elif doc.user and not (before and before.user) and _is_only_participants(doc.user):
		doc.user = None


def _is_participants(user: str) -> bool:
	inviting = getattr(frappe.local, "involvement_inviting", None)
	# two questions at most
	return (
		user == inviting
		or bool(frappe.db.exists("Involvement Participant", {"user": user}))
		or bool(frappe.db.exists("Participant Supporter", {"user": user}))
	)


def _is_only_participants(user: str) -> bool:
	"""A login that somebody has for other reasons too (a customer's, a colleague's) tells nothing."""
	return _is_participants(user) and not frappe.db.exists("Has Role", {"parent": user, "parenttype": "User"})


def _put_back(doc, before) -> None:
	for fieldname in doc.meta.get_valid_columns():
		doc.set(fieldname, before.get(fieldname))
	for df in doc.meta.get_table_fields():
		doc.set(df.fieldname, before.get(df.fieldname))


# --- the CRM's record of a participant ----------------------------------------------------------


def refuse_deletion(doc, method=None) -> None:
	"""on_trash of anything: a participant's CRM record stays. Frappe would refuse too, naming the register to
	whoever may delete Contacts."""
	if frappe.flags.in_uninstall or frappe.flags.in_install:
		return
	if _on_the_register(doc.doctype, doc.name) or _is_a_guardian(doc):
		frappe.throw(
			_("This {0} is in use and cannot be deleted.").format(_(doc.doctype)), frappe.LinkExistsError
		)


def _is_a_guardian(doc) -> bool:
	return doc.doctype == "Contact" and bool(frappe.db.exists(PARTICIPANT, {"guardian": doc.name}))


def refuse_merging_two(doc, method=None, old=None, new=None, merge=False) -> None:
	"""before_rename of anything: a participant has one CRM record and it has one participant (a unique key, whose
	error would name the register). Two CRM records of somebody whose two records were merged here may become one."""
	if not merge:
		return
	one, other = _record_of(doc.doctype, old), _record_of(doc.doctype, new)
	if not (one and other):
		return
	if (one.merged_into or one.name) != (other.merged_into or other.name):
		frappe.throw(_("{0} and {1} are both in use and cannot be merged.").format(old, new))
	given_up = one if one.merged_into else other
	# bounded to the old record of the same person, which lets go of its CRM record
	frappe.db.set_value(PARTICIPANT, given_up.name, "person", None, update_modified=False)


def _record_of(doctype: str, person: str | None) -> frappe._dict | None:
	return person and frappe.db.get_value(
		PARTICIPANT, {"person_doctype": doctype, "person": person}, ["name", "merged_into"], as_dict=True
	)


def _on_the_register(doctype: str, name: str | None) -> bool:
	return bool(
		name and frappe.db.exists("Involvement Participant", {"person_doctype": doctype, "person": name})
	)


# --- where they arrive ---------------------------------------------------------------------------


def home_page(user: str) -> str | None:
	"""Hook get_website_user_home_page: a participant's own page; what it would be without us for anybody else."""
	if _is_website_user(user):
		if participants.participant_of(user):
			return HOME
		if frappe.db.exists("Participant Supporter", {"user": user}):
			return HOME_OF_SUPPORTERS
	return _home_page_of_another_app(user)


def _is_website_user(user: str) -> bool:
	return frappe.get_cached_value("User", user, "user_type") == "Website User"


def _home_page_of_another_app(user: str) -> str | None:
	# Frappe asks the last app alone
	paths = [path for path in frappe.get_hooks("get_website_user_home_page") if not path.startswith(__name__)]
	if paths:
		return frappe.get_attr(paths[-1])(user)
	pages = frappe.get_hooks("website_user_home_page")
	return pages[-1] if pages else None
