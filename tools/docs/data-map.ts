import { writeFileSync } from 'node:fs';
import { storedTables } from '../../src/app/stored-tables.js';
import { renderDataMap } from '../../src/core/privacy/data-map/data-map-document.js';

// Run from the repository root: node dist/tools/docs/data-map.js
writeFileSync('docs/data-map.md', renderDataMap(storedTables));
