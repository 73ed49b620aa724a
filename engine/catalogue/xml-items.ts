import { SaxesParser, type SaxesTagNS } from 'saxes';
import { InputError } from '../errors.ts';

export interface XmlItem {
  /** Where it begins, from 1. */
  line: number;
  /** Element → its text (of another namespace than the product's: `prefix:name`), several of one name as a list; nested elements as an object of the same form. */
  values: Record<string, XmlValue>;
}
type XmlValue = string | XmlValue[] | { [name: string]: XmlValue };

/** RSS 2.0, Atom, and what shops write by hand; the first that is met is taken. */
const ITEM_NAMES = new Set(['item', 'entry', 'product']);
/** Of Merchant Center's elements, whatever their prefix; `g:` is theirs however a document declares it, or forgets to. */
const GOOGLE = /^https?:\/\/base\.google\.com\/ns\/1\.0\/?$/i;
const GOOGLE_PREFIX = 'g';
/** Of one text, as for lines of other formats. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_DEPTH = 100;
/** XML itself knows five; exporters write these as well. */
const ENTITIES: Record<string, string> = {
  ...{ nbsp: '\u00a0', euro: '€', pound: '£', copy: '©', reg: '®', trade: '™', deg: '°', times: '×' },
  ...{ ndash: '–', mdash: '—', hellip: '…', bull: '•', laquo: '«', raquo: '»' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß' },
  ...{ agrave: 'à', eacute: 'é', egrave: 'è', ecirc: 'ê', ccedil: 'ç', ntilde: 'ñ', oacute: 'ó', aacute: 'á' },
};

interface OpenElement {
  name: string;
  isGoogle: boolean;
  /** Its own, and that of the elements in it. */
  text: string;
  /** Then elements in it are mark-up: "Red <b>hot</b> shirt". */
  hasOwnText: boolean;
  href: string | undefined;
  children: Map<string, { value: XmlValue; isGoogle: boolean }> | undefined;
}

/**
 * Takes the products out of a feed that arrives piece by piece. Entities that a document declares are not expanded: one
 * that is not well known is an error, so that a few bytes never become gigabytes.
 */
export class XmlItems {
  /** Prefixes that a document forgot to declare name themselves. */
  readonly #parser = new SaxesParser({ xmlns: true, resolvePrefix: (prefix: string) => prefix });
  readonly #fileName: string;
  readonly #open: OpenElement[] = [];
  #items: XmlItem[] = [];
  #itemName: string | undefined;
  #itemNamespace = '';
  #depth = 0;
  #itemLine = 0;
  #characters = 0;

  /** @param fileName for messages. */
  constructor(fileName: string) {
    this.#fileName = fileName;
    Object.assign(this.#parser.ENTITIES, ENTITIES);
    this.#parser.on('error', (error) => {
      throw this.#fault(error.message.replace(/^\d+:\d+: /, ''));
    });
    this.#parser.on('opentag', (tag) => this.#openTag(tag));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('closetag', () => this.#closeTag());
  }

  /** @returns the items that are complete by now. @throws InputError that names the line when it is not well-formed. */
  add(text: string): XmlItem[] {
    this.#parser.write(text);
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** @throws InputError when the document is cut off. */
  end(): void {
    this.#parser.close();
  }

  #openTag({ prefix, local, uri, attributes }: SaxesTagNS): void {
    if (++this.#depth > MOST_DEPTH) throw this.#fault(`its elements are nested more than ${MOST_DEPTH} deep`);
    if (this.#open.length === 0) {
      if (this.#itemName === undefined ? !ITEM_NAMES.has(local) : local !== this.#itemName) return;
      this.#itemName = local;
      this.#itemNamespace = uri;
      this.#itemLine = this.#parser.line;
      this.#characters = 0;
    }
    // An Atom feed may link the product in several ways; the page is the alternate.
    const isPage = attributes['rel'] === undefined || attributes['rel'].value === 'alternate';
    const isGoogle = prefix === GOOGLE_PREFIX || GOOGLE.test(uri);
    // Such as <media:title>, which is not the product's.
    const isForeign = !isGoogle && uri !== '' && uri !== this.#itemNamespace;
    this.#open.push({
      name: isForeign ? `${prefix || uri}:${local}` : local,
      isGoogle,
      text: '',
      hasOwnText: false,
      href: isPage ? attributes['href']?.value : undefined,
      children: undefined,
    });
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    this.#characters += text.length;
    if (this.#characters > MOST_CHARACTERS) throw this.#fault('a product has more than 16 MiB of text');
    element.text += text;
    if (text.trim() !== '') element.hasOwnText = true;
  }

  #closeTag(): void {
    this.#depth--;
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#items.push({ line: this.#itemLine, values: valuesOf(element.children) });
    } else {
      parent.text += element.text;
      const value = elementValue(element);
      // Of a product, an empty element says that it has no such value any more.
      if (value !== '' || this.#open.length === 1) addChild(parent, element, value);
    }
  }

  #fault(what: string): InputError {
    return new InputError(
      `${this.#fileName} cannot be read as XML (line ${this.#parser.line}: ${what}). Export the feed again, or check it with xmllint.`,
    );
  }
}

function valuesOf(children: OpenElement['children']): Record<string, XmlValue> {
  return Object.fromEntries([...(children ?? [])].map(([name, { value }]) => [name, value]));
}

function elementValue({ text, hasOwnText, href, children }: OpenElement): XmlValue {
  if (children !== undefined && !hasOwnText) return valuesOf(children);
  const trimmed = text.trim();
  return trimmed === '' ? (href ?? '') : trimmed;
}

/** Google's own element stands for the plain one of the same name, which RSS and Atom ask for beside it. */
function addChild(parent: OpenElement, { name, isGoogle }: OpenElement, value: XmlValue): void {
  parent.children ??= new Map();
  const before = parent.children.get(name);
  if (before !== undefined && value === '') return;
  if (before === undefined || before.value === '' || (isGoogle && !before.isGoogle))
    parent.children.set(name, { value, isGoogle });
  else if (isGoogle === before.isGoogle) before.value = [before.value, value].flat();
}
