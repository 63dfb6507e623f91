import { packIds, ruleNames, type LegalPack, type RuleName } from './pack.js';
import { periodText } from './period.js';
import { packs } from './registry.js';
import { compared, comparedOn } from './compared.js';

/** What a rule asks for, in a few words. */
type Said = { readonly article: string; readonly asks: string; readonly note?: string };

/** docs/privacy-packs.md, whole: a test holds the file to it. */
export function renderPacks(): string {
  const sections = packIds.map((packId) => section(packs[packId]));
  return [intro, ...sections, comparison()].join('\n');
}

function comparison(): string {
  const rows = packIds.flatMap((packId) =>
    compared[packId].map(({ sections, at }) => `| ${packId} | ${sections} | ${at} |`),
  );
  return `## What was compared with the law's own text

On ${comparedOn}, with stored copies of public pages, of which only the beginning could be read; the official texts were not within reach save where they are named. What is not in this table was not compared: notably 6-1-1314(2)(a)(III) and 6-1-1308(7) of Colorado, 59.1-578(A)(5), 59.1-577(C) and 59.1-582 of Virginia, 1798.110 of California, 14/10, 14/15(e) and 14/25 of Illinois. Counsel reads all of it again.

| pack | sections | read at |
| --- | --- | --- |
${rows.join('\n')}

Corrected by it: Colorado's rule on refreshing consent is Rule 7.08 (was: 7.05), that on withdrawing it Rule 7.07 (was: 7.03); the exemption of Texas for banks is 503.001(e)(1), and there is one for artificial intelligence against fraud since 2026.
`;
}

const intro = `# Legal packs

Written by \`node dist/tools/docs/legal-packs.js\` from \`src/core/privacy/packs\`: change the packs, not this file. Not legal advice; each rule names its article so that counsel can check it.

A pack is one law as data. A tenant switches packs on in its policy (\`privacy.packs\`; all six are on unless it says otherwise), and a customer's residence (ISO 3166-1 or -2) selects those that protect them. Of whoever's residence is not known, or is a country of which only states are covered, every switched-on pack that may apply does. \`privacy.everywhere\` names packs that bind the tenant wherever its customers live, such as GDPR Art. 3(1) for a business established in the Union.

Where packs differ the stricter one wins, rule by rule, and every answer names the rule that decided (\`decidedBy\`: pack, rule, article). Where no pack asks for anything Timbre's own rules hold (\`timbre\`): no voice is processed without consent, whatever the law.

| asked | answered with | by |
| --- | --- | --- |
| May this voice be processed? | the gate: open until, or closed and why | \`src/core/privacy/gate.ts\` |
| Is this way of agreeing enough? | yes, or the methods that are | \`packs/basis.ts\` |
| Until when may a voiceprint be kept? | a date and the rule that set it | \`retention.ts\`, \`packs/limits.ts\` |
| When must a request be answered? | dates for answer, extension, receipt | \`packs/requests.ts\` |
| Can somebody of this age agree alone? | yes, or a parent or guardian does (\`ageYears\`, \`guardian\` of \`POST …/consents\`; the age is not kept) | \`packs/basis.ts\` |
| A breach is known: who is told by when? | dates per law (\`GET /v1/privacy/packs/breach-clock\`) | \`packs/requests.ts\` |
| May a call count towards how often the voice check is wrong? | yes, or the rule that says no | \`packs/own-callers.ts\` |
| May a voice be on a watchlist without consent? | yes on this ground, or a release is needed | \`packs/watchlist.ts\` |

\`GET /v1/privacy/packs\` shows the same with what is switched on. For a version, the day on which the rules were last compared with the law.

After an upgrade from a version without packs: consent that was read out or keyed in no longer counts for customers whose residence is not known while BIPA is on. Set their residence (\`PATCH /v1/customers/{id}\`), or switch off the laws under which no customer of yours lives.
`;

