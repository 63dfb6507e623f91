import { auditView } from './audit-view.js';
import { exportsView } from './exports-view.js';
import { holdsView } from './holds-view.js';
import { ledgerView } from './ledger-view.js';
import { noticesView } from './notices-view.js';
import { packsView } from './packs-view.js';
import { receiptsView } from './receipts-view.js';
import { dataMapView, recordsView } from './records-view.js';
import { requestsView } from './requests-view.js';
import { retentionView } from './retention-view.js';
import type { View } from './view.js';

/** The sections in the order of the page's list. */
export const views: readonly View[] = [
  ledgerView,
  noticesView,
  auditView,
  requestsView,
  retentionView,
  holdsView,
  receiptsView,
  packsView,
  dataMapView,
  recordsView,
  exportsView,
];
