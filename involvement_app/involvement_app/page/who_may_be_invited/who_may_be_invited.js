// Who may be invited to one opportunity: who fits and why, who does not and why, and inviting them. The server answers
// with whom the reader may see and nothing else.

const MATCHING = "involvement_app.involvement_app.matching.desk";
const AT_ONCE = 10;
const POLL_MS = 2000;
const MOST_POLLS = 60;

frappe.pages["who-may-be-invited"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Who may be invited"), single_column: true });
	wrapper.who_may = new WhoMayBeInvited(page);
};

frappe.pages["who-may-be-invited"].on_page_show = (wrapper) => wrapper.who_may.show_for(frappe.get_route()[1]);

class WhoMayBeInvited {
	constructor(page) {
		this.page = page;
		this.chosen = new Map();
		this.body = $('<div class="who-may-be-invited p-4">').appendTo(page.main);
		this.page.add_inner_button(__("Look again"), () => this.load());
		if (frappe.model.can_export("Involvement Participant")) {
			this.page.add_inner_button(__("Save as a file"), () =>
				window.open(`/api/method/${MATCHING}.export?opportunity=${encodeURIComponent(this.opportunity)}`)
			);
		}
		frappe.realtime.on("involvement_invitations", (told) => {
			if (told.opportunity === this.opportunity) this.say_progress(told.sent, told.waiting);
		});
	}

	show_for(opportunity) {
		if (!opportunity) {
			this.page.clear_primary_action();
			return this.say(
				__("Open an opportunity that is published, and choose “Who may be invited” there."),
				$("<a>").attr("href", frappe.router.make_url(["involvement-opportunity"])).text(__("Opportunities"))
			);
		}
		if (opportunity !== this.opportunity) {
			this.chosen.clear();
			this.found = null;
		}
		this.opportunity = opportunity;
		this.load();
	}

	async ask(method, args, type = "GET") {
		const { message } = await frappe.call({
			method: `${MATCHING}.${method}`,
			type,
			args: { opportunity: this.opportunity, ...args },
		});
		return message;
	}

	async load() {
		if (!this.found) this.say(__("Looking…"));
		this.body.attr("aria-busy", "true");
		try {
			const counted = this.ask("counts");
			counted.catch(() => {});
			this.found = await this.ask("look");
			this.show();
			this.show_counts(await counted);
		} catch (problem) {
			this.say(
				__("The list could not be made. Choose “Look again”; if it stays like this, tell your system manager.")
			);
		}
		this.body.attr("aria-busy", "false");
	}

	say(...what) {
		this.body.empty().append($('<div role="status">').append(what.map((each) => $("<p>").append(each))));
	}

	show() {
		const { title, rows, weights, states, is_open } = this.found;
		this.body.empty().append(
			$('<p class="mb-1">').append(
				$("<a>")
					.attr("href", frappe.utils.get_form_link("Involvement Opportunity", this.opportunity))
					.append($("<bdi>").text(title))
			),
			(this.progress = $('<div role="status" aria-live="polite">')),
			this.invited(states)
		);
		if (!is_open) {
			this.body.append(
				$('<div class="alert alert-warning">').text(
					__("It takes no applications now, so nobody can be invited. You can see who would fit.")
				)
			);
		}
		this.body.append(
			(this.heading = $('<h2 class="h4 mt-3" aria-live="polite">').text(
				rows.length ? __("Who fits") : __("Nobody fits")
			)),
			rows.length
				? this.chooser()
				: $("<p>").text(__("Nobody fits at the moment. Below you see why. People can still find it and apply."))
		);
		this.list = $('<ul class="list-unstyled mb-2">').appendTo(this.body);
		this.shown = 0;
		this.add_rows(rows);
		this.others = $("<section>").append($("<p>").text(__("Counting…")));
		this.body.append(this.order(weights), this.others);
		this.count();
	}

	show_counts({ fits, beyond, away }) {
		this.found.fits = fits;
		this.heading.text(
			!fits ? __("Nobody fits") : fits === 1 ? __("One person fits") : __("{0} people fit", [fits])
		);
		this.say_more();
		this.others.replaceWith(this.not_in_the_list(away, beyond));
	}

