// A report in a browser: that it opens at once however long the log is, is searched, linked to, folded, and read by who cannot see it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import { openReport } from '../../src/report/report.js';
import { load } from '../../src/store/jobs.js';
import { Browser, type Page } from '../support/browser.js';
import { redis } from '../support/own-redis.js';
import { type Recorded, record, stepsOf } from '../support/recorded.js';

const LINES = 1_000_000;
const START = Date.now() - 3_600_000;
const READY = `performance.getEntriesByName('koalaci:ready').length`;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'koala-report-'));
  browser = await Browser.open();
});
afterAll(async () => {
  await browser.close();
  await rm(directory, { recursive: true });
});

/** Records a deployment, and returns where its report is. */
async function reportOf(id: string, recorded: Recorded, of: Redis = redis): Promise<string> {
  await record(of, id, recorded);
  const known = await load(of, { user: 'ann' as UserId, deployment: id as DeploymentId });
  const nothing = Promise.reject(new Error('it is not asked for'));
  nothing.catch(() => {});
  const page = await openReport(known, {
    redis: of,
    artifacts: { manifest: () => nothing },
    showsPlaces: false,
  });
  const file = join(directory, `${id}.html`);
  await writeFile(file, page);
  return `file://${file}`;
}

const failed = (log: Recorded['log']): Recorded => ({
  fields: { startedAt: START },
  ...(log ? { log } : {}),
  end: {
    ...{
      status: 'ERROR',
      reason: 'build_failed',
      step: 'build',
      exitCode: 1,
      message: 'it does not compile',
    },
    steps: stepsOf(START, { source: 1, install: 3, build: 40 }),
  },
});

const SMALL = failed([
  ['source', 'HEAD is now at c0ffee\n'],
  ['install', `${Array.from({ length: 300 }, (_, n) => `package ${n}`).join('\n')}\n`],
  ['build', `\u001b[31mred\u001b[0m <script>alert(1)</script>\n${'line\n'.repeat(200)}the last\n`],
  ['', 'koalaci: ERROR build_failed: it does not compile\n'],
]);

/** The texts of the rows that are drawn. */
const rowsOf = (page: Page) =>
  page.ask<string[]>(`[...document.querySelectorAll('details[open] .row')].map((row) => row.textContent)`);
const found = (page: Page) => page.ask<string>(`document.querySelector('output').value`);

async function searchFor(page: Page, text: string): Promise<void> {
  await page.ask(`(document.querySelector('#search').focus(), document.querySelector('#search').select())`);
  await page.type(text);
}

describe('a log of a million lines', () => {
  let url: string;
  beforeAll(async () => {
    const lines = (from: number) =>
      Array.from(
        { length: 2_000 },
        (_, n) => `[${from + n}] compiled ./src/part-${(from + n) % 977}.tsx\n`,
      ).join('');
    url = await reportOf(
      'large',
      failed(Array.from({ length: LINES / 2_000 }, (_, n) => ['build', lines(n * 2_000)])),
    );
  });

  it('is there at once: the end of the failed step, and no rows that nobody sees', async () => {
    const page = await browser.page(url);
    await page.until(`document.querySelector('.row code')?.textContent`);
    const rows = await rowsOf(page);
    expect(rows.at(-1)).toBe(`${LINES}[${LINES - 1}] compiled ./src/part-${(LINES - 1) % 977}.tsx`);
    expect(rows.length).toBeLessThan(150);
    // Far less than a second on a machine with nothing else to do; unpacking all of it at once would take longer.
    const [shown, unpacked] = await page.ask<number[]>(
      `(async () => { while (!${READY}) await new Promise((go) => setTimeout(go, 20)); return ['shown', 'ready'].map((name) => performance.getEntriesByName('koalaci:' + name)[0].startTime); })()`,
    );
    expect(shown).toBeLessThan(unpacked ?? 0);
    expect(page.complaints).toEqual([]);
  });

  it('is searched to its end, and every line is a link', async () => {
    const page = await browser.page(url);
    await searchFor(page, `[${LINES - 1}] COMPILED`);
    await page.until(`document.querySelector('output').value === '1 of 1 line'`);
    await searchFor(page, 'compiled');
    await page.until(`document.querySelector('output').value === '1 of ${LINES.toLocaleString('en')} lines'`);
    await page.press('Enter', { code: 13, text: '\r' });
    await page.until(`document.querySelector('output').value.startsWith('2 of')`);
    const linked = await browser.page(`${url}#L654321`);
    await linked.until(`document.querySelector('.target code')?.textContent`);
    expect(await linked.ask(`document.querySelector('.target').textContent`)).toBe(
      `654321[654320] compiled ./src/part-${654_320 % 977}.tsx`,
    );
    expect(await linked.ask(`document.querySelector('.target').checkVisibility()`)).toBe(true);
  });

  it('is scrolled through line by line, and from one end to the other', async () => {
    const page = await browser.page(`${url}#L500000`);
    await page.until(`document.querySelector('.target code')?.textContent`);
    const box = `document.querySelector('.lines')`;
    const first = () =>
      page.ask<number>(
        `Number(document.elementFromPoint(...(({ left, top, bottom }) => [left + 200, (top + bottom) / 2])(${box}.getBoundingClientRect())).closest('.row').id.slice(1))`,
      );
    const before = await first();
    await page.ask(
      `new Promise((go) => { ${box}.addEventListener('scroll', () => setTimeout(go), { once: true }); ${box}.scrollTop += 40; })`,
    );
    expect(await first()).toBe(before + 2);
    await page.ask(`${box}.scrollTop = 0`);
    await page.until(`document.querySelector('#L1')`);
    await page.ask(`${box}.scrollTop = 1e9`);
    await page.until(`document.querySelector('#L${LINES}')`);
  });
});

