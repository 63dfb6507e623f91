import { describe, expect, it } from '@jest/globals';
import { Heartbeat, heartbeatLimitMs } from './heartbeat.js';

describe('the heartbeat of the event bus', () => {
  it('hears from the first beat that comes back', () => {
    const heart = new Heartbeat();
    const beat = heart.send(0);
    expect(heart.hears).toBe(false);
    expect(heart.receive(beat)).toBe(true);
    expect(heart.hears).toBe(true);
    expect(heart.receive(heart.send(1))).toBe(false);
  });

  it('is late when a beat is out for longer than the limit', () => {
    const heart = new Heartbeat();
    heart.receive(heart.send(0));
    heart.send(1000);
    expect(heart.isLate(1000 + heartbeatLimitMs)).toBe(false);
    expect(heart.isLate(1001 + heartbeatLimitMs)).toBe(true);
    heart.lose();
    expect(heart.hears).toBe(false);
    expect(heart.isLate(9000)).toBe(false);
  });

  it('does not wait for a beat when a later one came back', () => {
    const heart = new Heartbeat();
    heart.receive(heart.send(0));
    heart.send(1000);
    heart.receive(heart.send(2000));
    expect(heart.isLate(1001 + heartbeatLimitMs)).toBe(false);
  });

  it('tells a bus that never heard from one that stopped', () => {
    const heart = new Heartbeat();
    heart.send(0);
    expect(heart.isLate(heartbeatLimitMs + 1)).toBe(true);
    expect(heart.hasEverHeard).toBe(false);
    heart.receive(heart.send(5000));
    heart.lose();
    expect(heart.hasEverHeard).toBe(true);
    expect(heart.hears).toBe(false);
    expect(heart.receive(heart.send(6000))).toBe(true);
  });
});
