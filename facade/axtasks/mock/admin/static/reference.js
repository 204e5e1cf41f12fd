// The API reference: Swagger UI, fetched from this server when it is first looked at.
import { call } from "./control.js";

const HERE = "/__mock/page";
// Without a list of keys in its world the mock lets any bearer token in, so operations can be tried out at once.
const KEY = "any-key";

let begun = false;

function load(made) {
  return new Promise((resolve, reject) => {
    made.addEventListener("load", resolve);
    made.addEventListener("error", () => reject(new Error("a part of it could not be loaded")));
    document.head.append(made);
  });
}

function script(src) {
  return load(Object.assign(document.createElement("script"), { src }));
}

function style(href) {
  return load(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

/** Show the reference in a place; `state` says how far that is. */
export async function show(place, state) {
  if (begun) return;
  begun = true;
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const adapt = () => document.documentElement.classList.toggle("dark-mode", isDark.matches);
  isDark.addEventListener("change", adapt);
  adapt();
  // A part of the bundle would take over all links within the page, and change the address without anyone being told.
  globalThis.noZensmooth = true;
  try {
    const [contract] = await Promise.all([
      call("GET", "/contract.json"),
      style(`${HERE}/swagger-ui.css`),
      script(`${HERE}/swagger-ui-bundle.js`),
    ]);
    const ui = globalThis.SwaggerUIBundle({
      // This server is the only one, so that trying an operation out stays here.
      spec: { ...contract, servers: [{ url: location.origin, description: "this mock" }] },
      domNode: place,
      validatorUrl: null,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      presets: [globalThis.SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      onComplete: () => {
        ui.preauthorizeApiKey("bearerAuth", KEY);
        state.hidden = true;
      },
    });
  } catch (error) {
    begun = false;
    state.textContent = `The reference cannot be shown: ${error.message}`;
  }
}
