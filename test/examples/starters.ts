// Examples that a create-* package of the registry makes.
import { type Example, PARAGRAPH, SCRIPT } from './example.js';

const vite = (template: string) =>
  `npm create --yes vite@latest app -- --template ${template} --no-interactive`;
const build = { command: 'npm run build', dist: 'dist' };

/** Without the fonts that the starter takes from the network. */
const NEXT_LAYOUT = `import './globals.css';

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`;

const next = (config: string) => ({
  create:
    'npx --yes create-next-app@latest app --yes --skip-install --disable-git --no-tailwind --app --ts --no-src-dir',
  files: {
    'app/layout.tsx': NEXT_LAYOUT,
    // The starter's build has a random id.
    'next.config.ts': `export default { generateBuildId: () => 'example'${config} };\n`,
  },
  edit: { path: 'app/globals.css', add: '\nmain { color: #123456; }\n' },
});

const angular = {
  create: 'npx --yes @angular/cli@latest new app --defaults --skip-git --skip-install',
  manager: 'npm',
  command: 'npm run build',
  dist: 'dist/app',
  edit: { path: 'src/main.ts', add: SCRIPT },
} as const;

export const starters: readonly Example[] = [
  {
    name: 'vite-react',
    manager: 'npm',
    create: vite('react-ts'),
    ...build,
    edit: { path: 'src/main.tsx', add: SCRIPT },
  },
  {
    name: 'vite-vue',
    manager: 'pnpm',
    create: vite('vue-ts'),
    ...build,
    edit: { path: 'src/main.ts', add: SCRIPT },
  },
  {
    name: 'vite-solid',
    manager: 'bun',
    create: vite('solid-ts'),
    ...build,
    edit: { path: 'src/index.tsx', add: SCRIPT },
  },
  {
    name: 'vite-svelte',
    manager: 'yarn',
    create: vite('svelte-ts'),
    ...build,
    edit: { path: 'src/main.ts', add: SCRIPT },
  },
  {
    name: 'vite-react-pnp',
    manager: 'yarn',
    create: vite('react-ts'),
    files: { '.yarnrc.yml': 'nodeLinker: pnp\n', '.gitignore': 'node_modules\ndist\n.pnp.*\n.yarn\n' },
    command: 'yarn vite build',
    dist: 'dist',
    edit: { path: 'src/main.tsx', add: SCRIPT },
  },
  {
    name: 'next-export',
    manager: 'npm',
    ...next(", output: 'export'"),
    command: 'npm run build',
    dist: 'out',
  },
  { name: 'next-server', manager: 'pnpm', ...next(''), command: 'pnpm run build', dist: '.next' },
  {
    name: 'sveltekit',
    manager: 'npm',
    create: 'npx --yes sv create app --template minimal --types ts --no-add-ons --no-install',
    command: 'npm run build',
    dist: '.svelte-kit/output',
    edit: { path: 'src/routes/+page.svelte', add: '<p>A paragraph more.</p>\n' },
  },
  { name: 'angular', ...angular },
  {
    name: 'angular-cached',
    ...angular,
    adapt: `node -e 'const f = "angular.json", c = JSON.parse(fs.readFileSync(f)); c.cli = { ...c.cli, cache: { environment: "all" } }; fs.writeFileSync(f, JSON.stringify(c, null, 2))'`,
  },
  {
    name: 'docusaurus',
    manager: 'npm',
    create: 'npx --yes create-docusaurus@latest app classic --typescript --skip-install',
    command: 'npm run build',
    dist: 'build',
    edit: { path: 'docs/intro.mdx', add: PARAGRAPH },
  },
  {
    name: 'ember',
    manager: 'npm',
    create: 'npx --yes ember-cli@6.4 new example --directory app --skip-git --skip-npm --lang en',
    command: 'npm run build',
    dist: 'dist',
    edit: { path: 'app/app.js', add: SCRIPT },
  },
  {
    name: 'vite-vanilla',
    manager: 'npm',
    create: vite('vanilla-ts'),
    lock: 'none',
    ...build,
    edit: { path: 'src/main.ts', add: SCRIPT },
  },
  {
    name: 'vite-preact',
    manager: 'bun',
    create: vite('preact-ts'),
    lock: 'none',
    ...build,
    command: 'bun run build',
    edit: { path: 'src/main.tsx', add: SCRIPT },
  },
  {
    name: 'vite-lit',
    manager: 'pnpm',
    create: vite('lit-ts'),
    lock: 'none',
    ...build,
    command: 'pnpm build',
    edit: { path: 'src/my-element.ts', add: SCRIPT },
  },
  {
    name: 'create-vue',
    manager: 'npm',
    create: 'npx --yes create-vue@latest app --ts --router --pinia',
    ...build,
    edit: { path: 'src/main.ts', add: SCRIPT },
  },
  {
    name: 'create-react-app',
    manager: 'npm',
    create: 'npx --yes create-react-app@latest app; test -f app/package.json',
    lock: 'none',
    command: 'npm run build',
    dist: 'build',
    edit: { path: 'src/index.js', add: SCRIPT },
  },
  {
    name: 'vue-cli',
    manager: 'yarn',
    create: 'npx --yes @vue/cli@5 create app --default --no-git --packageManager yarn',
    command: 'yarn build',
    dist: 'dist',
    edit: { path: 'src/main.js', add: SCRIPT },
  },
  {
    name: 'qwik',
    manager: 'npm',
    create: 'npx --yes create-qwik@latest empty app',
    lock: 'none',
    command: 'npm run build.client',
    dist: 'dist',
    edit: { path: 'src/root.tsx', add: SCRIPT },
  },
];
