// What can be done to the mock from the page.
import { call } from "./control.js";
import { message, say } from "./rows.js";

const element = (id) => document.getElementById(id);
const CALM_MS = 6000;
let calm;

function tell(id, text) {
  clearTimeout(calm);
  for (const place of ["said", "refused"]) element(place).hidden = place !== id;
  say(element(id), text);
  // What went well needs no keeping; what went wrong stays until the next thing is done.
  if (id === "said") calm = setTimeout(() => { element("said").hidden = true; }, CALM_MS);
}

/** Connect buttons and forms with the mock's own operations; `done` is called after each change. */
export function listen(done) {
  async function act(text, method, path, body) {
    try {
      await call(method, path, body);
      tell("said", text);
    } catch (error) {
      tell("refused", error.message);
    }
    await done();
  }

  for (const button of document.querySelectorAll("button[data-advance]")) {
    const seconds = Number(button.dataset.advance);
    button.addEventListener("click", () =>
      act(`The clock was moved on: ${button.textContent}.`, "POST", "/clock", { advance_seconds: seconds }),
    );
  }
  element("freeze").addEventListener("click", () => {
    const frozen = element("freeze").getAttribute("aria-pressed") !== "true";
    act(frozen ? "The clock stands still." : "The clock runs on.", "POST", "/clock", { frozen });
  });
  element("reset").addEventListener("click", () => act("Everything is as it was at the start.", "POST", "/reset"));
  element("arm").addEventListener("submit", (event) => {
    event.preventDefault();
    const script = scriptOf(element("fault").value, element("fault-operation").value, element("fault-times").value);
    act(`Armed: ${script}`, "POST", "/faults", { script });
  });
  element("disarm").addEventListener("click", () => act("No fault is armed any more.", "DELETE", "/faults"));
  element("clear-journal").addEventListener("click", () => act("The journal is empty.", "DELETE", "/journal"));
  element("runs").addEventListener("click", (event) => {
    const run = event.target.closest("button[data-run]")?.dataset.run;
    if (run) act(`Run ${run} was moved on.`, "POST", `/task-runs/${encodeURIComponent(run)}/advance`, {});
  });
  element("exchanges").addEventListener("click", (event) => {
    const number = event.target.closest("button[data-exchange]")?.dataset.exchange;
    if (number) showDetails(Number(number));
  });
}

/** A whole script is taken as it is written, the rest of the form then only adds what it does not say. */
function scriptOf(fault, operation, times) {
  const words = [/(^|[\s,])fault=/.test(fault) ? fault : `fault=${fault}`];
  if (operation && !fault.includes("operation=")) words.unshift(`operation=${operation}`);
  if (times && !fault.includes("times=")) words.unshift(`times=${times}`);
  return words.join(", ");
}

async function showDetails(number) {
  try {
    const { exchanges } = await call("GET", `/journal?since=${number - 1}`);
    const exchange = exchanges.find((each) => each.number === number);
    if (!exchange) {
      tell("refused", `Exchange ${number} is no longer in the journal.`);
      return;
    }
    const { method, path, query, status } = exchange;
    say(element("details-title"), `Exchange ${number}${exchange.operation ? `: ${exchange.operation}` : ""}`);
    say(
      element("details-request"),
      `${method} ${path}${query ? `?${query}` : ""}\n${message(exchange.request_headers, exchange.request_body)}`,
    );
    say(
      element("details-answer"),
      `${status === 0 ? "no answer" : status}\n${message(exchange.response_headers, exchange.response_body)}`.trimEnd(),
    );
    element("details").showModal();
  } catch (error) {
    tell("refused", error.message);
  }
}
