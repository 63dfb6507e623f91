/**
 * No circle of rooms in src/modules (docs/architecture.md): who changes or reads several rooms stands above them. Of folders only,
 * so that specs, which see the composition, close no circle.
 */
/** What calls still import of flags and watchlists keeps these in one circle: to be emptied, never added to. */
const stillInOne = '^src/modules/(calls/|fraud/(flags|watchlists)$)';

module.exports = {
  forbidden: [
    {
      name: 'no-circles-of-rooms',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/modules/[^/]+/[^/]+$', pathNot: stillInOne },
      to: { circular: true },
    },
  ],
  options: {
    ...require('./.dependency-cruiser.cjs').options,
    includeOnly: '^src/modules/',
    exclude: '\\.spec\\.ts$',
  },
};
