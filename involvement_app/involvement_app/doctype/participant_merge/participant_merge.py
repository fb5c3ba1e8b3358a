from involvement_app.involvement_privacy.append_only import AppendOnlyDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class ParticipantMerge(AppendOnlyDocument):
	"""That two records of one person became one, and what went along. Written by `merging.merge` alone."""
