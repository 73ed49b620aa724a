import { axisX, barY, ruleY, text } from '@observablehq/plot';
import type { ClusteringModel } from '../../engine/k-means/cluster-model.ts';
import { CHART_WIDTH, svgChart } from './svg-chart.ts';

/** Above this many clusters, the bars are too narrow for a number on each. */
const MOST_LABELLED_BARS = 30;

/** `products_per_cluster.svg`: a bar for each cluster. */
export function drawProductsPerCluster({ sizes, k, silhouette }: ClusteringModel): string {
  const products = sizes.reduce((a, b) => a + b);
  const clusters = sizes.map((size, cluster) => ({ cluster, size }));
  const labelEvery = Math.ceil(sizes.length / MOST_LABELLED_BARS);
  const quality = silhouette === null ? '' : `, mean silhouette ${silhouette.toFixed(3)}`;
  return svgChart(
    'Products per cluster',
    `${products.toLocaleString('en')} products, K-Means with k = ${k}${quality}`,
    [
      {
        x: 0,
        width: CHART_WIDTH,
        options: {
          marginLeft: 64,
          marginRight: 20,
          marginBottom: 48,
          x: { type: 'band', label: null, padding: sizes.length > 100 ? 0 : 0.15 },
          y: {
            label: 'products',
            labelAnchor: 'center',
            labelArrow: 'none',
            grid: true,
            nice: true,
            tickFormat: (tick: number) => tick.toLocaleString('en'),
          },
          marks: [
            axisX({
              label: 'cluster number',
              labelAnchor: 'center',
              labelArrow: 'none',
              tickSize: 0,
              ticks: sizes.map((_, cluster) => cluster).filter((cluster) => cluster % labelEvery === 0),
            }),
            barY(clusters, { x: 'cluster', y: 'size', fill: '#4269d0' }),
            ...(sizes.length <= MOST_LABELLED_BARS
              ? [text(clusters, { x: 'cluster', y: 'size', text: 'size', dy: -8, fontSize: 11 })]
              : []),
            ruleY([0]),
          ],
        },
      },
    ],
  );
}
