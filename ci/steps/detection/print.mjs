// @ts-check
// usage: node print.mjs TOP ROOT; prints all that is found in a project, as JSON.
import { detect } from './detect.mjs';

const [top = '.', root = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(detect(top, root || '.')));
