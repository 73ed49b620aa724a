import { dot, scale, text } from '@observablehq/plot';
import type { ProductClusters } from '../../engine/k-means/cluster-model.ts';
import { sampleRows } from '../../engine/k-means/sample-rows.ts';
import { projectOnPrincipalComponents } from '../../engine/numeric/principal-components.ts';
import { type Random, seededRandom } from '../../engine/numeric/random.ts';
import { selectRows } from '../../engine/numeric/vectors.ts';
import type { ProductVectors } from '../../engine/word2vec/product-vectors.ts';
import { CHART_WIDTH, type Panel, svgChart, xmlText } from './svg-chart.ts';

/** More points hide each other, and make the file slow to open. */
const MOST_POINTS = 3_000;
/** Clusters that have their number in the picture and a line in the legend: the largest ones. */
const MOST_NAMED_CLUSTERS = 50;
const LEGEND_WIDTH = 184;
const LEGEND_ROWS = 25;

interface Point {
  productId: string;
  cluster: number;
  /** Along the first and the second principal component. */
  x: number;
  y: number;
}

/**
 * `vectors_by_cluster.svg`: the product vectors on their first two principal components, coloured by the K-Means model
 * of all dimensions. (A K-Means of the two components would be another model.)
 */
export function drawVectorsByCluster(products: ProductVectors, clusters: ProductClusters, seed: number): string {
  const { points, explainedVariance } = projectProducts(products, clusters.clusterOf, seededRandom(seed));
  const { sizes } = clusters.model;
  const color = colorOf(sizes.length);
  const named = sizes
    .map((size, cluster) => ({ cluster, size }))
    .sort((a, b) => b.size - a.size || a.cluster - b.cluster)
    .slice(0, MOST_NAMED_CLUSTERS)
    .sort((a, b) => a.cluster - b.cluster);
  const count = products.productIds.length;
  const shown = points.length < count ? `A random ${points.length.toLocaleString('en')} of ` : '';
  return svgChart(
    'Product vectors by cluster',
    `${shown}${count.toLocaleString('en')} products in ${sizes.length} clusters; ` +
      `${products.dimensions} dimensions projected on the first two principal components`,
    [
      scatter(points, explainedVariance, new Set(named.map(({ cluster }) => cluster)), color),
      legend(named, sizes.length, color),
    ],
  );
}

function projectProducts({ productIds, dimensions, vectors }: ProductVectors, clusterOf: Uint32Array, random: Random) {
  const rows = sampleRows(productIds.length, MOST_POINTS, random);
  const sample = selectRows({ count: productIds.length, dimensions, values: vectors }, rows);
  const { coordinates, explainedVariance } = projectOnPrincipalComponents(sample);
  const points = Array.from(rows, (row, i): Point => {
    return { productId: productIds[row], cluster: clusterOf[row], x: coordinates[i * 2], y: coordinates[i * 2 + 1] };
  });
  return { points, explainedVariance };
}

function scatter(
  points: readonly Point[],
  explainedVariance: readonly [number, number],
  named: ReadonlySet<number>,
  color: (cluster: number) => string,
): Panel {
  const axis = (name: string, share: number) => ({
    label: `${name} principal component (${(share * 100).toFixed(1)} % of the variance)`,
    labelAnchor: 'center' as const,
    labelArrow: 'none' as const,
    grid: true,
    nice: true,
  });
  return {
    x: 0,
    width: CHART_WIDTH - LEGEND_WIDTH,
    options: {
      marginLeft: 60,
      marginRight: 12,
      marginTop: 10,
      marginBottom: 44,
      x: axis('first', explainedVariance[0]),
      y: axis('second', explainedVariance[1]),
      marks: [
        dot(points, {
          x: 'x',
          y: 'y',
          r: points.length > 1000 ? 2 : 3.5,
          fill: ({ cluster }: Point) => color(cluster),
          fillOpacity: 0.75,
          title: ({ productId, cluster }: Point) => xmlText(`${productId}, cluster ${cluster}`),
        }),
        text(
          middles(points).filter(({ cluster }) => named.has(cluster)),
          {
            x: 'x',
            y: 'y',
            text: 'cluster',
            fontWeight: 600,
            fill: '#1b1e23',
            stroke: '#fff',
            strokeWidth: 3,
          },
        ),
      ],
    },
  };
}

function legend(
  named: readonly { cluster: number; size: number }[],
  clusterCount: number,
  color: (cluster: number) => string,
): Panel {
  const entries = named.map((entry, i) => {
    return { ...entry, column: Math.floor(i / LEGEND_ROWS), row: i % LEGEND_ROWS };
  });
  const heading = named.length < clusterCount ? `the ${named.length} largest clusters` : 'cluster: products';
  const at = { x: 'column', y: 'row' } as const;
  return {
    x: CHART_WIDTH - LEGEND_WIDTH,
    width: LEGEND_WIDTH,
    options: {
      marginLeft: 12,
      marginRight: 0,
      marginTop: 34,
      marginBottom: 8,
      x: { axis: null, domain: [0, 2] },
      y: { axis: null, domain: [0, LEGEND_ROWS], reverse: true },
      marks: [
        text([heading], { frameAnchor: 'top-left', dx: -5, dy: -22, fontWeight: 600 }),
        dot(entries, { ...at, r: 4, fill: ({ cluster }: { cluster: number }) => color(cluster) }),
        text(entries, {
          ...at,
          dx: 10,
          textAnchor: 'start',
          fontSize: 11,
          text: ({ cluster, size }: { cluster: number; size: number }) => `${cluster}: ${size.toLocaleString('en')}`,
        }),
      ],
    },
  };
}

/** The mean position of each cluster's points, where its number is written. */
function middles(points: readonly Point[]): { cluster: number; x: number; y: number }[] {
  const byCluster = Map.groupBy(points, ({ cluster }) => cluster);
  return Array.from(byCluster, ([cluster, members]) => ({
    cluster,
    x: members.reduce((sum, { x }) => sum + x, 0) / members.length,
    y: members.reduce((sum, { y }) => sum + y, 0) / members.length,
  }));
}

function colorOf(clusterCount: number): (cluster: number) => string {
  const { apply } = scale({
    color: {
      type: 'ordinal',
      domain: Array.from({ length: clusterCount }, (_, cluster) => cluster),
      scheme: clusterCount <= 10 ? 'observable10' : 'turbo',
    },
  });
  return apply as (cluster: number) => string;
}
