// Whether OpenTelemetry's variables ask for traces, and what koalaci's other parts have of these. Pure.
import type { Screen } from '../../runner/events.js';

type Env = Record<string, string | undefined>;

export interface TracingOptions {
  /** The environment, which says where traces go. */
  env: Env;
  version: string;
  /** Called once, when something is wrong with that. */
  onProblem: (why: string) => void;
  /** For a command that ends when its build has: it is part of the trace that its environment names, and does not wait for long. */
  isCommand?: boolean;
}

export interface Tracing {
  /** The screen of a build, which makes a trace of it, too. `isQueued`: whether the job has waited in the queue. */
  traced(screen: Screen, build: { isQueued: boolean }): Screen;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

/** Whether there is an address to send traces to, and nothing turns them off. */
export function wantsTraces(env: Env): boolean {
  const exporters = (env.OTEL_TRACES_EXPORTER || 'otlp').split(',').map((name) => name.trim());
  const isOff = env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
  return addressIn(env) !== '' && !isOff && exporters.includes('otlp');
}

/** Where they are to be sent; empty if nowhere. */
export function addressIn(env: Env): string {
  return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT || '';
}
