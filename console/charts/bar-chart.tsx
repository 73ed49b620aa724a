import { scaleBand, scaleLinear } from 'd3-scale';
import { formatCompact, formatCount } from '../format.ts';
import { useWidth } from '../parts/use-width.ts';
import { FRAME, XAxis, YAxis } from './axes.tsx';

export interface Bar {
  name: string;
  value: number;
  href?: string;
}

const HEIGHT = 260;

/** One bar a name, in their order. */
export function BarChart({ bars, x, y, title }: { bars: readonly Bar[]; x: string; y: string; title: string }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const frame = { ...FRAME, width, height: HEIGHT };
  const band = scaleBand()
    .domain(bars.map(({ name }) => name))
    .range([frame.left, Math.max(frame.left + 10, width - frame.right)])
    .padding(bars.length > 60 ? 0.05 : 0.2);
  const value = scaleLinear()
    .domain([0, Math.max(1, ...bars.map((bar) => bar.value))])
    .nice()
    .range([HEIGHT - frame.bottom, frame.top]);
  // As many names as fit beside each other.
  const every = Math.max(1, Math.ceil((bars.length * 34) / Math.max(1, width - frame.left - frame.right)));
  return (
    <div ref={ref} class="chart" style={{ height: `${HEIGHT}px` }}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title}: ${bars.map((bar) => `${bar.name} ${formatCount(bar.value)}`).join(', ')}`}
        >
          <YAxis scale={value} frame={frame} name={y} format={formatCompact} isCount />
          {bars.map((bar) => (
            <rect
              key={bar.name}
              class="bar"
              x={band(bar.name)}
              width={band.bandwidth()}
              y={value(bar.value)}
              height={HEIGHT - frame.bottom - value(bar.value)}
            >
              <title>{`${bar.name}: ${formatCount(bar.value)}`}</title>
            </rect>
          ))}
          <XAxis
            frame={frame}
            name={x}
            ticks={bars
              .filter((_, i) => isNamed(i, bars.length, every))
              .map(({ name }) => ({ at: band(name)! + band.bandwidth() / 2, text: name }))}
          />
        </svg>
      )}
    </div>
  );
}

/** Every so many bars, and the last one, which may stand for more than itself. */
function isNamed(i: number, count: number, every: number): boolean {
  const last = count - 1;
  return i === last || (i % every === 0 && last - i >= every);
}
