// The containers of koalaci's own Redis, of all installations on the engine.
import { docker } from './cli.js';
import { LABEL } from './names.js';

export interface RedisContainer {
  name: string;
  /** The id of its image. */
  image: string;
  /** The directory on the engine's machine that has its data. */
  data: string;
}

const FORMAT = '{{json .Name}} {{json .Image}} {{range .Mounts}}{{json .Source}}{{end}}';

/** All of them, running or not. */
export async function redisContainers(): Promise<RedisContainer[]> {
  const ids = await docker(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${LABEL.redis}`]);
  if (ids === '') return [];
  const inspect = ['container', 'inspect', '--format', FORMAT, ...ids.split('\n')];
  const lines = (await docker(inspect, { tolerant: true })).split('\n').filter(Boolean);
  return lines.map((line) => {
    const [name = '', image = '', data = ''] = JSON.parse(`[${line.replace(/" "/g, '","')}]`) as string[];
    return { name: name.replace(/^\//, ''), image, data };
  });
}
