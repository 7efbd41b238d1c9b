/** Clients of NFS as sessions, and what the rules of every protocol say of their calls. */
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { NfsScript } from '../../../../helpers/nfs-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

const OLD = blocksOf(8, 1);
const NEW = blocksOf(8, 2);

describe('clients of NFS', () => {
  it('are sessions by address and connection, with files as units', () => {
    const tap = new SessionTap();
    const client = new NfsScript(tap);
    client.write(1, 0, OLD);
    client.read(2, 0, OLD);
    client.connection.close(true);
    const report = tap.judged();
    expect(report.sessions).toMatchObject([
      {
        carrier: 'NFS',
        initiator: '10.0.0.2',
        target: 'nfs:10.0.0.1',
        ended: 'connection closed',
        tasks: 2,
        unanswered: 0,
        units: [{ lun: '0102030405060708', reads: 1, writes: 1, others: 0 }],
      },
    ]);
    expect(invariantsThat('violated', report)).toEqual([]);
    expect(verdictOf(report, 'I8').result).toBe('holds');
  });

  /** A WRITE whose record comes late on the first connection; it was sent again from there and overwritten. */
  function late(run: (client: NfsScript) => void, host = 2): SessionTap {
    const tap = new SessionTap();
    const first = new NfsScript(tap);
    const args = { offset: 4096n, count: OLD.length, stable: 2, data: OLD };
    const record = first.callOf('WRITE', 7, args);
    first.connection.bytes(true, record.subarray(0, 1000));
    tap.wait(50);
    const second = new NfsScript(tap, 'host', host);
    second.write(7, 4096, OLD);
    second.write(8, 4096, NEW);
    tap.wait(50);
    first.connection.bytes(true, record.subarray(1000));
    first.written(7, OLD.length);
    tap.wait(50);
    run(second);
    return tap;
  }

  it.each([2, 9])(
    'I7 catches a WRITE that is carried out behind its repetition, from host %d',
    (host) => {
      const report = late((client) => client.read(9, 4096, OLD), host).judged();
      expect(invariantsThat('violated', report)).toEqual(['I7']);
      expect(verdictOf(report, 'I7').detail).toMatch(
        /^byte 4096: NFS WRITE of frame \d+ .* was carried out, .* after it had been sent again \(frame \d+\) and NFS WRITE of frame \d+ had been acknowledged: old data won, as NFS READ of frame \d+ shows$/,
      );
    },
  );

  it.each<[string, (client: NfsScript) => void]>([
    ['a server that only answers from its cache', (client) => client.read(9, 4096, NEW)],
    ['one whose data nobody reads', () => {}],
  ])('I7 passes %s', (_name, run) => {
    expect(invariantsThat('violated', late(run).judged())).toEqual([]);
  });

  it('I8 catches a server that reads what was replaced', () => {
    const tap = new SessionTap();
    const client = new NfsScript(tap);
    client.write(1, 0, OLD);
    client.write(2, 0, NEW);
    client.read(3, 0, OLD);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I8']);
  });

  it.each([
    ['forgets', false, ['I6']],
    ['sends again', true, []],
  ] as const)('I6: a client that %s what its server lost', (_name, again, violated) => {
    const tap = new SessionTap();
    const client = new NfsScript(tap);
    client.callWrite(1, 0, OLD, 0);
    client.written(1, OLD.length, 0, 1);
    client.commit(2, 5);
    if (again) {
      client.callWrite(3, 0, OLD, 0);
      client.written(3, OLD.length, 0, 5);
    }
    tap.wait(90_000);
    client.commit(4, 5);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(violated);
    expect(verdictOf(report, 'I6').result).toBe(again ? 'holds' : 'violated');
  });

  it('a call that is not whole takes what is known of files with it', () => {
    const tap = new SessionTap();
    const client = new NfsScript(tap);
    client.write(1, 0, OLD);
    client.write(2, 0, NEW);
    const lost = tap.frames.length;
    client.write(3, 0, OLD);
    client.read(4, 0, OLD);
    tap.frames.splice(lost, 1);
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
  });
});
