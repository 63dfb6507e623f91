import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedKeyFile, readMasterKeys, type MasterKeyList } from './master-keys.js';
import { variablesSchema, type Variables } from './variables.js';

export const CONFIG = Symbol('Config');

export interface Config {
  readonly httpPort: number;
  readonly httpHost: string;
  readonly publicUrl: string | undefined;
  /** Undefined: Timbre runs its own PostgreSQL under `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** The same database past a pooler; undefined: `databaseUrl` leads straight to it. */
  readonly listenDatabaseUrl: string | undefined;
  readonly databasePool: number;
  readonly embeddedDatabasePort: number;
  readonly dataDir: string;
  readonly modelDir: string;
  /** Of the models that are served beside the current one. */
  readonly previousModelDirs: readonly string[];
  readonly retiredModelDays: number;
  readonly workers: number;
  /** Undefined: beside the data, in a database of its own where Timbre runs PostgreSQL itself. */
  readonly keyDatabaseUrl: string | undefined;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Earlier ones that still open what they wrapped. */
  readonly previousMasterKeys: readonly Buffer[];
  /** Where they stand, when they may be exchanged while Timbre runs. */
  readonly masterKeyFile: string | undefined;
  /** `generated`: kept under `dataDir`, which is said in a warning at every start. */
  readonly masterKeySource: 'environment' | 'file' | 'generated';
  readonly logLevel: Variables['TIMBRE_LOG_LEVEL'];
  /** Origins that may frame the agent page, beside its own. */
  readonly agentPageFramedBy: readonly string[];
  readonly maxUploadSeconds: number;
  readonly selfServiceLinkSeconds: number;
  readonly selfServiceIdleSeconds: number;
  readonly firstMessageTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly quietAfterMs: number;
  readonly resumeWithinMs: number;
  readonly engineMaxWaitingMs: number;
  readonly shutdownGraceMs: number;
  readonly sweepIntervalMs: number;
}

export interface ConfigError {
  readonly variable: string;
  readonly expected: string;
}

/** What is wrong with the environment, all of it at once. Holds no value: one may be a secret. */
export class InvalidConfig extends Error {
  constructor(readonly errors: readonly ConfigError[]) {
    const lines = errors.map(({ variable, expected }) => `  ${variable}: expected ${expected}`);
    super(['The configuration is not valid:', ...lines, 'See docs/operations.md.'].join('\n'));
    this.name = 'InvalidConfig';
  }
}

