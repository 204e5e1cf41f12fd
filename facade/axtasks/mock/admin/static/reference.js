// The API reference: the operations of the contract that this mock serves, which can be tried out on it.
import { call } from "./control.js";
import { field, folded, kind, list, outline, resolve } from "./outline.js";
import { badge, make, prose, say } from "./rows.js";
import { trial } from "./trial.js";

const element = (id) => document.getElementById(id);
const METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];
let begun = false;

/** Show the reference, which is fetched when it is first looked at. */
export async function show() {
  if (begun) return;
  begun = true;
  try {
    draw(await call("GET", "/contract.json"));
  } catch (error) {
    begun = false;
    say(element("reference-state"), `The reference cannot be shown: ${error.message}`);
  }
}

function draw(contract) {
  const { info, openapi, tags = [] } = contract;
  const operations = operationsOf(contract);
  const names = new Set([...tags.map((tag) => tag.name), ...operations.map((operation) => operation.tag)]);
  const groups = [...names].map((name) => {
    const about = tags.find((tag) => tag.name === name)?.description;
    const rows = operations.filter((operation) => operation.tag === name).map((each) => row(contract, each));
    return group(name, about, rows);
  });
  element("reference-title").replaceChildren(info.title, make("small", `version ${info.version}, OpenAPI ${openapi}`));
  element("reference-about").replaceChildren(...(info.description ? [prose(info.description)] : []));
  element("operations").replaceChildren(...groups.map(({ section }) => section));
  element("reference-filter").addEventListener("input", () => narrow(groups));
  narrow(groups);
}

/** All operations, each with the parameters of its path and its own. */
function operationsOf(contract) {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.filter((name) => item[name] !== undefined).map((name) => {
      const operation = item[name];
      const given = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(contract, each));
      const parameters = [...new Map(given.map((each) => [`${each.in} ${each.name}`, each])).values()];
      const method = name.toUpperCase();
      const id = operation.operationId ?? `${name}${path}`;
      return { id, method, path, parameters, operation, tag: operation.tags?.[0] ?? "others" };
    }),
  );
}

function group(name, about, rows) {
  const section = make("section");
  const title = make("h3", name.replaceAll("_", " "));
  if (about) title.append(make("small", about));
  section.append(title, ...rows.map(({ details }) => details));
  return { section, rows };
}

/** Show the operations that have every word of the filter somewhere. */
function narrow(groups) {
  const words = element("reference-filter").value.toLowerCase().split(/\s+/);
  let [shown, all] = [0, 0];
  for (const { section, rows } of groups) {
    for (const { details, text } of rows) details.hidden = !words.every((word) => text.includes(word));
    const left = rows.filter(({ details }) => !details.hidden).length;
    section.hidden = left === 0;
    shown += left;
    all += rows.length;
  }
  say(element("reference-state"), shown === all ? `${all} operations` : `${shown} of ${all} operations`);
}

function row(contract, entry) {
  const { id, method, path, operation, tag } = entry;
  const { summary = "", description = "" } = operation;
  const head = make("span", undefined, { class: "head" });
  head.append(make("b", method, { class: "method", "data-method": method }), make("code", path), make("span", summary));
  const details = folded([head], () => [inside(contract, entry)], { class: "operation", id: `operation-${id}` });
  return { details, text: [method, path, id, tag, summary, description].join(" ").toLowerCase() };
}

function inside(contract, { operation, parameters, ...entry }) {
  const body = resolve(contract, operation.requestBody);
  const [media, content] = Object.entries(body.content ?? {})[0] ?? [];
  const told = make("div");
  const name = make("p", "Operation ", { class: "hint" });
  name.append(make("code", entry.id), operation.deprecated ? ", deprecated" : "");
  told.append(...(operation.description ? [prose(operation.description)] : []), name);
  if (parameters.length > 0) told.append(make("h4", "Parameters"), list(parameters.map((each) => parameterOf(contract, each))));
  if (media !== undefined) {
    told.append(make("h4", "Request body"));
    const remarks = [media, body.required ? "required" : "optional"];
    told.append(list([field(contract, "body", content.schema, { remarks, description: body.description })]));
    told.append(...examplesOf(content).map(exampleOf));
  }
  told.append(make("h4", "Responses"), list(Object.entries(operation.responses).map((each) => responseOf(contract, each))));
  const fields = parameters.filter((each) => ["path", "query"].includes(each.in)).map((each) => {
    const { enum: choices = [], examples = [], default: fallback } = resolve(contract, each.schema);
    return { ...each, values: [...examples, ...choices].map(String), fallback };
  });
  const made = make("div", undefined, { class: "inside" });
  made.append(told, trial({ ...entry, parameters: fields, media, examples: examplesOf(content) }, element("reference-key")));
  return made;
}

function parameterOf(contract, { name, in: where, required, schema, description }) {
  const remarks = [`in ${where}`, ...(required ? ["required"] : [])];
  return field(contract, name, schema, { remarks, description });
}

function responseOf(contract, [status, part]) {
  const { description, headers = {}, content = {} } = resolve(contract, part);
  const made = make("li");
  made.append(badge(status), prose(description));
  const named = Object.entries(headers).map(([name, each]) => {
    const header = resolve(contract, each);
    return field(contract, name, header.schema, { remarks: ["header"], description: header.description });
  });
  if (named.length > 0) made.append(list(named));
  for (const [media, each] of Object.entries(content)) {
    const draw = () => [...outline(contract, each.schema), ...examplesOf(each).map(exampleOf)];
    made.append(folded([make("code", kind(contract, each.schema)), ` ${media}`], draw, { class: "variant" }));
  }
  return made;
}

/** The examples of a body, each with a summary and a value. */
function examplesOf(content) {
  return Object.entries(content?.examples ?? {}).map(([name, each]) => ({ summary: each.summary ?? name, value: each.value }));
}

function exampleOf({ summary, value }) {
  const draw = () => [make("pre", JSON.stringify(value, null, 2), { tabindex: 0 })];
  return folded([`Example: ${summary}`], draw, { class: "variant" });
}
