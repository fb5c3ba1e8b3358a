// Frappe's realtime server: what Python publishes on Redis goes to the browsers in the room it names.
// REALTIME_SITES holds the web address of each site, whose sessions decide who may join which room.
const http = require("http");
const { Server } = require("socket.io");
const { createClient } = require("@redis/client");
const cookie = require("cookie");

const SITES = JSON.parse(process.env.REALTIME_SITES);
const io = new Server({ cors: { origin: true, credentials: true }, cleanupEmptyChildNamespaces: true });
const sites = io.of(/^\/.*$/);

const host = (address) => (address || "").replace(/^https?:\/\//, "").split(":")[0];

async function ask(socket, method, args = {}) {
	const query = new URLSearchParams(args);
	const headers = { Cookie: `sid=${encodeURIComponent(socket.sid)}` };
	const answer = await fetch(`${socket.web}/api/method/frappe.realtime.${method}?${query}`, { headers });
	if (!answer.ok) throw new Error(`${method}: ${answer.status}`);
	return (await answer.json()).message;
}

sites.use(async (socket, next) => {
	const { headers } = socket.request;
	socket.web = SITES[socket.nsp.name.slice(1)];
	socket.sid = cookie.parse(headers.cookie || "").sid;
	if (!socket.web) return next(new Error("Invalid namespace"));
	if (host(headers.host) !== host(headers.origin)) return next(new Error("Invalid origin"));
	if (!socket.sid) return next(new Error("No session"));
	try {
		Object.assign(socket, await ask(socket, "get_user_info"));
		next();
	} catch (error) {
		next(new Error(`Unauthorized: ${error.message}`));
	}
});

sites.on("connection", (socket) => {
	const may = (method, args, then) => ask(socket, method, args).then(then, () => {});
	const doc_room = (doctype, docname) => `doc:${doctype}/${docname}`;
	const open_room = (doctype, docname) => `open_doc:${doctype}/${docname}`;

	socket.join([`user:${socket.user}`, "website"]);
	if (socket.user_type === "System User") socket.join("all");

	socket.on("doctype_subscribe", (doctype) =>
		may("can_subscribe_doctype", { doctype }, () => socket.join(`doctype:${doctype}`))
	);
	socket.on("doctype_unsubscribe", (doctype) => socket.leave(`doctype:${doctype}`));
	socket.on("task_subscribe", (task) => socket.join(`task_progress:${task}`));
	socket.on("progress_subscribe", (task) => socket.join(`task_progress:${task}`));
	socket.on("task_unsubscribe", (task) => socket.leave(`task_progress:${task}`));
	socket.on("doc_subscribe", (doctype, docname) =>
		may("can_subscribe_doc", { doctype, docname }, () => socket.join(doc_room(doctype, docname)))
	);
	socket.on("doc_unsubscribe", (doctype, docname) => socket.leave(doc_room(doctype, docname)));
	socket.on("doc_open", (doctype, docname) =>
		may("can_subscribe_doc", { doctype, docname }, () => {
			socket.join(open_room(doctype, docname));
			tell_viewers(socket.nsp, doctype, docname);
		})
	);
	socket.on("doc_close", (doctype, docname) => {
		socket.leave(open_room(doctype, docname));
		tell_viewers(socket.nsp, doctype, docname);
	});
	socket.on("disconnecting", () => {
		for (const room of [...socket.rooms].filter((name) => name.startsWith("open_doc:"))) {
			const [doctype, ...name] = room.slice("open_doc:".length).split("/");
			setImmediate(() => tell_viewers(socket.nsp, doctype, name.join("/")));
		}
	});

	async function tell_viewers(namespace, doctype, docname) {
		const room = namespace.in(open_room(doctype, docname));
		const users = [...new Set((await room.fetchSockets()).map((other) => namespace.sockets.get(other.id).user))];
		room.emit("doc_viewers", { doctype, docname, users });
	}
});

async function main() {
	const redis = createClient({ url: process.env.REDIS_QUEUE });
	redis.on("error", (error) => console.error(error.message));
	await redis.connect();
	await redis.subscribe("events", (text) => {
		const { namespace, room, event, message } = JSON.parse(text);
		const audience = namespace ? io.of(`/${namespace}`) : sites;
		(room ? audience.to(room) : audience).emit(event, message);
	});
	const server = http.createServer();
	io.attach(server);
	server.listen(Number(process.env.PORT), "127.0.0.1");
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
