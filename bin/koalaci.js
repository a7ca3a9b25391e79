#!/usr/bin/env node
import module from 'node:module';

// From Node 22.1 on: what was compiled once is loaded from a cache.
module.enableCompileCache?.();
await import(process.argv[2] === 'post-build' ? '../dist/post-build.js' : '../dist/cli.js');
