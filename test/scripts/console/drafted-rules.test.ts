import { describe, expect, it } from 'vitest';
import { draftsMountedAt } from '../../../scripts/console/drafted-rules.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { publishTestRules } from '../../support/published-rules.ts';

const SIGNED = { author: 'Ana', note: 'test' };
const LIVE = {
  timeZone: 'Asia/Tokyo',
  placements: { cart: { count: 2, rules: ['first'] }, home: { filter: 'brand:Acme' } },
  rules: [
    { id: 'first', type: 'pin', product: 'P1', position: 1, ...SIGNED },
    { id: 'second', type: 'pin', product: 'P2', position: 2, ...SIGNED },
  ],
};

/** The rules that are in force under a draft, over the published ones. */
async function rulesUnder(draft: unknown) {
  const api = await ApiFixture.published();
  await publishTestRules(api.store, 'v1', LIVE);
  const mount = draftsMountedAt(api.services);
  const text = Buffer.from(JSON.stringify(draft)).toString('base64url');
  const { services } = mount(`/console/drafts/${text}/v1/rules`)!;
  const { file } = (await services.rules.current(await services.models.current(), undefined))!;
  return file;
}

describe('a draft over published rules', () => {
  it('GIVEN a rule with the id of a live one THEN it stands in its place, as when it is published', async () => {
    const { rules } = await rulesUnder({ id: 'first', type: 'pin', product: 'P3', position: 1 });
    expect(rules.map((rule) => [rule.id, rule.type === 'pin' && rule.product])).toEqual([
      ['first', 'P3'],
      ['second', 'P2'],
    ]);
  });

  it('GIVEN a rule of another id THEN it comes after the live ones, on their clock', async () => {
    const { rules, timeZone } = await rulesUnder([{ type: 'exclude', products: ['P4'] }]);
    expect([rules.map(({ id }) => id), timeZone]).toEqual([['first', 'second', 'draft-1'], 'Asia/Tokyo']);
  });

  it('GIVEN a rule for a live placement THEN it is taken; for another one it is refused with their names', async () => {
    const rule = { type: 'exclude', products: ['P4'] };
    expect((await rulesUnder({ ...rule, placements: ['cart'] })).rules).toHaveLength(3);
    await expect(rulesUnder({ ...rule, placements: ['kart'] })).rejects.toThrow(
      'There is no placement "kart"; allowed is cart, home. Did you mean "cart"?',
    );
  });

  it('GIVEN a name that stands twice THEN it is refused', async () => {
    const api = await ApiFixture.published();
    const text = '{"type": "exclude", "products": ["P1"], "products": ["P2"]}';
    const { services } = draftsMountedAt(api.services)(
      `/console/drafts/${Buffer.from(text).toString('base64url')}/v1/rules`,
    )!;
    await expect(services.rules.current(await services.models.current(), undefined)).rejects.toThrow(
      '"products" twice',
    );
  });
});