	invited(states) {
		const words = Object.entries(states).map(([status, number]) => `${__(status)}: ${number}`);
		if (!words.length) return "";
		const link = $("<a>")
			.attr("href", `${frappe.router.make_url(["involvement-invitation"])}?opportunity=${encodeURIComponent(this.opportunity)}`)
			.text(__("Invited so far"));
		return $('<p class="text-muted">').append(link, `. ${words.join(", ")}`);
	}

	chooser() {
		const button = (words, act) =>
			$('<button type="button" class="btn btn-default btn-sm mr-2 mb-2">').text(words).on("click", act);
		const boxes = () => this.list.find("input");
		return $("<div>").append(
			button(__("Choose the first {0}", [AT_ONCE]), () => this.choose(boxes().slice(0, AT_ONCE))),
			button(__("Choose all that are shown"), () => this.choose(boxes())),
			button(__("Choose nobody"), () => {
				this.chosen.clear();
				boxes().prop("checked", false);
				this.count();
			})
		);
	}

	choose(boxes) {
		boxes.each((_at, box) => {
			box.checked = true;
			this.chosen.set(box.value, box.dataset.name);
		});
		this.count();
	}

	add_rows(rows) {
		this.list.append(rows.map((row) => this.item(row)));
		this.shown += rows.length;
		this.say_more();
	}

	say_more() {
		this.more?.remove();
		if (this.shown < this.found.fits) {
			this.more = $('<button type="button" class="btn btn-default btn-sm mb-3">')
				.text(__("Show more ({0} of {1} shown)", [this.shown, this.found.fits]))
				.on("click", async () => this.add_rows((await this.ask("look", { start: this.shown })).rows))
				.insertAfter(this.list);
		}
	}

	item({ name, preferred_name, why, know, how }) {
		const box = $('<input type="checkbox" class="mt-1 mr-3 flex-shrink-0">')
			.attr({ value: name, id: `who-${name}`, "data-name": preferred_name })
			.prop("checked", this.chosen.has(name))
			.on("change", ({ target }) => {
				target.checked ? this.chosen.set(name, preferred_name) : this.chosen.delete(name);
				this.count();
			});
		const label = $('<label class="mb-0">').attr("for", `who-${name}`).append($("<bdi>").text(preferred_name));
		const link = $('<a class="small text-muted ml-2">')
			.attr("href", frappe.utils.get_form_link("Involvement Participant", name))
			.text(name);
		return $('<li class="border-bottom py-2 d-flex" style="overflow-wrap: anywhere">').append(
			box,
			$('<div class="flex-grow-1">').append(
				$("<div>").append(label, link),
				$('<div class="small">').text(`${why.join(" · ")} · ${how}`),
				know.map((words) => $('<div class="small text-muted">').text(words))
			)
		);
	}

	order(weights) {
		const rows = weights.map(({ label, points }) => $("<li>").text(`${label}: ${points}`));
		const words = __("The order follows what people said they would like, and fairness. It is worked out each time: nobody has a mark, and nothing of it is kept.");
		return $('<details class="mb-3">').append(
			$("<summary>").text(__("How the order comes about")),
			$('<p class="mb-1">').text(words),
			$("<ul>").append(rows),
			frappe.model.can_write("Involvement Settings")
				? $(frappe.utils.get_form_link("Involvement Settings", "Involvement Settings", true, __("Change it in Involvement Settings")))
				: ""
		);
	}

	not_in_the_list(away, beyond) {
		const section = $("<section>").append($('<h2 class="h4 mt-4">').text(__("Not in the list, and why")));
		if (!away.length && !beyond) return section.append($("<p>").text(__("Everybody you may see fits.")));
		const list = $('<ul class="list-unstyled">').appendTo(section);
		for (const { reason, words, count } of away) {
			const names = $('<div class="small text-muted ml-3" aria-live="polite">').hide();
			const button = $('<button type="button" class="btn btn-link p-0 text-left" aria-expanded="false">')
				.text(`${words}: ${count}`)
				.on("click", () => this.names(reason, count, names, button));
			list.append($('<li class="py-1">').append(button, names));
		}
		if (beyond) {
			list.append($('<li class="py-1">').text(__("Not among your people: {0}", [beyond])));
		}
		return section;
	}

