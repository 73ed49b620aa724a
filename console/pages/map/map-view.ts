/** Which part of the map is seen: the point at the middle, and how many times it is enlarged. */
export interface MapView {
  x: number;
  y: number;
  zoom: number;
}

/** Half of the map's larger side, in its own units; see `STEPS` in the route. */
export const EXTENT = 10_500;
export const WHOLE: MapView = { x: 0, y: 0, zoom: 1 };
const MOST_ZOOM = 400;

export interface Size {
  width: number;
  height: number;
}

/** Pixels a unit of the map. */
export function scaleOf({ zoom }: MapView, { width, height }: Size): number {
  return (zoom * Math.min(width, height)) / (2 * EXTENT);
}

export function toScreen(view: MapView, size: Size, x: number, y: number): [number, number] {
  const scale = scaleOf(view, size);
  return [size.width / 2 + (x - view.x) * scale, size.height / 2 - (y - view.y) * scale];
}

export function toMap(view: MapView, size: Size, screenX: number, screenY: number): [number, number] {
  const scale = scaleOf(view, size);
  return [view.x + (screenX - size.width / 2) / scale, view.y - (screenY - size.height / 2) / scale];
}

/** @param dx in pixels, to the right. */
export function panned(view: MapView, size: Size, dx: number, dy: number): MapView {
  const scale = scaleOf(view, size);
  return within({ ...view, x: view.x - dx / scale, y: view.y + dy / scale });
}

/** What lies under the pointer stays there. */
export function zoomed(view: MapView, size: Size, factor: number, screenX: number, screenY: number): MapView {
  const [x, y] = toMap(view, size, screenX, screenY);
  const zoom = Math.min(MOST_ZOOM, Math.max(0.8, view.zoom * factor));
  const kept = view.zoom / zoom;
  return within({ x: x + (view.x - x) * kept, y: y + (view.y - y) * kept, zoom });
}

function within(view: MapView): MapView {
  const clamp = (n: number) => Math.min(EXTENT, Math.max(-EXTENT, n));
  return { ...view, x: clamp(view.x), y: clamp(view.y) };
}
