/** What keeps a line from being a JSON object, for a message. */
export function faultOfLine(text: string): string {
  if (/^\s*\{\s*'/.test(text)) {
    return 'is not a JSON object: its quotes are single ones, as Python prints a dict; write it with json.dumps';
  }
  const word = /[:,[]\s*(-?(?:NaN|Infinity))\s*[,}\]]/.exec(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))?.[1];
  return word === undefined
    ? 'is not a JSON object'
    : `is not a JSON object: ${word} is no value of JSON; write null in its place`;
}
