// SPDX-License-Identifier: Apache-2.0
import type { EChartsCoreOption } from "echarts/core";
import { duration } from "./clock";

export type Unit = "count" | "percent" | "duration" | "money";
export interface Series {
  name: string;
  /** One value a place of `x`; null is unknown and leaves a gap. A heat map gives [x, y, value] triples. */
  data: Array<number | null | [number, number, number | null]>;
  tone?: string;
  dashed?: boolean;
  area?: boolean;
  kind?: "line" | "bar" | "band";
  /** Lower edge of a band, whose upper edge is `data`. */
  low?: Array<number | null>;
}
export interface Chart {
  kind: "line" | "bar" | "stacked" | "heat";
  x: string[];
  y?: string[];
  series: Series[];
  unit?: Unit;
  target?: number | null;
  target_label?: string;
  links?: string[];
}

/** Text of a value in its unit; unknown is a dash, never a nought. */
export function shown(value: number | null | undefined, unit: Unit = "count"): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  if (unit === "percent") return `${(value * 100).toFixed(1)}%`;
  if (unit === "duration") return duration(value);
  if (unit === "money")
    return value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

const TONES: Record<string, string> = {
  accent: "--zx-accent",
  ready: "--zx-ready-fill",
  call: "--zx-call-fill",
  wrap: "--zx-wrap-fill",
  break: "--zx-break-fill",
  idle: "--zx-idle-fill",
  ring: "--zx-ring-fill",
  alarm: "--zx-alarm-fill",
  good: "--zx-ready-fill",
  info: "--zx-call-fill",
  warn: "--zx-break-fill",
  bad: "--zx-alarm-fill",
  plain: "--zx-idle-fill",
};
const ORDER = ["accent", "call", "break", "wrap", "ring", "ready", "idle", "alarm"];

type Colour = (name: string) => string;

const hasTarget = (chart: Chart): boolean => chart.target !== undefined && chart.target !== null;

const targetText = (chart: Chart): string =>
  `${chart.target_label ?? ""} ${shown(chart.target, chart.unit)}`.trim();

/** Width in pixels at 12 px: a Han character is as wide as two Latin ones. */
const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (one > "\u2e80" ? 12 : 7), 0);

const targetRoom = (chart: Chart): number => (hasTarget(chart) ? 14 + widthOf(targetText(chart)) : 12);

function axisStyle(colour: Colour): Record<string, unknown> {
  return {
    axisLine: { lineStyle: { color: colour("--zx-rule-2") } },
    axisTick: { show: false },
    axisLabel: { color: colour("--zx-ink-3"), fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: colour("--zx-rule") } },
  };
}

function targetLine(chart: Chart, colour: Colour): Record<string, unknown> | undefined {
  if (!hasTarget(chart)) return undefined;
  return {
    silent: true,
    symbol: "none",
    data: [{ yAxis: chart.target }],
    lineStyle: { color: colour("--zx-ink-3"), type: "dashed", width: 1 },
    label: {
      formatter: targetText(chart),
      position: chart.kind === "line" && chart.series.length > 1 ? "insideEndBottom" : "end",
      color: colour("--zx-ink-3"),
      fontSize: 12,
    },
  };
}

function series(chart: Chart, one: Series, index: number, colour: Colour): Record<string, unknown> {
  const tone = colour(TONES[one.tone ?? ""] ?? TONES[ORDER[index % ORDER.length]]);
  const line = (one.kind ?? chart.kind) === "line";
  const name = chart.series.length > 1 && line;
  return {
    name: one.name,
    type: line ? "line" : "bar",
    data: one.data,
    stack: chart.kind === "stacked" && one.kind !== "line" ? "all" : undefined,
    color: tone,
    barMaxWidth: 22,
    itemStyle: line ? undefined : { borderRadius: chart.kind === "stacked" ? 0 : [2, 2, 0, 0] },
    showSymbol: one.data.length < 3,
    symbolSize: 5,
    lineStyle: line ? { width: 2, type: one.dashed ? "dashed" : "solid" } : undefined,
    areaStyle: one.area ? { opacity: 0.1 } : undefined,
    endLabel: name ? { show: true, formatter: "{a}", color: tone, fontSize: 12 } : undefined,
    // Labels of lines that end close together move apart.
    labelLayout: name ? { moveOverlap: "shiftY" } : undefined,
    markLine: index === 0 ? targetLine(chart, colour) : undefined,
    cursor: chart.links ? "pointer" : "default",
  };
}

