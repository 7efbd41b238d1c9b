/** `pair`: how the array stands to the one that has the other legs of its units. */
import { standingOf } from '../pair/half.ts';
import { ControlError, controlCommand } from './command.ts';

/** `pair`: state, lead, generation, and in how many regions the legs may differ. */
export const pairCommand = controlCommand(
  'pair',
  'how the array stands to the one that has the other legs',
  {},
  ({ array: { pair } }) => {
    if (pair === undefined) throw new ControlError('pair: the units of this array have one leg');
    return standingOf(pair);
  },
);
