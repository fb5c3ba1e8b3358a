"""bench --site SITE involvement-demo load | remove | logins
bench --site SITE involvement-health"""

import json
import secrets
import sys

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("involvement-demo")
@click.argument("action", type=click.Choice(["load", "remove", "logins"]))
@click.option("--yes", is_flag=True, help="load: also on a site that already holds participants")
@pass_context
def involvement_demo(context, action, yes):
	"""An invented charity with a year of history, to look at and to try.

	The demo users' password is the site's `involvement_demo_password`; without one, load makes one up and
	prints it once."""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		{"load": lambda: _load(yes), "remove": _remove, "logins": _logins}[action]()
	finally:
		frappe.destroy()


def _load(yes: bool) -> None:
	from involvement_app.demo import rows
	from involvement_app.demo.load import load

	if rows.memory().exists():
		raise click.ClickException("The demo is loaded already. Remove it first: involvement-demo remove")
	held = frappe.db.count("Involvement Participant")
	if held and not yes:
		raise click.ClickException(f"This site holds {held} participants. Add --yes if you are sure.")
	password = frappe.conf.get("involvement_demo_password") or secrets.token_urlsafe(9)
	for doctype, count in load(password).items():
		click.echo(f"  {count:5} {doctype}")
	if not frappe.conf.get("involvement_demo_password"):
		click.echo(f"The demo users' password is {password}")


def _remove() -> None:
	from involvement_app.demo import rows

	try:
		count = rows.remove()
	except rows.NothingLoaded:
		raise click.ClickException("No demo is loaded on this site.")
	frappe.db.commit()  # the end of the command
	click.echo(f"{count} rows removed")


def _logins() -> None:
	from involvement_app.demo.load import logins

	for line in logins():
		click.echo(line)


@click.command("involvement-health")
@click.option("--json", "as_json", is_flag=True, help="for a monitor: the findings as JSON")
@click.option("--strict", is_flag=True, help="also a warning counts as failure")
@pass_context
def involvement_health(context, as_json, strict):
	"""Whether the site is fit to run on; the exit code is 1 if anything fails."""
	frappe.init(site=get_site(context))
	frappe.connect()
	try:
		unfit = _show_health(as_json, strict)
	finally:
		frappe.destroy()
	sys.exit(int(unfit))


def _show_health(as_json: bool, strict: bool) -> bool:
	from involvement_app import health

	frappe.local.lang = frappe.db.get_default("lang") or "en"
	rows = health.findings()
	if as_json:
		click.echo(json.dumps({"worst": health.worst(rows), "findings": rows}, indent=1))
	else:
		for row in rows:
			click.echo(f"{row['status'].upper():4}  {row['asks']} {row['says']}")
			if row["do"]:
				click.echo(f"      {row['do']}")
	return health.worst(rows) == health.FAIL or (strict and health.worst(rows) != health.OK)


commands = [involvement_demo, involvement_health]
