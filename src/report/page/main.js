// The script of a report: shows the log, searches it, and follows links to its lines. All else of the page needs none.
import { nextTurn, Searcher } from './search.js';
import { StepView } from './step-view.js';

const shown = { needle: '', target: 0 };
const steps = [...document.querySelectorAll('details.step')].map((details) => new StepView(details, shown));
const form = document.querySelector('form.search');
const field = form.querySelector('input');
const count = form.querySelector('output');
const searcher = new Searcher(steps);
let found;
let place = -1;

followLink();
addEventListener('hashchange', followLink);
field.addEventListener('input', search);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  step(event.submitter?.value === 'previous' ? -1 : 1);
});
// Without this, Enter would press the first button.
field.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  step(event.shiftKey ? -1 : 1);
});
addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});
// Browsers wait for nothing before they print: what is open is unpacked by then, unless it was opened this moment.
addEventListener('beforeprint', () => openSteps().forEach((one) => void one.print()));
addEventListener('afterprint', () => {
  for (const one of steps) one.leavePaper();
});
performance.mark('koalaci:shown');
void unpackAll();

/** Shows the line that the address names: `#L123`. */
function followLink() {
  const [, line] = /^#L(\d+)$/.exec(location.hash) ?? [];
  shown.target = Number(line ?? 0);
  if (line) steps.some((one) => one.showLine(shown.target));
  refresh();
}

async function search() {
  const text = field.value;
  const result = await searcher.find(text);
  if (!result) return;
  found = result;
  place = -1;
  shown.needle = text.toLowerCase();
  performance.mark('koalaci:found');
  if (found.count > 0) step(1);
  else tell();
  refresh();
}

/** Goes to the next line that was found, or to the one before. */
function step(by) {
  if (!found || found.count === 0) return;
  place = (place + by + found.count) % found.count;
  const { step: view, chunk, index } = found.at(place);
  shown.target = chunk.first > 0 ? chunk.first + index : 0;
  view.show(chunk, index);
  tell();
}

/** Screen readers say it, too. */
function tell() {
  const all = found.count.toLocaleString('en');
  if (shown.needle === '') count.value = '';
  else if (found.count === 0) count.value = 'no line';
  else count.value = `${(place + 1).toLocaleString('en')} of ${all} ${found.count === 1 ? 'line' : 'lines'}`;
}

function openSteps() {
  return steps.filter(({ isOpen }) => isOpen);
}

function refresh() {
  for (const one of openSteps()) one.refresh();
}

/** Makes the log ready for a search, when there is nothing else to do. */
async function unpackAll() {
  for (const { chunks } of steps)
    for (const chunk of chunks) {
      await chunk.load();
      await nextTurn();
      chunk.prepare();
    }
  performance.mark('koalaci:ready');
}
