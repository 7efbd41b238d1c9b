/** tshark reads a clean run of our TCP: it finds nothing to say of it, and every checksum is good. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { MICROSECOND, SECOND } from '../../../src/machine/machine.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { pcapFile, temporaryFolder } from '../../helpers/capture.ts';
import { addressOf, marked, station, Talker } from '../../helpers/tcp-machines.ts';
import { tsharkVersion } from '../support/tshark.ts';

const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');

/** A capture of two stations that ask and answer, both ends closed. */
function capture(): Uint8Array {
  const client = new Talker();
  const server = new Talker();
  let asked = 0;
  const ask = (conn: number): void => client.core.send(conn, marked(5_000));
  client.onOpened = ask;
  client.onBytes = (conn, bytes) => {
    asked += bytes.length;
    if (asked === 40 * 20_000) client.core.close(conn, 'end');
    else if (asked % 20_000 === 0) ask(conn);
  };
  let heard = 0;
  server.onBytes = (conn, bytes) => {
    heard += bytes.length;
    if (heard % 5_000 === 0) server.core.send(conn, marked(20_000));
  };
  server.onEnd = (conn) => server.core.close(conn, 'end');
  client.connect(addressOf(2), 3260);
  const simulator = new Simulator({ seed: 1 });
  simulator.addNode('a', station(1, client));
  simulator.addNode('b', station(2, server, { listens: [3260] }));
  const link = simulator.connect({ node: 'a', port: 0 }, { node: 'b', port: 0 });
  const records: { seconds: number; subseconds: number; bytes: Uint8Array }[] = [];
  simulator.tap(link.name, 'a', (_link, _direction, timeNs, frame) => {
    records.push({
      seconds: Math.floor(timeNs / SECOND),
      subseconds: Math.floor((timeNs % SECOND) / MICROSECOND),
      bytes: frame.slice(),
    });
  });
  simulator.run({ untilNs: 10 * SECOND });
  expect(asked).toBe(800_000);
  return pcapFile(records);
}

describe.skipIf(!hasTshark)('a clean run of TCP', () => {
  const folder = temporaryFolder();
  const path = folder.path('tcp.pcap');
  afterAll(() => folder.remove());

  const ask = (filter: string): string[] =>
    execFileSync(
      'tshark',
      [
        ...['-n', '-r', path, '-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'],
        ...['-Y', filter],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
      .split('\n')
      .slice(0, -1);

  it('has nothing that tshark would say of it', () => {
    writeFileSync(path, capture());
    expect(ask('tcp').length).toBeGreaterThan(600);
    expect(ask('tcp.analysis.flags')).toEqual([]);
    expect(ask('tcp.checksum.status == Bad or ip.checksum.status == Bad')).toEqual([]);
    expect(ask('tcp and not (tcp.checksum.status == Good and ip.checksum.status == Good)')).toEqual(
      [],
    );
    expect(ask('_ws.malformed or _ws.expert.severity >= 0x600000')).toEqual([]);
  });

  it('is one connection that is whole: both SYNs, both FINs, and ARP before it', () => {
    expect(ask('tcp.completeness == 31').length).toBeGreaterThan(0);
    expect(ask('arp')).toHaveLength(2);
    expect(
      ask('tcp.flags.syn == 1 and tcp.options.mss_val == 1460 and tcp.options.wscale.shift == 3'),
    ).toHaveLength(2);
  });
});
