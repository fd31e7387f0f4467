// SPDX-License-Identifier: Apache-2.0
import "@tabler/core/dist/css/tabler.css";
import "./styles/index.css";
import htmx from "htmx.org";
import { startTimers } from "./clock";
import { frame } from "./frame";
import { openIslands } from "./islands";

htmx.config.includeIndicatorCSS = false;
htmx.config.defaultSwap = "outerMorph";
// A whole error page must not land inside a fragment's place; the frame says what went wrong instead.
(htmx.config as { noSwap: Array<number | string> }).noSwap = [204, 304, 401, 403, 404, "5xx"];

// htmx 4 inherits nothing by itself, so the token rides on every request of our own.
document.addEventListener("htmx:config:request", (event) => {
  const request = (event as CustomEvent).detail.ctx?.request;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (request && token) request.headers["X-CSRFToken"] = token;
});

frame();
startTimers();
openIslands(document);
