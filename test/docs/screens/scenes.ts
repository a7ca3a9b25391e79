// The screens of README.md and the guides: what is typed for each. They share a desk, in this order.
import type { Desk } from './desk.js';
import { broken, leaky, monorepo, site } from './projects.js';
import { SERVICE_SCENES } from './service-scenes.js';
import { stable } from './stable.js';

/** Makes one screen. What it needs it makes, too: it may be the only one that is wanted. */
export type Scene = (desk: Desk) => Promise<string>;

const HOME = '.';
const ID = /my-site-\w{7}-\w{6}/;

export const SCENES: Record<string, Scene> = {
  quickstart: async (desk) => {
    const screen = await desk.typed(HOME, `npm run --silent --prefix ${process.cwd()} quickstart`);
    return `$ npm run quickstart\n${screen.split('\n\nNext:')[0]}`;
  },
  'own-project': async (desk) => {
    await desk.repository('my-site', site());
    await desk.write('my-site', { 'src/draft.js': '' });
    return desk.type('my-site', 'koalaci run .');
  },
  'second-build': async (desk) => {
    await builtSite(desk);
    await desk.commit('my-site', {
      'index.html': '<!doctype html><title>Mine</title><script type="module" src="/src/main.jsx"></script>',
    });
    return desk.type('my-site', 'koalaci run .');
  },
  failure: async (desk) => {
    await desk.repository('my-shop', broken());
    return desk.ended(await desk.type('my-shop', 'koalaci run .'), 'ERROR');
  },
  detect: async (desk) => {
    await desk.repository('my-site', site());
    return desk.type('my-site', 'koalaci detect');
  },
  'detect-monorepo': async (desk) => {
    await desk.repository('everything', monorepo());
    return desk.type('everything', 'koalaci detect');
  },
  related: async (desk) => {
    await desk.repository('everything', monorepo());
    await desk.build('everything', '--root apps/site --reuse related');
    await desk.commit('everything', { 'apps/admin/index.html': '<!doctype html>\n' });
    return desk.ended(
      await desk.type('everything', 'koalaci run . --root apps/site --reuse related'),
      'koalaci builds',
    );
  },
  secret: async (desk) => {
    await desk.repository('my-page', leaky());
    return desk.ended(await desk.type('my-page', 'koalaci run . --env API_KEY=kZ83nfQ02mVx71Lw'), 'ERROR');
  },
  debug: async (desk) => {
    await desk.repository('my-shop', broken());
    const id = await desk.build('my-shop', '--keep');
    const shell = await desk.typed('my-shop', `koalaci debug ${id}`, [
      [/\$ ?$/, 'ls src\n'],
      [/\n\S*\$ ?$/, 'exit\n'],
    ]);
    return `$ koalaci debug ${stable(id, desk)}\n${shell}`;
  },
  artifact: async (desk) => {
    const id = await builtSite(desk);
    const lines = [`koalaci artifacts get ${id} -o site.tar.gz`, 'tar -tzf site.tar.gz'];
    return desk.type('my-site', ...lines);
  },
  compare: async (desk) => {
    await builtSite(desk);
    await desk.build('my-site', '--output ../new');
    return desk.type('my-site', 'tar -tzf ~/new/*.tar.gz');
  },
  disk: async (desk) => {
    await builtSite(desk);
    await desk.saved();
    return desk.type(
      HOME,
      'koalaci cache ls',
      'koalaci artifacts ls my-site',
      'koalaci artifacts prune --dry-run',
    );
  },
  escapes: (desk) => desk.type(HOME, "koalaci doctor | grep -A 2 -E '^. (engine|runc) '"),
  certificate: (desk) =>
    desk.type(HOME, 'KOALACI_EXTRA_CA_CERTS=/etc/ssl/office.pem koalaci doctor | grep -A 2 ✖'),
  ...SERVICE_SCENES,
};

/** The id of a deployment of my-site, which is there if it was not. */
async function builtSite(desk: Desk): Promise<string> {
  await desk.repository('my-site', site());
  const known = ID.exec(
    await desk.raw('my-site', 'koalaci list --project my-site --status READY --json'),
  )?.[0];
  return known ?? desk.build('my-site');
}
