// Trying an operation out: a form, the command that does the same, and what this mock answers.
import { call } from "./control.js";
import { badge, fill, make, message, say } from "./rows.js";

const ROUTINE_HEADERS = new Set(["connection", "content-length", "date", "keep-alive", "server"]);

/** The form of an operation. `key` is the input with the key that is sent along. */
export function trial({ id, method, path, parameters, media, examples }, key) {
  const form = make("form", undefined, { class: "trial", "aria-label": `Try ${id}`, autocomplete: "off" });
  const inputs = parameters.map((parameter) => inputOf(id, parameter));
  const body = media === undefined ? undefined : make("textarea", undefined, { rows: 12, spellcheck: "false" });
  const command = make("pre", undefined, { class: "command", role: "region", tabindex: 0, "aria-label": "The same with curl" });
  const status = make("p", undefined, { class: "hint", role: "status" });
  const answer = make("pre", undefined, { class: "answer", role: "region", tabindex: 0, "aria-label": "Answer" });
  answer.hidden = true;

  form.append(make("h4", "Try it"), ...inputs.map(({ label }) => label));
  if (body) form.append(...chosen(examples, body), labelled(`Body, ${media}`, body));
  const send = make("div", undefined, { class: "buttons" });
  send.append(make("button", "Send", { type: "submit", class: "strong" }));
  form.append(send, status, answer, make("p", "The same with curl", { class: "hint" }), command);

  const request = () => written(method, path, inputs, key.value, media, body?.value);
  const renew = () => say(command, curl(request()));
  form.addEventListener("input", renew);
  key.addEventListener("input", renew);
  offer(inputs).then(renew, (error) => say(status, `The ids of the world could not be read: ${error.message}`));
  renew();

  let latest = 0;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = (latest += 1);
    answer.hidden = true;
    say(status, "Waiting for the answer…");
    const [told, text] = await sent(request());
    // Only the answer to the latest request is shown.
    if (number !== latest) return;
    status.replaceChildren(...told);
    answer.hidden = text === undefined;
    say(answer, text ?? "");
  });
  return form;
}

function labelled(text, input) {
  const label = make("label", text);
  label.append(input);
  return label;
}

/** An input that takes anything, so that a wrong value can be sent as well, and offers what the contract has. */
function inputOf(id, { name, in: where, required = false, values, fallback }) {
  const offered = make("datalist", undefined, { id: `${id}-${where}-${name}` });
  const input = make("input", undefined, { name, list: offered.id, spellcheck: "false", autocapitalize: "off" });
  input.required = required;
  if (required) input.value = values[0] ?? "";
  if (fallback !== undefined) input.placeholder = String(fallback);
  offered.append(...values.map((value) => make("option", undefined, { value })));
  const label = labelled(`${name}, ${required ? "required" : "optional"} in ${where}`, input);
  label.append(offered);
  return { name, where, input, offered, label };
}

/** Have the inputs for ids of tasks and runs offer the latest ones of the world, and begin with one that is there. */
async function offer(inputs) {
  const wanted = inputs.filter(({ name, where }) => where === "path" && ["task_id", "run_id"].includes(name));
  if (wanted.length === 0) return;
  const { tasks, runs } = await call("GET", "/overview");
  const ids = {
    task_id: tasks.map((task) => [task.id, task.name]),
    run_id: runs.map((run) => [run.id, `${run.task}, ${run.status}`]),
  };
  for (const { name, input, offered } of wanted) {
    const isUntouched = input.value === offered.firstElementChild?.value;
    fill(offered, "option", ids[name], ([value]) => value, ([, text]) => [new Text(text)]);
    for (const option of offered.children) option.value = option.dataset.key;
    const isThere = ids[name].some(([value]) => value === input.value);
    if (isUntouched && !isThere && ids[name].length > 0) input.value = ids[name][0][0];
  }
}

/** Fill in the first example; several of them can be chosen from. */
function chosen(examples, body) {
  const text = (example) => JSON.stringify(example.value, null, 2);
  if (examples.length > 0) body.value = text(examples[0]);
  if (examples.length < 2) return [];
  const select = make("select");
  select.append(...examples.map((example, index) => make("option", example.summary, { value: index })));
  select.addEventListener("input", () => { body.value = text(examples[select.value]); });
  return [labelled("Example", select)];
}

/** The request as it is written down: fields of the query and a body are left out where nothing is in them. */
function written(method, path, inputs, key, media, body) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, where, input } of inputs) {
    if (where === "path") filled = filled.replace(`{${name}}`, () => encodeURIComponent(input.value));
    else if (input.value) query.append(name, input.value);
  }
  const headers = [];
  if (key) headers.push(["Authorization", `Bearer ${key}`]);
  if (body) headers.push(["Content-Type", media]);
  const asked = query.toString();
  return { method, url: `${location.origin}${filled}${asked && `?${asked}`}`, headers, body: body || undefined };
}

function curl({ method, url, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -X ${method} ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? [`--data-raw ${quoted(body)}`] : []),
  ].join(" \\\n  ");
}

/** What is said of the answer to a request, and the answer itself unless there is none. */
async function sent({ url, ...request }) {
  try {
    // The password of the page, which a browser adds by itself, is no key of the API.
    const answer = await fetch(url, { ...request, cache: "no-store", credentials: "omit" });
    const headers = [...answer.headers].filter(([name]) => !ROUTINE_HEADERS.has(name));
    const text = message(headers, await answer.text());
    return [[badge(answer.status), ` ${answer.statusText}`], text];
  } catch (error) {
    return [[badge(0), ` No whole answer came: ${error.message}.`], undefined];
  }
}
