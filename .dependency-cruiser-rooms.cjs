/**
 * No circle of rooms in src/modules (docs/architecture.md): who changes or reads several rooms stands above them. Of folders only,
 * so that specs, which see the composition, close no circle.
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circles-of-rooms',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/modules/[^/]+/[^/]+$' },
      to: { circular: true },
    },
  ],
  options: {
    ...require('./.dependency-cruiser.cjs').options,
    includeOnly: '^src/modules/',
    exclude: '\\.spec\\.ts$',
  },
};
