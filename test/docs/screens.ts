// npm run screens: makes the screens of README.md and src/guides anew, by typing what they show. With names, these ones only.
import { readFile, writeFile } from 'node:fs/promises';
import { filled } from './marked.js';
import { PAGES } from './pages.js';
import { Desk } from './screens/desk.js';
import { SCENES } from './screens/scenes.js';
import { saysTheSame } from './screens/stable.js';

const wanted = process.argv.slice(2);
for (const name of wanted) if (!(name in SCENES)) throw new Error(`no screen is called ${name}`);

await using desk = await Desk.open();
// The first screen does that, and says so.
if (wanted.length > 0 && !wanted.includes('quickstart')) await desk.raw('.', 'koalaci init');
for (const [name, scene] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    await put(name, await scene(desk));
  } catch (error) {
    // The others are wanted all the same.
    process.exitCode = 1;
    process.stderr.write(`── ${name} failed: ${error}\n`);
  }
}

/** Puts a screen where it belongs, unless what stands there says the same. */
async function put(name: string, screen: string): Promise<void> {
  process.stderr.write(`── ${name}\n${screen}\n`);
  for (const page of PAGES) {
    const before = await readFile(page, 'utf8');
    const isOther = (text: string) => !saysTheSame(text, screen);
    const after = filled(before, (place) =>
      place.kind === 'screen' && place.name === name && isOther(place.text) ? screen : undefined,
    );
    if (after !== before) await writeFile(page, after);
  }
}
