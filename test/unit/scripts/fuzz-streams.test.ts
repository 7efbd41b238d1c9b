/** The fuzz of streams: a short run finds nothing, and comes to the insides; a machine that breaks is found. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamReport, writeStreamFind } from '../../../scripts/fuzz/stream-run.ts';
import { STREAM_WORLDS } from '../../../scripts/fuzz/stream-worlds.ts';
import { fuzzStreams } from '../../../scripts/fuzz/streams.ts';

const UNITS = 3_000;
/** The machine may have other things to do. */
const LONG_MS = 180_000;
const world = (name: string) => STREAM_WORLDS.find((one) => one.name === name)!;

describe('the fuzz of streams', () => {
  it.each([
    ['iSCSI', 15, ['initiator', 'target']],
    ['NFS', 30, ['server']],
    ['NBD', 10, ['server']],
  ] as const)(
    `sends ${UNITS} hostile units of %s, and nothing breaks`,
    (name, kinds, nodes) => {
      const result = fuzzStreams(world(name), 1, UNITS);
      expect(result.finds).toEqual([]);
      expect(result.units).toBeGreaterThanOrEqual(UNITS);
      // It reached the insides: work went on, connections ended and began.
      expect(result.kinds).toBeGreaterThan(kinds);
      expect(result.done).toBeGreaterThan(100);
      expect(result.connections).toBeGreaterThan(10);
      expect(new Set(result.keptMost.map(({ node }) => node))).toEqual(new Set(nodes));
      expect(streamReport(name, result).at(-1)).toBe('  0 found');
    },
    LONG_MS,
  );

  it(
    'does the same for the same seed, and something else for another',
    () => {
      const run = (seed: number) => fuzzStreams(world('NFS'), seed, 500);
      expect(run(5)).toEqual(run(5));
      expect(run(5)).not.toEqual(run(6));
    },
    LONG_MS,
  );

  it(
    'finds a target that breaks at one number of one field',
    () => {
      const iscsi = world('iSCSI');
      const result = fuzzStreams(
        {
          ...iscsi,
          make(making) {
            const made = iscsi.make(making);
            for (const portal of made.servers.values()) {
              const handle = portal.handleBytes.bind(portal);
              portal.handleBytes = (conn, bytes, now) => {
                // A SCSI Command for no LUN that there is.
                if ((bytes[0]! & 0x3f) === 1 && bytes[9]! > 0) throw new RangeError('no LUN');
                handle(conn, bytes, now);
              };
            }
            return made;
          },
        },
        1,
        2_000,
      );
      expect(result.finds).toHaveLength(1);
      const [find] = result.finds;
      expect(find).toMatchObject({
        to: 'server',
        what: expect.stringMatching(/RangeError: no LUN/),
      });
      const folder = mkdtempSync(join(tmpdir(), 'finds-'));
      const path = writeStreamFind(1, 'iSCSI', find!, folder);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
        world: 'iSCSI',
        to: 'server',
      });
    },
    LONG_MS,
  );
});
