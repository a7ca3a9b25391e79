#!/usr/bin/env node
'use strict';
// CommonJS, since Node.js starts that sooner.
const module_ = require('node:module');

// From Node 22.1 on: what was compiled once is loaded from a cache.
module_.enableCompileCache?.();
// koalaci starts these itself: each loads only what it needs.
const own = { 'post-build': '../dist/post-build.js', pack: '../dist/packer.js', prove: '../dist/prove.js' };
// These are asked for all day, and by scripts.
const quick = ['logs', 'list', 'status'];
const command = process.argv[2];

if (quick.includes(command)) require('./quick.js').run();
else void import(Object.hasOwn(own, command) ? own[command] : '../dist/cli.js');
