/** Links with queues whose ends are broken: I26 and I27. */
import { eventSchema } from '../../../src/scenario/event-schema.ts';
import { type Scenario, scenarioSchema } from '../../../src/scenario/schema.ts';
import { hostOf, type Mutant, onPoll, withMove, withWorkload } from '../../helpers/audited-run.ts';

type QosKeys = Partial<NonNullable<Scenario['qos']>>;

/** The move with queues; other traffic leaves a tenth of the hosts' links to storage, so that these are paused. */
const withQos =
  (keys: QosKeys) =>
  (scenario: Scenario): Scenario => {
    const qos = scenarioSchema.shape.qos.parse({
      groups: [
        { priorities: [0], bandwidth: 90 },
        { priorities: [3], bandwidth: 10 },
      ],
      threshold: 9000,
      reserveBytes: 0,
      ...keys,
    });
    const events = ['h1', 'h2'].flatMap((node) =>
      [0, 1].map((port) =>
        eventSchema.parse({
          at: 1,
          do: 'other-traffic',
          node,
          port,
          way: 'from-switch',
          frameBytes: 9216,
          forMs: 3,
        }),
      ),
    );
    return withWorkload({ readPercent: 90, blocksMax: 64, queueDepth: 8 })({
      ...withMove({}, { beforeMs: 5 })(scenario),
      qos,
      events,
    });
  };

export const mutantsOfLinks: Readonly<Record<string, Mutant>> = {
  I26: {
    tune: withQos({}),
    make(world) {
      for (const { link } of world.topology.cables) {
        for (const { buffer } of link?.qos?.ends ?? [])
          Object.assign(buffer, { headroomBytes: buffer.headroomBytes - 9216 - 2240 });
      }
    },
  },
  // A priority without PFC goes along with it.
  I27: {
    tune: withQos({}),
    make(world) {
      onPoll(hostOf(world, 'h2'), (output) => {
        if ('send' in output && output.send[12] === 0x81) output.send[14]! &= 0x1f;
        return [output];
      });
    },
    also: ['I26'],
  },
};
