// Charts by ECharts, with what the workspace uses of it; a file of its own that is loaded when the first chart is drawn.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { getInstanceByDom, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) getInstanceByDom(target)?.resize();
});

/** Draws an option (src/components/chart.rs) into an element; without one what was drawn is taken away. */
export function draw(element, text) {
  if (!text) {
    sizes.unobserve(element);
    getInstanceByDom(element)?.dispose();
    return;
  }
  const option = JSON.parse(text);
  // The words of a point come with it: the numbers of a chart are for drawing alone.
  option.tooltip.formatter = ({ seriesName, name, data }) => `${name} ${seriesName}\n${data?.text ?? ""}`;
  const chart = getInstanceByDom(element) ?? init(element, null, { renderer: "canvas" });
  sizes.observe(element);
  chart.setOption(option, true);
}
