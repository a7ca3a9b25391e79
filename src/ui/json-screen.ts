// Shows a build as NDJSON on stdout: one event a line, for programs.
import { StringDecoder } from 'node:string_decoder';
import type { BuildEvent, Screen } from '../build/events.js';
import { toHash } from '../job/record.js';
import { Output } from './output.js';

export class JsonScreen implements Screen {
  readonly #output = new Output(process.stdout);
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  ready(): Promise<void> | undefined {
    return this.#output.ready();
  }

  show(event: BuildEvent): void {
    if (event.type === 'log') {
      this.#log(event.step, event.data);
      return;
    }
    this.#flush();
    if (event.type === 'started' || event.type === 'ended') {
      const { record, ...rest } = event;
      this.#print({ ...rest, record: recordJson(record) });
    } else this.#print(event);
  }

  #log(step: string, data: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(data)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const text of lines) this.#print({ type: 'log', step, text });
  }

  #flush(): void {
    if (this.#rest) this.#print({ type: 'log', text: this.#rest });
    this.#rest = '';
  }

  #print(value: object): void {
    this.#output.write(Buffer.from(`${JSON.stringify({ time: new Date().toISOString(), ...value })}\n`));
  }
}

/** A record as users see it: the names of the hash's fields, numbers and lists as such. */
export function recordJson(record: Readonly<Parameters<typeof toHash>[0]>): Record<string, unknown> {
  const values = record as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(values).flatMap((name) => {
      const [field] = Object.keys(toHash({ [name]: values[name] ?? '' }));
      return values[name] === undefined || !field ? [] : [[field, values[name]]];
    }),
  );
}
