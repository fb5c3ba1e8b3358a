// Whether the site is fit to run on: each check in words, the worst first, with what to do about it.

const STATES = {
	fail: { word: __("Act now"), pill: "red" },
	warn: { word: __("Look at this"), pill: "orange" },
	ok: { word: __("Fine"), pill: "green" },
};

frappe.pages["involvement-health"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Involvement Health"),
		single_column: true,
	});
	wrapper.health = new Health(page);
	page.set_primary_action(__("Check again"), () => wrapper.health.check(), "refresh");
};

frappe.pages["involvement-health"].on_page_show = (wrapper) => wrapper.health.check();

class Health {
	constructor(page) {
		this.body = $('<div class="involvement-health p-4" aria-live="polite"></div>').appendTo(page.main);
	}

	async check() {
		this.say(__("Checking…"));
		this.body.attr("aria-busy", "true");
		try {
			const { message } = await frappe.call({
				method: "involvement_app.health.report",
				type: "GET",
			});
			this.show(message);
		} catch (problem) {
			this.say(__("The checks could not be run. Try again, or ask whoever runs the server."));
		}
		this.body.attr("aria-busy", "false");
	}

	say(text) {
		this.body.empty().append($("<p>").text(text));
	}

	show({ findings, checked_on }) {
		if (!findings.length) return this.say(__("There is nothing to check."));
		this.body.empty().append($("<p>").text(this.summary(findings, checked_on)));
		for (const status of ["fail", "warn", "ok"]) {
			const rows = findings.filter((row) => row.status === status);
			if (rows.length) this.body.append(this.section(status, rows));
		}
	}

	summary(findings, checked_on) {
		const count = (status) => findings.filter((row) => row.status === status).length;
		return __("Checked on {0}. Act now: {1}. Look at this: {2}. Fine: {3}.", [
			checked_on,
			count("fail"),
			count("warn"),
			count("ok"),
		]);
	}

	section(status, rows) {
		const { word, pill } = STATES[status];
		const heading = $("<h2>").addClass("h3 mt-5").text(`${word} (${rows.length})`);
		const list = $('<ul class="list-unstyled">');
		for (const row of rows) list.append(this.item(row, word, pill));
		return $("<section>").append(heading, list);
	}

	item(row, word, pill) {
		const item = $('<li class="border-bottom py-3">');
		const heading = $('<h3 class="h5 mb-1">').text(`${row.asks} `);
		heading.append($("<span>").addClass(`indicator-pill no-indicator-dot ${pill}`).text(word));
		item.append(heading, $('<p class="mb-1">').text(row.says));
		if (row.do) item.append($('<p class="mb-1">').text(__("What to do: {0}", [row.do])));
		if (row.where) item.append(this.link(row));
		return item;
	}

	link(row) {
		const [path, query] = row.where.split("?");
		const address = frappe.router.make_url(path.split("/"));
		const name = frappe.utils.to_title_case(path.replaceAll("-", " "))
			.replace(" Of ", " of ");  // Expression of Interest
		return $('<a class="btn btn-default btn-sm">')
			.attr("href", query ? `${address}?${query}` : address)
			.text(__("Open {0}", [__(name)]));
	}
}
