import { describe, expect, test } from 'vitest';
import { XmlItems } from '../../../engine/catalogue/xml-items.ts';
import { InputError } from '../../../engine/errors.ts';

/** @param pieceLength the document arrives in pieces of this many characters. */
function itemsOf(xml: string, pieceLength = xml.length) {
  const items = new XmlItems('feed.xml');
  const found = [];
  for (let i = 0; i < xml.length; i += pieceLength) found.push(...items.add(xml.slice(i, i + pieceLength)));
  items.end();
  return found;
}

const RSS = `<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
<title>The shop, which is no product</title>
<item><g:id>A1</g:id><title>Plain</title><g:title>Tom &amp; <![CDATA[<Jerry>]]></g:title>
<g:product_type>Home &gt; Tools</g:product_type><g:product_type>Sale</g:product_type>
<g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping><g:mpn/></item>
<item>
<g:id> B&nbsp;2 </g:id></item><item/>
</channel></rss>`;

test.each([1, 7, 10_000])('RSS 2.0, in pieces of %d characters', (pieceLength) => {
  expect(itemsOf(RSS, pieceLength)).toEqual([
    {
      line: 4,
      values: {
        id: 'A1',
        title: 'Tom & <Jerry>',
        product_type: ['Home > Tools', 'Sale'],
        shipping: { country: 'DE', price: '4.90 EUR' },
        mpn: '',
      },
    },
    { line: 7, values: { id: 'B\u00a02' } },
    { line: 8, values: {} },
  ]);
});

test('Atom, whose link is an attribute', () => {
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="x"><entry><g:id>A</g:id>
    <link rel="self" href="https://x.example/feed"/><link rel="alternate" href="https://x.example/a"/></entry></feed>`;
  expect(itemsOf(atom)).toEqual([{ line: 1, values: { id: 'A', link: 'https://x.example/a' } }]);
});

test('names that JavaScript has a meaning for are names', () => {
  const [{ values }] = itemsOf('<r><item><__proto__>x</__proto__><constructor>y</constructor></item></r>');
  expect(Object.entries(values)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

describe('refused with the line', () => {
  test.each<[string, string, RegExp]>([
    ['cut off', '<rss><channel>\n<item><id>a', /line 2: unclosed tag/],
    ['crossed', '<rss><item><id>a</item></id></rss>', /line 1: unexpected close tag/],
    [
      'an entity of its own',
      '<!DOCTYPE x [<!ENTITY a "b">]>\n<r><item><id>&a;</id></item></r>',
      /line 2: undefined entity/,
    ],
    ['nested too deep', '<a>'.repeat(200), /nested more than 100 deep/],
    ['too much text', `<r><item><id>${'x'.repeat(17 * 1024 * 1024)}</id></item></r>`, /more than 16 MiB/],
  ])('%s', (_what, xml, reason) => {
    expect(() => itemsOf(xml, 65_536)).toThrow(InputError);
    expect(() => itemsOf(xml, 65_536)).toThrow(reason);
  });

  test('a billion laughs', () => {
    const levels = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const bomb = `<!DOCTYPE x [<!ENTITY l0 "lol">${levels}]><r><item><id>&l10;</id></item></r>`;
    expect(() => itemsOf(bomb)).toThrow(/undefined entity/);
  });
});

test('mark-up inside a text is left out, and text between the elements of a product says nothing', () => {
  const xml =
    '<r><item>x<title>Red <b>hot <i>pink</i></b> shirt</title><id>A</id><tax>\n<rate>19</rate>\n</tax></item></r>';
  expect(itemsOf(xml, 5)).toEqual([{ line: 1, values: { title: 'Red hot pink shirt', id: 'A', tax: { rate: '19' } } }]);
});

test('an empty element is an empty value where nothing else has its name', () => {
  const xml = `<r><item><g:sale_price/><title>T</title><g:title> </g:title><g:size/><g:size>M</g:size><g:size/>
    <g:tax><g:rate/></g:tax></item></r>`;
  expect(itemsOf(xml)).toEqual([{ line: 1, values: { sale_price: '', title: 'T', size: 'M', tax: '' } }]);
});

describe('namespaces', () => {
  const ATOM = 'http://www.w3.org/2005/Atom';
  const GOOGLE = 'http://base.google.com/ns/1.0';
  const EXPECTED = { id: 'A1', title: 'goog' };

  test.each<[string, string]>([
    [
      'another prefix',
      `<feed xmlns="${ATOM}" xmlns:c="${GOOGLE}"><entry><id>tag:shop,2020:1</id><c:id>A1</c:id><c:title>goog</c:title><title>plain</title></entry></feed>`,
    ],
    [
      'a prefix for every element, as ElementTree writes',
      `<ns0:feed xmlns:ns0="${ATOM}" xmlns:ns1="${GOOGLE}"><ns0:entry><ns0:id>tag:1</ns0:id><ns1:id>A1</ns1:id><ns0:title>plain</ns0:title><ns1:title>goog</ns1:title></ns0:entry></ns0:feed>`,
    ],
    ['a prefix that is not declared', '<r><item><id>1</id><g:id>A1</g:id><g:title>goog</g:title></item></r>'],
    [
      'a namespace of its own for each element',
      `<r><item><id>1</id><id xmlns="${GOOGLE}">A1</id><x:title xmlns:x="${GOOGLE}/">goog</x:title></item></r>`,
    ],
  ])('Google’s elements are known by %s', (_what, xml) => {
    expect(itemsOf(xml, 9)).toEqual([{ line: 1, values: EXPECTED }]);
  });

  test('what is of another one is no element of the product', () => {
    const xml = `<rss xmlns:media="http://search.yahoo.com/mrss/"><item><g:id>A1</g:id><media:title>m</media:title><title>goog</title>
      <title xmlns="urn:x">x</title><dc:title>d</dc:title></item></rss>`;
    expect(itemsOf(xml)).toEqual([
      { line: 1, values: { ...EXPECTED, 'media:title': 'm', 'urn:x:title': 'x', 'dc:title': 'd' } },
    ]);
  });
});
