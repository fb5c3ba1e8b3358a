"""What every room stands on: mail, scheduler, queue, encryption key, backups, and settings fit for a live site."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime, time_diff_in_seconds
from frappe.utils.background_jobs import generate_qname, get_queues, get_redis_conn
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from rq import Queue, Worker

from involvement_app.health import Check, Finding, fail, ok, warn
from involvement_app.permissions.holders import holders

QUEUES = ("short", "default", "long")
LATE_JOB = timedelta(minutes=15)
STUCK_JOB = timedelta(hours=2)
SCHEDULER_LATE = timedelta(hours=1)
# a site where nobody has done anything for days is woken once a day (Frappe's dormant_days)
SCHEDULER_DEAD = timedelta(hours=25)
OLD_BACKUP = timedelta(days=2)
MANY_SYSTEM_MANAGERS = 5


def age(seconds: float) -> str:
	"""In the largest unit that says something: "40 minutes", "3 hours", "12 days"."""
	minutes = int(seconds // 60)
	if minutes < 120:
		return _("{0} minutes").format(minutes)
	return _("{0} hours").format(minutes // 60) if minutes < 2880 else _("{0} days").format(minutes // 1440)


# Mail


def mail_account() -> Finding:
	what = _("Set one up under Email Account: enable outgoing, and make it the default.")
	if frappe.flags.mute_emails or cint(frappe.conf.get("mute_emails")):
		return fail(
			_("E-mail is muted on this site."), _("Take “mute_emails” out of the site's configuration.")
		)
	if cint(frappe.db.get_default("suspend_email_queue")):
		return fail(
			_("Sending is suspended: mail waits."), _("Resume sending in Email Queue."), "email-queue"
		)
	account = frappe.db.get_value(
		"Email Account",
		{"enable_outgoing": 1, "default_outgoing": 1},
		["name", "awaiting_password", "no_smtp_authentication"],
		as_dict=True,
	)
	if not account:
		if frappe.conf.get("mail_server"):
			return ok(_("The server's own mail account is used."))
		return fail(
			_("There is no outgoing e-mail account, so nobody is told anything."), what, "email-account"
		)
	if account.awaiting_password and not account.no_smtp_authentication:
		return fail(
			_("The e-mail account {0} waits for its password.").format(account.name),
			_("Write the password into the account."),
			"email-account",
		)
	return ok(_("{0} is the outgoing e-mail account.").format(account.name))


def mail_queue() -> Finding:
	queue = frappe.qb.DocType("Email Queue")
	since = now_datetime() - timedelta(days=7)
	errors = frappe.db.count("Email Queue", {"status": "Error", "creation": [">", since]})
	if errors:
		return warn(
			_("{0} mails of the last seven days could not be sent.").format(errors),
			_("Email Queue says why for each; send them again from there."),
			"email-queue",
		)
	waiting = (
		frappe.qb.from_(queue)
		.select(queue.creation)
		.where(
			(queue.status == "Not Sent") & (queue.send_after.isnull() | (queue.send_after < now_datetime()))
		)
		.orderby(queue.creation)
		.limit(1)
		.run()
	)
	seconds = time_diff_in_seconds(now_datetime(), waiting[0][0]) if waiting else 0
	if seconds > 3600:
		return warn(
			_("The oldest mail has waited for {0}.").format(age(seconds)),
			_("See whether the scheduler and the queue run, and whether the mail server answers."),
			"email-queue",
		)
	return ok(_("No mail is stuck."))


# Scheduler and queue


def scheduler() -> Finding:
	off = _why_the_scheduler_is_off()
	if off:
		return fail(
			_("The scheduler is off ({0}): offers do not lapse, opportunities do not close.").format(off),
			_("Switch it on: bench --site {0} scheduler enable, or take the setting away.").format(
				frappe.local.site
			),
		)
	last = _last_run()
	if not last:
		return warn(
			_("The scheduler is on, but has not run any of our jobs yet."),
			_("Look again in an hour; then see whether “bench schedule” runs on the server."),
			"scheduled-job-type",
		)
	since = now_datetime() - get_datetime(last)
	says = _("Our jobs last ran {0} ago.").format(age(since.total_seconds()))
	do = _("See whether “bench schedule” and the workers run on the server.")
	if since > SCHEDULER_DEAD:
		return fail(says, do, "scheduled-job-type")
	return warn(says, do, "scheduled-job-type") if since > SCHEDULER_LATE else ok(says)


def _why_the_scheduler_is_off() -> str | None:
	for key in ("maintenance_mode", "pause_scheduler", "disable_scheduler"):
		if cint(frappe.conf.get(key)):
			return key
	enabled = cint(frappe.db.get_single_value("System Settings", "enable_scheduler"))
	return None if enabled else _("System Settings")


def _last_run():
	job = frappe.qb.DocType("Scheduled Job Type")
	return (
		frappe.qb.from_(job)
		.select(job.last_execution)
		.where(job.method.like("involvement_app.%") & job.last_execution.isnotnull())
		.orderby(job.last_execution, order=frappe.qb.desc)
		.limit(1)
		.run(pluck=True)
		or [None]
	)[0]


def scheduled_jobs() -> Finding:
	since = now_datetime() - timedelta(days=1)
	log = frappe.qb.DocType("Scheduled Job Log")
	job = frappe.qb.DocType("Scheduled Job Type")
	failed = (
		frappe.qb.from_(log)
		.join(job)
		.on(job.name == log.scheduled_job_type)
		.select(job.method)
		.distinct()
		.where(job.method.like("involvement_app.%") & (log.status == "Failed") & (log.creation > since))
		.run(pluck=True)
	)
	stopped = frappe.get_all(  # the site's own jobs, named by method
		"Scheduled Job Type", {"method": ["like", "involvement_app.%"], "stopped": 1}, pluck="method"
	)
	if failed:
		return fail(
			_("Failed in the last day: {0}.").format(", ".join(sorted(failed))),
			_("Scheduled Job Log holds the error."),
			"scheduled-job-log",
		)
	if stopped:
		return warn(
			_("Stopped by hand: {0}.").format(", ".join(sorted(stopped))),
			_("Untick “Stopped” in Scheduled Job Type if that was not meant."),
			"scheduled-job-type",
		)
	return ok(_("No job of ours failed in the last day."))


def workers() -> Finding:
	do = _("Start the workers: bench doctor shows what runs; in production supervisor keeps them.")
	if not _queue_answers():
		return fail(_("The queue (Redis) does not answer."), _("Start Redis, then the workers."))
	alive = Worker.all(connection=get_redis_conn())
	served = {name for worker in alive for name in worker.queue_names()}
	missing = [queue for queue in QUEUES if generate_qname(queue) not in served]
	if missing:
		return fail(
			_("No worker takes jobs of the queue {0}: messages wait, imports do not begin.").format(
				", ".join(missing)
			),
			do,
		)
	return ok(_("Workers that take jobs: {0}.").format(len(alive)))


def _queue_answers() -> bool:
	"""Asked without Frappe's patience of several seconds. Redis that wants a password first is there, too."""
	try:
		Redis.from_url(frappe.conf.redis_queue, socket_connect_timeout=2).ping()
	except (AuthenticationError, ResponseError):
		return True
	except RedisError:
		return False
	return True