describe('a report', () => {
  let url: string;
  beforeAll(async () => {
    url = await reportOf('small', SMALL);
  });

  it('has the failed step open and the others folded, which the search opens', async () => {
    const page = await browser.page(url);
    await page.until(READY);
    const open = () =>
      page.ask<string[]>(`[...document.querySelectorAll('details[open] h3')].map((one) => one.textContent)`);
    expect(await open()).toEqual(['build', 'koalaci']);
    expect((await rowsOf(page)).at(-2)).toMatch(/the last$/);
    await searchFor(page, 'PACKAGE 299');
    await page.until(`document.querySelector('output').value === '1 of 1 line'`);
    expect(await open()).toEqual(['install', 'build', 'koalaci']);
    expect(await page.ask(`document.querySelector('mark').textContent`)).toBe('package 299');
    await searchFor(page, 'nowhere at all');
    await page.until(`document.querySelector('output').value === 'no line'`);
    expect(await found(page)).toBe('no line');
  });

  it('is used with keys alone', async () => {
    const page = await browser.page(url);
    await page.until(READY);
    await page.press('/', { text: '/' });
    expect(await page.ask('document.activeElement.id')).toBe('search');
    await page.type('line');
    await page.until(`document.querySelector('output').value.startsWith('1 of')`);
    await page.press('Enter', { code: 13, modifiers: 8, text: '\r' });
    await page.until(`document.querySelector('output').value === '200 of 200 lines'`);
  });

  it('runs nothing that a build has printed, nor asks anybody for anything', async () => {
    const page = await browser.page(url);
    await page.until(READY);
    await page.ask(`document.querySelector('details:last-of-type .lines').scrollTop = 0`);
    expect(page.complaints).toEqual([]);
    expect(await page.ask(`performance.getEntriesByType('resource').length`)).toBe(0);
    await page.ask(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))`,
    );
    await page.ask(
      `document.body.insertAdjacentHTML('beforeend', '<img src="https://example.org/x.png" onerror="window.ran = true">')`,
    );
    expect(await page.ask('window.ran')).toBeUndefined();
    expect(page.complaints.join()).toMatch(/Content Security Policy/);
  });

  it('has landmarks, one main heading, and a name for whatever can be used', async () => {
    const page = await browser.page(url);
    await page.until(READY);
    const { nodes } = (await page.send('Accessibility.getFullAXTree')) as {
      nodes: {
        ignored: boolean;
        role?: { value: string };
        name?: { value: string };
        properties?: { name: string; value: { value: unknown } }[];
      }[];
    };
    const seen = nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => [role?.value, name?.value]);
    const named = (role: string) => seen.filter(([one]) => one === role).map(([, name]) => name);
    expect([named('banner').length, named('main').length, named('search').length]).toEqual([1, 1, 1]);
    expect(named('heading')).toEqual(
      expect.arrayContaining([
        'small ERROR',
        'it does not compile',
        'Steps',
        'Log',
        'source',
        'install',
        'build',
        'Environment',
      ]),
    );
    expect(named('searchbox')).toEqual(['Search the log']);
    const usable = ['button', 'link', 'searchbox', 'region'].flatMap(named);
    expect(usable.filter((name) => !name)).toEqual([]);
    expect(await page.ask(`document.querySelector('output').getAttribute('aria-live')`)).toBe('polite');
  });

  it.each([
    [390, false],
    [390, true],
    [1280, false],
    [1280, true],
  ])('fits a window of %i pixels, dark: %s', async (width, dark) => {
    const page = await browser.page(url, { width, height: 844, dark });
    await page.until(READY);
    expect(await page.ask('document.documentElement.scrollWidth')).toBe(width);
    const [text, ground] = await page.ask<string[]>(
      `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))`,
    );
    const light = (colour = '') => Number(/\d+/.exec(colour)?.[0]) > 127;
    expect([light(text), light(ground)]).toEqual([dark, !dark]);
  });

  it('is printed with the last lines of what is open, and without what is for screens', async () => {
    const page = await browser.page(url);
    await page.until(READY);
    await page.send('Emulation.setEmulatedMedia', { media: 'print' });
    await page.ask(`dispatchEvent(new Event('beforeprint'))`);
    await page.until(`document.querySelectorAll('.row').length >= 203`);
    expect(await page.ask(`document.querySelector('.search').checkVisibility()`)).toBe(false);
    expect(await page.ask(`document.querySelector('#L302').getBoundingClientRect().height > 0`)).toBe(true);
  });
});
