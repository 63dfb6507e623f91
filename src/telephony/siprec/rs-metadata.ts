import { XMLParser } from 'fast-xml-parser';

import type { JsonObject } from '../json-object.js';

/**
 * What a session border controller says of the call that it records (RFC 7865 and what came before it): who takes part, and
 * which stream is whose. Vendors write it in dialects: with and without namespaces, `participant_id` or `id`, `send` in the
 * participant or in an association of its own. docs/integration/siprec.md lists them.
 */
export interface SiprecCall {
  /** One media stream with all voices in it: nobody can be told apart. */
  readonly mixed: boolean;
  /** Of the caller's stream; undefined where nothing says so. */
  readonly callerLabel: string | undefined;
  /** Of the streams, in the order of the offer, and of what each participant sends, in the order of the metadata. */
  readonly labels: readonly string[];
  readonly byParticipant: readonly string[];
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
  readonly sessionId: string | undefined;
}

interface Participant {
  readonly id: string;
  readonly number: string | undefined;
  /** Labels of the streams that it sends. */
  readonly labels: readonly string[];
  /** As Oracle marks it. */
  readonly calling: boolean | undefined;
}

const recordingXml =
  /<(?:[\w.-]+:)?recording(?:_metadata)?[\s>][\s\S]*<\/(?:[\w.-]+:)?recording(?:_metadata)?\s*>/;
const longest = 64 * 1024;

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // Ids and numbers are texts; an entity could be a bomb.
  parseTagValue: false,
  processEntities: false,
});

/** Of the whole body of the INVITE, offer and metadata in any order, or of the metadata alone. Undefined: no metadata is in it. */
export function readSiprec(body: string): SiprecCall | undefined {
  if (body.length > longest) return undefined;
  const [xml] = recordingXml.exec(body) ?? [];
  const root = xml === undefined ? undefined : rootOf(xml);
  if (!root) return undefined;
  const streams = all(root, 'stream').map((stream) => ({
    id: idOf(stream, 'stream'),
    label: textOf(stream['label']),
  }));
  const offered = labelsOf(body);
  const labels = offered.length > 0 ? offered : streams.map(({ label }) => label);
  const participants = participantsOf(root, streams);
  const caller = callerOf(root, participants);
  // Who is called is known only where the caller is.
  const called = caller && participants.find((one) => one !== caller);
  const session = all(root, 'session')[0];
  return {
    // One stream of one party (Cisco's phones record each in a call of its own) looks the same from here.
    mixed: labels.length < 2,
    callerLabel: labels.length < 2 ? undefined : caller?.labels[0],
    labels,
    byParticipant: participants.flatMap((one) => one.labels),
    ani: caller?.number ?? deep(root, 'callingPartyNumber'),
    dnis: called?.number ?? deep(root, 'calledPartyNumber'),
    sessionId: session && (idOf(session, 'session') || undefined),
  };
}

function rootOf(xml: string): JsonObject | undefined {
  try {
    const [root] = Object.values(parser.parse(xml) as JsonObject);
    return isObject(root) ? root : undefined;
  } catch {
    // No XML after all.
    return undefined;
  }
}

function participantsOf(root: JsonObject, streams: readonly { id: string; label: string }[]): Participant[] {
  const associations = all(root, 'participantstreamassoc');
  const participants = all(root, 'participant');
  return participants.map((participant, i) => {
    const id = idOf(participant, 'participant');
    const association = associations.find((one) => idOf(one, 'participant') === id);
    const sent = list(participant['send'] ?? association?.['send']).map(textOf);
    const labels = streams.filter((stream) => sent.includes(stream.id)).map(({ label }) => label);
    // Without any word of it (OpenSIPS may leave it out) the order is all that is said.
    const inOrder = associations.length === 0 && sent.length === 0 && participants.length === streams.length;
    const calling = deep(participant, 'callingParty');
    return {
      id,
      number: numberOf(participant),
      labels: inOrder ? [streams[i]?.label ?? ''] : labels,
      calling: calling === undefined ? undefined : calling === 'true',
    };
  });
}

/** By the vendor's own mark, by the From header that it passes on, by a label that says so; else RFC 7865 leaves it open. */
function callerOf(root: JsonObject, participants: readonly Participant[]): Participant | undefined {
  const marked = participants.filter(({ calling }) => calling === true);
  if (marked.length === 1) return marked[0];
  const from = digitsOf(deep(root, 'fromhdr') ?? deep(root, 'callingPartyNumber') ?? '');
  const byHeader = from === '' ? [] : participants.filter(({ number }) => digitsOf(number ?? '') === from);
  if (byHeader.length === 1) return byHeader[0];
  const named = participants.filter(({ labels }) =>
    labels.some((label) => /^(a_leg|inbound|caller)$/i.test(label)),
  );
  return named.length === 1 ? named[0] : undefined;
}

/** The labels of the offered audio (RFC 4574), in order; '' where a stream has none. */
function labelsOf(body: string): string[] {
  return body
    .split(/^m=/m)
    .slice(1)
    .filter((media) => media.startsWith('audio'))
    .map((media) => /^a=label:(\S+)/m.exec(media)?.[1] ?? '');
}

/** The user part of the address of record, where it is a number. */
function numberOf(participant: JsonObject): string | undefined {
  const nameId = list(participant['nameID']).find(isObject);
  const aor = textOf(nameId?.['aor'] ?? participant['aor']);
  return userOf(aor);
}

function userOf(address: string): string | undefined {
  const user = /^(?:sips?:|tel:)?(\+?[\d.()-]{2,32})(?:[@;].*)?$/i.exec(address.trim())?.[1];
  return user === undefined ? undefined : user.replace(/[.()-]/g, '');
}

/** Of `"Name" <sip:+1202…@host>;tag=…`, of a URI, or of a number. */
function digitsOf(address: string): string {
  const uri = /<?(?:sips?|tel):([^@;>]+)/i.exec(address)?.[1] ?? address.split('@')[0] ?? '';
  return uri.replace(/\D/g, '');
}

function idOf(node: JsonObject, name: string): string {
  return textOf(node[`${name}_id`] ?? node['id']);
}

function all(root: JsonObject, name: string): JsonObject[] {
  return list(root[name]).filter(isObject);
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The first text under this name, however deep. */
function deep(node: unknown, name: string): string | undefined {
  if (Array.isArray(node)) return node.map((one) => deep(one, name)).find((found) => found !== undefined);
  if (!isObject(node)) return undefined;
  const here = textOf(node[name]);
  return here === '' ? deep(Object.values(node), name) : here;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return isObject(value) && typeof value['#text'] === 'string' ? value['#text'].trim() : '';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
