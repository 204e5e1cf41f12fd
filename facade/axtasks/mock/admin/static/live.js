// The live view: looks at the mock again and again, and shows what has changed.
import { Refusal, call } from "./control.js";
import { draw, tick } from "./drawing.js";
import { listen } from "./steering.js";
import { say } from "./rows.js";

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5000;
const SLOWER = 1.5;

const connection = document.getElementById("connection");
let version = "";
let pause = SHORTEST_PAUSE_MS;
let isOn = false;
let timer;
let looking;

async function look() {
  try {
    // Unless something is new there is no body, and the next look is a little later.
    const overview = await call("GET", `/overview?unless=${encodeURIComponent(version)}`);
    pause = overview ? SHORTEST_PAUSE_MS : Math.min(pause * SLOWER, LONGEST_PAUSE_MS);
    if (overview) {
      draw(overview);
      version = overview.version;
    }
    say(connection, "Connected");
    connection.className = "good";
  } catch (error) {
    version = "";
    pause = LONGEST_PAUSE_MS;
    say(connection, error instanceof Refusal ? `Refused: ${error.message}` : "Not connected, trying again");
    connection.className = "bad";
  }
}

function again() {
  clearTimeout(timer);
  if (isOn && !document.hidden) timer = setTimeout(refresh, pause);
}

function refresh() {
  clearTimeout(timer);
  looking ??= look().finally(() => {
    looking = undefined;
    again();
  });
  return looking;
}

/** Look after something was done; a look that began before does not count. */
async function refreshAfter() {
  await looking;
  await refresh();
}

/** Look at the mock from now on, while the page is seen. */
export function start() {
  isOn = true;
  refresh();
}

/** Look no more. */
export function stop() {
  isOn = false;
  clearTimeout(timer);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else if (isOn) refresh();
});
setInterval(() => {
  if (isOn && !document.hidden) tick();
}, 1000);
listen(refreshAfter);
