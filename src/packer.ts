// The process that packs a dist directory, with nothing in it that this does not need: builds wait until it has loaded.
import { pack } from './artifact/pack.js';

await pack();
