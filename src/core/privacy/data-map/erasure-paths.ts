/** How a column is emptied when the person asks for erasure (GDPR Art. 17), or why it then leads to nobody. */
export const erasurePaths = {
  'key-destroyed':
    'The customer’s key is destroyed first: every copy, also in backups, is unreadable from then on. Then the sealed bytes are deleted.',
  'row-deleted': 'The row is deleted.',
  tombstone: 'What it describes is destroyed with its key; the facts that stay go with the customer’s row.',
  'customer-row-deleted':
    'The customer’s row is deleted. It alone tells whom an id means: ids elsewhere lead to nobody from then on.',
  'id-leads-nowhere':
    'Stays, by id alone: append-only, as proof. With the customer’s row gone the id leads to nobody.',
  'words-emptied': 'Emptied: what people wrote goes, dates and kinds stay as proof by id alone.',
  'proof-deleted': 'The reference is deleted; what stays is a salted hash that vouches for nothing.',
  'entry-erased':
    'The privacy officer erases the entry (its key, then its bytes); an objection asks for that.',
  'ends-by-itself': 'Gone within a minute by itself, and at once with the customer’s key.',
  'with-its-row': 'Goes with the row it stands in.',
  'label-changed':
    'The token is revoked. Its id leads to somebody only through the label the business gave it; labels should name an application.',
} as const;
export type ErasureId = keyof typeof erasurePaths;