	async names(reason, count, where, button) {
		const open = button.attr("aria-expanded") === "true";
		button.attr("aria-expanded", String(!open));
		where.toggle(!open);
		if (open || where.children().length) return;
		const rows = await this.ask("away", { reason });
		where.append(
			rows.map(({ name, preferred_name, detail }) =>
				$("<div>").append(
					$("<a>").attr("href", frappe.utils.get_form_link("Involvement Participant", name)).text(preferred_name),
					detail ? ` (${frappe.utils.escape_html(detail)})` : ""
				)
			),
			rows.length < count ? $("<div>").text(__("The first {0} are shown.", [rows.length])) : ""
		);
	}

	count() {
		const number = this.chosen.size;
		if (!this.found.is_open || !number || !frappe.model.can_write("Involvement Invitation")) {
			return this.page.clear_primary_action();
		}
		this.page.set_primary_action(number === 1 ? __("Invite one") : __("Invite {0}", [number]), () => this.prepare());
	}

	async prepare() {
		const names = JSON.stringify([...this.chosen.keys()]);
		const dialog = new frappe.ui.Dialog({
			title: this.chosen.size === 1 ? __("Invite one person") : __("Invite {0} people", [this.chosen.size]),
			fields: [
				{
					fieldname: "words",
					fieldtype: "Small Text",
					label: __("A few words from you"),
					description: __("Everybody you chose reads them. You can leave this empty."),
					onchange: () => this.preview(dialog, names),
				},
				{ fieldname: "preview", fieldtype: "HTML" },
			],
			primary_action_label: __("Send"),
			primary_action: ({ words }) => this.send(dialog, names, words),
		});
		dialog.show();
		this.preview(dialog, names);
	}

	async preview(dialog, names) {
		const place = dialog.get_field("preview").$wrapper;
		place.attr("aria-busy", "true");
		const told = await this.ask("preview", { names, words: dialog.get_value("words") || "" });
		const ways = told.ways.map(({ words, count }) => `${count} ${words}`).join(", ");
		place.empty().append(
			$("<p>").text(__("It goes out: {0}.", [ways])),
			told.unreached.length
				? $('<div class="alert alert-warning">').append(
						$("<div>").text(__("It waits in the messages for these, until we know how to reach them:")),
						told.unreached.map(({ preferred_name, why }) => $("<div>").text(`${preferred_name}: ${why}`))
				  )
				: "",
			$('<div class="border rounded p-3" style="overflow-wrap: anywhere">').append(
				$('<div class="font-weight-bold mb-2">').text(told.subject),
				// made by our own template from escaped values
				$("<div>").html(told.body)
			)
		);
		place.attr("aria-busy", "false");
	}

	async send(dialog, names, words) {
		dialog.disable_primary_action();
		try {
			const done = await this.ask("invite", { names, words: words || "" }, "POST");
			dialog.hide();
			this.chosen.clear();
			await this.load();
			this.say_progress(0, done.asked, done);
			if (done.asked) this.wait(done);
		} finally {
			dialog.enable_primary_action();
		}
	}

	say_progress(sent, waiting, done) {
		if (done) this.done = done;
		const all = sent + waiting;
		this.progress.empty();
		if (all) {
			const words = waiting
				? __("{0} of {1} are on their way. You can go on with something else.", [sent, all])
				: all === 1
				? __("Done: one person is asked.")
				: __("Done: {0} people are asked.", [all]);
			this.progress.append(
				$('<div class="alert">').addClass(waiting ? "alert-info" : "alert-success").append(
					$("<div>").text(words),
					waiting ? $("<progress>").attr({ max: all, value: sent }).css("width", "100%") : ""
				)
			);
		}
		const left = this.done?.left_out || [];
		if (left.length) {
			this.progress.append(
				$('<div class="alert alert-warning">').append(
					$("<div>").text(__("Not asked, because something has changed since you looked:")),
					left.map(({ name, why }) => $("<div>").text(`${name}: ${why}`))
				)
			);
		}
	}

	// where the browser hears nothing from the server by itself
	async wait({ asked }) {
		const opportunity = this.opportunity;
		for (let poll = 0; poll < MOST_POLLS && opportunity === this.opportunity; poll++) {
			await new Promise((go_on) => setTimeout(go_on, POLL_MS));
			const states = await this.ask("progress");
			const waiting = Math.min(states["To send"] || 0, asked);
			this.say_progress(asked - waiting, waiting);
			if (!waiting) return;
		}
		this.progress.append($("<p>").text(__("It takes longer than usual. What is left is sent within the hour.")));
	}
}
