import { type MapView, type Size, scaleOf } from './map-view.ts';

const VERTEX = `#version 300 es
in vec2 place;
in vec4 colour;
in float size;
uniform vec2 middle;
uniform vec2 scale;
uniform float enlarged;
out vec4 paint;
void main() {
  gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = size * enlarged;
  paint = colour;
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 paint;
out vec4 result;
void main() {
  float distance = length(gl_PointCoord - 0.5);
  float cover = 1.0 - smoothstep(0.42, 0.5, distance);
  if (cover <= 0.0) discard;
  result = vec4(paint.rgb * paint.a * cover, paint.a * cover);
}`;

export interface PaintedPoints {
  /** (n) in the map's units */
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** (4n) red, green, blue, opacity, each 0…255 */
  colours: Uint8Array;
  /** (n) diameter in CSS pixels when all of the map is seen */
  sizes: Float32Array;
}

/**
 * Draws many points with one call of WebGL 2. The buffers are filled when points or colours change; to pan and zoom only
 * moves two uniforms. Written here since regl, on which the libraries for this stand, compiles its own code from text,
 * which a strict Content Security Policy forbids.
 */
export class PointRenderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #buffers = new Map<string, WebGLBuffer>();
  #count = 0;

  /** @returns undefined where there is no WebGL 2. */
  static on(canvas: HTMLCanvasElement): PointRenderer | undefined {
    const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
    return gl === null ? undefined : new PointRenderer(gl);
  }

  private constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = link(gl);
    gl.useProgram(this.#program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  load({ x, y, colours, sizes }: PaintedPoints): void {
    const gl = this.#gl;
    const places = new Float32Array(2 * x.length);
    for (let i = 0; i < x.length; i++) {
      places[2 * i] = x[i];
      places[2 * i + 1] = y[i];
    }
    this.#count = x.length;
    this.#attribute('place', places, 2, gl.FLOAT);
    this.#attribute('colour', colours, 4, gl.UNSIGNED_BYTE);
    this.#attribute('size', sizes, 1, gl.FLOAT);
  }

  /** @param pixelRatio of the screen. @param count of points, from the first. */
  draw(view: MapView, size: Size, pixelRatio: number, count: number): void {
    const gl = this.#gl;
    const canvas = gl.canvas as HTMLCanvasElement;
    const [width, height] = [Math.round(size.width * pixelRatio), Math.round(size.height * pixelRatio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const scale = scaleOf(view, size);
    gl.uniform2f(this.#uniform('middle'), view.x, view.y);
    gl.uniform2f(this.#uniform('scale'), (2 * scale) / size.width, (2 * scale) / size.height);
    gl.uniform1f(this.#uniform('enlarged'), pixelRatio * Math.min(4, view.zoom ** 0.35));
    gl.drawArrays(gl.POINTS, 0, Math.min(count, this.#count));
  }

  #uniform(name: string): WebGLUniformLocation | null {
    return this.#gl.getUniformLocation(this.#program, name);
  }

  #attribute(name: string, values: Float32Array | Uint8Array, components: number, type: number): void {
    const gl = this.#gl;
    const buffer = this.#buffers.get(name) ?? gl.createBuffer();
    this.#buffers.set(name, buffer);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    const location = gl.getAttribLocation(this.#program, name);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, components, type, type === gl.UNSIGNED_BYTE, 0, 0);
  }
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The map cannot be drawn here: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
