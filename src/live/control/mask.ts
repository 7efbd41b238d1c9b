/** `mask`: which logical units a WWPN sees under which LUN. */
import { z } from 'zod';
import { formatWwn } from '../../codecs/layout/index.ts';
import { fcInitiatorDevice, type InitiatorDevice, wwpnOf } from '../../history/port-name.ts';
import type { LunMapping, LunView } from '../../scsi/target/lun-mask.ts';
import type { LiveServer } from '../server.ts';
import { ControlError, controlCommand, wwpnText } from './command.ts';

/** `mask`: shows, sets and clears what a WWPN sees. */
export const maskCommand = controlCommand(
  'mask',
  'show what initiators see, set it, or clear it back to what everybody sees',
  {
    action: z.enum(['show', 'set', 'clear']).default('show'),
    /** Left out: what WWPNs without a mask of their own see. */
    wwpn: wwpnText.optional(),
    /** The same by the name of an iSCSI initiator. */
    initiator: z
      .string()
      .regex(/^(iqn|eui|naa)\.[!-~]{1,219}$/, { error: 'the name of an iSCSI initiator' })
      .optional(),
    /** LUN to the name of a logical unit; none hides all. */
    luns: z.record(z.string().regex(/^\d{1,5}$/, { error: 'a LUN number' }), z.string()).optional(),
  },
  (server, { action, wwpn, initiator, luns }) => {
    if (wwpn !== undefined && initiator !== undefined)
      throw new ControlError('mask: either a wwpn or an initiator');
    const device = wwpn === undefined ? initiator : fcInitiatorDevice(wwpn);
    const of = device as InitiatorDevice | undefined;
    if (action === 'set') {
      if (luns === undefined) throw new ControlError('mask: set needs luns, such as {"0":"lun0"}');
      const mappings = mappingsFrom(server, luns);
      server.actOnArray(({ device }) => {
        if (of === undefined) device.setDefaultMask(mappings);
        else device.setMask(of, mappings);
      });
      tell(server, of, luns);
    } else if (action === 'clear') {
      if (of === undefined) throw new ControlError('mask: clear needs a wwpn or an initiator');
      server.actOnArray(({ device }) => device.setMask(of, undefined));
      tell(server, of, undefined);
    }
    const { masks } = server.array.device;
    if (of !== undefined) {
      return {
        ...(wwpn === undefined ? { initiator } : { wwpn: formatWwn(wwpn) }),
        own: masks.has(of),
        luns: view(server, masks.viewOf(of)),
      };
    }
    return {
      units: server.unitNames,
      everybody: view(server, masks.defaultView),
      masks: [...masks.own()].map(([device, luns]) => ({
        wwpn: device,
        name: server.nameOf(wwpnOf(device) ?? 0n),
        luns: view(server, luns),
      })),
    };
  },
);

/** The log says what was set; who has not seen it yet, the watch of masks says. */
function tell(
  server: LiveServer,
  device: InitiatorDevice | undefined,
  luns: Readonly<Record<string, string>> | undefined,
): void {
  const wwpn = device === undefined ? undefined : wwpnOf(device);
  const name = wwpn === undefined ? undefined : server.nameOf(wwpn);
  const whose =
    device === undefined
      ? 'everybody without one of their own'
      : device + (name === undefined ? '' : ` (${name})`);
  const lines = Object.entries(luns ?? {}).map(([lun, unit]) => `LUN ${lun} ${unit}`);
  const what = luns === undefined ? 'what everybody sees' : lines.join(', ') || 'nothing';
  server.log('info', 'mask', `mask of ${whose}: ${what}`, {
    ...(device === undefined ? {} : { [wwpn === undefined ? 'initiator' : 'wwpn']: device }),
    luns: luns ?? null,
  });
}

function mappingsFrom(server: LiveServer, luns: Readonly<Record<string, string>>): LunMapping[] {
  const names = server.unitNames;
  return Object.entries(luns).map(([lun, name]) => {
    const lu = server.array.device.units[names.indexOf(name)];
    if (lu === undefined)
      throw new ControlError(
        `mask: there is no logical unit ${name}; there is ${names.join(', ')}`,
      );
    return { lun: Number(lun), lu };
  });
}

function view(server: LiveServer, luns: LunView): Record<string, string> {
  const { unitNames } = server;
  return Object.fromEntries([...luns].map(([lun, { index }]) => [lun, unitNames[index]!]));
}