const isBand = (one: Series): boolean => one.kind === "band";
const plain = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** A filled band: its lower edge unseen, the room up to the upper edge stacked on it. */
function band(one: Series, index: number, colour: Colour): Record<string, unknown>[] {
  const tone = colour(TONES[one.tone ?? "plain"] ?? TONES.plain);
  const edge = {
    type: "line",
    stack: `band-${index}`,
    color: tone,
    lineStyle: { width: 0 },
    showSymbol: false,
    emphasis: { disabled: true },
    silent: true,
    z: 1,
  };
  const room = one.data.map((high, place) => {
    const [low, top] = [plain(one.low?.[place]), plain(high)];
    return low === null || top === null ? null : top - low;
  });
  const label = { show: true, formatter: one.name, color: tone, fontSize: 12 };
  return [
    { ...edge, name: `${one.name} ↓`, data: one.low ?? [] },
    {
      ...edge,
      name: one.name,
      data: room,
      areaStyle: { opacity: 0.18 },
      endLabel: label,
      labelLayout: { moveOverlap: "shiftY" },
    },
  ];
}

/** What the pointer shows where a chart has bands: each line its value, each band its two edges. */
function bandTip(chart: Chart): (points: Array<{ dataIndex: number }>) => string {
  return (points) => {
    const place = points[0]?.dataIndex ?? 0;
    const told = chart.series.map((one) => {
      const value = shown(plain(one.data[place]), chart.unit);
      return `${one.name}  ${isBand(one) ? `${shown(one.low?.[place], chart.unit)} – ` : ""}${value}`;
    });
    return [chart.x[place], ...told].join("\n");
  };
}

function tooltip(chart: Chart, colour: Colour): Record<string, unknown> {
  return {
    trigger: chart.kind === "heat" ? "item" : "axis",
    // HTML tooltips carry style attributes, which the content security policy refuses.
    renderMode: "richText",
    confine: true,
    backgroundColor: colour("--zx-ink"),
    borderWidth: 0,
    padding: [6, 10],
    textStyle: { color: colour("--zx-surface"), fontSize: 12 },
    valueFormatter: (value: number | null) => shown(value, chart.unit),
    formatter: chart.series.some(isBand) ? bandTip(chart) : undefined,
    axisPointer: { lineStyle: { color: colour("--zx-rule-2") } },
  };
}

function heat(chart: Chart, colour: Colour): EChartsCoreOption {
  const values = chart.series[0].data.map((cell) => (Array.isArray(cell) ? (cell[2] ?? 0) : 0));
  const style = axisStyle(colour);
  return {
    animation: false,
    aria: { enabled: true },
    tooltip: {
      ...tooltip(chart, colour),
      formatter: ({ value }: { value: [number, number, number | null] }) =>
        `${chart.y?.[value[1]]}  ${chart.x[value[0]]}\n${shown(value[2], chart.unit)}`,
    },
    grid: { left: 4, right: 8, top: 8, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: chart.x, ...style, splitLine: { show: false } },
    yAxis: { type: "category", data: chart.y ?? [], inverse: true, ...style, splitLine: { show: false } },
    visualMap: {
      show: false,
      min: Math.min(...values, 0),
      max: Math.max(...values, 1),
      inRange: { color: [colour("--zx-accent-soft"), colour("--zx-accent")] },
    },
    series: [
      {
        type: "heatmap",
        name: chart.series[0].name,
        data: chart.series[0].data,
        itemStyle: { borderColor: colour("--zx-surface"), borderWidth: 2, borderRadius: 3 },
        cursor: chart.links ? "pointer" : "default",
      },
    ],
  };
}

/** Our small chart vocabulary in the library's own: thin rules, direct labels, the target as a dashed line. */
export function options(chart: Chart, colour: Colour): EChartsCoreOption {
  if (chart.kind === "heat") return heat(chart, colour);
  const labelled = chart.kind === "line" && chart.series.length > 1;
  const longest = labelled ? Math.max(...chart.series.map((one) => widthOf(one.name))) : 0;
  const style = axisStyle(colour);
  const text = colour("font-family") || "sans-serif";
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: text },
    tooltip: tooltip(chart, colour),
    legend:
      !labelled && chart.series.length > 1
        ? {
            top: 0,
            left: 0,
            icon: "roundRect",
            itemWidth: 10,
            itemHeight: 10,
            textStyle: { color: colour("--zx-ink-2"), fontSize: 12 },
          }
        : undefined,
    grid: {
      left: 4,
      right: labelled ? 20 + longest : targetRoom(chart),
      top: !labelled && chart.series.length > 1 ? 34 : 14,
      bottom: 4,
      containLabel: true,
    },
    xAxis: {
      type: "category",
      data: chart.x,
      boundaryGap: chart.kind !== "line",
      ...style,
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      ...style,
      axisLine: { show: false },
      splitNumber: 4,
      interval: chart.unit === "percent" ? 0.25 : undefined,
      max: chart.unit === "percent" ? (range: { max: number }) => Math.max(range.max, 1) : undefined,
      axisLabel: {
        ...(style.axisLabel as object),
        formatter: (value: number) =>
          chart.unit === "percent" ? `${Math.round(value * 100)}%` : shown(value, chart.unit),
      },
    },
    series: chart.series.flatMap((one, index) =>
      isBand(one) ? band(one, index, colour) : [series(chart, one, index, colour)],
    ),
  };
}
