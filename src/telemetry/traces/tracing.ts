// Opens traces of builds. Where nobody wants any, nothing of OpenTelemetry is loaded.
import { type Tracing, type TracingOptions, wantsTraces } from './wanted.js';

/** Opens them; undefined where nobody wants any, or in a way that koalaci does not have, which is said. */
export async function openTracing(options: TracingOptions): Promise<Tracing | undefined> {
  if (!wantsTraces(options.env)) return undefined;
  const { openSdk } = await import('./sdk.js');
  return openSdk(options);
}
