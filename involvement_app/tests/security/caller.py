"""Somebody with an account and a program of their own: `requests`, a cookie, and whatever address they like."""

import json
import os
from dataclasses import dataclass

import frappe
import requests

URL = os.environ.get("INVOLVEMENT_TEST_URL")
NEEDS_A_SERVER = "needs a server: INVOLVEMENT_TEST_URL is not set"


@dataclass(frozen=True)
class Answer:
	status: int
	text: str

	@property
	def rows(self) -> bool:
		"""Whether it holds anything of what was asked for."""
		if self.status != 200:
			return False
		try:
			told = json.loads(self.text)
		except ValueError:
			return True  # a page, a file
		told = {
			key: value
			for key, value in told.items()
			if key not in ("_server_messages", "exc", "_link_titles")
		}
		return any(bool(value) for value in told.values())


class Caller:
	def __init__(self, user: str | None = None, password: str | None = None):
		self.session = requests.Session()
		self.session.headers.update({"Accept": "application/json", "X-Frappe-Site-Name": frappe.local.site})
		if user:
			answer = self.call("POST", "/api/method/login", {"usr": user, "pwd": password})
			assert answer.status == 200, f"{user}: {answer.status} {answer.text[:300]}"

	def call(self, method: str, path: str, values: dict | None = None) -> Answer:
		"""`values`: the query of a GET, the form of anything else."""
		kind = "params" if method == "GET" else "data"
		response = self.session.request(
			method, URL + path, **{kind: values or {}}, timeout=60, allow_redirects=False
		)
		return Answer(response.status_code, response.text)


def goal_of(doctype: str, user: str, **more) -> tuple[str, dict]:
	"""Frappe's function for a graph of somebody's goals, asked to count the rows of `doctype`."""
	return "frappe.utils.goal.get_monthly_goal_graph_data", {
		"title": "x",
		"doctype": "User",
		"docname": user,
		"goal_value_field": "idx",
		"goal_total_field": "login_after",
		"goal_history_field": "bio",
		"goal_doctype": doctype,
		"goal_doctype_link": "modified_by",
		"goal_field": "name",
		"date_field": "creation",
		"aggregation": "count",
		**more,
	}
