// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { areaOf, filled, linesOf, pasted, places, stepped, tableOf, within } from "../roster-cells";

const grid = [
  ["E", "L", ""],
  ["R", "", "N"],
];
const text = ({ row, col }: { row: number; col: number }): string => grid[row][col];

test("an area has its corners wherever the drag began", () => {
  expect(areaOf({ row: 3, col: 1 }, { row: 1, col: 4 })).toEqual({ top: 1, left: 1, bottom: 3, right: 4 });
  expect(places(areaOf({ row: 0, col: 0 }, { row: 1, col: 2 }))).toHaveLength(6);
  expect(within({ top: 0, left: 0, bottom: 1, right: 1 }, { row: 2, col: 0 })).toBe(false);
});

test("a step never leaves the sheet", () => {
  expect(stepped({ row: 0, col: 30 }, -1, 1, 500, 31)).toEqual({ row: 0, col: 30 });
  expect(stepped({ row: 5, col: 5 }, 10_000, 0, 500, 31)).toEqual({ row: 499, col: 5 });
});

test("what is copied is what a spreadsheet pastes, and back", () => {
  expect(tableOf(linesOf(grid))).toEqual(grid);
  expect(tableOf("E\tL\r\nR\t \r\n")).toEqual([
    ["E", "L"],
    ["R", ""],
  ]);
});

test("one cell pasted on an area fills it", () => {
  const made = pasted([["E"]], { top: 1, left: 1, bottom: 2, right: 3 }, 10, 10);
  expect(made).toHaveLength(6);
  expect(new Set(made.map((one) => one.text))).toEqual(new Set(["E"]));
});

test("a table pasted at the edge is cut off there", () => {
  expect(pasted(grid, { top: 0, left: 30, bottom: 0, right: 30 }, 1, 31)).toEqual([
    { row: 0, col: 30, text: "E" },
  ]);
});

test("a table that does not divide the area is written once", () => {
  expect(pasted(grid, { top: 0, left: 0, bottom: 4, right: 0 }, 10, 10)).toHaveLength(6);
});

test("filling down repeats the first row, to the right the first column", () => {
  const area = { top: 0, left: 0, bottom: 1, right: 2 };
  expect(filled(area, text, true).map((one) => one.text)).toEqual(["E", "L", ""]);
  expect(filled(area, text, false).map((one) => one.text)).toEqual(["E", "E", "R", "R"]);
});