function section(pack: LegalPack): string {
  const rows = ruleNames.flatMap((name) =>
    said(pack, name).map(({ article, asks, note }) => `| ${name} | ${asks} | ${article} | ${note ?? ''} |`),
  );
  return [
    `## ${pack.packId}: ${pack.name}`,
    '',
    `${pack.citation}. Version ${pack.version}. Protects residents of ${pack.territories.join(', ')}.`,
    '',
    '| rule | asks | article | for counsel |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...pack.exemptions.map((exemption) => `- For counsel to weigh, never applied by itself: ${exemption}`),
    '',
  ].join('\n');
}

function said({ rules }: LegalPack, name: RuleName): readonly Said[] {
  switch (name) {
    case 'basis':
      return [{ ...rules.basis, asks: `${rules.basis.consent}; given by ${rules.basis.methods.join(', ')}` }];
    case 'notice': {
      const { contents, inWriting } = rules.notice;
      return [{ ...rules.notice, asks: `${contents.join(', ')}${inWriting ? '; in writing' : ''}` }];
    }
    case 'withdrawal':
      return rules.withdrawal ? [{ ...rules.withdrawal, asks: rules.withdrawal.effect }] : [];
    case 'renewal':
      return rules.renewal
        ? [
            {
              ...rules.renewal,
              asks: `asked again ${periodText(rules.renewal.afterLastInteraction)} after the last interaction`,
            },
          ]
        : [];
    case 'retention':
      return rules.retention.map((limit) => ({
        ...limit,
        asks: `${periodText(limit.period)} after ${limit.from}`,
      }));
    case 'access':
    case 'portability':
    case 'correction':
    case 'erasure':
    case 'objection':
    case 'limit':
    case 'appeal': {
      const rule = rules[name];
      if (rule === null) return [];
      const { answerWithin, extension, confirmReceiptWithin } = rule;
      const parts = [
        `answer within ${periodText(answerWithin)}`,
        ...(extension ? [`put off by ${periodText(extension)} with a reason`] : []),
        ...(confirmReceiptWithin ? [`receipt confirmed within ${periodText(confirmReceiptWithin)}`] : []),
      ];
      return [{ ...rule, asks: parts.join('; ') }];
    }
    case 'sale':
      return rules.sale ? [{ ...rules.sale, asks: `${rules.sale.sale}: Timbre sells nothing` }] : [];
    case 'children':
      return rules.children
        ? [{ ...rules.children, asks: `own consent from ${rules.children.ownConsentFromAge} years` }]
        : [];
    case 'watchlist': {
      const { groundsWithoutConsent } = rules.watchlist;
      const asks =
        groundsWithoutConsent.length === 0
          ? 'only with the person’s own consent'
          : groundsWithoutConsent.join(', ');
      return [{ ...rules.watchlist, asks }];
    }
    case 'ownCallers': {
      const { mayBeMeasured } = rules.ownCallers;
      return [{ ...rules.ownCallers, asks: mayBeMeasured ? 'yes, counts alone are kept' : 'no' }];
    }
    case 'proof':
      return rules.proof
        ? [
            {
              ...rules.proof,
              asks: rules.proof.keepAtLeast ? `kept at least ${periodText(rules.proof.keepAtLeast)}` : 'kept',
            },
          ]
        : [];
    case 'breach': {
      const { breach } = rules;
      if (breach === null) return [];
      const { tellAuthorityWithin, tellPersonsWithin } = breach;
      const persons =
        tellPersonsWithin === 'undue-delay'
          ? 'without undue delay'
          : `within ${periodText(tellPersonsWithin)}`;
      const authority = tellAuthorityWithin ? `authority within ${periodText(tellAuthorityWithin)}; ` : '';
      return [{ ...breach, asks: `${authority}persons ${persons}` }];
    }
    case 'publicPolicy':
    case 'optOutSignal':
    case 'automatedDecisions': {
      const rule = rules[name];
      return rule === null ? [] : [{ ...rule, asks: 'yes' }];
    }
  }
}
