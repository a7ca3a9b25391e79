// Walls that the gate will build: a build reaches the public network only, and only through it.
import { describe, it } from 'vitest';

describe('the network (the gate)', () => {
  it.todo('a build connects to a port of the host: the gate');
  it.todo('a build connects to a private address beside the box: the gate');
  it.todo('a build asks the metadata service of a cloud: the gate');
  it.todo('a build follows a public name that leads to a private address: the gate');
});
