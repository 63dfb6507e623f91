import { el, facts, table, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { badge, fill, lead } from './parts.js';
import type { View } from './view.js';

type Rule = Readonly<Record<string, unknown>> & { readonly article?: string };

export interface LegalPack {
  readonly packId: string;
  readonly name: string;
  readonly citation: string;
  readonly version: string;
  readonly territories: readonly string[];
  readonly exemptions: readonly string[];
  readonly rules: Readonly<Record<string, Rule | readonly Rule[] | null>>;
  readonly enabled: boolean;
  readonly everywhere: boolean;
}

/** The laws as Timbre holds them, rule by rule with their articles. */
export const packsView: View = {
  id: 'packs',
  name: 'Legal packs',
  open(root: HTMLElement, api: Requests) {
    const list = el('div');
    root.append(
      lead(
        'A customer’s home selects the laws; the strictest rule wins, and every answer names it. Not legal advice: counsel checks the articles. Switches stand in the policy, under privacy.',
      ),
      list,
    );
    void fill(
      list,
      api.send<{ policyVersion: number; packs: readonly LegalPack[] }>('GET', '/v1/privacy/packs'),
      ({ packs }) => packs.map(packCard),
    );
  },
};

function packCard(pack: LegalPack): HTMLElement {
  const rules = Object.entries(pack.rules).flatMap(([name, rule]) =>
    [rule].flat().map((one) => [name, one] as const),
  );
  return el(
    'section',
    { class: 'card' },
    el('h3', {}, pack.name),
    facts([
      [
        'Switch',
        pack.enabled ? badge(pack.everywhere ? 'on, for everybody' : 'on', 'good') : badge('off', 'neutral'),
      ],
      ['Version', pack.version],
      ['Law', pack.citation],
      ['Protects residents of', pack.territories.join(', ')],
    ]),
    pack.exemptions.length === 0
      ? null
      : el('p', { class: 'hint' }, `For counsel to weigh: ${pack.exemptions.join(' ')}`),
    el(
      'details',
      {},
      el('summary', {}, `Rules of ${pack.packId.toUpperCase()} (${rules.length})`),
      table(
        `${pack.packId.toUpperCase()}, version ${pack.version}`,
        ['Rule', 'Article', 'What it says'],
        rules.map(([name, rule]) => [
          ruleName(name),
          rule?.article ?? null,
          rule === null ? 'This law has no such rule.' : ruleText(rule),
        ]),
      ),
    ),
  );
}

function ruleName(name: string): string {
  return words(name.replace(/([A-Z])/g, ' $1').toLowerCase());
}

function ruleText(rule: Rule): string {
  const said = Object.entries(rule).filter(([name, value]) => name !== 'article' && value !== null);
  if (said.length === 0) return 'Asked for.';
  return said.map(([name, value]) => `${ruleName(name)}: ${valueText(value)}`).join('. ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  // A code such as explicit-consent; a note is in words already.
  if (typeof value === 'string') return value.includes(' ') ? value : words(value).toLowerCase();
  // A period such as { days: 45 }.
  return Object.entries(value as object)
    .map(([unit, amount]) =>
      typeof amount === 'number' ? periodText(amount, unit) : `${unit} ${valueText(amount)}`,
    )
    .join(', ');
}

/** { businessDays: 10 }: 10 business days. */
function periodText(amount: number, unit: string): string {
  const plural = ruleName(unit).toLowerCase();
  return `${amount} ${amount === 1 ? plural.replace(/s$/, '') : plural}`;
}
