// SPDX-License-Identifier: Apache-2.0
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { type Chart, options } from "../chart-options";
import type { Island } from "../islands";

echarts.use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  HeatmapChart,
  LabelLayout,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
]);

async function read(element: HTMLElement): Promise<Chart> {
  const { source, url } = element.dataset;
  if (source) return JSON.parse(document.getElementById(source)?.textContent ?? "null") as Chart;
  const answer = await fetch(url ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`chart answered ${answer.status}`);
  return (await answer.json()) as Chart;
}

/** Draws the chart named by data-source (id of a JSON block) or data-url; a click opens the rows of a point. */
const chart: Island = async (element) => {
  const drawing = echarts.init(element, undefined, { renderer: "canvas" });
  let current: Chart | undefined;
  const colours = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const draw = async (): Promise<void> => {
    current = await read(element);
    if (current) drawing.setOption(options(current, colours), { notMerge: true });
  };
  await draw();
  drawing.on("click", (point) => {
    const index = Array.isArray(point.value) ? Number(point.value[0]) : point.dataIndex;
    const link = current?.links?.[index] ?? "";
    if (link) location.assign(link);
  });
  const size = new ResizeObserver(() => drawing.resize());
  size.observe(element);
  const again = (): void => void draw().catch(() => undefined);
  element.addEventListener("zuoxi:redraw", again);
  const source = element.dataset.source && document.getElementById(element.dataset.source);
  const watch = new MutationObserver(again);
  if (source) watch.observe(source, { childList: true, characterData: true, subtree: true });
  const every = Number(element.dataset.every) || 0;
  const timer =
    every && element.dataset.url ? setInterval(() => document.hidden || again(), every * 1000) : undefined;
  return () => {
    clearInterval(timer);
    size.disconnect();
    watch.disconnect();
    drawing.dispose();
  };
};

export default chart;
