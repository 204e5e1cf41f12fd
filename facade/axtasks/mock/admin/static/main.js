// Which of the two views is shown. The fragment of the address decides, so that both can be linked to.
import { start, stop } from "./live.js";
import { show } from "./reference.js";

const element = (id) => document.getElementById(id);

function route() {
  const isReference = location.hash === "#reference";
  element("live").hidden = isReference;
  element("reference").hidden = !isReference;
  element("connection").hidden = isReference;
  for (const [id, isCurrent] of [["to-live", !isReference], ["to-reference", isReference]]) {
    if (isCurrent) element(id).setAttribute("aria-current", "page");
    else element(id).removeAttribute("aria-current");
  }
  if (isReference) {
    stop();
    show();
  } else {
    start();
  }
}

addEventListener("hashchange", route);
route();
