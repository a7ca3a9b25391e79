// Makes text of strangers safe to show in one line, or as JSON: no control character reaches a terminal as it is. Pure.

/** Controls of 7 and 8 bits, line and paragraph separators, and those that turn the direction of writing around. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu;

/** A text of one line, with its controls spelled out: `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(CONTROLS, (letter) => {
    const hex = letter.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** A value as JSON, of which a terminal sees no control character. A program reads the same value. */
export function printableJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}

/** The same for JSON without line ends that somebody else has written. */
export function escapedJson(json: string): string {
  return json.replace(CONTROLS, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
