// Makes the elements of lines. What a build has printed gets into them as text only.
import { classesOf } from './ansi.js';

/** The element of a line. `needle`: what is searched for, in lower case. */
export function lineElement({ number, spans, needle = '', isTarget = false }) {
  const row = element('div', `row${isTarget ? ' target' : ''}`);
  const link = element('a', 'number');
  if (number > 0) {
    row.id = `L${number}`;
    link.href = `#L${number}`;
    link.textContent = String(number);
    link.setAttribute('aria-label', `line ${number}`);
  }
  const code = element('code');
  for (const { text, classes, isFound } of marked(spans, needle)) {
    const piece = element(isFound ? 'mark' : 'span', classes);
    piece.textContent = text;
    code.append(piece);
  }
  row.append(link, code);
  return row;
}

/** Pieces of a line, cut also where a text begins and ends that is searched for. Pure. */
export function marked(spans, needle) {
  const whole = spans.map(({ text }) => text).join('');
  const lower = whole.toLowerCase();
  // Few letters have more than one in the other case; then the places do not fit.
  const places = needle === '' || lower.length !== whole.length ? [] : placesOf(lower, needle);
  const pieces = [];
  let from = 0;
  for (const { text, style } of spans) {
    const to = from + text.length;
    const cuts = places.flatMap((at) => [at, at + needle.length]).filter((at) => at > from && at < to);
    for (const [index, start] of [from, ...cuts].entries()) {
      const end = cuts[index] ?? to;
      const isFound = places.some((at) => at <= start && start < at + needle.length);
      pieces.push({ text: whole.slice(start, end), classes: classesOf(style), isFound });
    }
    from = to;
  }
  return pieces;
}

function placesOf(text, needle) {
  const places = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length))
    places.push(at);
  return places;
}

function element(name, classes = '') {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  return made;
}
