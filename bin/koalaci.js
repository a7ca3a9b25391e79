#!/usr/bin/env node
import module from 'node:module';

// From Node 22.1 on: what was compiled once is loaded from a cache.
module.enableCompileCache?.();
await import('../dist/cli.js');
