/** Numbers as they stand in a verdict. */
export const count = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
export const percent = (share: number) => `${share < 0 ? '−' : ''}${Math.abs(100 * share).toFixed(1)} %`;
export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
