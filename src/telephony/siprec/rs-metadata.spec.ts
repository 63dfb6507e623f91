import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { readSiprec } from './rs-metadata.js';

/** Shapes as SBCs of these vendors send them, in words and numbers of our own. */
function offer(...labels: string[]): string {
  const media = labels.map(
    (label) => `m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=label:${label}\r\na=sendonly\r\n`,
  );
  return `--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n${media.join('')}\r\n`;
}

const metadata = (xml: string): string =>
  `--b\r\nContent-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session\r\n\r\n<?xml version="1.0"?>\r\n${xml}\r\n--b--\r\n`;

const association = (participant: string, send: string, recv: string, ns = ''): string =>
  `<${ns}participantstreamassoc participant_id="${participant}"><${ns}send>${send}</${ns}send><${ns}recv>${recv}</${ns}recv></${ns}participantstreamassoc>`;

const cisco = `<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>
  <session session_id="s1=="/>
  <participant participant_id="p1"><nameID aor="sip:12025550142@192.0.2.7"></nameID></participant>
  <stream stream_id="x1" session_id="s1=="><label>1</label></stream>
  <participant participant_id="p2"><nameID aor="sip:7300@192.0.2.7"><name xml:lang="en">7300</name></nameID></participant>
  <stream stream_id="x2" session_id="s1=="><label>2</label></stream>
  ${association('p1', 'x1', 'x2')}${association('p2', 'x2', 'x1')}</recording>`;

const oracle = (
  first: boolean,
): string => `<recording xmlns='urn:ietf:params:xml:ns:recording'><session id="s=="/>
  <participant id="p1" session="s=="><nameID aor="sip:12025550142@192.0.2.7"><name>9000</name></nameID><send>x1</send>
    <extensiondata xmlns:apkt="urn:x"><apkt:callingParty>${String(first)}</apkt:callingParty></extensiondata></participant>
  <participant id="p2" session="s=="><nameID aor="sip:7300@192.0.2.7"/><send>x2</send>
    <extensiondata xmlns:apkt="urn:x"><apkt:callingParty>${String(!first)}</apkt:callingParty></extensiondata></participant>
  <stream id="x1"><label>16777227</label><mode>separate</mode></stream>
  <stream id="x2"><label>16777228</label><mode>separate</mode></stream></recording>`;

/** The caller sends on label 2. */
const ribbon = `<tns:recording xmlns:tns='urn:ietf:params:xml:ns:recording'><tns:group group_id="g"><callData xmlns='urn:x'>
    <fromhdr>"Ann" &lt;sip:+12025550142@192.0.2.7&gt;;tag=1</fromhdr><tohdr>&lt;sip:7300@192.0.2.7&gt;</tohdr></callData></tns:group>
  <tns:session session_id="s=="/>
  <tns:participant participant_id="p1"><tns:nameID aor="12025550142@192.0.2.7"/></tns:participant>
  <tns:participant participant_id="p2"><tns:nameID aor="7300@192.0.2.7"/></tns:participant>
  <tns:stream stream_id="x1"><tns:label>1</tns:label></tns:stream><tns:stream stream_id="x2"><tns:label>2</tns:label></tns:stream>
  ${association('p1', 'x2', 'x1', 'tns:')}${association('p2', 'x1', 'x2', 'tns:')}</tns:recording>`;

const broadworks = `<recording_metadata xmlns="urn:ietf:params:xml:ns:siprec"><dataMode>complete</dataMode>
  <participant id="p"><aor>sip:7300@192.0.2.7</aor><send><id>x</id></send></participant><stream id="x"><label>1</label><mode>mixed</mode></stream>
  <extensiondata><callingPartyNumber>sip:+12025550142@192.0.2.7;user=phone</callingPartyNumber><calledPartyNumber>sip:7300@192.0.2.7</calledPartyNumber></extensiondata></recording_metadata>`;

