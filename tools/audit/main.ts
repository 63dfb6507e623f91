#!/usr/bin/env node
import 'reflect-metadata';
import { once } from 'node:events';
import { audit } from './audit.js';

process.exitCode = await audit(process.argv.slice(2), {
  env: process.env,
  async write(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  complain: (text) => void process.stderr.write(text),
});
