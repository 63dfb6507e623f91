import { describe, expect, it } from '@jest/globals';

import { hellos } from '../../../test/telephony/hello.js';
import { freeswitch } from '../freeswitch/freeswitch-dialect.js';
import type { Hello } from '../hello/hello-machine.js';
import { jambonz } from '../jambonz/jambonz-dialect.js';

const sdp = (...labels: string[]): string =>
  labels.map((label) => `m=audio 4000 RTP/AVP 0\r\na=label:${label}\r\n`).join('');

/** Of two parties, the first of whom calls; `sends` are the labels of each. */
const recorded = (sends: readonly [string, string]): string => `<recording><session session_id="s1"/>
  <participant id="p1"><nameID aor="sip:12025550142@x"/><send>x1</send><callingParty>true</callingParty></participant>
  <participant id="p2"><nameID aor="sip:7300@x"/><send>x2</send></participant>
  <stream id="x1"><label>${sends[0]}</label></stream><stream id="x2"><label>${sends[1]}</label></stream></recording>`;

function described(hello: Hello) {
  if (hello.kind !== 'call') throw new Error(JSON.stringify(hello));
  return hello.description;
}

const overJambonz = (siprec: string) =>
  described(jambonz.hello(JSON.stringify({ ...hellos.jambonz, mixType: 'stereo', siprec })));
const overFreeswitch = (fields: object) =>
  described(freeswitch({ rate: '8000', mix: 'stereo' }).hello(JSON.stringify({ callId: 'c', ...fields })));

describe('a call recorded by SIPREC', () => {
  it('has its numbers and its session from the border controller', () => {
    expect(overJambonz(sdp('1', '2') + recorded(['1', '2']))).toMatchObject({
      ani: '12025550142',
      dnis: '7300',
      metadata: { siprecSession: 's1' },
    });
  });

  it.each([
    ['the caller on label 1', sdp('1', '2') + recorded(['1', '2']), 0],
    ['the caller on label 2, which jambonz puts on the right', sdp('1', '2') + recorded(['2', '1']), 1],
    [
      'legs by name, in whatever order they are offered',
      sdp('b_leg', 'a_leg') + recorded(['a_leg', 'b_leg']),
      0,
    ],
    [
      'labels that say nothing: the first participant is on the left',
      sdp('7', '8') + recorded(['8', '7']),
      0,
    ],
  ])('finds the caller where jambonz puts each stream: %s', (_what, siprec, callerChannel) => {
    expect(overJambonz(siprec).format).toMatchObject({ channels: 2, callerChannel });
  });

  it('finds the caller where one’s own front puts each stream', () => {
    const siprec = sdp('1', '2') + recorded(['2', '1']);
    expect(overFreeswitch({ siprec }).format.callerChannel).toBe(1);
    expect(overFreeswitch({ siprec, siprecLeft: '2' }).format.callerChannel).toBe(0);
  });

  it('is said to be mixed when there is one stream, however many channels the front makes of it', () => {
    expect(overJambonz(sdp('1') + recorded(['1', '1']))).toMatchObject({ mixed: true });
    expect(overFreeswitch({ siprec: sdp('1') + recorded(['1', '1']) })).toMatchObject({ mixed: true });
  });

  it('is any other call where there is no metadata in it', () => {
    expect(overJambonz('v=0')).toEqual(
      described(jambonz.hello(JSON.stringify({ ...hellos.jambonz, mixType: 'stereo' }))),
    );
  });
});
