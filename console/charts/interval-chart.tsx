import { scaleLinear } from 'd3-scale';
import { formatFigure } from '../format.ts';
import { useWidth } from '../parts/use-width.ts';

export interface Interval {
  name: string;
  value: number;
  low: number;
  high: number;
  isMarked: boolean;
}

const ROW = 30;
/** Of a name that takes two. */
const LINE = 14;
const TOP = 6;
const AXIS = 44;

/** A dot and its 95 % interval for each name, one below the other. */
export function IntervalChart({ rows, axis, title }: { rows: readonly Interval[]; axis: string; title: string }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const isNarrow = width < 480;
  const labels = isNarrow ? 128 : 190;
  const figures = 52;
  const height = TOP + rows.length * ROW + AXIS;
  const x = scaleLinear()
    .domain([Math.min(0, ...rows.map(({ low }) => low)), Math.max(...rows.map(({ high }) => high))])
    .nice()
    .range([labels, Math.max(labels + 40, width - figures - 8)]);
  const ticks = x.ticks(isNarrow ? 4 : 7);
  const bottom = TOP + rows.length * ROW;
  return (
    <div ref={ref} class="chart" style={{ height: `${height}px` }}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={`${title}: ${rows.map(sentenceOf).join('; ')}`}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={x(tick)} x2={x(tick)} y1={TOP} y2={bottom} />
              <text class="tick" x={x(tick)} y={bottom + 16} text-anchor="middle">
                {x.tickFormat(7)(tick)}
              </text>
            </g>
          ))}
          {rows.map(({ name, value, low, high, isMarked }, i) => {
            const y = TOP + i * ROW + ROW / 2;
            const lines = isNarrow ? name.split(/(?<=,) /) : [name];
            return (
              <g key={name} class={isMarked ? 'marked' : ''}>
                <text class="label" y={y + 4 - ((lines.length - 1) * LINE) / 2} text-anchor="end">
                  {lines.map((line, lineNo) => (
                    <tspan key={line} x={labels - 10} dy={lineNo === 0 ? 0 : LINE}>
                      {shorten(line, isNarrow ? 18 : 27)}
                    </tspan>
                  ))}
                </text>
                <line class="whisker" x1={x(low)} x2={x(high)} y1={y} y2={y} />
                <circle class="dot" cx={x(value)} cy={y} r={isMarked ? 6 : 4.5} />
                <text class="figure" x={width - 4} y={y + 4} text-anchor="end">
                  {formatFigure(value)}
                </text>
                <title>{`${name}: ${formatFigure(value)}, 95 % interval ${formatFigure(low)} to ${formatFigure(high)}`}</title>
              </g>
            );
          })}
          <text class="axis" x={(x.range()[0] + x.range()[1]) / 2} y={bottom + 36} text-anchor="middle">
            {axis}
          </text>
        </svg>
      )}
    </div>
  );
}

function sentenceOf({ name, value, low, high }: Interval): string {
  return `${name} ${formatFigure(value)}, from ${formatFigure(low)} to ${formatFigure(high)}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
