// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { type Chart, options, shown } from "../chart-options";
import { duration, tickAll } from "../clock";

test("durations are written as 1:05:09, below an hour as 5:09", () => {
  expect([3909, 309, 9, 0, -4].map(duration)).toEqual(["1:05:09", "5:09", "0:09", "0:00", "0:00"]);
});

test("unknown is a dash, never a nought", () => {
  expect(shown(null, "percent")).toBe("—");
  expect(shown(undefined)).toBe("—");
  expect(shown(0, "percent")).toBe("0.0%");
});

test("figures are written in their unit", () => {
  expect(shown(0.853, "percent")).toBe("85.3%");
  expect(shown(1234.5, "money")).toBe("1,234.50");
  expect(shown(242, "duration")).toBe("4:02");
});

test("a counter past its limit says so by level", () => {
  const since = new Date(Date.now() - 700_000).toISOString();
  document.body.innerHTML = `<time data-since="${since}" data-warn-after="600" data-alarm-after="1800"></time>`;
  tickAll();
  const counter = document.querySelector("time");
  expect(counter?.textContent).toMatch(/^11:(39|40)$/);
  expect(counter?.dataset.level).toBe("warn");
});

test("tooltips are drawn as text, since the policy refuses their style attributes", () => {
  const chart: Chart = { kind: "line", x: ["a"], series: [{ name: "n", data: [1] }], target: 0.8 };
  const drawn = options(chart, () => "#000") as { tooltip: { renderMode: string }; series: object[] };
  expect(drawn.tooltip.renderMode).toBe("richText");
  expect(drawn.series[0]).toHaveProperty("markLine.data", [{ yAxis: 0.8 }]);
});

test("a band is filled between its edges and tells both", () => {
  const band = { name: "b", kind: "band" as const, low: [1, null], data: [4, 5] };
  const chart: Chart = { kind: "line", x: ["a", "b"], series: [{ name: "n", data: [2, 3] }, band] };
  const drawn = options(chart, () => "#000") as {
    tooltip: { formatter: (points: object[]) => string };
    series: Array<{ data: unknown[]; stack?: string }>;
  };
  expect(drawn.series.map((one) => one.data)).toEqual([
    [2, 3],
    [1, null],
    [3, null],
  ]);
  expect(drawn.series[1].stack).toBe(drawn.series[2].stack);
  expect(drawn.tooltip.formatter([{ dataIndex: 0 }])).toBe("a\nn  2\nb  1 – 4");
});
