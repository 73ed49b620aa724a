import { Graphviz } from '@hpcc-js/wasm-graphviz';
import type { Template } from '../lib/template.ts';
import { TRAINING_RUN } from './architecture-edges.ts';
import { type ArchitectureGraph, architectureGraph, type Box, type BoxKind } from './architecture-graph.ts';

/** Fill and outline. */
const COLOURS: Record<BoxKind, [string, string]> = {
  api: ['#f3e8ff', '#7e22ce'],
  compute: ['#ffedd5', '#c2410c'],
  messages: ['#fce7f3', '#be185d'],
  outside: ['#ffffff', '#475569'],
  storage: ['#dcfce7', '#15803d'],
  watch: ['#e0f2fe', '#0369a1'],
};
/** Graphviz knows how wide its letters are; a machine without it has another sans serif. */
const FONT = 'Arial';
const GREY = '#475569';

/** The picture of what is deployed. Graphviz lays it out. */
export async function architectureSvg(template: Template): Promise<string> {
  const svg = (await Graphviz.load()).dot(toDot(architectureGraph(template)), 'svg');
  return `${svg.slice(svg.indexOf('<svg')).trimEnd()}\n`.replaceAll(`"${FONT}"`, `"${FONT},Helvetica,sans-serif"`);
}

/** The graph in Graphviz's language, https://graphviz.org/doc/info/lang.html. */
function toDot({ stages, boxes, edges }: ArchitectureGraph): string {
  /** A stage is a cell of the run's table: what it reads comes from above, what it writes goes down. */
  const end = (id: string, side: 'n' | 's') =>
    stages.some((stage) => stage.id === id) ? `${quote(TRAINING_RUN)}:${quote(id)}:${side}` : quote(id);
  return [
    'digraph {',
    `graph [rankdir=TB bgcolor=white pad=0.2 nodesep=0.3 ranksep=0.35 fontname=${FONT}]`,
    `node [shape=box style="rounded,filled" margin="0.16,0.07" height=0.45 fontsize=12 fontname=${FONT}]`,
    `edge [color="${GREY}" arrowsize=0.7]`,
    ...boxes.map((box) => `${quote(box.id)} [label=<${textOf(box)}> ${coloursOf(box, 'fillcolor')}]`),
    runOf(stages),
    ...edges.map(({ from, to }) => `${end(from, 's')} -> ${end(to, 'n')}`),
    '}',
  ].join('\n');
}

/** One node that holds the stages in a row. */
function runOf(stages: readonly Box[]): string {
  const cells = stages.map(
    (box) => `<td port="${box.id}" border="1" style="rounded" ${coloursOf(box, 'bgcolor')}>${textOf(box)}</td>`,
  );
  const arrow = `<td cellpadding="0"><font color="${GREY}">→</font></td>`;
  const title = `<td colspan="${2 * stages.length - 1}"><font color="${GREY}">Step Functions: a training run</font></td>`;
  const table = `<table border="1" cellborder="0" cellspacing="6" cellpadding="6" style="rounded" color="#94a3b8" bgcolor="#f8fafc"><tr>${title}</tr><tr>${cells.join(arrow)}</tr></table>`;
  return `${quote(TRAINING_RUN)} [shape=plain style="" label=<${table}>]`;
}

function textOf({ name, service }: Box): string {
  const title = `<b>${name}</b>`;
  return service === undefined ? title : `${title}<br/><font point-size="10" color="${GREY}">${service}</font>`;
}

function coloursOf({ kind }: Box, fillName: string): string {
  const [fill, outline] = COLOURS[kind];
  return `${fillName}="${fill}" color="${outline}"`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
