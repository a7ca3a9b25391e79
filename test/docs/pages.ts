// The pages for users.
import { readdirSync } from 'node:fs';

export const PAGES = [
  'README.md',
  ...readdirSync('src/guides')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `src/guides/${name}`),
];
