#!/usr/bin/env node
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { roles } from '../../src/core/auth/principal.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { issueToken } from './issue-token.js';

const usage = `Makes an API token and prints it, once: only its hash is kept.

  npx timbre-token --tenant NAME --role ROLE [--label TEXT] [--expires ISO-8601] [--create-tenant]

  --tenant          the tenant's name
  --role            ${roles.join(', ')}
  --label           what the token is for (default: timbre-token)
  --expires         when it ends, such as 2027-01-01T00:00:00Z (default: when it is revoked)
  --create-tenant   make the tenant when there is none of that name

The database is the one the service uses (DATABASE_URL, or TIMBRE_DATA_DIR with the service running or not).
`;

const optionsSchema = z.strictObject({
  tenant: z.string().min(1).max(100),
  role: z.enum(roles),
  label: z.string().min(1).max(100).default('timbre-token'),
  expires: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  'create-tenant': z.boolean().default(false),
});

function options(): z.output<typeof optionsSchema> {
  try {
    const { values } = parseArgs({
      options: {
        tenant: { type: 'string' },
        role: { type: 'string' },
        label: { type: 'string' },
        expires: { type: 'string' },
        'create-tenant': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const { help, ...rest } = values;
    if (help === true) {
      process.stdout.write(usage);
      process.exit(0);
    }
    return optionsSchema.parse({ ...rest });
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n')
        : (error as Error).message;
    process.stderr.write(`${reason}\n\n${usage}`);
    process.exit(2);
  }
}

const wanted = options();
try {
  const config = loadConfig(process.env);
  const token = await issueToken(config, {
    tenant: wanted.tenant,
    role: wanted.role,
    label: wanted.label,
    expiresAt: wanted.expires,
    createTenant: wanted['create-tenant'],
  });
  process.stdout.write(`${token}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
