import { handledAs, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, type StoredTable } from '../../../platform/database/stored-table.js';

const visit = handledAs({
  activity: 'access-control',
  retention: 'customer-page-visit',
  erasure: 'row-deleted',
});

const common = {
  tenant_id: tenant,
  customer_id: visit('identifier', 'Whose page it opens.'),
  link_id: notPersonal('Names the link.'),
  issued_by: visit('staff', 'The token of the business’s site that vouches for who this is.'),
  scopes: notPersonal('What may be done on the page.'),
  language: visit('identifier', 'What the business’s site speaks with the person.'),
};

export const storedSelfService: readonly StoredTable[] = [
  {
    table: 'self_service_links',
    what: 'Links to the customer page that the business’s site asked for.',
    bundle: { in: 'uses' },
    columns: {
      ...common,
      issued_at: visit('trace', 'When it was made.'),
      expires_at: visit('trace', 'Until when it may be opened.'),
      used_at: visit('trace', 'When it was opened.'),
    },
    erasure: {
      act: 'delete',
      why: 'ways into the customer page',
      erase: erasing('DELETE FROM self_service_links WHERE customer_id = $1'),
    },
  },
  {
    table: 'self_service_sessions',
    what: 'Visits to the customer page that are going on.',
    bundle: { in: 'uses' },
    columns: {
      ...common,
      session_id: notPersonal('Names the visit.'),
      secret_hash: notPersonal('A hash of what the browser’s cookie holds.'),
      opened_at: visit('trace', 'When it began.'),
      idle_ends_at: visit('trace', 'When it ends if nothing is done.'),
      ends_at: visit('trace', 'When it ends whatever is done.'),
    },
    erasure: {
      act: 'delete',
      why: 'visits of the customer page: they end at once',
      erase: erasing('DELETE FROM self_service_sessions WHERE customer_id = $1'),
    },
  },
];
