/** A host of a scenario: its ports, and how it takes paths. */
import { z } from 'zod';
import { HOST_DEFAULTS } from '../host/host.ts';
import { PATH_DEFAULTS, PATH_PREFERENCES } from '../host/path-options.ts';
import { MILLISECOND } from '../machine/machine.ts';
import { VLAN_CHOICE_DEFAULT, VLAN_CHOICES } from '../port/enode/vlan-list.ts';
import { ms, name, whole } from './schema-words.ts';

/** A host: adapter ports, each cabled to a fabric, and how it takes paths. */
export const hostSchema = z.strictObject({
  name,
  /** Which paths it takes first: those that the array calls optimized, or those that do not leave its site. */
  paths: z.enum(PATH_PREFERENCES).default('optimized'),
  /** One adapter port for each entry: the name of the fabric it is cabled to, and the card it is on where several share one. */
  ports: z
    .array(
      z.union([
        name,
        z.strictObject({
          fabric: name,
          /** Ports of one number are on one physical card; one that is only named is on a card of its own. */
          card: whole(0, 255),
        }),
      ]),
    )
    .min(1)
    .max(64),
  /** Of the VLANs that an FCF names: the first in which one answers, or the last that is named. */
  vlanChoice: z.enum(VLAN_CHOICES).default(VLAN_CHOICE_DEFAULT),
  /** False for an adapter that can hold no port besides its own. */
  npiv: z.boolean().default(HOST_DEFAULTS.npiv),
  /** The port of a guest that comes here says its first word so long after its login; it answers before. */
  portSetupMs: ms().default(0),
  /** What a lost login had under way waits so long for its coming back before it takes another path. */
  fastIoFailMs: ms().default(PATH_DEFAULTS.fastIoFailNs / MILLISECOND),
  /** A path whose login does not come back within this time is given up. */
  devLossMs: ms().default(PATH_DEFAULTS.devLossNs / MILLISECOND),
  /** I/O for a logical unit that no path serves fails after this long; `queue`: when the guest gives it up. */
  noPathRetryMs: z.union([z.literal('queue'), ms()]).default('queue'),
  site: name.optional(),
});
