import { scaleLinear, scaleLog, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useWidth } from '../parts/use-width.ts';
import { FRAME, XAxis, YAxis } from './axes.tsx';
import { readableTicks } from './ticks.ts';

export interface LineChartProps {
  /** Ascending x; of `time`, milliseconds since the epoch, else counts. */
  points: readonly { x: number; y: number }[];
  kind: 'linear' | 'log' | 'time';
  x: string;
  y: string;
  title: string;
  formatX(n: number): string;
  formatY(n: number): string;
  /** Whether y is a number of something. */
  countsY?: boolean;
  /** Where y ends; the largest value when left out. */
  top?: number;
  /** A point that is marked. */
  marked?: number;
  hasDots?: boolean;
}

const HEIGHT = 260;

/** One line over an even, a logarithmic or a time axis. */
export function LineChart(props: LineChartProps) {
  const { points, kind, title, formatX, formatY, marked, hasDots = false } = props;
  const { ref, width } = useWidth<HTMLDivElement>();
  const frame = { ...FRAME, width, height: HEIGHT };
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 1];
  const range = [frame.left, Math.max(frame.left + 10, width - frame.right)];
  const domain = [first, last === first ? first + 1 : last];
  const scale =
    kind === 'log' ? scaleLog(domain, range) : kind === 'time' ? scaleUtc(domain, range) : scaleLinear(domain, range);
  const ys = points.map(({ y }) => y);
  const y = scaleLinear(
    [Math.min(0, ...ys), props.top ?? Math.max(...ys, 1e-9)],
    [HEIGHT - frame.bottom, frame.top],
  ).nice(5);
  const shape = line<{ x: number; y: number }>(
    (point) => scale(point.x),
    (point) => y(point.y),
  );
  const filled = area<{ x: number; y: number }>(
    (point) => scale(point.x),
    y(Math.min(0, ...ys)),
    (point) => y(point.y),
  );
  const room = Math.max(2, Math.floor((width - frame.left - frame.right) / 84));
  const ticks = readableTicks(ticksOf(scale, kind, room), formatX, { isCount: kind !== 'time' }).map(
    ({ value, text }) => ({ at: scale(value), text }),
  );
  return (
    <div ref={ref} class="chart" style={{ height: `${HEIGHT}px` }}>
      {width > 0 && points.length > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title}, from ${formatX(first)}: ${formatY(ys[0])} to ${formatX(last)}: ${formatY(ys.at(-1)!)}`}
        >
          <YAxis scale={y} frame={frame} name={props.y} format={formatY} isCount={props.countsY ?? false} />
          <path class="area" d={filled(points as never) ?? ''} />
          <path class="line" d={shape(points as never) ?? ''} />
          {(hasDots || marked !== undefined) &&
            points.map((point) => (
              <circle
                key={point.x}
                class={point.x === marked ? 'dot marked' : 'dot'}
                cx={scale(point.x)}
                cy={y(point.y)}
                r={point.x === marked ? 6 : 3.5}
              >
                <title>{`${formatX(point.x)}: ${formatY(point.y)}`}</title>
              </circle>
            ))}
          <XAxis frame={frame} name={props.x} ticks={ticks} />
        </svg>
      )}
    </div>
  );
}

type AnyScale =
  | ReturnType<typeof scaleLog<number, number>>
  | ReturnType<typeof scaleUtc<number, number>>
  | ReturnType<typeof scaleLinear<number, number>>;

function ticksOf(scale: AnyScale, kind: LineChartProps['kind'], room: number): number[] {
  const offered = (scale.ticks as (count: number) => (number | Date)[])(room).map(Number);
  if (kind !== 'log') return offered;
  const ticks = offered.filter(Number.isInteger);
  // A logarithmic axis offers 1, 2, 3 … 10, 20 …: its powers of ten are enough.
  const powers = ticks.filter(
    (n) => Number.isInteger(Math.log10(n) + 1e-9) || Math.abs(Math.log10(n) - Math.round(Math.log10(n))) < 1e-9,
  );
  return powers.length > 1 ? powers : ticks.filter((_, i) => i % Math.ceil(ticks.length / room) === 0);
}
