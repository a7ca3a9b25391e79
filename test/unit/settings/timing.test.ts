import { describe, expect, it } from 'vitest';
import * as t from '../../../src/settings/timing.js';

/** One process at a time has the turn. When it dies, another one ticks up to a period after the end of the turn. */
const latestCheck = 2 * t.STALLED_CHECK_MS;
const latestReconcile = t.RECONCILE_TURN_MS + t.RECONCILE_MS;

describe('a lost runner is noticed', () => {
  it('not before 30 seconds after its last sign of life', () => {
    const record = t.LEASE_MS;
    const queue = t.QUEUE_LOCK_MS;
    expect(Math.min(record, queue)).toBe(30_000);
  });

  it('after 90 seconds at most', () => {
    const record = t.LEASE_MS + latestReconcile;
    const queue = t.QUEUE_LOCK_MS + latestCheck;
    expect(record).toBe(59_000);
    expect(Math.max(record, queue)).toBe(90_000);
  });
});

describe('every job is final, or being built again, within two minutes', () => {
  it.each([
    [
      'the queue gives it up, and reconciling ends its record',
      t.QUEUE_LOCK_MS + latestCheck + latestReconcile,
    ],
    [
      'the queue gives it out while it is held, and again later',
      t.QUEUE_LOCK_MS + latestCheck + t.LATER_RETRY_MS,
    ],
    ['it was recorded, and never came into the queue', t.FRESH_RECORD_MS + latestReconcile],
    ['its build has ended, and Redis is away', t.QUEUED_BUILD_PATIENCE_MS],
    ['it waits for the slot of a job whose worker is lost', t.SLOT_MS + t.PARKED_RETRY_MS],
    ['its container never heard of it', t.JOB_WAIT_SECONDS * 1000],
  ])('when %s', (_, ms) => {
    expect(t.FINAL_WITHIN_MS).toBe(120_000);
    expect(ms).toBeLessThanOrEqual(t.FINAL_WITHIN_MS);
  });
});

describe('what depends on another figure fits it:', () => {
  it.each([
    ['two renewals of a lease may fail', 3 * t.LEASE_RENEWAL_MS, t.LEASE_MS],
    [
      'a network may be cut for half a minute before the queue lets go',
      30_000,
      t.QUEUE_LOCK_MS - t.QUEUE_LOCK_RENEWAL_MS,
    ],
    [
      'a lost job that comes out of the queue can be claimed',
      t.LEASE_MS,
      t.QUEUE_LOCK_MS - t.QUEUE_LOCK_RENEWAL_MS,
    ],
    ['two renewals of a slot may fail', 3 * t.SLOT_RENEWAL_MS, t.SLOT_MS],
    ['a parked job is tried more often than slots run out', t.PARKED_RETRY_MS, t.SLOT_MS],
    [
      'a foreground build is patient no longer than a queued one',
      t.BUILD_PATIENCE_MS,
      t.QUEUED_BUILD_PATIENCE_MS,
    ],
    [
      'a queued build is patient until it is noticed',
      t.QUEUE_LOCK_MS + latestCheck,
      t.QUEUED_BUILD_PATIENCE_MS,
    ],
  ])('%s', (_, less, more) => {
    expect(less).toBeLessThanOrEqual(more);
  });

  it.each([
    ['a renewal that hangs has failed before the next one', t.COMMAND_MS, t.LEASE_RENEWAL_MS],
    ['a process that reconciles gets the next turn too', t.RECONCILE_TURN_MS, t.RECONCILE_MS],
    ['a job on its way into the queue is fresh', t.COMMAND_MS, t.FRESH_RECORD_MS],
    ['a change that is being noted is not abandoned', t.COMMAND_MS, t.CHANGE_ABANDONED_MS],
    ['a connection that waits for news is not dead', t.CHANGES_BLOCK_MS, t.BLOCKED_COMMAND_MS],
    [
      'containers stop, and Redis is given up, before a daemon ends',
      t.STOP_GRACE_SECONDS * 1000 + t.CLOSING_MS,
      t.REQUEUE_MS,
    ],
    [
      'a cancel of a build whose engine is away ends in sight',
      t.STOP_GRACE_SECONDS * 1000 + t.REMOVAL_PATIENCE_MS,
      t.CANCEL_PATIENCE_MS,
    ],
    [
      'a cancel of a lost runner ends in sight',
      t.LEASE_MS + t.STOP_GRACE_SECONDS * 1000,
      t.CANCEL_PATIENCE_MS,
    ],
  ])('%s', (_, less, more) => {
    expect(less).toBeLessThan(more);
  });
});
