// npm run screens: makes the screens of README.md and src/guides anew, by typing what they show. With names, these ones only.
import { readFile, writeFile } from 'node:fs/promises';
import { filled } from './marked.js';
import { PAGES } from './pages.js';
import { Desk } from './screens/desk.js';
import { SCENES } from './screens/scenes.js';
import { saysTheSame } from './screens/stable.js';

const wanted = process.argv.slice(2);
for (const name of wanted) if (!(name in SCENES)) throw new Error(`no screen is called ${name}`);
const screens = new Map<string, string>();

{
  await using desk = await Desk.open();
  for (const [name, scene] of Object.entries(SCENES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
      screens.set(name, await scene(desk));
      process.stderr.write(`── ${name}\n${screens.get(name)}\n`);
    } catch (error) {
      // The others are wanted all the same.
      process.exitCode = 1;
      process.stderr.write(`── ${name} failed: ${error}\n`);
    }
  }
}

for (const page of PAGES) {
  const before = await readFile(page, 'utf8');
  const after = filled(before, ({ kind, name, text }) => {
    const screen = kind === 'screen' ? screens.get(name) : undefined;
    return screen === undefined || saysTheSame(text, screen) ? undefined : screen;
  });
  if (after !== before) process.stderr.write(`${page} has changed\n`);
  if (after !== before) await writeFile(page, after);
}