def oldest_job(queues: list[Queue] | None = None) -> Finding:
	"""Of `queues`, this bench's own by default."""
	if not _queue_answers():
		return fail(_("The queue (Redis) does not answer."), _("Start Redis, then the workers."))
	ages = [seconds for queue in queues or get_queues() if (seconds := _waits(queue)) is not None]
	oldest = timedelta(seconds=max(ages, default=0))
	says = _("The oldest job has waited for {0}.").format(age(oldest.total_seconds()))
	do = _("See in RQ Job what it is, and whether the workers are busy or away.")
	if oldest > STUCK_JOB:
		return fail(says, do, "rq-job")
	if oldest > LATE_JOB:
		return warn(says, do, "rq-job")
	return ok(_("No job waits for long."))


def _waits(queue) -> float | None:
	"""Seconds the first job of `queue` has waited."""
	for job_id in queue.get_job_ids(0, 1):
		job = queue.fetch_job(job_id)
		if job and job.enqueued_at:
			queued = job.enqueued_at.replace(tzinfo=timezone.utc)
			return (datetime.now(timezone.utc) - queued).total_seconds()
	return None


# Key and backups


def encryption_key() -> Finding:
	"""Never asks Frappe for the key: where there is none, that would make a new one and hide the loss."""
	kept = _kept_secrets()
	key = frappe.conf.get("encryption_key")
	if not kept:
		return ok(_("No password is kept under the encryption key yet."))
	lost = [place for place, secret in kept if not (key and _opens(secret, key))]
	if not lost:
		return ok(_("The encryption key opens every password that is kept ({0}).").format(len(kept)))
	return fail(
		_("{0} of {1} kept passwords cannot be read with this site's encryption key: {2}.").format(
			len(lost), len(kept), ", ".join(sorted(set(lost))[:10])
		),
		_(
			"Put “encryption_key” of the old site_config.json back (every backup has a copy of it), "
			"or write each password anew."
		),
	)


