import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useWidth } from '../../parts/use-width.ts';
import { FrameBudget } from './frame-budget.ts';
import { type MapView, panned, scaleOf, toMap, toScreen, WHOLE, zoomed } from './map-view.ts';
import { PointGrid } from './point-grid.ts';
import { type PaintedPoints, PointRenderer } from './point-renderer.ts';

const HOVER_PIXELS = 14;
const PAN_STEP = 60;
const ZOOM_STEP = 1.4;
const REST_MS = 160;

export interface MapCanvasProps {
  points: PaintedPoints;
  /** Number of the selected point, and of its neighbours in the original space, nearest first. */
  selected: number | undefined;
  neighbours: readonly number[];
  isLasso: boolean;
  nameOf(point: number): string;
  onSelect(point: number): void;
  onLasso(points: number[]): void;
}

/** The points, to be panned, zoomed, pointed at and lassoed; by keys as well. */
export function MapCanvas(props: MapCanvasProps) {
  const { points, selected, neighbours, isLasso, nameOf, onSelect, onLasso } = props;
  const { ref: frame, width } = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const renderer = useRef<PointRenderer | undefined>(undefined);
  const [hasWebGl, setWebGl] = useState(true);
  const [view, setView] = useState<MapView>(WHOLE);
  const [hovered, setHovered] = useState<number>();
  const [lasso, setLasso] = useState<[number, number][]>([]);
  const pointers = useRef(new Map<number, { x: number; y: number; moved: number }>());
  const grid = useMemo(() => new PointGrid(points.x, points.y), [points.x, points.y]);
  const size = { width, height: Math.round(Math.min(640, Math.max(320, width * 0.62))) };

  useEffect(() => {
    renderer.current = PointRenderer.on(canvas.current!);
    setWebGl(renderer.current !== undefined);
  }, []);
  useEffect(() => renderer.current?.load(points), [points]);
  // Of the map before.
  useEffect(() => setHovered(undefined), [points.x]);
  const budget = useRef(new FrameBudget());
  useEffect(() => {
    if (width === 0) return;
    const draw = (count: number) => renderer.current?.draw(view, size, devicePixelRatio, count);
    const request = requestAnimationFrame((now) => draw(budget.current.whileMoving(points.x.length, now)));
    const atRest = setTimeout(() => {
      budget.current.rest();
      draw(points.x.length);
    }, REST_MS);
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(atRest);
    };
  }, [view, width, points]);
  // Not by an attribute: the page must not scroll under the map, and only a listener that is not passive may stop it.
  useEffect(() => {
    const element = canvas.current!;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const [x, y] = placeIn(element, event);
      setView((before) => zoomed(before, size, Math.exp(-event.deltaY * 0.0015), x, y));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [width]);

  const pointAt = (x: number, y: number) =>
    grid.nearest(...toMap(view, size, x, y), HOVER_PIXELS / scaleOf(view, size));
  const onPointerDown = (event: PointerEvent) => {
    const [x, y] = placeIn(canvas.current!, event);
    canvas.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, { x, y, moved: 0 });
    if (isLasso) setLasso([toMap(view, size, x, y)]);
  };
  const onPointerMove = (event: PointerEvent) => {
    const [x, y] = placeIn(canvas.current!, event);
    const pointer = pointers.current.get(event.pointerId);
    if (pointer === undefined) {
      setHovered(pointAt(x, y));
      return;
    }
    const [dx, dy] = [x - pointer.x, y - pointer.y];
    const others = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, other]) => other);
    pointers.current.set(event.pointerId, { x, y, moved: pointer.moved + Math.abs(dx) + Math.abs(dy) });
    if (others.length > 0) {
      const before = Math.hypot(pointer.x - others[0].x, pointer.y - others[0].y);
      const now = Math.hypot(x - others[0].x, y - others[0].y);
      setView((old) => zoomed(old, size, now / Math.max(1, before), (x + others[0].x) / 2, (y + others[0].y) / 2));
    } else if (isLasso) setLasso((corners) => [...corners, toMap(view, size, x, y)]);
    else setView((old) => panned(old, size, dx, dy));
  };
  const onPointerUp = (event: PointerEvent) => {
    const pointer = pointers.current.get(event.pointerId);
    pointers.current.delete(event.pointerId);
    if (isLasso && lasso.length > 2) onLasso(grid.inside(lasso));
    setLasso([]);
    if (isLasso || pointer === undefined || pointer.moved > 5) return;
    const point = pointAt(pointer.x, pointer.y);
    if (point !== undefined) onSelect(point);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = KEYS[event.key]?.(view, size);
    if (next === undefined) return;
    event.preventDefault();
    setView(next);
  };

  const place = (point: number) => toScreen(view, size, points.x[point], points.y[point]);
  return (
    <div ref={frame} class="map" style={{ height: `${size.height}px` }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: an application in ARIA's sense: keys pan and zoom it */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label="Map of products. Arrow keys pan, plus and minus zoom, 0 shows all. The table below the map lists the neighbours of the selected product."
        class={isLasso ? 'lassoing' : ''}
        style={{ width: `${size.width}px`, height: `${size.height}px` }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => setHovered(undefined)}
        onKeyDown={onKeyDown}
      />
      <svg class="overlay" width={size.width} height={size.height} aria-hidden="true">
        {selected !== undefined &&
          neighbours.map((neighbour) => {
            const [[x1, y1], [x2, y2]] = [place(selected), place(neighbour)];
            return <line key={neighbour} class="tie" x1={x1} y1={y1} x2={x2} y2={y2} />;
          })}
        {neighbours.map((neighbour) => (
          <circle key={neighbour} class="neighbour" cx={place(neighbour)[0]} cy={place(neighbour)[1]} r="6" />
        ))}
        {selected !== undefined && <circle class="chosen" cx={place(selected)[0]} cy={place(selected)[1]} r="9" />}
        {lasso.length > 1 && (
          <polygon class="lasso" points={lasso.map(([x, y]) => toScreen(view, size, x, y).join(',')).join(' ')} />
        )}
      </svg>
      {hovered !== undefined && hovered < points.x.length && (
        <Tip text={nameOf(hovered)} at={place(hovered)} width={size.width} />
      )}
      <div class="map-tools">
        <button
          type="button"
          aria-label="Zoom in"
          onClick={() => setView(zoomed(view, size, ZOOM_STEP, width / 2, size.height / 2))}
        >
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out"
          onClick={() => setView(zoomed(view, size, 1 / ZOOM_STEP, width / 2, size.height / 2))}
        >
          −
        </button>
        <button type="button" onClick={() => setView(WHOLE)}>
          All
        </button>
      </div>
      {!hasWebGl && (
        <p class="callout warn">
          This browser has no WebGL 2, so the points cannot be drawn. The table below works without.
        </p>
      )}
    </div>
  );
}

const KEYS: Record<string, (view: MapView, size: { width: number; height: number }) => MapView> = {
  ArrowLeft: (view, size) => panned(view, size, PAN_STEP, 0),
  ArrowRight: (view, size) => panned(view, size, -PAN_STEP, 0),
  ArrowUp: (view, size) => panned(view, size, 0, PAN_STEP),
  ArrowDown: (view, size) => panned(view, size, 0, -PAN_STEP),
  '+': (view, size) => zoomed(view, size, ZOOM_STEP, size.width / 2, size.height / 2),
  '-': (view, size) => zoomed(view, size, 1 / ZOOM_STEP, size.width / 2, size.height / 2),
  '0': () => WHOLE,
};

function Tip({ text, at: [x, y], width }: { text: string; at: [number, number]; width: number }) {
  const isRight = x > width / 2;
  const style = { top: `${y - 14}px`, ...(isRight ? { right: `${width - x + 14}px` } : { left: `${x + 14}px` }) };
  return (
    <div class="tip" style={style}>
      {text}
    </div>
  );
}

function placeIn(element: Element, event: MouseEvent): [number, number] {
  const { left, top } = element.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}
