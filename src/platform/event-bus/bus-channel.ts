/** The channel of PostgreSQL that Timbre's processes listen to. */
export const busChannel = 'timbre_bus';
