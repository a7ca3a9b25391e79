// Durations that depend on each other: leases, locks, waits, checks. Two promises follow from them, and
// a unit test computes both.
//
// A lost runner is noticed 30 to 90 seconds after its last sign of life:
//   not before LEASE_MS, so that a runner that is only slow, or cut off for a moment, keeps its job;
//   reconciling marks its record lost after LEASE_MS + RECONCILE_TURN_MS + RECONCILE_MS = 59 s at most;
//   the queue gives its job to another worker after QUEUE_LOCK_MS + 2 × STALLED_CHECK_MS = 90 s at most.
// Whatever dies, every job has ended, or is being built again, within two minutes (FINAL_WITHIN_MS). In the worst case
//   the queue drops a job at its check, and reconciling ends the record after that:
//   QUEUE_LOCK_MS + 2 × STALLED_CHECK_MS + RECONCILE_TURN_MS + RECONCILE_MS = 119 s at most.
//
// Here, what passed is measured by performance.now(), which does not jump when somebody sets the clock. Date.now() is for what is
// written down, and for what other machines compare.
//
// At any time one process checks for all, and one reconciles for all. Each interval counts twice here: the process that
// has the turn may die, and the others then wait for the end of its turn, and for their own next tick.
//
// What else has to hold:
//   3 × LEASE_RENEWAL_MS <= LEASE_MS                     two renewals in a row may fail
//   COMMAND_MS < LEASE_RENEWAL_MS                        a renewal that hangs fails before the next one is due
//   LEASE_MS <= QUEUE_LOCK_MS - QUEUE_LOCK_RENEWAL_MS    a worker that takes over a lost job can claim its record
//   3 × SLOT_RENEWAL_MS <= SLOT_MS                       two renewals in a row may fail
//   SLOT_MS + PARKED_RETRY_MS <= FINAL_WITHIN_MS         no parked job waits longer for a dead worker's slot
//   RECONCILE_TURN_MS < RECONCILE_MS                     the process that reconciles can take the next turn as well
//   COMMAND_MS < FRESH_RECORD_MS                         a job on its way into the queue does not count as lost
//   COMMAND_MS < CHANGE_ABANDONED_MS                     two processes do not enqueue the same change
//   CHANGES_BLOCK_MS < BLOCKED_COMMAND_MS                a connection that waits for news does not count as dead
//   COMMAND_MS < SWITCH_LOCK_RENEWAL_MS * 2, and two renewals may fail before SWITCH_LOCK_MS / 2
//                                                        a process whose Redis is slow does not stop in the middle of a switch
//   STOP_GRACE_SECONDS + CLOSING_MS < REQUEUE_MS         containers are gone and logs are written when a daemon ends
//   STOP_GRACE_SECONDS + the longer one of REMOVAL_PATIENCE_MS and LEASE_MS < CANCEL_PATIENCE_MS
//                                                        a cancel sees the end, even if runner or engine is lost
//   QUEUED_BUILD_PATIENCE_MS <= FINAL_WITHIN_MS          no build waits longer than promised for an absent Redis
//   JOB_WAIT_SECONDS <= FINAL_WITHIN_MS                  nor a container for a dead runner

/** The promise: this long after anything dies, each job has ended or is being built again. */
export const FINAL_WITHIN_MS = 120_000;

// The record: a runner owns a job as long as it renews its lease in Redis.

/** A runner that has not renewed its lease for this long is lost. */
export const LEASE_MS = 30_000;
export const LEASE_RENEWAL_MS = LEASE_MS / 3;

// The queue: BullMQ locks a queue job, and its worker renews the lock.

/** Long enough to survive half a minute without network. */
export const QUEUE_LOCK_MS = 60_000;
export const QUEUE_LOCK_RENEWAL_MS = QUEUE_LOCK_MS / 6;
/** How often the workers look for queue jobs with expired locks. */
export const STALLED_CHECK_MS = 15_000;
/**
 * More than a job ever has: a lost answer of Redis also looks like a stall, and runners die of other jobs. The record limits how
 * often a job is built.
 */
export const MOST_STALLS = 50;

/** A slot that is not renewed for this long is free again. */
export const SLOT_MS = 60_000;
export const SLOT_RENEWAL_MS = SLOT_MS / 4;