def _kept_secrets() -> list[tuple[str, str]]:
	"""(where it is used, encrypted text) of passwords that can be read back; those that are only hashed, such as
	people's own, need no key."""
	auth = frappe.qb.Table("__Auth")
	rows = (
		frappe.qb.from_(auth).select(auth.doctype, auth.name, auth.password).where(auth.encrypted == 1).run()
	)
	default = frappe.qb.DocType("DefaultValue")
	second_factors = (
		frappe.qb.from_(default)
		.select(default.defvalue)
		.where(default.defkey.like("%\\_otpsecret"))
		.run(pluck=True)
	)
	kept = [
		(f"{_(doctype)} {'' if doctype == 'User' else name}".strip(), secret)
		for doctype, name, secret in rows
	]
	return kept + [(_("second factors of users"), secret) for secret in second_factors]


def _opens(secret: str, key: str) -> bool:
	from cryptography.fernet import Fernet, InvalidToken

	try:
		Fernet(key.encode()).decrypt(secret.encode())
	except (InvalidToken, ValueError):
		return False
	return True


def backups() -> Finding:
	folder = Path(frappe.get_site_path("private", "backups"))
	made = [path.stat().st_mtime for path in folder.glob("*database*")] if folder.exists() else []
	do = _(
		"bench setup backups has the server make them; keep a copy elsewhere, with site_config_backup.json. "
		"If your host makes them in another way, ask when one was last restored."
	)
	if not made:
		return warn(_("There is no backup on this server."), do, "backups")
	seconds = datetime.now().timestamp() - max(made)
	says = _("The newest backup on this server is {0} old.").format(age(seconds))
	return warn(says, do, "backups") if seconds > OLD_BACKUP.total_seconds() else ok(says)


# Settings fit for a live site


def live_site() -> Finding:
	wrong = [key for key in ("developer_mode", "allow_tests") if cint(frappe.conf.get(key))]
	if wrong:
		return warn(
			_("This site is set up for development: {0}.").format(", ".join(wrong)),
			_("On a live site take this out of site_config.json."),
		)
	return ok(_("Neither developer mode nor tests are switched on."))


def address() -> Finding:
	host = frappe.conf.get("host_name") or ""
	do = _("bench --site {0} set-config host_name https://…").format(frappe.local.site)
	if not host:
		return warn(_("The site does not know its own address, which links in mails need."), do)
	if urlsplit(host).scheme != "https":
		return warn(_("The site's address is {0}: not encrypted on its way.").format(host), do)
	return ok(_("Links in mails lead to {0}.").format(host))


def system_managers() -> Finding:
	"""They can give themselves any role (docs/security.md)."""
	count = len(set(holders("System Manager").run(pluck=True)) - {"Administrator"})
	if not count:
		return fail(
			_("Nobody but Administrator is a System Manager."), _("Give one trusted person the role."), "user"
		)
	if count > MANY_SYSTEM_MANAGERS:
		return warn(
			_("{0} people are System Managers, and each can give themself any role.").format(count),
			_("Take the role away from those who do not look after the site."),
			"user",
		)
	return ok(_("System Managers: {0}.").format(count))


CHECKS = (
	Check("Can the site send e-mail?", mail_account),
	Check("Does e-mail leave?", mail_queue),
	Check("Does the scheduler run?", scheduler),
	Check("Do the scheduled jobs succeed?", scheduled_jobs),
	Check("Are there workers for the queue?", workers),
	Check("Does the queue move?", oldest_job),
	Check("Can the encryption key open what it locked?", encryption_key),
	Check("Is there a fresh backup?", backups),
	Check("Is the site set up for live use?", live_site),
	Check("Does the site know its address?", address),
	Check("Are there few System Managers?", system_managers),
)
