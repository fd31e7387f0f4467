// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import wall from "../islands/wall";

const turn = (key: string): boolean => document.dispatchEvent(new KeyboardEvent("keydown", { key }));
const shown = (): string[] =>
  [...document.querySelectorAll<HTMLElement>("[data-wall-slide].shown")].map((one) => one.id);

test("a slide of agents on which nobody stands is passed over, both ways, until somebody comes", async () => {
  document.body.innerHTML = `<div id="wall"><div class="zx-wall-slides">
    <section data-wall-slide id="now"></section>
    <section data-wall-slide id="first"><div class="zx-wall-faces"><div>1001</div></div></section>
    <section data-wall-slide id="second"><div class="zx-wall-faces"></div></section></div></div>`;
  const close = await wall(document.getElementById("wall") as HTMLElement);
  expect(shown()).toEqual(["now"]);
  turn("ArrowRight");
  expect(shown()).toEqual(["first"]);
  turn("ArrowRight");
  expect(shown()).toEqual(["now"]);
  turn("ArrowLeft");
  expect(shown()).toEqual(["first"]);
  document.querySelector("#second .zx-wall-faces")?.append(document.createElement("div"));
  turn("ArrowRight");
  expect(shown()).toEqual(["second"]);
  close?.();
});
