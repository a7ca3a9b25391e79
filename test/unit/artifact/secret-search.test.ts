import { describe, expect, it } from 'vitest';
import { SecretSearch } from '../../../src/artifact/secret-search.js';

/** What is found in files that come in pieces of some bytes. */
function findingsIn(secrets: string[], files: Record<string, string | Buffer>, size = 64 * 1024) {
  const search = new SecretSearch(secrets);
  for (const [path, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    search.entry({ type: '0', path, target: '', size: data.length, mode: 0o644 });
    for (let at = 0; at < data.length; at += size) search.data(data.subarray(at, at + size));
  }
  return search.findings;
}

const SECRET = 'pa"ss/wörd?&>>';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');

describe('a secret is found, with its file and its line', () => {
  it.each([
    ['as it is', SECRET],
    ['in an address', encodeURIComponent(SECRET)],
    ['in JSON', JSON.stringify(SECRET)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['in a page', '<b>pa&quot;ss/wörd?&amp;&gt;&gt;</b>'],
    ['in base64', base64(SECRET)],
    ['in base64, one byte later', base64(`x${SECRET}`)],
    ['in base64, two bytes later', base64(`xx${SECRET} and more`)],
    ['in base64 of addresses', Buffer.from(`x${SECRET}`).toString('base64url')],
    ['in broken lines of base64', base64(`${'x'.repeat(50)}${SECRET}`).replace(/.{76}/, '$&\r\n')],
    ['in hex', hex(SECRET)],
    ['in capital hex', hex(SECRET).toUpperCase()],
  ])('%s', (_, form) => {
    for (const size of [1, 7, 64 * 1024]) {
      const files = { 'index.html': 'nothing\n'.repeat(9), 'a/app.js': `one\ntwo ${form} and\nmore` };
      expect(findingsIn(['other-secret', SECRET], files, size)).toEqual([
        { secret: 1, path: 'a/app.js', line: 2 },
      ]);
    }
  });

  it('once, where it stands first', () => {
    const files = { a: 'x\n', b: `\n\n${SECRET}\n`, c: SECRET };
    expect(findingsIn([SECRET], files)).toEqual([{ secret: 0, path: 'b', line: 3 }]);
  });

  it('at the very end of a file, but not across the ends of two', () => {
    expect(findingsIn(['geheimnis'], { a: 'x geheimnis' })).toHaveLength(1);
    expect(findingsIn(['geheimnis'], { a: 'x gehe', b: 'imnis' })).toEqual([]);
  });

  it('in a name, which is not shown with it', () => {
    expect(findingsIn(['geheimnis'], { 'of-geheimnis/x': '' })).toEqual([{ secret: 0, path: 'of-***/x' }]);
    const search = new SecretSearch(['geheimnis']);
    search.entry({ type: '2', path: 'link', target: 'geheimnis', size: 0, mode: 0o777 });
    expect(search.findings).toEqual([{ secret: 0, path: 'link' }]);
  });

  it('inside of another one, and beside one that begins alike', () => {
    const secrets = ['postgres://u:geheimnis@db', 'geheimnis', 'postgres'];
    expect(findingsIn(secrets, { a: 'postgres://u:geheimnis@db' }).map(({ secret }) => secret)).toEqual([
      0, 2, 1,
    ]);
  });

  it('by its first 200 letters, if it is long', () => {
    const long = Array.from({ length: 60 }, (_, index) => `leaf${index}`).join('-');
    expect(findingsIn([long], { a: long.slice(0, 200) })).toHaveLength(1);
    expect(findingsIn([long], { a: long.slice(200) })).toEqual([]);
  });
});

describe('a secret of less than eight letters', () => {
  it.each([['"abcd"'], ['abcd'], ['u:abcd@h'], ['\nabcd\n']])('is found as a word in %j', (text) => {
    for (const size of [1, 5, 100]) expect(findingsIn(['abcd'], { a: text }, size)).toHaveLength(1);
  });

  it.each([['xabcd'], ['abcde'], ['0abcd1'], [base64('abcd')], [hex('abcd')]])('is not in %j', (text) => {
    for (const size of [1, 5, 100]) expect(findingsIn(['abcd'], { a: text }, size)).toEqual([]);
  });
});

it('finds the same wherever the content is cut', () => {
  const secrets = ['abcdabce', 'cdabcexy', 'abcd', 'zzzzzzzzz', 'cexz', 'not-there'];
  const text = `${'abcd'.repeat(9)}abce\nabcd\n${'z'.repeat(8)}\n${'z'.repeat(20)}\ncdabcexyz ${base64('zzcdabcexy')}`;
  const expected = findingsIn(secrets, { a: text });
  expect(expected.map(({ secret, line }) => [secret, line])).toEqual([
    [0, 1],
    [2, 2],
    [3, 4],
    [1, 5],
  ]);
  for (let size = 1; size < text.length; size++)
    expect(findingsIn(secrets, { a: text }, size)).toEqual(expected);
});

it('finds many secrets in what holds them all', () => {
  const secrets = Array.from({ length: 500 }, (_, index) => `secret-number-${index}-of-many`);
  expect(findingsIn(secrets, { a: secrets.join('\n') }, 1_000)).toHaveLength(500);
});
