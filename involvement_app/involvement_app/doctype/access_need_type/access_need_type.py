from frappe.model.document import Document


class AccessNeedType(Document):
	"""A kind of need under the Accessible Information Standard; about nobody."""
