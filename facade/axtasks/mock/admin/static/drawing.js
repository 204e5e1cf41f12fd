// How the mock's state looks on the page.
import { badge, cell, fill, fillTable, make, moment, named, say } from "./rows.js";

const element = (id) => document.getElementById(id);
const clock = { base: 0, seenAt: 0, isFrozen: true };

/** Show the time as it is by now. */
export function tick() {
  if (clock.seenAt === 0) return;
  const passed = clock.isFrozen ? 0 : performance.now() - clock.seenAt;
  const now = new Date(clock.base + passed).toISOString();
  say(element("now"), moment(now));
  element("now").dateTime = now;
}

/** Show everything. */
export function draw(overview) {
  drawClock(overview.clock);
  drawWorld(overview);
  drawFaults(overview);
  drawRuns(overview.runs, overview.counts.task_runs);
  drawExchanges(overview.exchanges, overview.journal);
  drawNearMisses(overview.near_misses);
  drawTasks(overview.tasks, overview.counts.tasks);
}

function drawClock({ now, frozen, advanced_seconds: advanced }) {
  Object.assign(clock, { base: Date.parse(now), seenAt: performance.now(), isFrozen: frozen });
  const moved = advanced ? `, moved on by ${span(advanced)}` : "";
  say(element("clock-state"), `UTC, ${frozen ? "stands still" : "running"}${moved}`);
  say(element("freeze"), frozen ? "Let it run" : "Freeze");
  element("freeze").setAttribute("aria-pressed", String(frozen));
  tick();
}

function span(seconds) {
  for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"]]) {
    if (seconds >= size) return `${Number((seconds / size).toFixed(1))} ${unit}`;
  }
  return `${seconds} s`;
}

function drawWorld({ counts, lifecycle }) {
  fill(element("counts"), "div", Object.entries(counts), ([name]) => name, ([name, count]) => [
    make("dt", name.replaceAll("_", " ")),
    make("dd", String(count)),
  ]);
  say(element("lifecycle"), `Runs go on: ${lifecycle}`);
}

function drawFaults({ faults, limit, latency_seconds: latency, choices }) {
  fill(element("faults"), "li", faults, (fault) => fault.number, (fault) => {
    const hits = `${fault.is_spent ? "spent, " : ""}${fault.hits} of ${fault.seen} requests hit`;
    return [make("code", fault.script), make("small", hits)];
  });
  element("no-faults").hidden = faults.length > 0;
  element("disarm").disabled = faults.length === 0;
  const others = [];
  if (limit !== null) others.push(`No more than ${limit} requests are let in.`);
  if (latency > 0) others.push(`Every answer is ${latency} s late.`);
  element("limit").hidden = others.length === 0;
  say(element("limit"), others.join(" "));
  fill(element("fault-examples"), "option", choices.faults, (text) => text, (text) => [new Text(text)]);
  fill(element("fault-operation"), "option", ["", ...choices.operations], (name) => name, (name) => [
    new Text(name || "any"),
  ]);
  for (const option of element("fault-operation").options) option.value = option.dataset.key;
}

function shown(part, whole) {
  return part < whole ? `the latest ${part} of ${whole}` : String(whole);
}

function status(text) {
  return make("span", text, { class: "status", "data-status": text });
}

function drawRuns(runs, count) {
  say(element("runs-count"), shown(runs.length, count));
  fillTable(element("runs"), runs, (run) => run.id, (run) => [
    named(run.task),
    cell(status(run.status)),
    cell(String(run.num_successes), "number"),
    cell(String(run.num_errors), "number"),
    cell(String(run.num_skipped), "number"),
    cell(moment(run.created_at), "time"),
    cell(make("code", run.id)),
    cell(
      run.is_under_way
        ? make("button", "Move on", { type: "button", "data-run": run.id, "aria-label": `Move on run ${run.id}` })
        : "",
    ),
  ]);
}

function request({ method, path, query }) {
  const made = make("code", undefined);
  made.append(make("b", method), ` ${path}${query ? `?${query}` : ""}`);
  return made;
}

function drawExchanges(exchanges, { kept, dropped }) {
  const gone = dropped ? `, ${dropped} older ones are gone` : "";
  say(element("journal-count"), `${shown(exchanges.length, kept)}${gone}`);
  element("clear-journal").disabled = kept === 0;
  fillTable(element("exchanges"), exchanges, (exchange) => exchange.number, (exchange) => [
    cell(String(exchange.number), "number"),
    cell(moment(exchange.at), "time"),
    cell(request(exchange), "request"),
    cell(exchange.operation),
    cell(badge(exchange.status)),
    cell(exchange.fault === null ? "" : make("code", exchange.fault)),
    cell(
      make("button", "Details", {
        type: "button",
        "data-exchange": exchange.number,
        "aria-label": `Details of exchange ${exchange.number}`,
      }),
    ),
  ]);
}

function drawNearMisses(misses) {
  fillTable(element("near"), misses, (miss) => miss.number, (miss) => [
    cell(String(miss.number), "number"),
    cell(request({ ...miss, query: "" }), "request"),
    cell(badge(miss.status)),
    cell(make("code", `${miss.nearest.operation}, ${miss.nearest.method} ${miss.nearest.path}`)),
  ]);
}

function drawTasks(tasks, count) {
  say(element("tasks-count"), shown(tasks.length, count));
  fillTable(element("tasks"), tasks, (task) => task.id, (task) => [
    named(task.name),
    cell(task.type),
    named(task.space),
    cell(task.is_continuous ? "yes" : "no"),
    cell(moment(task.last_run_at), "time"),
    cell(make("code", task.id)),
  ]);
}
