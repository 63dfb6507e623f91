/** What the person who opens a link may do on the page; seeing what is held is part of every link. */
export const scopes = ['view', 'consent', 'enrol', 'requests'] as const;
export type Scope = (typeof scopes)[number];
