"""A participant's login held the role “Involvement Participant”, which Frappe tells to every signed-in user."""

import frappe

ROLE = "Involvement Participant"
OLD_PICTURE = "/assets/involvement_app/images/person.svg"
PICTURE = "/assets/frappe/images/default-avatar.png"


def execute() -> None:
	# migrate adds the new item afterwards
	frappe.db.delete("Portal Menu Item", {"role": ROLE, "parent": "Portal Settings"})
	frappe.db.delete("Has Role", {"role": ROLE})  # our own role, from everybody
	frappe.delete_doc("Role", ROLE, ignore_missing=True, force=True)
	user = frappe.qb.DocType("User")
	# those we gave, no other
	frappe.qb.update(user).set(user.user_image, PICTURE).where(user.user_image == OLD_PICTURE).run()
	frappe.clear_cache()
