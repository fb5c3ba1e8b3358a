from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class PersonalGoal(ServerManagedDocument):
	"""What somebody would like to reach, for themself (rows 0.6, 0.7 and 3.7). It is theirs: no role holds a right."""
