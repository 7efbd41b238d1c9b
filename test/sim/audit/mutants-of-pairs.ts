/** Arrays that keep units together and are broken in that. */
import type { StorageArray } from '../../../src/array/storage-array.ts';
import { MILLISECOND } from '../../../src/machine/machine.ts';
import type { World } from '../../../src/scenario/build.ts';
import { Task } from '../../../src/scsi/target/nexus.ts';
import { type Mutant, withWorkload } from '../../helpers/audited-run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const arrayOf = (world: World, name: string): StorageArray => world.arrays.get(name)!;
const pairOf = (world: World, name: string) => arrayOf(world, name).pair!;
const scenario = (name: string) => () => scenarioOf({}, name);
/** WRITE(16). */
const WRITE_16 = 0x8a;
/** READ(10), READ(16). */
const READS: ReadonlySet<number> = new Set([0x28, 0x88]);
/** LUN 0 takes records. */
const isOfLeg = (lun: number): boolean => lun % 2 === 1;

/** For each invariant some machines: the first is the one that `sanmotion explain` names. */
export const mutantsOfPairs: Readonly<
  Record<string, readonly (Mutant & { readonly what: string })[]>
> = {
  I36: [
    {
      what: 'a write is answered before the other leg has it',
      make(world) {
        const array = arrayOf(world, 'array');
        const { link } = array.pair!;
        const send = link.send.bind(link);
        link.send = (command, done) => {
          if (command.cdb[0] !== WRITE_16 || !isOfLeg(command.lun)) {
            send(command, done);
            return;
          }
          array.after(3 * MILLISECOND, () => send(command, () => {}));
          done({ end: 'answered', status: 0, sense: new Uint8Array(0), data: new Uint8Array(0) });
        };
      },
      tune: scenario('stretched-move'),
    },
    {
      what: 'the map of what differs forgets what was written alone',
      make(world) {
        for (const { differs } of pairOf(world, 'array').mirror.units) differs.set = () => {};
      },
      tune: scenario('partition-pre-copy'),
    },
    {
      what: 'older data are copied over what was written since',
      make(world) {
        for (const { leg } of pairOf(world, 'array').mirror.units)
          leg.read = (_lba, count) => new Uint8Array(count * 512);
      },
      tune: scenario('partition-pre-copy'),
      also: ['I6', 'I8'],
    },
    {
      what: 'both go on, whatever the witness says',
      make(world) {
        for (const name of ['array', 'mirror']) {
          const { standing } = pairOf(world, name);
          const hear = standing.handleWitness.bind(standing);
          standing.handleWitness = (answer) => hear({ ...answer, granted: true });
        }
      },
      tune: () => {
        const lies = scenarioOf({}, 'stretched-witness-lies');
        const stretched = {
          ...lies.array.stretched!,
          witness: { site: 'third', lies: 'none' as const },
        };
        return { ...lies, array: { ...lies.array, stretched } };
      },
      also: ['I6', 'I8'],
    },
    {
      what: 'an array that has lost the other reads from its own leg before anybody lets it go on',
      make(world) {
        const { mirror, standing } = pairOf(world, 'mirror');
        const run = mirror.run.bind(mirror);
        mirror.run = (task, dataOut, respond) => {
          const isRead = task instanceof Task && READS.has(task.request.cdb[0]!);
          if (isRead && !standing.serves) respond(task.run(dataOut));
          else run(task, dataOut, respond);
        };
      },
      // Guests whose writes wait read nothing either.
      tune: () => withWorkload({ readPercent: 100 })(scenarioOf({}, 'partition-resume')),
    },
    {
      what: 'a registration is answered that one side alone knows',
      make(world) {
        const { states } = pairOf(world, 'array').reservations;
        states.tell = (_state, done) => done(true);
      },
      tune: scenario('stretched-reservation'),
    },
    {
      what: 'a registration is answered before the other side knows it',
      make(world) {
        const { states } = pairOf(world, 'array').reservations;
        const tell = states.tell.bind(states);
        states.tell = (state, done) => {
          tell(state, () => {});
          done(true);
        };
      },
      tune: scenario('stretched-reservation'),
      also: ['I20'],
    },
    {
      what: 'the array that does not lead registers by itself',
      make(world) {
        const pair = pairOf(world, 'mirror');
        const { takes } = pair.reservations;
        pair.reservations.takes = (task, unit, dataOut, respond) =>
          unit === undefined && takes.call(pair.reservations, task, unit, dataOut, respond);
      },
      tune: scenario('stretched-fence'),
      also: ['I20'],
    },
    {
      what: 'a fence ends nothing at the other array',
      make(world) {
        const { device } = arrayOf(world, 'mirror');
        device.clearTasksOf = () => {};
      },
      tune: scenario('stretched-fence'),
    },
  ],
};

/** The first of each invariant. */
export const firstOfPairs: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(mutantsOfPairs).map(([invariant, [first]]) => [invariant, first!]),
);
