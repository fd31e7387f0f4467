// SPDX-License-Identifier: Apache-2.0
import "@tabler/core/dist/css/tabler.css";
import "./styles/index.css";
import htmx from "htmx.org";
import { startTimers } from "./clock";
import { frame } from "./frame";
import { openIslands } from "./islands";

htmx.config.includeIndicatorCSS = false;
htmx.config.defaultSwap = "outerMorph";

// htmx 4 inherits nothing by itself, so the token rides on every request of our own.
document.addEventListener("htmx:config:request", (event) => {
  const request = (event as CustomEvent).detail.ctx?.request;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (request && token) request.headers["X-CSRFToken"] = token;
});

frame();
startTimers();
openIslands(document);
