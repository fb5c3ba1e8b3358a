"""Nobody is shown what is not theirs: a unique string in every text field, and every door of the site tried by
everybody.

`planting` makes a small world and puts a canary into every field of it; `entitlement` says, by hand, who may see
which; `client` signs in over HTTP; `crawl` lists the doors; `search` knows a canary again; `baseline.json` holds
what the framework tells and we cannot change, each with its reason."""

import os
from unittest import skipUnless

_NEEDED = ("INVOLVEMENT_TEST_URL", "INVOLVEMENT_MAIL_URL", "INVOLVEMENT_ARTEFACTS")
on_a_served_site = skipUnless(
	all(os.environ.get(name) for name in _NEEDED),
	f"needs a web server, a mail catcher and a folder: {', '.join(_NEEDED)}",
)
