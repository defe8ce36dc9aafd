import { channel, tracingChannel } from 'node:diagnostics_channel';
import type { ClientChannels } from './client-channels.js';

/** The channels of `node:diagnostics_channel` that clients publish on. */
export const clientChannels: ClientChannels = {
  call: tracingChannel('tarsier.client.call'),
  connect: channel('tarsier.client.connect'),
  close: channel('tarsier.client.close'),
  push: channel('tarsier.client.push'),
  drop: channel('tarsier.client.drop'),
};
