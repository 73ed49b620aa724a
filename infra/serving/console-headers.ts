/**
 * With which the console's pages and files are sent, from a laptop as from CloudFront: the console loads nothing from
 * elsewhere, runs no script of a page's text, and stands in nobody's frame.
 *
 * @param connectTo origins that it may talk to besides its own: where people sign in.
 */
export function consoleHeaders(connectTo: readonly string[] = []): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      ["connect-src 'self'", ...connectTo].join(' '),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
