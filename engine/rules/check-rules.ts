import { fieldsOf } from '../catalogue/filter.ts';
import { nearestName } from '../nearest-name.ts';
import { checkPins } from './check-pins.ts';
import { checkSelection } from './check-selection.ts';
import { checkShelves } from './check-shelves.ts';
import { concerns } from './compiled-rule.ts';
import type { Finding } from './finding.ts';
import type { ProductWorld } from './product-world.ts';
import { RulesEngine } from './rules-engine.ts';
import { type Rule, type RulesFile, validityOf } from './rules-file.ts';

/**
 * What a file's author should know, beside what its schema refuses.
 *
 * @param world the live model's products and the catalogue; undefined when nothing is live: then only names and times are
 * looked at.
 */
export function checkRules(file: RulesFile, world: ProductWorld | undefined, nowMs: number): Finding[] {
  const findings = [...checkNames(file), ...file.rules.flatMap((rule) => checkRule(file, rule, nowMs))];
  if (world === undefined) return findings;
  const engine = new RulesEngine(file, world);
  for (const { rule, placement, reason } of engine.faults) {
    const where = rule === undefined ? `placement ${quote(placement!)}` : `rule ${quote(rule)}`;
    findings.push({ level: 'error', where, message: reason });
  }
  const sound = new Set(engine.faults.map(({ rule }) => rule));
  for (const rule of file.rules) {
    const warn = (message: string) => findings.push({ level: 'warning', where: `rule ${quote(rule.id)}`, message });
    if (sound.has(rule.id)) continue;
    if ('products' in rule) checkSelection(rule.products, world, 'it selects no product').forEach(warn);
    if (rule.when !== undefined) checkSelection(rule.when, world, '"when" is true of no product').forEach(warn);
  }
  for (const [name, { filter, relax = [] }] of Object.entries(file.placements)) {
    const fields = filter === undefined ? new Set<string>() : fieldsOf(filter);
    for (const field of relax.filter((relaxed) => relaxed !== 'availability' && !fields.has(relaxed))) {
      const message = `It relaxes ${quote(field)}, of which its filter says nothing.`;
      findings.push({ level: 'warning', where: `placement ${quote(name)}`, message });
    }
    if (filter === undefined || engine.faults.some(({ placement }) => placement === name)) continue;
    for (const message of checkSelection({ filter }, world, 'no product passes its filter')) {
      findings.push({ level: 'warning', where: `placement ${quote(name)}`, message });
    }
  }
  findings.push(...checkPins(file, world, nowMs), ...checkShelves(file, engine, world, nowMs));
  return findings;
}

/** Each placement and rule names others that are there. */
function checkNames({ placements, rules }: RulesFile): Finding[] {
  const findings: Finding[] = [];
  const expectKnown = (where: string, kind: string, name: string, known: readonly string[]) => {
    if (known.includes(name)) return;
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? '' : ` Did you mean ${quote(nearest)}?`;
    const allowed = known.length === 0 ? 'none: the file has no such' : known.join(', ');
    findings.push({
      level: 'error',
      where,
      message: `There is no ${kind} ${quote(name)}; allowed is ${allowed}.${hint}`,
    });
  };
  for (const { id, placements: wanted = [] } of rules) {
    for (const name of wanted) expectKnown(`rule ${quote(id)}`, 'placement', name, Object.keys(placements));
  }
  const ids = rules.map(({ id }) => id);
  for (const [name, { rules: wanted = [] }] of Object.entries(placements)) {
    for (const id of wanted) expectKnown(`placement ${quote(name)}`, 'rule', id, ids);
  }
  return findings;
}

function checkRule(file: RulesFile, rule: Rule, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  const add = (level: Finding['level'], message: string) =>
    findings.push({ level, where: `rule ${quote(rule.id)}`, message });
  const { fromMs, untilMs } = validityOf(rule, file.timeZone);
  if (fromMs >= untilMs) add('error', `It ends (until ${rule.until}) before it begins (from ${rule.from}).`);
  else if (untilMs <= nowMs) add('warning', `It has expired (until ${rule.until}): take it out, or set another date.`);
  const isNamed = rule.placements?.every((name) => Object.hasOwn(file.placements, name));
  if (isNamed && !rule.placements!.some((name) => concerns(rule, name, file))) {
    add('warning', 'It applies nowhere: no placement that it names lists it.');
  }
  if (('factor' in rule && rule.factor === 1) || ('add' in rule && rule.add === 0)) {
    add('warning', 'It changes nothing: a factor of 1, or an addition of 0.');
  }
  if (rule.type === 'diversify' && rule.most >= rule.first) {
    add('warning', `It changes nothing: at most ${rule.most} of one ${rule.field} among the first ${rule.first}.`);
  }
  return findings;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