const sems = `<recording><session session_id="s"/><participant participant_id="p1"><nameID aor="sip:7300@x"/></participant>
  <participant participant_id="p2"><nameID aor="sip:12025550142@x"/></participant>
  <stream stream_id="x1"><label>b_leg</label></stream><stream stream_id="x2"><label>a_leg</label></stream>
  ${association('p1', 'x1', 'x2')}${association('p2', 'x2', 'x1')}</recording>`;

/** No word of who sends what. */
const opensips = `<recording xmlns='urn:ietf:params:xml:ns:recording:1'><session session_id="s"/>
  <participant participant_id="p1"><nameID aor="sip:a@x"/><extensiondata><callingParty>true</callingParty></extensiondata></participant>
  <participant participant_id="p2"><nameID aor="sip:b@x"/></participant>
  <stream stream_id="x1"><label>1</label></stream><stream stream_id="x2"><label>2</label></stream></recording>`;

describe('what a border controller says of the call it records', () => {
  it.each([
    ['Oracle', oracle(true), ['16777227', '16777228'], '16777227'],
    ['Oracle, the called one first', oracle(false), ['16777227', '16777228'], '16777228'],
    ['Ribbon, whose caller sends on label 2', ribbon, ['1', '2'], '2'],
    ['SEMS, whose labels are the legs', sems, ['b_leg', 'a_leg'], 'a_leg'],
    ['OpenSIPS, without associations', opensips, ['1', '2'], '1'],
  ] as const)('tells the caller’s stream: %s', (_vendor, xml, labels, callerLabel) => {
    expect(readSiprec(offer(...labels) + metadata(xml))).toMatchObject({
      mixed: false,
      callerLabel,
      labels,
    });
  });

  it('leaves the caller open where nothing names one: Cisco', () => {
    expect(readSiprec(offer('1', '2') + metadata(cisco))).toEqual({
      mixed: false,
      callerLabel: undefined,
      labels: ['1', '2'],
      byParticipant: ['1', '2'],
      ani: undefined,
      dnis: undefined,
      sessionId: 's1==',
    });
  });

  it('reads the numbers of both', () => {
    const said = { ani: '12025550142', dnis: '7300', sessionId: 's==' };
    expect(readSiprec(offer('16777227', '16777228') + metadata(oracle(true)))).toMatchObject(said);
    expect(readSiprec(offer('1', '2') + metadata(ribbon))).toMatchObject(said);
  });

  it('says of one stream that it is mixed, whatever the metadata has in it, and reads parts in any order', () => {
    expect(readSiprec(metadata(broadworks) + offer('1'))).toMatchObject({
      mixed: true,
      callerLabel: undefined,
    });
    expect(readSiprec(offer('1') + metadata(oracle(true)))).toMatchObject({
      mixed: true,
      callerLabel: undefined,
    });
  });

  it('reads the metadata alone, as some fronts pass it on', () => {
    expect(readSiprec(ribbon)).toMatchObject({ mixed: false, callerLabel: '2' });
  });

  it.each([
    ['no metadata', offer('1', '2')],
    ['nothing', ''],
    ['another document', '<?xml version="1.0"?><call/>'],
    ['metadata that breaks off', '<recording><participant>'],
  ])('has nothing to say of %s', (_what, body) => {
    expect(readSiprec(body)).toBeUndefined();
  });

  it('expands no entity, and reads nothing endless', () => {
    const bomb = '<!DOCTYPE r [<!ENTITY a "12025550142">]>';
    expect(readSiprec(metadata(bomb + cisco.replace('sip:12025550142', 'sip:&a;')))?.ani).toBeUndefined();
    expect(readSiprec(cisco + ' '.repeat(70_000))).toBeUndefined();
  });

  it('never throws', () => {
    const good = offer('1', '2') + metadata(ribbon);
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(40), fc.string(), (at, cut, noise) => {
        readSiprec(good.slice(0, at) + noise + good.slice(at + cut));
      }),
      { numRuns: 1000 },
    );
  });
});
