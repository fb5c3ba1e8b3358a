"""worker.py QUEUES: `bench worker`, which forks for each job, with everything read beforehand."""

import sys

import preload  # noqa: F401
from frappe.utils.background_jobs import start_worker

if __name__ == "__main__":
	start_worker(sys.argv[1])
