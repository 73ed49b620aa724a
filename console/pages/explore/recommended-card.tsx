import type { RecommendedProduct } from '../../api/client.ts';
import { formatCount, formatFigure, formatShare } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { counted } from '../../parts/counted.ts';
import { Picture } from '../../parts/picture.tsx';
import { factsOf, formatPrice } from '../../parts/product-facts.ts';
import type { Move } from './strategy-column.tsx';

/** A recommended product: what it is, how sure the strategy is, and why. A click views it. */
export function RecommendedCard({
  item,
  best,
  move,
  onView,
}: {
  item: RecommendedProduct;
  /** The list's highest score: the bar's full length. */
  best: number;
  move: Move;
  onView(productId: string): void;
}) {
  const { productId, rank, score, source, why } = item;
  const { title, price, currency, picture, isInStock } = factsOf(item.fields);
  return (
    <li class="card">
      <button type="button" class="card-main" onClick={() => onView(productId)} title={`View ${productId}`}>
        <span class="rank">{rank}</span>
        <Picture productId={productId} src={picture} />
        <span class="card-text">
          {title === undefined ? (
            <strong class="id">{productId}</strong>
          ) : (
            <>
              <strong class="title">{title}</strong>
              <small>
                <span class="id">{productId}</span>
                {price !== undefined && ` · ${formatPrice(price, currency)}`}
                {!isInStock && ' · out of stock'}
              </small>
            </>
          )}
          <span class="row">
            <ScoreBar share={best > 0 ? Math.max(0, score / best) : 0} />
            <span class="number">{formatFigure(score)}</span>
          </span>
        </span>
        <span class="card-marks">
          {source !== 'model' && <Badge tone="warn">{source}</Badge>}
          {move !== undefined && <MoveMark move={move} />}
        </span>
      </button>
      {why !== undefined && <Why why={why} />}
    </li>
  );
}

function ScoreBar({ share }: { share: number }) {
  return (
    <svg class="score" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="6" rx="3" />
      <rect class="fill" width={100 * Math.min(1, share)} height="6" rx="3" />
    </svg>
  );
}

function MoveMark({ move }: { move: NonNullable<Move> }) {
  if (move.kind === 'new') return <Badge tone="good">new</Badge>;
  const places = Math.abs(move.by);
  return (
    <span class={`move ${move.by > 0 ? 'up' : 'down'}`}>
      <span aria-hidden="true">{`${move.by > 0 ? '▲' : '▼'} ${places}`}</span>
      <span class="visually-hidden">{`${places} ${move.by > 0 ? 'up' : 'down'}`}</span>
    </span>
  );
}

function Why({ why }: { why: NonNullable<RecommendedProduct['why']> }) {
  const { evidence, with: pair, likeIn = [], rules = [] } = why;
  return (
    <div class="why">
      {evidence.length > 0 && (
        <p>
          {evidence
            .slice(0, 3)
            .map(({ from, share }) => `${from} ${formatShare(share)}`)
            .join(' · ')}
        </p>
      )}
      {likeIn.length > 0 && <p>alike in {likeIn.join(', ')}</p>}
      {rules.length > 0 && <p>by the rules {rules.map(({ rule, type }) => `${rule} (${type})`).join(', ')}</p>}
      {pair !== null && (
        <p class="muted">
          With <span class="id">{pair.productId}</span>: {counted(pair.sessionsTogether, 'session')},{' '}
          {formatCount(pair.viewsRightAfter)} right after{clusterText(pair.sameCluster)}
        </p>
      )}
    </div>
  );
}

function clusterText(sameCluster: boolean | null): string {
  if (sameCluster === null) return '';
  return sameCluster ? ', same cluster' : ', another cluster';
}
