// The ways in which a secret may be written: as it is, and as programs encode it. Pure.

/** Shorter values are not hidden: they would match all over the log. */
export const SHORTEST = 4;
/** A longer line is hidden in pieces, so that no user's secrets make the search slow. In characters. */
const PIECE = 200;
/** The forms of some secrets, by what programs put between their letters when they print them in lines or columns. */
export interface SecretForms {
  /** Never broken: as it is, in addresses, in JSON. */
  plain: Buffer[];
  /** Broken into lines. */
  base64: Buffer[];
  /** Broken into lines, and into bytes with something between them. */
  hex: Buffer[];
}

/** Every form of these secrets, each once. */
export function formsOf(secrets: readonly string[]): SecretForms {
  const pieces = secrets.flatMap(piecesOf);
  const bytes = pieces.map((piece) => Buffer.from(piece));
  return {
    plain: unique(
      pieces.flatMap((piece) => [piece, ...inAddresses(piece), ...inJson(piece), ...inHtml(piece)]),
    ),
    base64: unique(bytes.flatMap(inBase64)),
    hex: unique(bytes.flatMap((one) => [one.toString('hex'), one.toString('hex').toUpperCase()])),
  };
}

function piecesOf(secret: string): string[] {
  const letters = [...secret];
  const pieces: string[] = [];
  while (letters.length > 0) {
    // What is left must not be too short to be hidden.
    const isLast = letters.length < PIECE + SHORTEST;
    pieces.push(letters.splice(0, isLast ? letters.length : PIECE).join(''));
  }
  return pieces;
}

/** As encodeURI(), encodeURIComponent(), forms, Python and RFC 3986 write it, with escapes in both cases. */
function inAddresses(text: string): string[] {
  const strict = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const component = encodeURIComponent(text);
  const forms = [
    encodeURI(text),
    component,
    strict,
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%2A', '*'),
  ];
  const all = [...forms, ...forms.map((form) => form.replaceAll('%20', '+'))];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (spelled) => spelled.toLowerCase()))];
}

/** As JavaScript, Python and PHP write it; and such JSON as a string in JSON. */
function inJson(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const once = [plain, plain.replaceAll('/', '\\/')];
  const ascii = once.map((form) =>
    form.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  const all = [...once, ...ascii];
  return [...all, ...all.map((form) => JSON.stringify(form).slice(1, -1))];
}

/** As templates escape it in pages: quotes in the ways of React, of PHP and Lodash, of XML, or not at all. */
function inHtml(text: string): string[] {
  if (!/[&<>"']/.test(text)) return [];
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = plain.replaceAll('"', '&quot;');
  return [
    plain,
    quoted,
    ...['&#x27;', '&#39;', '&#039;', '&apos;'].map((sign) => quoted.replaceAll("'", sign)),
  ];
}

/**
 * Alone, and inside a longer text, where it begins at one of three places in a group of 3 bytes. There the signs at its edges
 * depend on its neighbours, so they are left out.
 */
function inBase64(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice([0, 2, 3][before], Math.floor(((bytes.length + before) * 4) / 3));
  });
  return [whole, ...inside].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function unique(forms: string[]): Buffer[] {
  return [...new Set(forms)].map((form) => Buffer.from(form));
}
