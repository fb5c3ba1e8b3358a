// listen.js URL SID: joins as a browser does, says "joined", then prints the first "bench_test" event.
const { io } = require("socket.io-client");

const [url, sid, origin] = process.argv.slice(2);
const socket = io(url, { extraHeaders: { Cookie: `sid=${sid}`, Origin: origin }, reconnection: false });
socket.on("connect", () => console.log("joined"));
socket.on("connect_error", (error) => finish(`refused: ${error.message}`));
socket.on("bench_test", (message) => finish(JSON.stringify(message)));
setTimeout(() => finish("nothing heard"), 120000);

function finish(words) {
	console.log(words);
	process.exit();
}
