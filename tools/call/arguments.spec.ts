import { describe, expect, it } from '@jest/globals';

import { parseCommand } from './arguments.js';

const url = 'ws://127.0.0.1:8080/v1/telephony/stream';
const plain = ['a.wav', '--url', url, '--token', 't'];
const twilio = ['a.wav', '--url', url, '--protocol', 'twilio', '--account-sid', 'AC1', '--auth-token', 'x'];

describe('the command line of timbre-call', () => {
  it('plays at talking speed over the plain protocol when it says no more', () => {
    expect(parseCommand(plain, {})).toMatchObject({
      kind: 'call',
      options: { files: ['a.wav'], url, speed: 1, protocol: { kind: 'plain', token: 't', results: false } },
    });
  });

  it('takes secrets from the environment, so that they need not stand in the process list', () => {
    const { TIMBRE_TOKEN, TWILIO_AUTH_TOKEN } = { TIMBRE_TOKEN: 'e', TWILIO_AUTH_TOKEN: 's' };
    expect(parseCommand(['a.wav', '--url', url], { TIMBRE_TOKEN })).toMatchObject({
      options: { protocol: { token: 'e' } },
    });
    expect(parseCommand(twilio.slice(0, -2), { TWILIO_AUTH_TOKEN })).toMatchObject({
      options: { protocol: { authToken: 's' }, sampleRateHz: 8000 },
    });
  });

  it('takes all that describes a call', () => {
    const more =
      '--customer ACC-1 --speed 0 --encoding l16 --rate 16000 --stereo --caller-channel 1 --ani 1 --dnis 2 --call-id x --results';
    expect(parseCommand([...plain, 'b.wav', ...more.split(' ')], {})).toMatchObject({
      options: {
        files: ['a.wav', 'b.wav'],
        customer: 'ACC-1',
        speed: 0,
        encoding: 'l16',
        sampleRateHz: 16000,
        stereo: true,
        callerChannel: 1,
        ani: '1',
        dnis: '2',
        callId: 'x',
        protocol: { results: true },
      },
    });
  });

  it('explains itself', () => {
    expect(parseCommand(['--help'], {})).toEqual({ kind: 'help' });
  });

  it.each([
    ['no file', ['--url', url, '--token', 't'], 'WAV file'],
    ['no url', ['a.wav', '--token', 't'], '--url'],
    ['an HTTP url', ['a.wav', '--url', 'http://x', '--token', 't'], 'ws://'],
    ['no token', ['a.wav', '--url', url], '--token'],
    ['an unknown protocol', [...plain, '--protocol', 'sip'], '--protocol'],
    ['an unknown option', [...plain, '--loud'], '--loud'],
    ['a speed that is no number', [...plain, '--speed', 'fast'], '--speed'],
    ['a speed below nothing', [...plain, '--speed=-1'], '--speed'],
    ['an unknown rate', [...plain, '--rate', '44100'], '--rate'],
    ['an unknown encoding', [...plain, '--encoding', 'opus'], '--encoding'],
    ['a third channel', [...plain, '--caller-channel', '2'], '--caller-channel'],
    ['twilio without an account', twilio.slice(0, 5), '--account-sid'],
    ['twilio in another codec', [...twilio, '--encoding', 'l16'], 'mulaw'],
  ])('says what is wrong with %s', (_, args, named) => {
    expect(() => parseCommand(args, {})).toThrow(named);
  });
});
