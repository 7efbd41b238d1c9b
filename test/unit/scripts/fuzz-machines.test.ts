/** The fuzz of machines at work: a short run finds nothing, and does something. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FC_WORLD_NODES } from '../../../scripts/fuzz/fc-world.ts';
import { IP_WORLD_NODES } from '../../../scripts/fuzz/ip-world.ts';
import { LAN_WORLD_NODES } from '../../../scripts/fuzz/lan-world.ts';
import { readMachineFinds, writeMachineFind } from '../../../scripts/fuzz/machine-find.ts';
import {
  fcWorldFuzz,
  ipWorldFuzz,
  lanWorldFuzz,
  machineReport,
  worldFuzz,
} from '../../../scripts/fuzz/machines.ts';
import { WORLD_OUTPUTS_MAX } from '../../../scripts/fuzz/people.ts';
import { makeWorld, WORLD_NODES } from '../../../scripts/fuzz/world.ts';
import { fuzzAtWork } from '../../../src/testing/index.ts';

const FRAMES = 20_000;
/** The machine may have other things to do. */
const LONG_MS = 180_000;

describe('the fuzz of machines at work', () => {
  it(
    `sends ${FRAMES} hostile frames to hosts, switch and array, and nothing breaks`,
    () => {
      const result = fuzzAtWork(worldFuzz(1, FRAMES));
      expect(result.finds).toEqual([]);
      expect(result.frames).toBeGreaterThanOrEqual(FRAMES);
      // It reached the insides: every kind of login and service, and I/O went on meanwhile.
      expect(result.kinds).toBeGreaterThan(60);
      expect(result.done).toBeGreaterThan(200);
      expect(result.outputsMost).toBeGreaterThan(1);
      expect(result.outputsMost).toBeLessThan(WORLD_OUTPUTS_MAX);
      expect(new Set(result.keptMost.map(({ node }) => node))).toEqual(new Set(WORLD_NODES));
      expect(machineReport(1, result).at(-1)).toBe('0 found');
    },
    LONG_MS,
  );

  it(
    `sends as many to a world on native Fibre Channel`,
    () => {
      const result = fuzzAtWork(fcWorldFuzz(1, FRAMES));
      expect(result.finds).toEqual([]);
      expect(result.kinds).toBeGreaterThan(60);
      expect(result.done).toBeGreaterThan(200);
      expect(new Set(result.keptMost.map(({ node }) => node))).toEqual(new Set(FC_WORLD_NODES));
    },
    LONG_MS,
  );

  it(
    `sends as many to a LAN`,
    () => {
      const result = fuzzAtWork(lanWorldFuzz(1, FRAMES));
      expect(result.finds).toEqual([]);
      expect(result.kinds).toBeGreaterThan(10);
      expect(result.done).toBeGreaterThan(200);
      const nodes = new Set(result.keptMost.map(({ node }) => node));
      for (const node of LAN_WORLD_NODES) expect(nodes).toContain(node);
    },
    LONG_MS,
  );

  it(
    `sends as many segments and ARP to initiators, clients and servers over TCP`,
    () => {
      const result = fuzzAtWork(ipWorldFuzz(1, FRAMES));
      expect(result.finds).toEqual([]);
      // ARP both ways, connections that open and end, data and what acknowledges them.
      expect(result.kinds).toBeGreaterThan(10);
      expect(result.done).toBeGreaterThan(200);
      const nodes = new Set(result.keptMost.map(({ node }) => node));
      for (const node of IP_WORLD_NODES) expect(nodes).toContain(node);
    },
    LONG_MS,
  );

  it(
    'does the same for the same seed, and something else for another',
    () => {
      const run = (seed: number) => fuzzAtWork(worldFuzz(seed, 1_500));
      expect(run(5)).toEqual(run(5));
      expect(run(5)).not.toEqual(run(6));
    },
    LONG_MS,
  );

  it(
    'finds a switch that breaks at one number of one field',
    () => {
      const result = fuzzAtWork({
        ...worldFuzz(1, 20_000),
        make(making) {
          const world = makeWorld(making);
          const fcf = world.machines.get('fcf')!;
          const handle = fcf.handleFrame.bind(fcf);
          fcf.handleFrame = (port, frame, given, now) => {
            // An FDISC or FLOGI in FIP whose buffer-to-buffer credit is 0.
            const isLogin =
              frame[21] === 2 && frame[23] === 1 && (frame[56] === 4 || frame[56] === 0x51);
            if (isLogin && frame[62] === 0 && frame[63] === 0) throw new RangeError('no credit');
            handle(port, frame, given, now);
          };
          return world;
        },
      });
      expect(result.finds).toHaveLength(1);
      const [find] = result.finds;
      expect(find!.what).toMatch(/^throws RangeError: no credit/);
      expect(find!.to.node).toBe('fcf');
      const folder = mkdtempSync(join(tmpdir(), 'finds-'));
      writeMachineFind(1, find!, folder);
      expect(readMachineFinds(folder).map(([, read]) => read)).toEqual([{ seed: 1, ...find }]);
    },
    LONG_MS,
  );

  it(
    'finds a machine that keeps what it is sent, and one that answers without end',
    () => {
      const keeping = fuzzAtWork({
        ...worldFuzz(2, 1_500),
        make(making) {
          const world = makeWorld(making);
          let heard = 0;
          const fcf = world.machines.get('fcf')!;
          const handle = fcf.handleFrame.bind(fcf);
          fcf.handleFrame = (port, frame, given, now) => {
            heard++;
            handle(port, frame, given, now);
          };
          return {
            ...world,
            *kept() {
              yield { node: 'fcf', what: 'frames', count: heard, most: 500 };
            },
          };
        },
      });
      expect(keeping.finds[0]?.what).toMatch(/^fcf keeps \d+ frames, 500 at most/);
      const babbling = fuzzAtWork({ ...worldFuzz(2, 1_500), outputsMax: 3 });
      expect(babbling.finds[0]?.what).toMatch(/^one frame brings about \d+ outputs/);
    },
    LONG_MS,
  );
});
