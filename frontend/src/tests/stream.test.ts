// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { backOff, eventParser } from "../stream";

test("a message cut in two by the network is heard once, whole", () => {
  const parse = eventParser();
  expect(parse('id: 7\ndata: {"a"')).toEqual([]);
  expect(parse(":1}\n")).toEqual([]);
  expect(parse("\n")).toEqual([{ id: "7", event: "message", data: '{"a":1}' }]);
});

test("heartbeats and retry lines are no messages", () => {
  expect(eventParser()("retry: 2000\n\n: alive\n\n")).toEqual([]);
});

test("the place is kept by messages that name none", () => {
  const parse = eventParser();
  parse("id: 3\ndata: 1\n\n");
  expect(parse("data: 2\n\n")).toEqual([{ id: "3", event: "message", data: "2" }]);
});

test("an order to read the page anew has a name and no data", () => {
  expect(eventParser()("event: resync\ndata: \n\n")).toEqual([{ id: "", event: "resync", data: "" }]);
});

test("lines may end as they like", () => {
  expect(eventParser()("id: 1\r\ndata: x\r\n\r\n")).toEqual([{ id: "1", event: "message", data: "x" }]);
});

test("waiting grows to fifteen seconds and is shaken by a quarter", () => {
  expect([0, 1, 2, 3, 4, 9].map((attempt) => backOff(attempt, 0.5))).toEqual([
    1000, 2000, 4000, 8000, 15000, 15000,
  ]);
  expect(backOff(0, 0)).toBe(750);
  expect(backOff(0, 1)).toBe(1250);
});
