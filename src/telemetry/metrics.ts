// Counts what happens in this process, and writes it in Prometheus's text format. Pure, except for processGauges().

type Labels = Record<string, string>;

/** Upper bounds in seconds, from a skipped step to the longest build by default. */
const BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 2700];

/** Every counter and histogram. Gauges are measured when somebody reads the metrics. */
const COUNTED = {
  koalaci_builds_total: ['counter', 'Builds that ended in this process, by status and reason.'],
  koalaci_build_seconds: ['histogram', 'Duration of builds, by status.'],
  koalaci_queue_wait_seconds: [
    'histogram',
    'Time from the creation of jobs to the beginning of their builds.',
  ],
  koalaci_step_seconds: ['histogram', 'Duration of steps, by step and outcome.'],
  koalaci_cache_hits_total: [
    'counter',
    'Builds that started from a snapshot (snapshot), and skipped installs (install).',
  ],
  koalaci_reuse_total: [
    'counter',
    'Jobs that asked for an earlier build: that got its artifact (hit), were built (miss), or were built to be compared with it (audit).',
  ],
  koalaci_reuse_audits_total: ['counter', 'Such comparisons, by what they found.'],
  koalaci_retries_total: [
    'counter',
    'Warm builds that were tried again from nothing, by the reason of the first try.',
  ],
  koalaci_log_bytes_total: ['counter', 'Bytes of build logs.'],
  koalaci_callbacks_total: ['counter', 'Callback attempts, by outcome.'],
  koalaci_callbacks_given_up_total: ['counter', 'Callbacks that were not taken, and are not tried any more.'],
  koalaci_artifacts_removed_total: ['counter', 'Artifacts that were pruned, by the rule that they went by.'],
  koalaci_artifacts_removed_bytes_total: ['counter', 'Bytes on disk that went with them.'],
  koalaci_objects_removed_total: ['counter', 'Objects that no artifact had any more and that were pruned.'],
  koalaci_objects_removed_bytes_total: ['counter', 'Bytes on disk that went with them.'],
} as const satisfies Record<string, readonly [kind: 'counter' | 'histogram', help: string]>;

export type Metric = keyof typeof COUNTED;
export const METRICS = Object.keys(COUNTED) as Metric[];

export interface Gauge {
  name: string;
  help: string;
  values: [labels: Labels, value: number][];
}

interface Histogram {
  buckets: number[];
  sum: number;
  count: number;
}

export class Metrics {
  readonly #counters = new Map<Metric, Map<string, number>>();
  readonly #histograms = new Map<Metric, Map<string, Histogram>>();

  /** Adds to a counter. */
  count(name: Metric, labels: Labels = {}, by = 1): void {
    const series = getOrMake(this.#counters, name, () => new Map<string, number>());
    const key = show(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  /** Adds a duration to a histogram. */
  observe(name: Metric, labels: Labels, ms: number): void {
    const series = getOrMake(this.#histograms, name, () => new Map<string, Histogram>());
    const histogram = getOrMake(series, show(labels), () => ({
      buckets: BUCKETS.map(() => 0),
      sum: 0,
      count: 0,
    }));
    const seconds = ms / 1000;
    for (const [index, bound] of BUCKETS.entries())
      if (seconds <= bound) histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1;
    histogram.sum += seconds;
    histogram.count++;
  }

  /** All metrics, with the given gauges, in Prometheus's text format. */
  render(gauges: Gauge[]): string {
    const counted = Object.entries(COUNTED).flatMap(([name, [kind, help]]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${kind}`,
      ...this.#lines(name as Metric),
    ]);
    const asked = gauges.flatMap(({ name, help, values }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...values.map(([labels, value]) => `${name}${braces(show(labels))} ${value}`),
    ]);
    return `${[...counted, ...asked].join('\n')}\n`;
  }

  #lines(name: Metric): string[] {
    const counters = [...(this.#counters.get(name) ?? [])].map(
      ([key, value]) => `${name}${braces(key)} ${value}`,
    );
    const histograms = [...(this.#histograms.get(name) ?? [])].flatMap(([key, { buckets, sum, count }]) => [
      ...BUCKETS.map(
        (bound, index) => `${name}_bucket${braces(join(key, `le="${bound}"`))} ${buckets[index]}`,
      ),
      `${name}_bucket${braces(join(key, 'le="+Inf"'))} ${count}`,
      `${name}_sum${braces(key)} ${sum}`,
      `${name}_count${braces(key)} ${count}`,
    ]);
    return [...counters, ...histograms];
  }
}

/** The gauges of this process, from the operating system. */
export function processGauges(): Gauge[] {
  const { user, system } = process.cpuUsage();
  return [
    gauge('process_cpu_seconds', 'Processor time used.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory in use.', process.memoryUsage.rss()),
    gauge('process_uptime_seconds', 'Time since the start.', process.uptime()),
  ];
}

/** A gauge with one value. */
export function gauge(name: string, help: string, value: number): Gauge {
  return { name, help, values: [[{}, value]] };
}

function show(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`)
    .join(',');
}

const braces = (labels: string) => (labels ? `{${labels}}` : '');
const join = (first: string, second: string) => (first ? `${first},${second}` : second);

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
