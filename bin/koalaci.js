#!/usr/bin/env node
import module from 'node:module';

// From Node 22.1 on: what was compiled once is loaded from a cache.
module.enableCompileCache?.();
// koalaci starts these itself: each loads only what it needs.
const own = { 'post-build': '../dist/post-build.js', pack: '../dist/packer.js', prove: '../dist/prove.js' };
// These are asked for all day, and by scripts.
const quick = { logs: './quick.js', list: './quick.js', status: './quick.js' };
const programs = { ...own, ...quick };
await import(Object.hasOwn(programs, process.argv[2]) ? programs[process.argv[2]] : '../dist/cli.js');
