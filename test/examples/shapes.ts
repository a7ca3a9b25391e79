// Examples of what repositories are like, whatever their framework: generated clients, libraries, workspaces, LFS, submodules.
import { type Example, manifest, SCRIPT } from './example.js';

const IGNORE = 'node_modules\ndist\nlib\ngenerated\n.turbo\n.nx\n';
const bundle = 'esbuild src/index.js --bundle --outfile=dist/index.js';
const member = (name: string, script: string, dependencies: Record<string, string>) =>
  `${JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './dist/index.js', scripts: { build: script }, dependencies }, null, 2)}\n`;
const members = (version: string) => ({
  '.gitignore': IGNORE,
  'packages/words/package.json': member('words', 'esbuild src/index.js --outfile=dist/index.js', {}),
  'packages/words/src/index.js': "export const words = 'eucalyptus';\n",
  'apps/web/package.json': member('web', bundle, { words: version }),
  'apps/web/src/index.js': "import { words } from 'words';\nconsole.log(words);\n",
});
const change = {
  path: 'packages/words/src/index.js',
  add: "export const more = 'bark';\nconsole.log(more);\n",
};

export const shapes: readonly Example[] = [
  {
    name: 'prisma',
    manager: 'npm',
    // Generating a client does not need the engine, which is not in the registry.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' },
    command: 'npm run build',
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest(
        { build: `prisma generate && ${bundle} --platform=node`, postinstall: 'prisma generate' },
        ['prisma@7', '@prisma/client@7', 'esbuild'],
      ),
      'prisma.config.ts': "export default { schema: 'schema.prisma' };\n",
      'schema.prisma':
        'generator client {\n  provider = "prisma-client"\n  output = "./generated"\n}\n\ndatasource db {\n  provider = "sqlite"\n}\n\nmodel Bear {\n  id Int @id\n}\n',
      'src/index.js':
        "import { Prisma } from '../generated/client.ts';\nconsole.log(Object.keys(Prisma.BearScalarFieldEnum));\n",
    },
    edit: { path: 'schema.prisma', add: '\nmodel Leaf {\n  id Int @id\n}\n' },
  },
  {
    name: 'prepare',
    manager: 'npm',
    command: `npx ${bundle}`,
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ prepare: 'tsc' }, ['typescript@5', 'esbuild']),
      'tsconfig.json':
        '{ "compilerOptions": { "rootDir": "words", "outDir": "lib", "module": "esnext", "target": "es2022", "types": [] }, "files": ["words/index.ts"] }\n',
      'words/index.ts': "export const words: string = 'eucalyptus';\n",
      'src/index.js': "import { words } from '../lib/index.js';\nconsole.log(words);\n",
    },
    edit: { path: 'words/index.ts', add: SCRIPT },
  },
  {
    name: 'turbo-pnpm',
    manager: 'pnpm',
    command: 'pnpm exec turbo run build',
    dist: 'apps/web/dist',
    files: {
      ...members('workspace:*'),
      'package.json': manifest({}, ['turbo', 'esbuild']),
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\nallowBuilds:\n  esbuild: true\n',
      'turbo.json':
        '{ "globalPassThroughEnv": ["npm_config_*", "pnpm_config_*"], "tasks": { "build": { "dependsOn": ["^build"], "outputs": ["dist/**"] } } }\n',
    },
    // Turborepo finds workspaces only with an exact version here. Without the variables, pnpm would fetch that version anew.
    adapt: 'npm pkg set packageManager=pnpm@$(pnpm --version)',
    edit: change,
  },
  {
    name: 'nx-npm',
    manager: 'npm',
    command: 'npx nx run-many --target build',
    dist: 'apps/web/dist',
    files: {
      ...members('*'),
      'package.json': manifest({}, ['nx', 'esbuild'], { workspaces: ['apps/*', 'packages/*'] }),
      'nx.json':
        '{ "analytics": false, "targetDefaults": { "build": { "cache": true, "dependsOn": ["^build"], "outputs": ["{projectRoot}/dist"] } } }\n',
    },
    edit: change,
  },
  {
    name: 'workspaces-npm',
    manager: 'npm',
    command: 'npm run build --workspace words && npm run build --workspace web',
    dist: 'apps/web/dist',
    files: {
      ...members('*'),
      'package.json': manifest({}, ['esbuild'], { workspaces: ['apps/*', 'packages/*'] }),
    },
    edit: change,
  },
  {
    name: 'workspaces-yarn',
    manager: 'yarn',
    command: 'yarn workspace words build && yarn workspace web build',
    dist: 'apps/web/dist',
    files: {
      ...members('1.0.0'),
      'package.json': manifest({}, ['esbuild'], { workspaces: ['apps/*', 'packages/*'] }),
    },
    edit: change,
  },
  {
    name: 'lfs',
    manager: 'none',
    command: 'mkdir dist && cp big.txt index.html dist',
    dist: 'dist',
    files: {
      '.gitattributes': '*.txt filter=lfs diff=lfs merge=lfs -text\n',
      'big.txt': 'a big file\n'.repeat(1000),
      'index.html': '<h1>Example</h1>\n',
    },
    edit: { path: 'big.txt', add: 'a line more\n' },
  },
  {
    name: 'submodule',
    manager: 'npm',
    command: `npx ${bundle}`,
    dist: 'dist',
    served: true,
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({}, ['esbuild']),
      'src/index.js': "import { words } from '../vendor/words.js';\nconsole.log(words);\n",
    },
    adapt: `git init -q -b main ../lib && echo "export const words = 'eucalyptus';" >../lib/words.js && git -C ../lib add -A && git -C ../lib commit -qm words
      git init -q -b main . && git -c protocol.file.allow=always submodule --quiet add ../lib vendor && git config -f .gitmodules submodule.vendor.url ../../lib`,
    edit: { path: 'src/index.js', add: SCRIPT },
  },
];
