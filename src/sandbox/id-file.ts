// The file into which docker run writes the id of the container that it creates, before it starts it.
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the engine calls a container. */
const ID = /^[0-9a-f]{64}$/;

export class IdFile {
  /** Nobody can guess it, and nothing is there yet: docker run refuses a file that exists. */
  readonly path = join(tmpdir(), `koalaci-${randomUUID()}.id`);
  #id: string | undefined;

  /** The container's id; undefined as long as the engine has not given it one. Once it is known, the file is gone. */
  read(): string | undefined {
    if (this.#id) return this.#id;
    const text = readIfAny(this.path);
    if (!ID.test(text)) return undefined;
    this.#id = text;
    this.remove();
    return text;
  }

  /** Removes the file; nobody will write it any more. */
  remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // A docker command that runs as another user has written it.
    }
  }
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
