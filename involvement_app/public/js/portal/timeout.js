// Says in time that somebody will be signed out, and lets them stay with one press. Without it nothing is
// lost: a form that is sent too late is kept until they have signed in again.
const SOON = 5 * 60;
const STEP = 5 * 1000;
const STILL_HERE = "/take-part/my/still-here";

export class SessionTimeout {
	constructor(section) {
		this.words = section.querySelector("[aria-live]");
		this.button = section.querySelector("button");
		this.texts = section.dataset;
		this.seconds = Number(section.dataset.seconds);
		this.warnAt = Math.min(SOON, this.seconds / 2);
		this.begin();
		this.button.addEventListener("click", () => this.stay());
		this.hearOtherTabs();
		// by the clock, not by a count: a telephone in a pocket stops counting
		setInterval(() => this.look(), STEP);
		document.addEventListener("visibilitychange", () => this.look());
	}

	begin() {
		this.endsAt = Date.now() + this.seconds * 1000;
		this.say("");
		this.button.hidden = true;
	}

	look() {
		const left = (this.endsAt - Date.now()) / 1000;
		if (left > this.warnAt) return;
		const minutes = Math.ceil(left / 60);
		this.button.hidden = left <= 0;
		if (left <= 0) this.say(this.texts.ended);
		else if (minutes < 2) this.say(this.texts.verySoon);
		else this.say(this.texts.soon.replace("{0}", minutes));
	}

	// A screen reader speaks each time the words change, so they change once a minute.
	say(text) {
		if (this.words.textContent !== text) this.words.textContent = text;
	}

	async stay() {
		const answer = await fetch(STILL_HERE, { redirect: "manual", cache: "no-store" }).catch(() => null);
		if (answer?.status !== 204) {
			if (answer) this.endsAt = Date.now();
			return this.look();
		}
		this.tabs?.postMessage("still here");
		this.begin();
		this.say(this.texts.stayed);
		setTimeout(() => this.look(), STEP);
	}

	// A page opened in another tab keeps this one signed in too.
	hearOtherTabs() {
		if (!("BroadcastChannel" in window)) return;
		this.tabs = new BroadcastChannel("take-part");
		this.tabs.onmessage = () => this.begin();
		this.tabs.postMessage("still here");
	}
}
