/** The session so far, oldest first; each view can be taken back. */
export function ViewedList({
  viewed,
  onChange,
}: {
  viewed: readonly string[];
  onChange(viewed: readonly string[]): void;
}) {
  if (viewed.length === 0) return null;
  return (
    <div class="viewed">
      <span class="label" id="viewed-label">
        Viewed, oldest first
      </span>
      <ol aria-labelledby="viewed-label">
        {viewed.map((productId, i) => (
          <li key={`${i} ${productId}`}>
            <span class="id">{productId}</span>
            <button
              type="button"
              class="quiet"
              aria-label={`Take ${productId} back`}
              onClick={() => onChange(viewed.filter((_, other) => other !== i))}
            >
              ×
            </button>
          </li>
        ))}
      </ol>
      <button type="button" class="quiet" onClick={() => onChange([])}>
        Start over
      </button>
    </div>
  );
}
