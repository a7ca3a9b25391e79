// A directory as a tar, as a build container sends it.
import { execa } from 'execa';

/** All of it, or its first bytes. */
export async function tarOf(directory: string, most?: number): Promise<Buffer> {
  const head = most === undefined ? '' : `| head -c ${most}`;
  const { stdout } = await execa(
    'bash',
    ['-c', `tar --create --format=gnu --sort=name --directory="$1" . ${head}`, '_', directory],
    {
      encoding: 'buffer',
    },
  );
  return Buffer.from(stdout);
}
