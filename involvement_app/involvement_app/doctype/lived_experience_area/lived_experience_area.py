from frappe.model.document import Document


class LivedExperienceArea(Document):
	pass
