// How long things last that depend on each other: leases, locks, patience, checks. Two promises follow from these figures,
// and a unit test computes both.
//
// A lost runner is noticed 30 to 90 seconds after its last sign of life:
//   not before LEASE_MS: a runner that is only slow, or cut off for a moment, keeps its job;
//   reconciling marks its record lost after LEASE_MS + RECONCILE_TURN_MS + RECONCILE_MS = 59 s at most;
//   the queue gives its job to another one after QUEUE_LOCK_MS + 2 × STALLED_CHECK_MS = 90 s at most.
// Whatever dies, every job is final, or being built again, within two minutes (FINAL_WITHIN_MS):
//   the longest way is that the queue drops a job at its check, and reconciling ends the record after that:
//   QUEUE_LOCK_MS + 2 × STALLED_CHECK_MS + RECONCILE_TURN_MS + RECONCILE_MS = 119 s at most.
//
// One process checks, and one reconciles, for all. Each counts twice here: the process that has the turn may die, and the
// others then wait for the end of its turn, and for their own next tick after that.
//
// What else has to hold:
//   3 × LEASE_RENEWAL_MS <= LEASE_MS                     two renewals in a row may fail
//   COMMAND_MS < LEASE_RENEWAL_MS                        a renewal that hangs has failed before the next one
//   LEASE_MS <= QUEUE_LOCK_MS - QUEUE_LOCK_RENEWAL_MS    the worker that gets a lost job from the queue can claim its record
//   3 × SLOT_RENEWAL_MS <= SLOT_MS                       two renewals in a row may fail
//   SLOT_MS + PARKED_RETRY_MS <= FINAL_WITHIN_MS         a dead worker's slots do not keep parked jobs waiting for longer
//   RECONCILE_TURN_MS < RECONCILE_MS                     a process that reconciles gets its next turn too
//   COMMAND_MS < FRESH_RECORD_MS                         a job on its way into the queue is not taken for lost
//   COMMAND_MS < CHANGE_ABANDONED_MS                     a change that one process is noting is not noted by another too
//   CHANGES_BLOCK_MS < BLOCKED_COMMAND_MS                a connection that waits for news is not taken for dead
//   STOP_GRACE_SECONDS + CLOSING_MS < REQUEUE_MS         containers are gone, and logs written, when a daemon ends
//   STOP_GRACE_SECONDS + the longer one of REMOVAL_PATIENCE_MS and LEASE_MS < CANCEL_PATIENCE_MS
//                                                        a cancel tells its end, also with a lost runner or an absent engine
//   QUEUED_BUILD_PATIENCE_MS <= FINAL_WITHIN_MS          no build waits longer than the promise for an absent Redis
//   JOB_WAIT_SECONDS <= FINAL_WITHIN_MS                  nor a container for a dead runner

/** The promise: this long after anything died, a job is final or being built again. */
export const FINAL_WITHIN_MS = 120_000;

// The record: a runner holds a job in Redis as long as it renews its lease.

/** A runner that has not renewed its lease for this long is lost. */
export const LEASE_MS = 30_000;
export const LEASE_RENEWAL_MS = LEASE_MS / 3;

// The queue: BullMQ locks a queue job, and the worker renews that lock by itself.

/** Survives a network that is cut for half a minute. */
export const QUEUE_LOCK_MS = 60_000;
export const QUEUE_LOCK_RENEWAL_MS = QUEUE_LOCK_MS / 6;
/** How often the workers look for queue jobs with expired locks. */
export const STALLED_CHECK_MS = 15_000;
/** A stall may also be a lost answer of Redis. The record counts how often a job may lose its runner, not the queue. */
export const MOST_STALLS = 2;

/** A slot that is not renewed for this long is free again. */
export const SLOT_MS = 60_000;
export const SLOT_RENEWAL_MS = SLOT_MS / 4;

/** A free slot promotes a parked job at once. This retry is for the slots of workers that died. */
export const PARKED_RETRY_MS = 5_000;
/** After this long a worker looks again at a job that this machine cannot build now, or that another runner still holds. */
export const LATER_RETRY_MS = 10_000;

// Reconciling: requeues the jobs of lost runners, and ends records that are in no queue.

/** How often each daemon tries to. */
export const RECONCILE_MS = 15_000;
/** For this long one process does it for all. */
export const RECONCILE_TURN_MS = RECONCILE_MS - 1_000;
/** A job is recorded a moment before it is in the queue: a younger record is left alone. */
export const FRESH_RECORD_MS = 30_000;

// Redis: a command line fails at once when it is away, a build outlives its absence.

/** The longest that a connection may take. */
export const CONNECT_MS = 5_000;
/** The longest that the answer to a command may take. */
export const COMMAND_MS = 5_000;
/** The longest that the answer to a command that waits for news may take: longer than any of them waits. */
export const BLOCKED_COMMAND_MS = 15_000;
/** A foreground build that has ended waits this long for an absent Redis, to be recorded. */
export const BUILD_PATIENCE_MS = 15_000;
/** A queued build waits this long, also before it publishes: by then its lock has expired, and another runner has the job. */
export const QUEUED_BUILD_PATIENCE_MS = 120_000;
/** How often it asks meanwhile whether the job is still its own. */
export const OWNER_RETRY_MS = 500;
/** The longest that closing a connection waits for an absent Redis. */
export const CLOSING_MS = 5_000;

/** How long the reader of changes of status waits for the next one. */
export const CHANGES_BLOCK_MS = 5_000;
/** A process that took a change and has not noted it after this long is dead: another one notes it. */
export const CHANGE_ABANDONED_MS = 30_000;

// Stopping.

/** Between TERM and KILL for a container, in seconds. */
export const STOP_GRACE_SECONDS = 5;
/** A daemon that requeues its jobs waits this long for containers to stop and logs to be written. */
export const REQUEUE_MS = 30_000;
/** A canceled build waits this long for an absent engine: CANCELED means that the container is gone. */
export const REMOVAL_PATIENCE_MS = 10_000;
/** `koalaci cancel` waits this long for the end. */
export const CANCEL_PATIENCE_MS = 60_000;
/** How often it looks whether the end has come. */
export const CANCEL_POLL_MS = 100;
/** A container that is no standby waits this many seconds for its job, then ends: its runner has died. */
export const JOB_WAIT_SECONDS = 120;
