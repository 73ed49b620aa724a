import { dot, line, ruleX } from '@observablehq/plot';
import type { TriedK } from '../../engine/k-means/cluster-model.ts';
import { CHART_WIDTH, type Panel, svgChart } from './svg-chart.ts';

/**
 * `k_selection.svg`: the inertia of each number of clusters tried (the elbow plot) beside its silhouette.
 *
 * @param sampleSize products that they were tried on; undefined: all.
 */
export function drawKSelection(tried: readonly TriedK[], chosen: number, sampleSize?: number): string {
  const width = CHART_WIDTH / 2;
  const on = sampleSize === undefined ? '' : `, on a sample of ${sampleSize.toLocaleString('en-US')} products`;
  const subtitle = `k = ${chosen} has the highest mean silhouette of ${tried.length} tried${on}`;
  return svgChart('Number of clusters', subtitle, [
    curve(0, width, 'inertia', tried, chosen),
    curve(width, width, 'silhouette', tried, chosen),
  ]);
}

function curve(x: number, width: number, y: 'inertia' | 'silhouette', tried: readonly TriedK[], chosen: number): Panel {
  const axis = { labelAnchor: 'center', labelArrow: 'none', grid: true } as const;
  const points = tried.filter((entry) => entry[y] !== null);
  return {
    x,
    width,
    options: {
      marginLeft: 72,
      marginRight: 20,
      marginTop: 10,
      marginBottom: 48,
      x: {
        ...axis,
        type: 'log',
        base: 2,
        label: 'clusters',
        tickFormat: 'd',
        domain: [1, tried[tried.length - 1].k * 1.2],
      },
      y: { ...axis, nice: true, label: y === 'inertia' ? 'inertia' : 'mean silhouette' },
      marks: [
        ruleX([chosen], { stroke: '#ff725c', strokeDasharray: '4,3' }),
        line(points, { x: 'k', y, stroke: '#4269d0' }),
        dot(points, { x: 'k', y, fill: ({ k }: TriedK) => (k === chosen ? '#ff725c' : '#4269d0') }),
      ],
    },
  };
}
