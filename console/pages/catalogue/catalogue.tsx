import type { Catalogue as LiveCatalogue } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { formatAge, formatCount, formatShare } from '../../format.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Await, Empty } from '../../parts/states.tsx';
import { readCatalogue } from '../../state.ts';
import { RulesPanel } from './rules-panel.tsx';

/** What the shop's feed says of its products, and how much of the model it covers. */
export function Catalogue() {
  const live = useResource((signal) => readCatalogue(signal), []);
  return (
    <Page title="Catalogue and rules" lead="What the shop's feed says of its products, and what merchandisers ask for.">
      <Await resource={live} minHeight={500}>
        {(catalogue) =>
          catalogue === null ? (
            <Empty title="No catalogue is loaded.">
              <p>
                The model works without one. With one, products have titles, prices and pictures, and recommendations
                can be filtered: <code>npm run catalogue -- products.csv</code>
              </p>
            </Empty>
          ) : (
            <>
              <Coverage catalogue={catalogue} />
              <Fields catalogue={catalogue} />
            </>
          )
        }
      </Await>
      <RulesPanel />
    </Page>
  );
}

function Coverage({ catalogue }: { catalogue: LiveCatalogue }) {
  const { catalogueVersion, catalogueAgeSeconds, productCount, modelProductCount, listedProductCount } = catalogue;
  return (
    <dl class="tiles">
      <Tile
        name="Loaded"
        value={catalogueAgeSeconds === null ? 'at an unknown time' : `${formatAge(catalogueAgeSeconds)} ago`}
        note={catalogueVersion}
      />
      <Tile name="Products in the feed" value={formatCount(productCount)} note="can be shown and filtered" />
      <Tile
        name="Coverage"
        value={formatShare(modelProductCount === 0 ? 0 : listedProductCount / modelProductCount)}
        note={`the feed lists ${formatCount(listedProductCount)} of the model's ${formatCount(modelProductCount)} products`}
      />
      <Tile
        name="Not viewed yet"
        value={formatCount(productCount - listedProductCount)}
        note="products of the feed that the model has not seen"
      />
    </dl>
  );
}

function Tile({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span>{note}</span>
      </dd>
    </div>
  );
}

const KINDS = {
  number: 'a number: compared with bounds',
  facet: 'a facet: compared with values',
  text: 'text: shown only',
} as const;

function Fields({ catalogue: { fields, productCount } }: { catalogue: LiveCatalogue }) {
  return (
    <Panel title="Fields" note="Of each, how many of the feed's products have it, and its most frequent values.">
      <ScrollRegion label="Fields of the catalogue">
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col" class="number">
                Filled
              </th>
              <th scope="col">Values</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  <span class="id">{field.name}</span>
                  <small>{KINDS[field.type]}</small>
                </th>
                <td class="number">{formatShare(productCount === 0 ? 0 : field.products / productCount)}</td>
                <td class="breaks">
                  <FieldValues field={field} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  );
}

function FieldValues({ field }: { field: LiveCatalogue['fields'][number] }) {
  if (field.min !== undefined && field.max !== undefined) return <>{`${field.min} to ${field.max}`}</>;
  if (field.values === undefined) return <span class="muted">–</span>;
  const rest = (field.valueCount ?? 0) - field.values.length;
  return (
    <ul class="facets">
      {field.values.map(({ value, products }) => (
        <li key={value}>
          <bdi>{value}</bdi> <small>{formatCount(products)}</small>
        </li>
      ))}
      {rest > 0 && <li class="muted">and {formatCount(rest)} more</li>}
    </ul>
  );
}
