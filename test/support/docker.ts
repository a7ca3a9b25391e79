// What the tests ask the real engine.
import { execa } from 'execa';

export const docker = async (...args: string[]) => (await execa('docker', args)).stdout;
