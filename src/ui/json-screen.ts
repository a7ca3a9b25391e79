// Shows a build as NDJSON on stdout, one event per line, for programs.
import { StringDecoder } from 'node:string_decoder';
import { lastFrames } from '../job/last-frame.js';
import { printableJson } from '../job/printable.js';
import { publicJson, rfc3339 } from '../job/public-json.js';
import type { BuildEvent, Screen } from '../runner/events.js';
import { Output } from './output.js';

export class JsonScreen implements Screen {
  readonly #output = new Output(process.stdout);
  readonly #decoder = new StringDecoder('utf8');
  /** The pieces of the unfinished line. Kept apart, so that a long line is not searched again with each new piece. */
  #rest: string[] = [];
  #step = '';
  /** Whether koalaci itself says it. */
  #isOwn = false;

  ready(): Promise<void> | undefined {
    return this.#output.ready();
  }

  show(event: BuildEvent): void {
    if (event.type === 'log') {
      this.#log(event);
      return;
    }
    this.#rest.push(this.#decoder.end());
    if (this.#rest.some((piece) => piece !== '')) this.#flush();
    this.#rest = [];
    this.#print(publicJson(event));
  }

  #log({ step, data, own = false }: Extract<BuildEvent, { type: 'log' }>): void {
    const [first = '', ...lines] = this.#decoder.write(data).split('\n');
    this.#step = step;
    this.#isOwn = own;
    this.#rest.push(first);
    for (const next of lines) {
      this.#flush();
      this.#rest.push(next);
    }
  }

  #flush(): void {
    const text = lastFrames(Buffer.from(this.#rest.join(''))).toString();
    this.#print({ type: 'log', step: this.#step, ...(this.#isOwn ? { own: true } : {}), text });
    this.#rest = [];
  }

  #print(value: object): void {
    this.#output.write(Buffer.from(`${printableJson({ time: rfc3339(Date.now()), ...value })}\n`));
  }
}
