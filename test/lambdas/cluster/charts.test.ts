import { DOMParser, type Element } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { clusterProducts } from '../../../engine/k-means/cluster-products.ts';
import { drawKSelection } from '../../../lambdas/cluster/k-selection-chart.ts';
import { drawProductsPerCluster } from '../../../lambdas/cluster/products-per-cluster-chart.ts';
import { drawVectorsByCluster } from '../../../lambdas/cluster/vectors-by-cluster-chart.ts';
import { startKernelThreads } from '../../../lambdas/shared/kernel-threads.ts';
import { groupedProducts } from '../../engine/k-means/example-vectors.ts';

const SETTINGS = { k: 10, max_iter: 50, tol: 1e-4, workers: 1, seed: 1 };

/** @throws when the text is not well-formed XML. */
function parse(svg: string) {
  const document = new DOMParser({
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message);
    },
  }).parseFromString(svg, 'image/svg+xml');
  const elements = (name: string): Element[] => Array.from(document.getElementsByTagName(name));
  return { elements, texts: elements('text').map((element) => element.textContent) };
}

async function drawBoth(count: number, dimensions: number, k: number) {
  const products = groupedProducts(count, dimensions, k);
  const clusters = await clusterProducts(products, { ...SETTINGS, k }, startKernelThreads);
  return {
    model: clusters.model,
    clusterOf: clusters.clusterOf,
    products,
    bars: drawProductsPerCluster(clusters.model),
    scatter: drawVectorsByCluster(products, clusters, SETTINGS.seed),
  };
}

describe('products_per_cluster.svg', () => {
  test('has a bar for each cluster, as high as its products are many', async () => {
    const { model, bars } = await drawBoth(217, 10, 10);

    const { elements, texts } = parse(bars);
    const heights = elements('rect')
      .filter((rect) => rect.parentNode?.nodeName === 'g')
      .map((rect) => Number(rect.getAttribute('height')));
    expect(heights).toHaveLength(10);
    model.sizes.forEach((size, cluster) => {
      expect(heights[cluster] / heights[0]).toBeCloseTo(size / model.sizes[0], 2);
    });
    expect(texts).toEqual(expect.arrayContaining(['Products per cluster', 'cluster number', 'products', '22']));
  });
});

describe('vectors_by_cluster.svg', () => {
  test("colours each product by the model's cluster, and says so in a legend", async () => {
    const { model, products, clusterOf, scatter } = await drawBoth(217, 10, 10);

    const { elements, texts } = parse(scatter);
    const colors = new Map<number, Set<string | null>>();
    const points = elements('circle').filter((circle) => circle.getElementsByTagName('title').length === 1);
    points.forEach((circle, product) => {
      const cluster = clusterOf[product];
      expect(circle.textContent).toBe(`${products.productIds[product]}, cluster ${cluster}`);
      colors.set(cluster, (colors.get(cluster) ?? new Set()).add(circle.getAttribute('fill')));
    });
    expect(points).toHaveLength(217);
    expect(Array.from(colors.values(), (used) => used.size)).toEqual(Array(10).fill(1));
    expect(new Set(Array.from(colors.values(), ([color]) => color)).size).toBe(10);
    expect(texts).toContain(`9: ${model.sizes[9]}`);
    expect(
      texts.filter((text) => /^(first|second) principal component \(\d+\.\d % of the variance\)$/.test(text ?? '')),
    ).toHaveLength(2);
  });

  test('a large catalogue is drawn as a sample, and says so', async () => {
    const { scatter } = await drawBoth(4_000, 4, 60);

    const { texts } = parse(scatter);
    expect(texts[1]).toMatch(/^A random 3,000 of 4,000 products in 60 clusters; 4 dimensions/);
    expect(texts).toContain('the 50 largest clusters');
    expect(scatter.length).toBeLessThan(500_000);
  });

  test('product ids that XML cannot hold leave a well-formed file', async () => {
    const products = { ...groupedProducts(3, 2, 2), productIds: ['<&">\u0000', '\ud800', ']]>'] };
    const clusters = await clusterProducts(products, { ...SETTINGS, k: 2 }, startKernelThreads);

    const { elements } = parse(drawVectorsByCluster(products, clusters, 1));

    expect(elements('title').map((title) => title.textContent?.split(',')[0])).toEqual(['<&">\ufffd', '\ufffd', ']]>']);
  });
});

describe('k_selection.svg', () => {
  test('marks the chosen number of clusters on both curves', () => {
    const tried = [2, 3, 4, 6].map((k) => ({ k, inertia: 100 / k, silhouette: k === 4 ? 0.6 : 0.2 }));

    const { elements, texts } = parse(drawKSelection(tried, 4));

    const fills = elements('circle').map((circle) => circle.getAttribute('fill'));
    expect(fills).toHaveLength(8);
    expect(fills.flatMap((fill, i) => (fill === fills[2] ? [i] : []))).toEqual([2, 6]);
    expect(texts).toEqual(expect.arrayContaining(['inertia', 'mean silhouette']));
    expect(texts.join()).not.toContain('sample');
  });

  test('says where the numbers were tried on a sample', () => {
    const tried = [64, 91].map((k) => ({ k, inertia: 100 / k, silhouette: 0.2 }));
    const { texts } = parse(drawKSelection(tried, 64, 4_000));
    expect(texts).toContain('k = 64 has the highest mean silhouette of 2 tried, on a sample of 4,000 products');
  });

  test('a single try without a silhouette leaves a well-formed file', () => {
    const svg = drawKSelection([{ k: 1, inertia: 0, silhouette: null }], 1);

    parse(svg);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test.each([
  [1, 1, 1],
  [1, 5, 3],
  [2, 1, 2],
  [600, 6, 500],
])(
  '%i products of %i dimensions in %i clusters: both are well-formed and hold no NaN',
  async (count, dimensions, k) => {
    const { bars, scatter } = await drawBoth(count, dimensions, k);

    for (const svg of [bars, scatter]) {
      parse(svg);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  },
);

test('the same input gives the same bytes', async () => {
  expect(await drawBoth(217, 10, 10)).toEqual(await drawBoth(217, 10, 10));
});
