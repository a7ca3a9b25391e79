// Which variable of a job has its devDependencies left out. Pure.

const OMITS: [name: RegExp, value: RegExp][] = [
  [/^npm_config_(?:omit|only|prod|production)$/i, /^(?:dev|prod|production|true)$/],
  [/^pnpm_config_prod(?:uction)?$/i, /^true$/],
  [/^yarn_production$/i, /^(?:true|1)$/],
];

/** The name of the first variable that leaves devDependencies out of an install. */
export function omission(env: Readonly<Record<string, string>> | undefined): string | undefined {
  const found = Object.entries(env ?? {}).find(([name, value]) =>
    OMITS.some(([names, values]) => names.test(name) && values.test(value)),
  );
  return found?.[0];
}
