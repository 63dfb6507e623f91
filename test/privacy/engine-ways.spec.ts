import { describe, expect, it } from '@jest/globals';
import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Which code can bring sound to the engine, as the compiler sees it. A new way fails here until it stands in these tables with
 * the gate before it, and is walked in gate.spec.ts without one.
 */
const root = join(import.meta.dirname, '../..');

/** Who opens the engine. Neither asks a gate itself: whoever uses them does. */
const openers = [
  'src/modules/calls/live/call-analysis.ts',
  'src/modules/people/voiceprints/stream-enrolment.ts',
  'src/modules/people/voiceprints/upload-analysis.ts',
];

/** Who uses an opener, and what is asked before. */
const ways = {
  CallAnalysis: {
    // Fed by its AudioGate alone, which `settleGate` opens for a claim context, an enrolment or a watchlist that consent,
    // or a list's ground, allows.
    'src/modules/calls/live/call-voice.ts': 'mayBeHeard',
  },
  CallVoice: {
    'src/modules/calls/live/call-session.ts': 'AudioGate',
  },
  // Walked, with the rest of the customer page's microphone, in test/self-service/enrolment.spec.ts.
  StreamEnrolment: {
    'src/modules/people/voiceprints/stream-enrolments.ts': 'enrolmentGate',
    // Feeds what it was given once the gate had let it be made; it makes none.
    'src/modules/rights/self-service/enrolment-dialogue.ts': null,
  },
  UploadAnalysis: {
    'src/modules/people/voiceprints/upload-enrolment.ts': 'enrolmentGate',
    'src/modules/fraud/watchlists/entry-recordings.ts': 'mayAdd',
    // Named to be provided, never run.
    'src/modules/people/voiceprints/voiceprints.module.ts': null,
  },
} as const;

describe('the ways into the engine', () => {
  it('are opened in three places', () => {
    expect(filesUsing('src/engine/engine.port.ts', 'open')).toEqual(openers);
  });

  it.each(Object.entries(ways))('through %s are those of the table, each with its gate', (opener, users) => {
    const declared = [...openers, 'src/modules/calls/live/call-voice.ts'].find((file) =>
      sourceOf(file).text.includes(`export class ${opener} `),
    );
    if (declared === undefined) throw new Error(`nothing declares ${opener}`);
    expect(filesUsing(declared, opener).filter((file) => file !== declared)).toEqual(
      Object.keys(users).sort(),
    );
    for (const [file, gate] of Object.entries(users)) {
      if (gate === null) expect(sourceOf(file).text).not.toMatch(/\.run\(|new StreamEnrolment\(/);
      else expect(sourceOf(file).text).toContain(gate);
    }
  });

  it('ask the gate before they run a recording', () => {
    for (const [file, gate] of Object.entries(ways.UploadAnalysis)) {
      if (gate === null) continue;
      const { text } = sourceOf(file);
      const runs = [...text.matchAll(/analysis\.run\(/g)].map(({ index }) => index);
      expect(runs).toHaveLength(1);
      expect(text.indexOf(`.${gate}(`)).toBeGreaterThan(0);
      expect(text.indexOf(`.${gate}(`)).toBeLessThan(runs[0] ?? 0);
    }
  });

  it('ask the gate before they listen to a microphone', () => {
    const { text } = sourceOf('src/modules/people/voiceprints/stream-enrolments.ts');
    expect(text.match(/new StreamEnrolment\(/g)).toHaveLength(1);
    expect(text).toMatch(/\.enrolmentGate\(.*gate\.kind === 'closed'.*return.*new StreamEnrolment\(/s);
  });

  it('take a call’s audio from its gate alone, which opens in one place', () => {
    const voice = sourceOf('src/modules/calls/live/call-voice.ts').text;
    expect(voice.match(/analysis\.push\(/g)).toHaveLength(1);
    expect(voice).toMatch(/hear\(chunk: PlacedAudio\): void \{[^}]*analysis\.push\(/s);
    const { text } = sourceOf('src/modules/calls/live/call-session.ts');
    expect(text.match(/voice\.hear\(/g)).toHaveLength(1);
    expect(text).toMatch(/new AudioGate\([^;]*voice\.hear\(/s);
    expect(text.match(/gate\.open\(/g)).toHaveLength(1);
    expect(voice).toMatch(/get mayBeHeard\(\)[^}]*context\?\.kind === 'ready'/s);
    expect(text).toMatch(/settleGate\(\): void \{.{0,150}if \(mayBeHeard\) \{[^}]*gate\.open\(/s);
  });
});

const program = ts.createProgram(rootFiles(), {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
  skipLibCheck: true,
  noEmit: true,
  experimentalDecorators: true,
});
const checker = program.getTypeChecker();

function rootFiles(): string[] {
  return ts.sys
    .readDirectory(join(root, 'src'), ['.ts'])
    .filter((file) => !file.endsWith('.spec.ts') && !file.includes('/browser/'));
}

function sourceOf(file: string): ts.SourceFile {
  const source = program.getSourceFile(join(root, file));
  if (source === undefined) throw new Error(`there is no ${file}`);
  return source;
}

/** Files, beside the engine's own, that name what `declaredIn` declares as `name`. */
function filesUsing(declaredIn: string, name: string): string[] {
  const declaring = join(root, declaredIn);
  const isIt = (symbol: ts.Symbol | undefined): boolean => {
    const found = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return found?.declarations?.some((node) => node.getSourceFile().fileName === declaring) === true;
  };
  const uses = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name && isIt(checker.getSymbolAtLocation(node))) ||
    ts.forEachChild(node, (child) => uses(child) || undefined) === true;
  return rootFiles()
    .map((file) => relative(root, file))
    .filter((file) => !file.startsWith('src/engine/') && uses(sourceOf(file)))
    .sort();
}