/** A slot that becomes free promotes a parked job at once. This retry is for the slots of dead workers. */
export const PARKED_RETRY_MS = 5_000;
/** A worker retries a job after this long, if this machine cannot build it now or another runner still owns it. */
export const LATER_RETRY_MS = 10_000;

// Reconciling: requeues the jobs of lost runners, and ends records that are in no queue.

/** How often each daemon tries to reconcile. */
export const RECONCILE_MS = 15_000;
/** How long one process then reconciles for all. */
export const RECONCILE_TURN_MS = RECONCILE_MS - 1_000;
/** Reconciling skips younger records: a job is recorded a moment before it enters the queue. */
export const FRESH_RECORD_MS = 30_000;

// Artifacts: old ones are removed.

/** How long one process then leaves them as they are, for all of its data directory. */
export const PRUNE_TURN_MS = 3_600_000;
/** After an upgrade from a version that removed none, an operator has this long to read what will go. */
export const PRUNE_NOTICE_MS = 86_400_000;

// Releases: one process at a time switches what a project has served.

/** The lock of a process that has not renewed it for this long is another one's. */
export const SWITCH_LOCK_MS = 30_000;
export const SWITCH_LOCK_RENEWAL_MS = SWITCH_LOCK_MS / 6;
/** How often a process that waits for it asks. */
export const SWITCH_LOCK_RETRY_MS = 50;
/** What an upload waits before each further try. */
export const UPLOAD_RETRIES_MS = [500, 1_000, 2_000, 4_000, 8_000];

// Redis: a command fails at once when Redis is away; a build waits for it.

/** How long connecting may take at most. */
export const CONNECT_MS = 5_000;
/** How long the answer to a command may take at most. */
export const COMMAND_MS = 5_000;
/** The same for commands that block until there is news: longer than any of them blocks. */
export const BLOCKED_COMMAND_MS = 15_000;
/** A foreground build that has ended waits this long for an absent Redis, so that its ending is recorded. */
export const BUILD_PATIENCE_MS = 15_000;
/** A queued build waits this long, also before it publishes. Later its lock expires, and another runner has the job. */
export const QUEUED_BUILD_PATIENCE_MS = 120_000;
/** How often it asks meanwhile whether it still owns the job. */
export const OWNER_RETRY_MS = 500;
/** How long closing a connection waits at most for an absent Redis. */
export const CLOSING_MS = 5_000;

/** How long the reader of changes of status waits for the next one. */
export const CHANGES_BLOCK_MS = 5_000;
/** A process that took a change and has not enqueued it after this long counts as dead: another one enqueues it. */
export const CHANGE_ABANDONED_MS = 30_000;

// Work after READY: it keeps its build's place, but others wait for that only so long.

/**
 * A job that waits for a place ends the work after READY that has kept one for this long. As long as a build waits for the one
 * before it: a snapshot that is lost costs more than that.
 */
export const POST_BUILD_PATIENCE_MS = 30_000;
/** A daemon that stops gives it this long: it mostly takes a second. */
export const POST_BUILD_STOP_MS = 10_000;

// Debugging.

/** The container of a build that failed is kept for so long. */
export const KEEP_SECONDS = 30 * 60;
/** How long it may take until the job's secrets are out of it. Else it is removed. */
export const KEEP_PATIENCE_MS = 120_000;

// Stopping.

/** Between TERM and KILL for a container, in seconds. */
export const STOP_GRACE_SECONDS = 5;
/** If `docker run` has not ended this long after the container was to stop, nobody waits for it. */
export const STOP_PATIENCE_MS = 15_000;
/** A daemon that requeues its jobs waits this long until containers have stopped and logs are written. */
export const REQUEUE_MS = 30_000;
/** A canceled build waits this long for an absent engine, because CANCELED means that the container is gone. */
export const REMOVAL_PATIENCE_MS = 10_000;
/** `koalaci cancel` waits this long until the deployment has ended. */
export const CANCEL_PATIENCE_MS = 60_000;
/** How often it checks whether it has. */
export const CANCEL_POLL_MS = 100;
/** A container that is no standby waits this many seconds for its job, then exits: its runner must have died. */
export const JOB_WAIT_SECONDS = 120;
