// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { show } from "../islands/counts";

test("a figure stands where something waits and nothing stands where nothing does", () => {
  document.body.innerHTML = '<span data-count="a" hidden></span><span data-count="b">4</span>';
  show(document.body, { a: 120 });
  const [first, second] = document.querySelectorAll<HTMLElement>("[data-count]");
  expect([first.textContent, first.hidden]).toEqual(["99+", false]);
  expect(second.hidden).toBe(true);
});

test("a closed drawer shows what waits inside", () => {
  document.body.innerHTML =
    '<details><summary><b data-count-within hidden></b></summary><i data-count="a"></i><i data-count="b"></i></details>';
  show(document.body, { a: 2, b: 3 });
  const sum = document.querySelector<HTMLElement>("[data-count-within]");
  expect([sum?.textContent, sum?.hidden]).toEqual(["5", false]);
});
