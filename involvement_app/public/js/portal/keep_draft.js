// What somebody types into a long form outlives a lost connection, a closed lid, a page loaded anew: it stays in this
// tab alone, until it is sent. Without it the form works as any other.
const PREFIX = "take-part-draft:";

export class Draft {
	constructor(form) {
		this.form = form;
		this.key = PREFIX + form.dataset.keepDraft;
		// a page that shows problems brings what was typed with it
		if (!document.querySelector(".govuk-error-summary")) this.bringBack();
		form.addEventListener("input", () => this.keep());
		form.addEventListener("change", () => this.keep());
	}

	get fields() {
		return [...this.form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
	}

	keep() {
		const typed = {};
		this.fields.forEach((field) => {
			if (field.type !== "radio") typed[field.name] = field.value;
			else if (field.checked) typed[field.name] = field.value;
		});
		store((session) => session.setItem(this.key, JSON.stringify(typed)));
	}

	bringBack() {
		const typed = store((session) => JSON.parse(session.getItem(this.key))) || {};
		this.fields.forEach((field) => {
			if (!(field.name in typed)) return;
			if (field.type !== "radio") field.value = typed[field.name];
			else if (field.value === typed[field.name] && !field.checked) field.click();
		});
	}
}

// sent, or signed out: nothing stays behind
export function forgetDrafts(which = "") {
	store((session) => Object.keys(session).filter((key) => key.startsWith(PREFIX + which)).forEach((key) => session.removeItem(key)));
}

// a browser may refuse to keep anything
function store(act) {
	try {
		return act(window.sessionStorage);
	} catch {
		return null;
	}
}
