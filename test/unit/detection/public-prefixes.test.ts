import { expect, it } from 'vitest';
import { publicPrefixes } from '../../../src/detection/public-prefixes.js';

it('knows the prefixes of the frameworks, each once', async () => {
  const prefixes = await publicPrefixes();
  const usual = [
    'NEXT_PUBLIC_',
    'VITE_',
    'PUBLIC_',
    'REACT_APP_',
    'NUXT_PUBLIC_',
    'GATSBY_',
    'EXPO_PUBLIC_',
    'VUE_APP_',
  ];
  expect(prefixes).toEqual(expect.arrayContaining(usual));
  expect(new Set(prefixes).size).toBe(prefixes.length);
  expect(prefixes.filter((prefix) => !/^[A-Z]\w*_$/.test(prefix))).toEqual([]);
});
