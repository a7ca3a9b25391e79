// Who may build: no more at once than there are places, those included that are being saved.
import { expect, it } from 'vitest';
import { Places } from '../../../src/queue/places.js';
import type { PostBuildWork } from '../../../src/runner/post-build-process.js';

const NEVER = new AbortController().signal;
const HURRY = AbortSignal.abort();

/** Work after READY, as far as a test lets it come. */
class FakeWork implements PostBuildWork {
  readonly container: string;
  save = () => {};
  #end = () => {};
  readonly saved = new Promise<void>((resolve) => {
    this.save = resolve;
  });
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  wasStopped = false;

  constructor(container = 'c') {
    this.container = container;
  }

  end(): void {
    this.save();
    this.#end();
  }

  async stop(): Promise<void> {
    this.wasStopped = true;
    this.end();
  }
}

/** Has a build of its own work end in READY. */
async function ready(places: Places, work = new FakeWork()): Promise<FakeWork> {
  using place = await places.take(NEVER);
  place?.keepFor(work);
  return work;
}

/** Tries to take a place. `got()` says whether it has one, once all that is due has been done. */
function taking(places: Places, signal = NEVER) {
  let place: Awaited<ReturnType<Places['take']>>;
  void places.take(signal).then((one) => {
    place = one;
  });
  return {
    async got() {
      await new Promise((resolve) => setImmediate(resolve));
      return place !== undefined;
    },
    free: () => place?.[Symbol.dispose](),
  };
}

it('lets as many build as there are places, and then one for each that ends', async () => {
  const places = new Places({ most: 2 });
  const [first, second, third, fourth] = [1, 2, 3, 4].map(() => taking(places));
  expect([await first?.got(), await second?.got(), await third?.got()]).toEqual([true, true, false]);
  first?.free();
  expect([await third?.got(), await fourth?.got()]).toEqual([true, false]);
});

it('keeps the place of a build that is being saved, and frees it once that is', async () => {
  const places = new Places({ most: 1 });
  const work = await ready(places);
  const next = taking(places);
  expect(await next.got()).toBe(false);
  work.save();
  expect(await next.got()).toBe(true);
  expect(work.wasStopped).toBe(false);
});

it('frees the place of work that dies before it has saved', async () => {
  const places = new Places({ most: 1 });
  const work = await ready(places);
  work.end();
  expect(await taking(places).got()).toBe(true);
});

it('frees no place for what is saved once there is as much of that as there are places', async () => {
  const places = new Places({ most: 1 });
  const works = [await ready(places)];
  works[0]?.save();
  works.push(await ready(places));
  works[1]?.save();
  const next = taking(places);
  expect(await next.got()).toBe(false);
  works[0]?.end();
  expect(await next.got()).toBe(true);
});

it('ends the oldest work that is not saved when a job has waited for it long enough, and says so', async () => {
  const stopped: string[] = [];
  const places = new Places({ most: 2, patienceMs: 1, onStop: ({ container }) => stopped.push(container) });
  const saved = await ready(places, new FakeWork('saved'));
  saved.save();
  await ready(places, new FakeWork('old'));
  await ready(places, new FakeWork('new'));
  expect(await places.take(NEVER)).toBeDefined();
  expect(stopped).toEqual(['old']);
});

it('ends no work that nobody waits for', async () => {
  const places = new Places({ most: 2, patienceMs: 0 });
  const work = await ready(places);
  expect(await taking(places).got()).toBe(true);
  expect(work.wasStopped).toBe(false);
});

it('gives no place to a job that no longer waits', async () => {
  const places = new Places({ most: 1 });
  const work = await ready(places);
  const over = new AbortController();
  const gone = places.take(over.signal);
  over.abort();
  expect(await gone).toBeUndefined();
  work.end();
  expect(await taking(places).got()).toBe(true);
});

it('ends what is left when it closes and is told to hurry', async () => {
  const places = new Places({ most: 1 });
  const work = await ready(places);
  await places.close(HURRY);
  expect(work.wasStopped).toBe(true);
});

it('closes as soon as all work has ended by itself', async () => {
  const places = new Places({ most: 1 });
  const work = await ready(places);
  const closing = places.close(NEVER);
  work.end();
  await closing;
  expect(work.wasStopped).toBe(false);
});
