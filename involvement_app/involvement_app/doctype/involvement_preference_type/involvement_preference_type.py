from involvement_app.lifecycle import RowDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class InvolvementPreferenceType(RowDocument):
	pass
