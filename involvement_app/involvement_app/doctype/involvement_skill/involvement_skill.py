from frappe.model.document import Document


class InvolvementSkill(Document):
	pass
