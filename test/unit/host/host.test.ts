/** A host as a mover and a guest meet it: what it answers to commands, on a network of its own. */
import { describe, expect, it } from 'vitest';
import { San } from '../../helpers/san.ts';

describe('a host', () => {
  it('says which fabrics its ports have reached', () => {
    const san = new San();
    expect(san.ask('h1', { command: 'fabrics' })).toMatchObject({
      ok: true,
      ports: [{ port: 0, ready: true, npiv: true }],
    });
  });

  it('does not know virtual machines that were not prepared, nor ports that it has not', () => {
    const san = new San();
    expect(san.ask('h1', { command: 'resume', vm: 'vm' })).toEqual({
      ok: false,
      reason: 'h1 has no virtual machine vm',
    });
    const identities = san.identities.map((one) => ({ ...one, port: 4 }));
    expect(san.ask('h1', { command: 'prepare', vm: 'vm', identities })).toEqual({
      ok: false,
      reason: 'h1 has no port 4',
    });
  });

  it('runs a guest on the storage that was prepared, and tells what it sees', () => {
    const san = new San();
    san.start();
    san.run(0.1);
    expect(san.told('guest')).toMatchObject([
      { state: 'running', view: [{ lunNumber: 0, blocks: 256, paths: 1, ports: [0] }] },
    ]);
    const done = san.told<{ type: string; result: string }>('io-complete');
    expect(done.length).toBeGreaterThan(10);
    expect(new Set(done.map(({ result }) => result))).toEqual(new Set(['good']));
  });

  it('hands its guest out only once it stands still with nothing under way', () => {
    const san = new San();
    san.start();
    san.run(0.1);
    expect(san.ask('h1', { command: 'surrender', vm: 'vm' })).toMatchObject({ ok: false });
    san.ask('h1', { command: 'stun', vm: 'vm' });
    san.ask('h1', { command: 'drain', vm: 'vm', drain: 'wait', timeoutNs: 1e9 });
    const answer = san.ask('h1', { command: 'surrender', vm: 'vm' });
    expect(answer).toMatchObject({ ok: true, command: 'surrender' });
    expect(san.ask('h1', { command: 'resume', vm: 'vm' })).toEqual({
      ok: false,
      reason: 'vm does not run on h1',
    });
  });

  it('that dies says nothing more, until it is powered on again', () => {
    const san = new San();
    san.start();
    san.ask('h1', { command: 'drain', vm: 'vm', drain: 'crash', timeoutNs: 1e9 });
    const before = san.told('io-sent').length;
    san.run(5);
    expect(san.told('io-sent')).toHaveLength(before);
    expect(san.ask('h1', { command: 'fabrics' })).toMatchObject({ ports: [{ ready: false }] });
    san.ask('h1', { command: 'power-on' });
    san.run(10);
    expect(san.ask('h1', { command: 'fabrics' })).toMatchObject({ ports: [{ ready: true }] });
  });
});
