// What waits for a coordinator, the oldest first. The server answers with what the reader may see and nothing else.

// what has no day must not bury the rest
const OF_A_KIND = 5;

const GROUPS = {
	late: { word: __("Late"), pill: "red" },
	today: { word: __("Today"), pill: "orange" },
	soon: { word: __("In the next days"), pill: "blue" },
	open: { word: __("Waiting, without a day"), pill: "gray" },
};

frappe.pages["involvement-to-do"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("To do today"), single_column: true });
	wrapper.to_do = new ToDo(page);
	page.set_primary_action(__("Look again"), () => wrapper.to_do.load(), "refresh");
};

frappe.pages["involvement-to-do"].on_page_show = (wrapper) => wrapper.to_do.load();

class ToDo {
	constructor(page) {
		this.page = page;
		this.kind = "";
		this.body = $('<div class="involvement-to-do p-4" aria-live="polite"></div>').appendTo(page.main);
	}

	async load() {
		if (!this.found) this.say(__("Looking…"));
		this.body.attr("aria-busy", "true");
		try {
			const { message } = await frappe.call({ method: "involvement_app.involvement_app.to_do.rows", type: "GET" });
			this.found = message;
			this.show();
		} catch (problem) {
			this.say(__("The list could not be made. Choose “Look again”; if it stays like this, tell your system manager."));
		}
		this.body.attr("aria-busy", "false");
	}

	say(text) {
		this.body.empty().append($("<p>").text(text));
	}

	show() {
		const { rows, kinds } = this.found;
		if (!rows.length) {
			return this.say(__("Nothing waits for you. New enquiries, questions and what is due appear here."));
		}
		if (!kinds.some(({ key }) => key === this.kind)) this.kind = "";
		this.body.empty().append(this.chooser(kinds, rows.length));
		const shown = rows.filter((row) => !this.kind || row.kind === this.kind);
		const label = Object.fromEntries(kinds.map((kind) => [kind.key, kind.label]));
		for (const group of Object.keys(GROUPS)) {
			const members = shown.filter((row) => row.group === group);
			if (members.length) this.body.append(this.section(group, members, label));
		}
		const cut = kinds.filter((kind) => kind.more && (!this.kind || kind.key === this.kind));
		for (const { label: name, count } of cut) {
			this.body.append($('<p class="text-muted mt-3">').text(__("{0}: the oldest {1} are shown.", [name, count])));
		}
	}

	chooser(kinds, all) {
		const select = $('<select class="form-control input-sm" style="max-width: 360px">');
		select.append($("<option>").val("").text(__("Everything ({0})", [all])));
		for (const { key, label, count, more } of kinds) {
			select.append($("<option>").val(key).text(`${label} (${count}${more ? "+" : ""})`));
		}
		select.val(this.kind).on("change", () => {
			this.kind = select.val();
			this.show();
			this.body.find("select").trigger("focus");
		});
		return $('<label class="w-100">').append($('<span class="sr-only">').text(__("Show")), select);
	}

	section(group, rows, label) {
		const { word, pill } = GROUPS[group];
		const heading = $('<h2 class="h4 mt-4">').text(`${word} `);
		heading.append($("<span>").addClass(`indicator-pill no-indicator-dot ${pill}`).text(rows.length));
		const list = $('<ul class="list-unstyled mb-0">');
		const left = {};
		for (const row of rows) {
			left[row.kind] = (left[row.kind] || 0) + 1;
			if (this.kind || group !== "open" || left[row.kind] <= OF_A_KIND) list.append(this.item(row, label[row.kind]));
		}
		const more = Object.keys(left).filter((kind) => !this.kind && group === "open" && left[kind] > OF_A_KIND);
		return $("<section>").append(
			heading,
			list,
			more.map((kind) => this.button(kind, __("{0}: show all {1}", [label[kind], left[kind]])))
		);
	}

	button(kind, words) {
		return $('<button type="button" class="btn btn-default btn-sm mt-3 mr-2">')
			.text(words)
			.on("click", () => {
				this.kind = kind;
				this.show();
				this.body.find("select").trigger("focus");
				window.scrollTo(0, 0);
			});
	}

	item({ doctype, name, title, detail, due, group }, label) {
		const link = $("<a>").attr("href", frappe.utils.get_form_link(doctype, name)).append($("<bdi>").text(title));
		const words = [label, detail && __(detail), this.day(due, group)].filter(Boolean).join(" · ");
		return $('<li class="border-bottom py-2" style="overflow-wrap: anywhere">').append(
			$("<div>").append(link),
			$('<div class="text-muted small">').text(words)
		);
	}

	day(due, group) {
		if (!due) return "";
		const day = frappe.datetime.str_to_user(due);
		return group === "open" ? __("since {0}", [day]) : __("by {0}", [day]);
	}
}
