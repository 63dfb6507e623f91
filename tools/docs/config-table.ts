import { readFileSync, writeFileSync } from 'node:fs';
import { withConfigTable } from '../../src/platform/config/config-table.js';

// Run from the repository root: node dist/tools/docs/config-table.js
const path = 'docs/operations.md';
writeFileSync(path, withConfigTable(readFileSync(path, 'utf8')));
