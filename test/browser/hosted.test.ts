import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { serveShop } from './support/serve-shop.ts';
import { startCloudFront } from './support/stand-in-cloudfront.ts';
import { type StandInIssuer, startIssuer } from './support/stand-in-issuer.ts';

/** A hosted console, `console=hosted`: nobody sees a figure who has not signed in. */
let browser: Browser;
let server: Awaited<ReturnType<typeof serveShop>>;
let issuer: StandInIssuer;
let hosted: Awaited<ReturnType<typeof startCloudFront>>;
beforeAll(async () => {
  server = await serveShop(inject('workspace'));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  issuer = await startIssuer();
  hosted = await startCloudFront(issuer, server.url);
});
afterEach(async () => {
  await hosted.close();
  await issuer.close();
});

async function open(path: string, expectsFailures = false): Promise<WatchedPage> {
  const page = await openPage(browser, hosted.url, {}, { expectsFailures });
  await page.goto(path);
  return page;
}

/** What was asked elsewhere than of the page's own origin and of the issuer. */
const faultsOf = ({ faults }: WatchedPage) =>
  faults.filter((fault) => !fault.startsWith(`request elsewhere: ${issuer.url}`));

test('whoever signs in comes back to the page that they wanted, with the figures of the API', async () => {
  const page = await open('/explore?viewed=A5');
  await expect.poll(() => page.url()).toBe(`${hosted.url}/explore?viewed=A5`);
  const { items } = (await (
    await fetch(`${server.url}/v1/products/A5/recommendations?count=5&strategy=blend`)
  ).json()) as {
    items: { productId: string }[];
  };
  const blend = page.getByRole('region', { name: 'blend' });
  await expect
    .poll(() => blend.locator('.card-main .id').allInnerTexts())
    .toEqual(items.map(({ productId }) => productId));
  expect(await page.getByText('stage test').count()).toBe(1);
  expect(issuer.asked.map(({ path }) => path)).toEqual(['/authorize', '/token']);
  const [{ parameters: begun }, { parameters: ended }] = issuer.asked;
  expect(begun).toMatchObject({
    response_type: 'code',
    client_id: 'alike-console',
    redirect_uri: `${hosted.url}/`,
    code_challenge_method: 'S256',
    scope: 'openid',
  });
  // A public client: the page has no secret.
  expect(Object.keys(ended)).not.toContain('client_secret');
  expect(hosted.refused).toBe(0);
  expect(faultsOf(page)).toEqual([]);
  await page.context().close();
});

test('a second page of the same tab needs no second sign-in, and nothing of it may promote', async () => {
  const page = await open('/');
  await expect.poll(() => page.getByRole('link', { name: 'Runs', exact: true }).count()).toBe(1);
  await page.goto('/runs');
  await expect.poll(() => page.getByText('This console may only look').count()).toBe(1);
  expect(await page.getByRole('button', { name: /promote|roll back/i }).count()).toBe(0);
  expect(issuer.asked.filter(({ path }) => path === '/authorize')).toHaveLength(1);
  expect(faultsOf(page)).toEqual([]);
  await page.context().close();
});

test('the map has the neighbours that are served, and calls their figures scores', async () => {
  const page = await open('/map?product=A5');
  await expect.poll(() => page.getByRole('columnheader', { name: 'Score' }).count()).toBe(1);
  expect(await page.getByText('As served:').count()).toBe(1);
  expect(faultsOf(page)).toEqual([]);
  await page.context().close();
});

test('a token that has expired is renewed, and the page stays where it is', async () => {
  issuer.tokenSeconds = 1;
  const page = await open('/clusters');
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Clusters');
  issuer.tokenSeconds = 3600;
  await page.goto('/data');
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Data');
  expect(issuer.asked.filter(({ path }) => path === '/token')).toHaveLength(2);
  await page.context().close();
});

test('who is turned away is told why, and sees nothing', async () => {
  issuer.answer = 'no';
  const page = await open('/');
  await expect.poll(() => page.getByRole('alert').innerText()).toContain(`${issuer.url} says: The person said no.`);
  expect(await page.getByRole('navigation').count()).toBe(0);
  issuer.answer = 'yes';
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => page.getByRole('navigation').count()).toBe(1);
  await page.context().close();
});

test('an answer that nobody asked for is not taken', async () => {
  const page = await open('/?code=stolen&state=forged');
  await expect.poll(() => page.getByRole('navigation').count()).toBe(1);
  // It signed in anew rather than hand over the code.
  expect(issuer.asked.map(({ parameters }) => parameters['code'])).not.toContain('stolen');
  await page.context().close();
});

test('tokens that the API refuses are told, not asked for again and again', async () => {
  const accepts = issuer.accepts;
  issuer.accepts = () => false;
  const page = await open('/', true);
  await expect.poll(() => page.getByRole('alert').first().innerText()).toContain('401');
  expect(issuer.asked.filter(({ path }) => path === '/authorize')).toHaveLength(1);
  issuer.accepts = accepts;
  await page.context().close();
});

test('an issuer that cannot be reached is named', async () => {
  await issuer.close();
  const page = await open('/', true);
  await expect.poll(() => page.getByRole('alert').innerText()).toContain(`${issuer.url} cannot be reached`);
  issuer = await startIssuer();
  await page.context().close();
});