/** Reads the environment; with the embedded database and no master key, makes one under the data directory. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const variables = parseVariables(env);
  const dataDir = resolve(variables.TIMBRE_DATA_DIR);
  return {
    httpPort: variables.TIMBRE_HTTP_PORT,
    httpHost: variables.TIMBRE_HTTP_HOST,
    publicUrl: variables.TIMBRE_PUBLIC_URL,
    databaseUrl: variables.DATABASE_URL,
    listenDatabaseUrl: variables.TIMBRE_LISTEN_DATABASE_URL,
    databasePool: variables.TIMBRE_DATABASE_POOL,
    embeddedDatabasePort: variables.TIMBRE_EMBEDDED_DATABASE_PORT,
    dataDir,
    modelDir: env['TIMBRE_MODEL_DIR']
      ? resolve(variables.TIMBRE_MODEL_DIR)
      : join(installRoot(), variables.TIMBRE_MODEL_DIR),
    previousModelDirs:
      variables.TIMBRE_PREVIOUS_MODEL_DIRS?.split(delimiter).map((path) => resolve(path.trim())) ?? [],
    retiredModelDays: variables.TIMBRE_RETIRED_MODEL_DAYS,
    workers: variables.TIMBRE_WORKERS ?? Math.max(1, availableParallelism() - 1),
    keyDatabaseUrl: variables.TIMBRE_KEY_DATABASE_URL,
    ...masterKeysOf(variables, dataDir),
    logLevel: variables.TIMBRE_LOG_LEVEL,
    agentPageFramedBy: variables.TIMBRE_AGENT_PAGE_FRAMED_BY?.split(/\s+/) ?? [],
    maxUploadSeconds: variables.TIMBRE_MAX_UPLOAD_SECONDS,
    selfServiceLinkSeconds: variables.TIMBRE_CUSTOMER_LINK_SECONDS,
    selfServiceIdleSeconds: variables.TIMBRE_CUSTOMER_IDLE_SECONDS,
    firstMessageTimeoutMs: variables.TIMBRE_FIRST_MESSAGE_TIMEOUT_MS,
    silenceTimeoutMs: variables.TIMBRE_SILENCE_TIMEOUT_MS,
    quietAfterMs: variables.TIMBRE_QUIET_AFTER_MS,
    resumeWithinMs: variables.TIMBRE_RESUME_WITHIN_MS,
    engineMaxWaitingMs: variables.TIMBRE_ENGINE_MAX_WAITING_MS,
    shutdownGraceMs: variables.TIMBRE_SHUTDOWN_GRACE_MS,
    sweepIntervalMs: variables.TIMBRE_SWEEP_INTERVAL_MS,
  };
}

function parseVariables(env: Readonly<Record<string, string | undefined>>): Variables {
  const known = new Set(Object.keys(variablesSchema.shape));
  // The call simulator's, which a person may have set in the same shell.
  const ofTools = new Set(['TIMBRE_TOKEN', 'TIMBRE_KINESIS_SECRET']);
  // A variable set to nothing is one not set: compose files and shells make these.
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => known.has(name) && value !== ''),
  );
  const parsed = variablesSchema.safeParse(given);
  const errors: ConfigError[] = Object.keys(env)
    .filter((name) => name.startsWith('TIMBRE_') && !known.has(name) && !ofTools.has(name))
    .map((variable) => ({ variable, expected: 'no such variable; is it misspelt?' }));
  if (!parsed.success) {
    errors.push(
      ...parsed.error.issues.map((issue) => ({ variable: issue.path.join('.'), expected: issue.message })),
    );
  } else if (given['TIMBRE_MASTER_KEY'] !== undefined && given['TIMBRE_MASTER_KEY_FILE'] !== undefined) {
    errors.push({
      variable: 'TIMBRE_MASTER_KEY_FILE',
      expected: 'to be set alone, without TIMBRE_MASTER_KEY',
    });
  } else if (given['TIMBRE_PREVIOUS_MASTER_KEYS'] !== undefined && given['TIMBRE_MASTER_KEY'] === undefined) {
    errors.push({
      variable: 'TIMBRE_PREVIOUS_MASTER_KEYS',
      expected:
        'to be set with TIMBRE_MASTER_KEY; a key file holds the previous keys itself, below the current one',
    });
  } else if (
    parsed.data.DATABASE_URL !== undefined &&
    parsed.data.TIMBRE_MASTER_KEY === undefined &&
    parsed.data.TIMBRE_MASTER_KEY_FILE === undefined
  ) {
    errors.push({
      variable: 'TIMBRE_MASTER_KEY',
      expected: 'to be set when DATABASE_URL is (32 bytes in base64, as made by: openssl rand -base64 32)',
    });
  }
  if (!parsed.success || errors.length > 0) throw new InvalidConfig(errors);
  return parsed.data;
}

function masterKeysOf(
  variables: Variables,
  dataDir: string,
): Pick<Config, 'masterKey' | 'previousMasterKeys' | 'masterKeyFile' | 'masterKeySource'> {
  const { TIMBRE_MASTER_KEY: key, TIMBRE_MASTER_KEY_FILE: file } = variables;
  if (key !== undefined) {
    return {
      masterKey: Buffer.from(key, 'base64'),
      previousMasterKeys: variables.TIMBRE_PREVIOUS_MASTER_KEYS ?? [],
      masterKeyFile: undefined,
      masterKeySource: 'environment',
    };
  }
  const masterKeyFile = file === undefined ? generatedKeyFile(dataDir) : resolve(file);
  const { current, previous } = keysIn(
    masterKeyFile,
    file === undefined ? 'TIMBRE_MASTER_KEY' : 'TIMBRE_MASTER_KEY_FILE',
  );
  return {
    masterKey: current,
    previousMasterKeys: previous,
    masterKeyFile,
    masterKeySource: file === undefined ? 'generated' : 'file',
  };
}

function keysIn(path: string, variable: string): MasterKeyList {
  try {
    return readMasterKeys(path);
  } catch (error) {
    // What Node says of a file names its path, never what stands in it.
    throw new InvalidConfig([{ variable, expected: (error as Error).message }]);
  }
}

/** The folder of Timbre's package.json: sources and the built dist/ lie at different depths below it. */
function installRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Timbre is installed without its package.json');
    folder = parent;
  }
  return folder;
}
