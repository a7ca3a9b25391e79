// What a detection says, as JSON: the form of its answer from a container, over HTTP and from `koalaci detect --json`.
import * as z from 'zod';

const finding = z.strictObject({
  value: z.string().nullable(),
  reason: z.string().describe('why it is so; without a value, why there is none'),
  file: z.string().nullable().describe('the file that it was read from, relative to the repository'),
});

const site = {
  framework: finding,
  build_command: finding.describe('an empty one: there is nothing to build'),
  dist_directory: finding.describe('relative to the root'),
  public_env_prefix: finding,
  notes: z.array(z.string()),
};

export const DetectionAnswer = z.strictObject({
  root: z.string(),
  name: finding,
  package_manager: finding,
  node_version: finding,
  ...site,
  tool_caches: z.array(finding),
  packages: z.array(z.strictObject({ root: z.string(), ...site })).describe('the others that could be built'),
});
