/** The agent of a scenario that makes backups. */
import { z } from 'zod';
import { GRANULARITY_DEFAULT, MAP_POLICIES } from '../scsi/medium/changed-blocks.ts';
import { ms, name, whole } from './schema-words.ts';

/** The agent: where it is, what it holds back for a cut, and who knows which blocks have changed. */
export const backupSchema = z.strictObject({
  /** The agent's, a node of the fabrics. */
  name: name.default('backup'),
  site: name.optional(),
  /** One port for each entry: the fabric it is cabled to. Left out: one on each fabric of the array. */
  ports: z.array(name).min(1).max(16).optional(),
  /** Whose logical units are backed up; left out: those of the virtual machine that moves. */
  vm: name.optional(),
  /** Whether the guest holds its writes for a cut; `none`: what is kept is as after a crash. */
  quiesce: z.enum(['guest', 'none']).default('guest'),
  /** A guest goes on by itself after this long: the window of VSS writers. */
  writersMs: ms().default(60_000),
  /** And after this long without anything under way: the hold on the volumes. */
  holdMs: ms().default(10_000),
  /** Who keeps the map of changed blocks: the array, the guest's host, or nobody, so that every backup is a full one. */
  map: z.enum(['array', 'host', 'none']).default('array'),
  /** What becomes of the map when the guest moves: it goes along, is lost without a word, or is lost and says so. */
  atMove: z.enum(MAP_POLICIES).default('carried'),
  /** What becomes of the array's map at a loss of its power. */
  atPowerLoss: z.enum(MAP_POLICIES).default('carried'),
  /** Blocks that one bit of the map stands for. */
  granularityBlocks: whole(1, 65_536).default(GRANULARITY_DEFAULT),
});
