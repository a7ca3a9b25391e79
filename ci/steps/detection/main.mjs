// @ts-check
// usage: node main.mjs TOP ROOT MANAGER; prints for detection.sh what `auto` in a job stands for, three words each, all ended by a NUL:
// for framework, command and dist directory whether it is known (1 or nothing), what it is, and why.
import { detect } from './detect.mjs';

const [top = '.', root = '.', manager = ''] = process.argv.slice(2);
const { framework, build_command, dist_directory } = detect(top, root, manager);
for (const { value, reason, file } of [framework, build_command, dist_directory]) {
  const why = file === null ? reason : `${reason}, ${file}`;
  const words = [value === null ? '' : '1', value ?? '', why];
  process.stdout.write(words.map((word) => `${word.replaceAll(/\p{Cc}/gu, ' ')}\0`).join(''));
}
