/** `pair`: how the array stands to the one that has the other legs of its units. */
import { z } from 'zod';
import { standingOf } from '../pair/half.ts';
import { ControlError, controlCommand } from './command.ts';

/** `pair`: state, lead, generation, and in how many regions the legs may differ; or the word of a person that it goes on. */
export const pairCommand = controlCommand(
  'pair',
  'how the array stands to the one that has the other legs, or have it go on alone',
  { action: z.enum(['show', 'go-on']).default('show') },
  (server, { action }) => {
    const { pair } = server.array;
    if (pair === undefined) throw new ControlError('pair: the units of this array have one leg');
    let goesOn = true;
    if (action === 'go-on')
      server.actOnArray((array, now) =>
        array.handleElsewhere(now, () => {
          goesOn = array.pair?.standing.goOn() ?? false;
        }),
      );
    if (!goesOn)
      throw new ControlError(
        `pair: it is ${pair.standing.state}: it goes on already, or lacks what the other has`,
      );
    return standingOf(pair);
  },
);
