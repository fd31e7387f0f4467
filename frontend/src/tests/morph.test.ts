// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { elementsOf, morph } from "../morph";
import { applyPatch } from "../patches";

const put = (html: string): HTMLElement => {
  document.body.innerHTML = html;
  return document.body.firstElementChild as HTMLElement;
};
const next = (html: string): Element => elementsOf(html)[0];

beforeEach(() => {
  document.body.innerHTML = "";
});

test("an element that stays keeps its node, whatever changes around it", () => {
  const list = put('<ul id="l"><li id="a">A</li><li id="b">B</li></ul>');
  const b = document.getElementById("b");
  morph(list, next('<ul id="l"><li id="c">C</li><li id="b">B2</li></ul>'));
  expect(document.getElementById("b")).toBe(b);
  expect(list.textContent).toBe("CB2");
  expect([...list.children].map((one) => one.id)).toEqual(["c", "b"]);
});

test("rows change places without being made anew", () => {
  const list = put('<ul id="l"><li id="a">A</li><li id="b">B</li><li id="c">C</li></ul>');
  const nodes = [...list.children];
  morph(list, next('<ul id="l"><li id="c">C</li><li id="a">A</li><li id="b">B</li></ul>'));
  expect(new Set(list.children)).toEqual(new Set(nodes));
  expect([...list.children].map((one) => one.id)).toEqual(["c", "a", "b"]);
});

test("half-typed words in the focused field survive", () => {
  const form = put('<form id="f"><input id="i" value="old"></form>');
  const input = document.getElementById("i") as HTMLInputElement;
  input.focus();
  input.value = "half typed";
  morph(form, next('<form id="f"><input id="i" value="new"></form>'));
  expect(input.value).toBe("half typed");
});

test("an open menu stays open and a kept element is left alone", () => {
  const box = put('<div id="x"><details open><p>1</p></details><b data-keep>mine</b></div>');
  morph(box, next('<div id="x"><details><p>2</p></details><b data-keep>theirs</b></div>'));
  expect(box.querySelector("details")?.open).toBe(true);
  expect(box.querySelector("p")?.textContent).toBe("2");
  expect(box.querySelector("b")?.textContent).toBe("mine");
});

test("what is gone goes", () => {
  const box = put('<div id="x"><p>1</p><p>2</p><!-- note --><p>3</p></div>');
  morph(box, next('<div id="x"><p>1</p></div>'));
  expect(box.innerHTML).toBe("<p>1</p>");
});

test("a patch for what is not on this page is passed over", () => {
  put('<p id="here">1</p>');
  applyPatch({ target: "#elsewhere", text: "2" });
  applyPatch({ target: "#here", text: "2", attrs: { "data-state": "ready", title: null } });
  expect(document.body.innerHTML).toBe('<p id="here" data-state="ready">2</p>');
});

test("a row appended twice stands once, and a list keeps its length", () => {
  put('<ul id="l"><li id="a">A</li><li id="b">B</li></ul>');
  applyPatch({ target: "#l", append: '<li id="b">B2</li><li id="c">C</li>', keep: 2 });
  expect(document.getElementById("l")?.textContent).toBe("B2C");
  applyPatch({ target: "#l", prepend: '<li id="z">Z</li>', keep: 2 });
  expect(document.getElementById("l")?.textContent).toBe("ZB2");
});

test("a patch of table rows lands in the table", () => {
  put('<table><tbody id="t"><tr id="r1"><td>1</td></tr></tbody></table>');
  applyPatch({ target: "#r1", html: '<tr id="r1" data-tone="bad"><td>2</td></tr>' });
  expect(document.getElementById("t")?.textContent).toBe("2");
  applyPatch({ target: "#r1", remove: true });
  expect(document.getElementById("t")?.children.length).toBe(0);
});
