import { describe, expect, it } from '@jest/globals';
import { LivePeer, maxWaitingBytes } from './live-peer.js';

/** A peer that reads only when told to. */
function aSocket() {
  const sent: string[] = [];
  const closed: number[] = [];
  const socket = {
    bufferedAmount: 0,
    send: (text: string) => {
      sent.push(text);
    },
    close: (code: number) => {
      closed.push(code);
    },
    guard: () => undefined,
  };
  return { socket, sent, closed };
}

describe('LivePeer', () => {
  it('sends while the peer reads', () => {
    const { socket, sent } = aSocket();
    const peer = new LivePeer(socket);
    peer.send('one');
    peer.send('two');
    expect(sent).toEqual(['one', 'two']);
  });

  it('closes a peer that does not read with 4408, once, and sends nothing after', () => {
    const { socket, sent, closed } = aSocket();
    const peer = new LivePeer(socket);
    socket.bufferedAmount = maxWaitingBytes + 1;
    peer.send('one');
    socket.bufferedAmount = 0;
    peer.send('two');
    expect(sent).toEqual([]);
    expect(closed).toEqual([4408]);
  });

  it('lets a page of a resuming peer go before the next is read', async () => {
    const { socket } = aSocket();
    const peer = new LivePeer(socket);
    socket.bufferedAmount = 500_000;
    const drained = peer.drained();
    socket.bufferedAmount = 0;
    expect(await drained).toBe(true);
  });

  it('stops waiting for a peer that is gone', async () => {
    const { socket } = aSocket();
    const peer = new LivePeer(socket);
    socket.bufferedAmount = 500_000;
    const drained = peer.drained();
    peer.gone();
    expect(await drained).toBe(false);
  });
});
