/** A guest's disk by layout and by file: what a layout that goes over looks like in a whole move. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import type { RemoteFile } from '../../../src/port/nfs/remote-files.ts';
import { ClientLayouts } from '../../../src/port/nfs4/client-layouts.ts';
import { runMove } from '../../../src/run/run.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const LONG_MS = 60_000;
const h1 = 'iqn.2026-01.com.example:h1,i,0x00023d000001';
const h2 = 'iqn.2026-01.com.example:h2,i,0x00023d000001';
const layouts = (overrides = {}) => scenarioOf(overrides, 'nfs4-layouts');

describe('a move with layouts', () => {
  afterEach(() => vi.restoreAllMocks());

  it(
    'has the layout recalled, returned, and given to the destination',
    () => {
      const told: HistoryEntry[] = [];
      const report = runMove({
        scenario: layouts(),
        observer: { observe: (entry) => told.push(entry) },
      });
      expect(report.result.outcome).toBe('moved');
      expect(broken(report)).toEqual([]);
      const of = (invariant: string) => report.verdict.find((one) => one.invariant === invariant)!;
      expect(of('I20')).toMatchObject({
        result: 'holds',
        detail: expect.stringMatching(/^\d+ writes under layouts/),
      });
      const states = told.flatMap(({ event }) =>
        event.type === 'layout' ? [`${event.state} ${event.initiator}`] : [],
      );
      expect(states.slice(0, 4)).toEqual([
        `granted ${h1}`,
        `recalled ${h1}`,
        `returned ${h1}`,
        `granted ${h2}`,
      ]);
    },
    LONG_MS,
  );

  it(
    'is clean where frames are late: nothing is returned while it is under way',
    () => {
      expect(broken(run(layouts(), 'data'))).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'goes on over the server alone where the host forgets what is under way',
    () => {
      expect(broken(run(layouts({ drain: 'purge' })))).toEqual([]);
      expect(broken(run(layouts({ drain: 'purge' }), 'data'))).toContain('I7');
    },
    LONG_MS,
  );

  it(
    'finds the host that returns a layout and goes on writing',
    () => {
      const files = new Map<ClientLayouts, RemoteFile>();
      const { get, serve } = ClientLayouts.prototype;
      vi.spyOn(ClientLayouts.prototype, 'get').mockImplementation(function (
        this: ClientLayouts,
        file,
        done,
      ) {
        files.set(this, file);
        get.call(this, file, done);
      });
      vi.spyOn(ClientLayouts.prototype, 'serve').mockImplementation(function (
        this: ClientLayouts,
        call,
      ) {
        this.return(files.get(this)!, () => {});
        return serve.call(this, call);
      });
      const report = runMove({ scenario: layouts() });
      expect(broken(report)).toContain('I20');
      const { detail } = report.verdict.find(({ invariant }) => invariant === 'I20')!;
      expect(detail).toContain(`${h1} wrote LBA`);
      expect(detail).toContain('whose layout it had returned');
    },
    LONG_MS,
  );

  it('is refused on version 3, which has no layouts', () => {
    expect(() => layouts({ nfsVersion: 3 })).toThrow('version 3 of NFS has no layouts');
  });
});
