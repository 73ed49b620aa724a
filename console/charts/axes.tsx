import type { ScaleContinuousNumeric } from 'd3-scale';
import { middleWithin, readableTicks } from './ticks.ts';

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const FRAME = { left: 62, right: 14, top: 10, bottom: 46 } as const;

type Scale = ScaleContinuousNumeric<number, number>;

/** Horizontal lines with their numbers, and the name of what they count. */
export function YAxis({
  scale,
  frame,
  name,
  format,
  isCount = false,
}: {
  scale: Scale;
  frame: Frame;
  name: string;
  format(n: number): string;
  isCount?: boolean;
}) {
  const middle = (frame.top + frame.height - frame.bottom) / 2;
  return (
    <>
      {readableTicks(scale.ticks(5), format, { isCount }).map(({ value, text }) => (
        <g key={value}>
          <line class="grid" x1={frame.left} x2={frame.width - frame.right} y1={scale(value)} y2={scale(value)} />
          <text class="tick" x={frame.left - 8} y={scale(value) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <text class="axis" transform={`translate(13 ${middle}) rotate(-90)`} text-anchor="middle">
        {name}
      </text>
    </>
  );
}

export function XAxis({
  ticks,
  frame,
  name,
}: {
  ticks: readonly { at: number; text: string }[];
  frame: Frame;
  name: string;
}) {
  const bottom = frame.height - frame.bottom;
  return (
    <>
      {ticks.map(({ at, text }) => (
        <text
          class="tick"
          key={`${at} ${text}`}
          x={middleWithin(at, text, frame.width)}
          y={bottom + 17}
          text-anchor="middle"
        >
          {text}
        </text>
      ))}
      <line class="base" x1={frame.left} x2={frame.width - frame.right} y1={bottom} y2={bottom} />
      <text class="axis" x={(frame.left + frame.width - frame.right) / 2} y={frame.height - 8} text-anchor="middle">
        {name}
      </text>
    </>
  );
}
