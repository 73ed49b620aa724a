import type { Model } from '../../api/client.ts';
import { formatAmount, formatCount } from '../../format.ts';
import { manifestOf, reportOf } from '../../parts/documents.ts';
import { Panel } from '../../parts/page.tsx';

interface Point {
  name: string;
  isMet: boolean;
  text: string;
}

/** What the shop could still give, and what it would bring. */
export function Readiness({ model }: { model: Model }) {
  return (
    <Panel title="Readiness" note="What is there, and what would make it better.">
      <ul class="checks">
        {pointsOf(model).map(({ name, isMet, text }) => (
          <li key={name}>
            <span class={`mark ${isMet ? 'good' : 'warn'}`} aria-hidden="true">
              {isMet ? '✓' : '!'}
            </span>
            <span>
              <strong>{name}</strong>
              <span class="visually-hidden">{isMet ? ' is there: ' : ' is missing: '}</span> {text}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const FRESH_DAYS = 14;

function pointsOf({ manifest, report, catalogue, modelAgeSeconds, productCount, embeddedCount }: Model): Point[] {
  const { lineage, counts } = manifestOf(manifest) ?? {};
  const evaluation = reportOf(report)?.evaluation;
  const isMeasured = evaluation?.backtest != null;
  const ageDays = (modelAgeSeconds ?? 0) / 86_400;
  const unseen = productCount - embeddedCount;
  return [
    {
      name: 'Measured',
      isMet: isMeasured,
      text: isMeasured
        ? 'There are enough sessions to measure it on some that it has not seen.'
        : (evaluation?.notMeasured ?? 'It was not measured, so nothing says that it is better than popularity.'),
    },
    {
      name: 'Times',
      isMet: lineage?.period != null,
      text:
        lineage?.period != null
          ? `Sessions have times${isMeasured && evaluation.backtest?.folds === undefined ? ': the newest were held out' : ''}.`
          : 'The clickstream has no times, so what is new and what is old cannot be told apart.',
    },
    {
      name: 'Fresh',
      isMet: ageDays <= FRESH_DAYS,
      text:
        ageDays <= FRESH_DAYS
          ? 'It went live in the last two weeks.'
          : `It is ${Math.round(ageDays)} days old: train on newer clicks.`,
    },
    {
      name: 'Vectors',
      isMet: unseen === 0,
      text:
        unseen === 0
          ? 'Every product has a vector.'
          : `${formatAmount(unseen, 'product was', 'products were')} viewed too seldom to have a vector; other strategies still know ${unseen === 1 ? 'it' : 'them'}.`,
    },
    {
      name: 'Catalogue',
      isMet: catalogue !== null,
      text:
        catalogue === null
          ? 'No feed is loaded: recommendations have ids alone and cannot be filtered (npm run catalogue -- products.csv).'
          : `A feed of ${formatAmount(catalogue.productCount, 'product')} is loaded; it lists ${formatCount(catalogue.listedProductCount)} of the model's ${formatCount(catalogue.modelProductCount)}.`,
    },
    purchasePoint(counts),
    {
      name: 'Clean rows',
      isMet: (counts?.['rejectedRows'] ?? 0) === 0,
      text:
        (counts?.['rejectedRows'] ?? 0) === 0
          ? 'No row was rejected.'
          : `${formatAmount(counts!['rejectedRows'], 'row was', 'rows were')} rejected: the run keeps each with its reason.`,
    },
  ];
}

/** Views alone say what is looked at; events with weights also say what is wanted. */
function purchasePoint(counts: Readonly<Record<string, number>> = {}): Point {
  const purchases = counts['purchases'] ?? 0;
  const found =
    (counts['carts'] ?? 0) > 0 ? 'There are views and carts, but no purchases' : 'The clicks are views alone';
  return {
    name: 'Purchases',
    isMet: purchases > 0,
    text:
      purchases > 0
        ? `${formatAmount(purchases, 'purchase is', 'purchases are')} among the events.`
        : `${found}: with purchases it can learn what is bought (--events view=1,purchase=5).`,
  };
}
