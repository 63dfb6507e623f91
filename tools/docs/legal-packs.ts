import { writeFileSync } from 'node:fs';
import { renderPacks } from '../../src/core/privacy/packs/packs-document.js';

// Run from the repository root, then npm run format: node dist/tools/docs/legal-packs.js
writeFileSync('docs/privacy-packs.md', renderPacks());
