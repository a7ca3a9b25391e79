// Which names mean an image.
import { expect, it } from 'vitest';
import { isCalled } from '../../../src/docker/image.js';

const HEX = `${'c0ffee'.repeat(10)}c0fe`;
const digest = `example.com:5000/tools/koalaci@sha256:${HEX}`;
const image = {
  image: { id: `sha256:${HEX}` },
  tags: ['koalaci:latest', 'example.com:5000/tools/koalaci:2'],
  digests: [digest],
};

it.each([
  'koalaci:latest',
  'koalaci',
  'docker.io/library/koalaci',
  'docker.io/library/koalaci:latest',
  'example.com:5000/tools/koalaci:2',
  digest,
  digest.replace('@', ':2@'),
  `sha256:${HEX}`,
  HEX,
  HEX.slice(0, 12),
])('%s is the image', (name) => {
  expect(isCalled(image, name)).toBe(true);
});

it.each([
  'koalaci:2',
  'koala',
  'example.com:5000/tools/koalaci',
  'other/koalaci:latest',
  `sha256:${'0'.repeat(64)}`,
  'c0ffee',
])('%s is another one', (name) => {
  expect(isCalled(image, name)).toBe(false);
});
